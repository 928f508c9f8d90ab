//! Looking for malware in uploads, by a `clamd` beside the service (`INSTREAM`). Without one nothing is looked for; one that does not
//! answer is out of reach, and no upload is taken meanwhile. What was found is named in the log only.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::config::Clamd;

/// Bytes of one piece that is sent.
const PIECE: usize = 64 * 1024;
/// Bytes of an answer that are read.
const ANSWER: u64 = 1_024;
/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a scan found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Clean,
    /// Malware.
    Malware,
}

/// Why there was no scan; for the log.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The scanner can't be reached, or breaks off.
    #[error("the scanner can't be reached: {0}")]
    OutOfReach(#[from] std::io::Error),
    /// It does not answer in time.
    #[error("the scanner does not answer")]
    Silent,
    /// It says something else than clean or found: the file is beyond its own limit, for instance.
    #[error("the scanner refused: {0}")]
    Refused(String),
}

/// Has a file looked at.
///
/// # Errors
/// [`ScanError`] when it was not looked at.
pub async fn scan(clamd: &Clamd, bytes: &[u8]) -> Result<Verdict, ScanError> {
    let looking = async {
        match clamd {
            Clamd::Tcp(address) => ask(TcpStream::connect(address).await?, bytes).await,
            Clamd::Unix(path) => ask(UnixStream::connect(path).await?, bytes).await,
        }
    };
    let answer = timeout(PATIENCE, looking)
        .await
        .map_err(|_| ScanError::Silent)??;
    let answer = answer.trim_end_matches(['\0', '\n']);
    match answer.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(" FOUND") => {
            tracing::warn!(found, "malware in an upload");
            Ok(Verdict::Malware)
        }
        Some(_) | None => Err(ScanError::Refused(answer.to_owned())),
    }
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    bytes: &[u8],
) -> Result<String, ScanError> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(PIECE) {
        let length = u32::try_from(piece.len()).unwrap_or_default();
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&[0; 4]).await?;
    let mut answer = String::new();
    stream.take(ANSWER).read_to_string(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A scanner that finds malware in what holds the word, and answers `answer` to anything else.
    async fn scanner(answer: &'static str) -> Clamd {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut whole = vec![];
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; usize::try_from(length).unwrap()];
                stream.read_exact(&mut piece).await.unwrap();
                whole.extend(piece);
            }
            let found = whole.windows(5).any(|part| part == b"EICAR");
            let said = if found {
                "stream: Eicar-Test FOUND\0"
            } else {
                answer
            };
            stream.write_all(said.as_bytes()).await.unwrap();
        });
        Clamd::Tcp(address)
    }

    #[tokio::test]
    async fn what_is_clean_passes_and_what_is_found_does_not() {
        let clean = scanner("stream: OK\0").await;
        let large = vec![7; 3 * PIECE + 5];
        assert_eq!(scan(&clean, &large).await.unwrap(), Verdict::Clean);
        let found = scanner("stream: OK\0").await;
        let tail = [large.as_slice(), b"EICAR"].concat();
        assert_eq!(scan(&found, &tail).await.unwrap(), Verdict::Malware);
    }

    #[tokio::test]
    async fn a_scanner_that_refuses_or_is_away_is_no_clean_bill() {
        let full = scanner("INSTREAM size limit exceeded. ERROR\0").await;
        assert!(matches!(
            scan(&full, b"x").await,
            Err(ScanError::Refused(_))
        ));
        let away = Clamd::Unix("/nowhere/clamd.sock".into());
        assert!(matches!(
            scan(&away, b"x").await,
            Err(ScanError::OutOfReach(_))
        ));
    }
}
