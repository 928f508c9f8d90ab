//! What every upload goes through before it is kept, whoever sends it: what it is by its content, how large, what it tells of the
//! taking, and a look for malware where a scanner is set up. Nothing is written here.

use crate::documents::inspect::{Inspected, inspect};
use crate::documents::scan::Verdict;
use crate::domain::form::FieldError;
use crate::usecases::App;
use crate::usecases::error::Error;

/// The upload as it may be kept.
///
/// # Errors
/// [`Error::Invalid`] at `file` with what is wrong with it; [`Error::Store`] while the scanner is out of reach.
pub async fn taken(app: &App, bytes: Vec<u8>) -> Result<Inspected, Error> {
    let limits = app.files.limits;
    let inspected = tokio::task::spawn_blocking(move || inspect(bytes, limits))
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
        .map_err(|unfit| {
            let error = FieldError::new("file", unfit.code())
                .with("megabytes", limits.bytes / (1024 * 1024))
                .with("megapixels", limits.pixels / 1_000_000);
            Error::Invalid(vec![error])
        })?;
    match app.files.scan(&inspected.bytes).await {
        Ok(Verdict::Clean) => Ok(inspected),
        Ok(Verdict::Malware) => {
            let error = FieldError::new("file", "file-malware");
            Err(Error::Invalid(vec![error]))
        }
        Err(error) => Err(super::out_of_reach(error)),
    }
}

/// The number of pages somebody states of a file: a PDF that has another number is not the whole list.
///
/// # Errors
/// [`Error::Invalid`] at `pages`.
pub(super) fn as_stated(inspected: &Inspected, stated: Option<&str>) -> Result<(), Error> {
    let invalid = |error: FieldError| Err(Error::Invalid(vec![error]));
    let Some(stated) = stated.map(str::trim).filter(|stated| !stated.is_empty()) else {
        return Ok(());
    };
    match (stated.parse::<usize>(), inspected.pages) {
        (Err(_) | Ok(0), _) => invalid(FieldError::new("pages", "pages-malformed")),
        (Ok(stated), Some(counted)) if stated != counted => invalid(
            FieldError::new("pages", "file-pages")
                .with("stated", stated)
                .with("counted", counted),
        ),
        (Ok(_), Some(_) | None) => Ok(()),
    }
}
