//! Reading an upload's form part by part, given up as soon as it is too large. What is uploaded is not known here.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use futures_util::TryStreamExt;

use crate::usecases::App;
use crate::usecases::papers::Upload;
use crate::web::csrf;
use crate::web::problem::Failure;
use crate::web::session::SignedIn;

/// Parts of an upload's form at most.
const MOST_PARTS: usize = 12;
/// Bytes of one field beside the file.
const FIELD_LIMIT: usize = 2_000;

/// An upload's form, read to its end.
#[derive(Default)]
struct Parts {
    csrf: String,
    case: String,
    material: String,
    consent: String,
    consent_version: String,
    pages: String,
    file_name: String,
    bytes: Vec<u8>,
}

/// An upload's form with its token, for whatever the file is added to.
///
/// # Errors
/// What is too large, unreadable or without the session's token.
pub(in crate::web) async fn read(
    user: &SignedIn,
    app: &App,
    body: Multipart,
) -> Result<Upload, Failure> {
    read_with(user, app, body).await.map(|(upload, _)| upload)
}

/// The same, with the receipt number of the case that the form names, where it does.
///
/// # Errors
/// As [`read`].
pub(in crate::web) async fn read_with(
    user: &SignedIn,
    app: &App,
    mut body: Multipart,
) -> Result<(Upload, String), Failure> {
    let mut parts = Parts::default();
    let mut count = 0;
    while let Some(mut part) = body.try_next().await.map_err(cut)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = name == "file";
        if is_file {
            // The token stands before the file: nothing large is read for strangers.
            csrf::check(user, &parts.csrf)?;
            let disposition = part.content_disposition();
            let file_name = disposition.and_then(|d| d.get_filename());
            parts.file_name = file_name.unwrap_or_default().to_owned();
        }
        // One byte more than allowed is enough to know that it is too large.
        let most = if is_file {
            app.files.limits.bytes + 1
        } else {
            FIELD_LIMIT
        };
        let bytes = first_bytes(&mut part, most).await?;
        if is_file {
            parts.bytes = bytes;
            continue;
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::Request(StatusCode::BAD_REQUEST, "bad-request"))?;
        match name.as_str() {
            csrf::FIELD => parts.csrf = text,
            "material" => parts.material = text,
            "case" => parts.case = text,
            "consent" => parts.consent = text,
            "consent_version" => parts.consent_version = text,
            "pages" => parts.pages = text,
            _ => {}
        }
    }
    csrf::check(user, &parts.csrf)?;
    let upload = Upload {
        material: parts.material,
        file_name: parts.file_name,
        bytes: parts.bytes,
        consent: (parts.consent == "yes").then_some(parts.consent_version),
        pages: Some(parts.pages),
    };
    Ok((upload, parts.case))
}

/// The first `most` bytes of a part.
pub(in crate::web) async fn first_bytes(part: &mut Field, most: usize) -> Result<Vec<u8>, Failure> {
    let (mut bytes, mut seen): (Vec<u8>, usize) = (vec![], 0);
    while let Some(chunk) = part.try_next().await.map_err(cut)? {
        // What is a little too large is read on, so that the browser gets to show the page that says so.
        seen = seen.saturating_add(chunk.len());
        if seen > most.saturating_mul(2) {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let room = most - bytes.len();
        bytes.extend(chunk.iter().take(room));
    }
    Ok(bytes)
}

pub(in crate::web) fn cut(_: MultipartError) -> Failure {
    Failure::Request(StatusCode::BAD_REQUEST, "unreadable-body")
}
