//! Sealing of what is too large for one value, such as an archive: in chunks, so that memory stays flat. Every
//! stream has a key of its own, derived (HKDF-SHA256) from a sealing key, a random salt and the stream's head;
//! the keys never leave the vault's modules.
//!
//! ```text
//! stream  [head of the caller][algorithm 1][key id 1][salt 32][proof 32][chunk]…
//! chunk   [4 bytes, big-endian: highest bit set on the last chunk; length of what follows][ciphertext and tag]
//! ```
//! The proof, derived from the same key and all bytes before it, tells another key from altered chunks. The
//! nonce of a chunk is its number, its four bytes of length are authenticated with it: chunks that are altered,
//! left out, doubled or in another order don't open, and a stream without its last chunk is known as cut off.

use std::io::{self, Read, Write};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{hkdf, rand};

use super::{AES_GCM, Secret, Vault};

/// Bytes of plain text in a chunk; only the last one has fewer.
const CHUNK: usize = 256 * 1024;
const TAG_LEN: usize = 16;
const SALT_LEN: usize = 32;
const PROOF_LEN: usize = 32;
/// Marks the last chunk in the four bytes before it.
const LAST: u32 = 1 << 31;

/// Why a sealed stream can't be read.
#[derive(Debug, thiserror::Error)]
pub enum StreamFault {
    /// Sealed under a number that the keys file does not have.
    #[error("it was sealed with key {0}, which is not in the keys file")]
    NoSuchKey(u8),
    /// Sealed under the same number of another keys file, or a head that was altered.
    #[error(
        "it was sealed with another key {0} than the one in the keys file, or its first bytes were altered"
    )]
    OtherKey(u8),
    /// A newer program made it.
    #[error("it was sealed with algorithm {0}, which this program does not know")]
    Algorithm(u8),
    /// It ends before its end.
    #[error("it is cut off after {0} bytes")]
    CutOff(u64),
    /// What is there is not what was written.
    #[error("it was altered at or after byte {0}")]
    Altered(u64),
    /// It can't be read at all.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What the keys of streams are derived from.
pub(super) fn root(key: &Secret) -> hkdf::Prk {
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"bujianmian sealed streams").extract(key.as_ref())
}

/// Key and proof of the stream that begins with `head`.
fn derive(
    root: &hkdf::Prk,
    head: &[u8],
) -> Result<(LessSafeKey, [u8; PROOF_LEN]), aws_lc_rs::error::Unspecified> {
    let key = UnboundKey::from(root.expand(&[b"chunks", head], &AES_256_GCM)?);
    let mut proof = [0; PROOF_LEN];
    root.expand(&[b"proof", head], hkdf::HKDF_SHA256)?
        .fill(&mut proof)?;
    Ok((LessSafeKey::new(key), proof))
}

fn nonce(chunk: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes
        .iter_mut()
        .rev()
        .zip(chunk.to_be_bytes().iter().rev())
        .for_each(|(to, from)| *to = *from);
    Nonce::assume_unique_for_key(bytes)
}

/// Writes a sealed stream; without [`SealedWriter::finish`] it has no end and nobody opens it.
pub struct SealedWriter<W> {
    out: W,
    key: LessSafeKey,
    chunk: u64,
    plain: Vec<u8>,
}

impl Vault {
    /// Begins a stream under the newest key: writes `head` in clear and authenticates it.
    ///
    /// # Errors
    /// What writing says; [`io::ErrorKind::Other`] when there are no random bytes.
    pub fn seal_stream<W: Write>(&self, mut out: W, head: &[u8]) -> io::Result<SealedWriter<W>> {
        let (id, key) = self.newest().map_err(io::Error::other)?;
        let mut salt = [0; SALT_LEN];
        rand::fill(&mut salt).map_err(|_| io::Error::other("no random bytes"))?;
        let head = [head, &[AES_GCM, id], &salt].concat();
        let (key, proof) =
            derive(&key.streams, &head).map_err(|_| io::Error::other("no key was derived"))?;
        out.write_all(&head)?;
        out.write_all(&proof)?;
        Ok(SealedWriter {
            out,
            key,
            chunk: 0,
            plain: Vec::with_capacity(CHUNK + TAG_LEN),
        })
    }

