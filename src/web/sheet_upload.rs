//! Reading the upload of a list: part by part, given up as soon as it is larger than a list may be. What the list holds is
//! not known here.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use futures_util::TryStreamExt;

use crate::documents::spreadsheet::Limits;
use crate::web::problem::Failure;

/// Parts of an upload's form at most.
const MOST_PARTS: usize = 12;
/// Bytes of one field beside the file.
const FIELD_LIMIT: usize = 2_000;

/// An upload, read to its end.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Fields beside the file.
    fields: BTreeMap<String, String>,
    /// The file's name as the uploader has it; empty without a file.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Sheet {
    /// A field; empty when it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }
}

/// Reads an upload. `may` is asked before the file is read, with the fields that stand before it: nothing large is taken
/// from strangers; and again at the end.
///
/// # Errors
/// What `may` says; 413 for a file that is larger than a list may be, 400 for a body that can't be read.
pub async fn read(
    mut body: Multipart,
    may: impl Fn(&Sheet) -> Result<(), Failure>,
) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::default();
    let mut count = 0;
    while let Some(mut part) = body.try_next().await.map_err(cut)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(too_large());
        }
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            may(&sheet)?;
            let disposition = part.content_disposition();
            let file_name = disposition.and_then(|d| d.get_filename());
            sheet.file_name = file_name.unwrap_or_default().to_owned();
            sheet.bytes = bytes(&mut part, Limits::UPLOAD.bytes).await?;
            continue;
        }
        let text = String::from_utf8(bytes(&mut part, FIELD_LIMIT).await?)
            .map_err(|_| Failure::Request(StatusCode::BAD_REQUEST, "bad-request"))?;
        sheet.fields.insert(name, text);
    }
    may(&sheet)?;
    Ok(sheet)
}

async fn bytes(part: &mut Field, most: usize) -> Result<Vec<u8>, Failure> {
    let mut read = vec![];
    while let Some(chunk) = part.try_next().await.map_err(cut)? {
        if read.len() + chunk.len() > most {
            return Err(too_large());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

fn too_large() -> Failure {
    Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
}

fn cut(_: MultipartError) -> Failure {
    Failure::Request(StatusCode::BAD_REQUEST, "unreadable-body")
}