    /// Opens a stream whose `head` the caller has read already.
    ///
    /// # Errors
    /// [`StreamFault`], each kind with its own words.
    pub fn open_stream<R: Read>(
        &self,
        mut input: R,
        head: &[u8],
    ) -> Result<SealedReader<R>, StreamFault> {
        let mut offset = u64::try_from(head.len()).unwrap_or_default();
        let mut rest = [0; 2 + SALT_LEN];
        let mut proof = [0; PROOF_LEN];
        fill(&mut input, &mut rest, &mut offset)?;
        fill(&mut input, &mut proof, &mut offset)?;
        let [algorithm, id, ..] = rest;
        if algorithm != AES_GCM {
            return Err(StreamFault::Algorithm(algorithm));
        }
        let key = self.sealing.get(&id).ok_or(StreamFault::NoSuchKey(id))?;
        let (key, expected) =
            derive(&key.streams, &[head, &rest].concat()).map_err(|_| StreamFault::OtherKey(id))?;
        verify_slices_are_equal(&proof, &expected).map_err(|_| StreamFault::OtherKey(id))?;
        Ok(SealedReader {
            input,
            key,
            chunk: 0,
            offset,
            plain: vec![],
            taken: 0,
            ended: false,
        })
    }
}

impl<W: Write> SealedWriter<W> {
    fn seal(&mut self, last: u32) -> io::Result<()> {
        let length = self.plain.len() + TAG_LEN;
        let length = u32::try_from(length).map_err(io::Error::other)? | last;
        let length = length.to_be_bytes();
        self.key
            .seal_in_place_append_tag(nonce(self.chunk), Aad::from(length), &mut self.plain)
            .map_err(|_| io::Error::other("a chunk could not be sealed"))?;
        self.out.write_all(&length)?;
        self.out.write_all(&self.plain)?;
        self.plain.clear();
        self.chunk += 1;
        Ok(())
    }

    /// Writes the last chunk and hands back what was written to.
    ///
    /// # Errors
    /// What writing says.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(LAST)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.plain.len() >= CHUNK {
            self.seal(0)?;
        }
        let room = CHUNK.saturating_sub(self.plain.len()).min(bytes.len());
        let (now, _) = bytes.split_at(room);
        self.plain.extend_from_slice(now);
        Ok(room)
    }

    /// Only whole chunks leave before the end; there is nothing to do.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a sealed stream; nothing that does not open is handed out.
pub struct SealedReader<R> {
    input: R,
    key: LessSafeKey,
    chunk: u64,
    offset: u64,
    plain: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read> SealedReader<R> {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`StreamFault`]; [`StreamFault::CutOff`] when the stream has fewer.
    pub fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), StreamFault> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            if !self.is_ready()? {
                return Err(StreamFault::CutOff(self.offset));
            }
            let there = self.plain.get(self.taken..).unwrap_or_default();
            let count = there.len().min(rest.len());
            rest.iter_mut()
                .zip(there)
                .for_each(|(to, from)| *to = *from);
            self.taken += count;
            filled += count;
        }
        Ok(())
    }

    /// That everything was read, and that the stream ends where its last chunk says.
    ///
    /// # Errors
    /// [`StreamFault::Altered`] when there is more.
    pub fn expect_end(&mut self) -> Result<(), StreamFault> {
        match self.is_ready()? {
            true => Err(StreamFault::Altered(self.offset)),
            false => Ok(()),
        }
    }

    /// Whether there is plain text to hand out; opens the next chunk when the last was used up.
    fn is_ready(&mut self) -> Result<bool, StreamFault> {
        while self.taken >= self.plain.len() {
            if self.ended {
                return Ok(false);
            }
            self.open_next()?;
        }
        Ok(true)
    }

    fn open_next(&mut self) -> Result<(), StreamFault> {
        let at = self.offset;
        let mut length = [0; 4];
        fill(&mut self.input, &mut length, &mut self.offset)?;
        let word = u32::from_be_bytes(length);
        let count = usize::try_from(word & !LAST).unwrap_or(usize::MAX);
        if !(TAG_LEN..=CHUNK + TAG_LEN).contains(&count) {
            return Err(StreamFault::Altered(at));
        }
        self.plain.resize(count, 0);
        fill(&mut self.input, &mut self.plain, &mut self.offset)?;
        self.key
            .open_in_place(nonce(self.chunk), Aad::from(length), &mut self.plain)
            .map_err(|_| StreamFault::Altered(at))?;
        self.plain.truncate(count - TAG_LEN);
        self.taken = 0;
        self.chunk += 1;
        if word & LAST != 0 {
            self.ended = true;
            if self.input.read(&mut [0])? != 0 {
                return Err(StreamFault::Altered(self.offset));
            }
        }
        Ok(())
    }
}

/// Fills `bytes` from the sealed side and counts them.
fn fill(input: &mut impl Read, bytes: &mut [u8], offset: &mut u64) -> Result<(), StreamFault> {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => return Err(StreamFault::CutOff(*offset)),
            Ok(count) => {
                filled += count;
                *offset += u64::try_from(count).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Fills `head` from the front of a stream, for [`Vault::open_stream`]; what was read of it stands in it on an error
/// too.
///
/// # Errors
/// [`StreamFault::CutOff`] when there is less.
pub fn read_head(input: &mut impl Read, head: &mut [u8]) -> Result<(), StreamFault> {
    fill(input, head, &mut 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::store::vault::KEY_LEN;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    const HEAD: &[u8] = b"head";
    /// Where the first chunk begins.
    const CHUNKS: usize = HEAD.len() + 2 + SALT_LEN + PROOF_LEN;
    const WHOLE: usize = 4 + CHUNK + TAG_LEN;

    fn vault(key: u8) -> Vault {
        let keys = BTreeMap::from([(1, Zeroizing::new([key; KEY_LEN]))]);
        Vault::new(&keys, &Zeroizing::new([9; KEY_LEN])).unwrap()
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let mut writer = vault(1).seal_stream(vec![], HEAD).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn opened(vault: &Vault, sealed: &[u8], length: usize) -> Result<Vec<u8>, StreamFault> {
        let mut input = sealed;
        let mut head = [0; HEAD.len()];
        read_head(&mut input, &mut head)?;
        let mut reader = vault.open_stream(input, &head)?;
        let mut plain = vec![0; length];
        reader.read_exact(&mut plain)?;
        reader.expect_end()?;
        Ok(plain)
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n % 251) as u8).collect()
    }

    #[test]
    fn what_was_sealed_is_read_again_at_every_length_around_a_chunk() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
            let plain = text(length);
            let stream = sealed(&plain);
            assert_eq!(opened(&vault(1), &stream, length).unwrap(), plain);
            assert!(
                matches!(
                    opened(&vault(1), &stream, length + 1),
                    Err(StreamFault::CutOff(_))
                ),
                "{length}"
            );
        }
    }

    #[test]
    fn another_key_and_another_algorithm_are_named() {
        let mut stream = sealed(b"plain");
        let other = opened(&vault(2), &stream, 5);
        assert!(matches!(other, Err(StreamFault::OtherKey(1))));
        stream[HEAD.len() + 1] = 7;
        let none = opened(&vault(1), &stream, 5);
        assert!(matches!(none, Err(StreamFault::NoSuchKey(7))));
        stream[HEAD.len()] = 2;
        let newer = opened(&vault(1), &stream, 5);
        assert!(matches!(newer, Err(StreamFault::Algorithm(2))));
    }

    #[test]
    fn a_stream_that_ends_at_a_chunk_is_known_as_cut_off() {
        let stream = sealed(&text(2 * CHUNK + 7));
        for end in [CHUNKS, CHUNKS + WHOLE, CHUNKS + 2 * WHOLE, stream.len() - 1] {
            let cut = opened(&vault(1), &stream[..end], 2 * CHUNK + 7);
            assert!(matches!(cut, Err(StreamFault::CutOff(_))), "{end}: {cut:?}");
        }
    }

    #[test]
    fn chunks_in_another_order_doubled_or_left_out_are_altered() {
        let stream = sealed(&text(3 * CHUNK));
        let (head, chunks) = stream.split_at(CHUNKS);
        let (one, two, last) = (
            &chunks[..WHOLE],
            &chunks[WHOLE..2 * WHOLE],
            &chunks[2 * WHOLE..],
        );
        for parts in [
            [head, two, one, last].concat(),
            [head, one, one, two, last].concat(),
            [head, one, last].concat(),
            [head, last].concat(),
            [head, one, two, last, last].concat(),
            [head, one, two, last, b"x"].concat(),
        ] {
            let outcome = opened(&vault(1), &parts, 3 * CHUNK);
            assert!(matches!(outcome, Err(StreamFault::Altered(_))));
        }
    }

    proptest! {
        #[test]
        fn no_changed_bit_goes_unnoticed(at in 0..300_000_usize, bit in 0..8_u8) {
            let plain = text(CHUNK + 100);
            let mut stream = sealed(&plain);
            let at = at % stream.len();
            stream[at] ^= 1 << bit;
            prop_assert!(opened(&vault(1), &stream, plain.len()).is_err());
        }

        #[test]
        fn no_cut_goes_unnoticed(end in 0..300_000_usize) {
            let plain = text(CHUNK + 100);
            let stream = sealed(&plain);
            let end = end % stream.len();
            prop_assert!(opened(&vault(1), &stream[..end], plain.len()).is_err());
        }
    }
}
