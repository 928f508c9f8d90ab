//! Files that go along with a contact, with the question or the answer: checked as every upload, stored once, with a row
//! for each pool that takes part. Who may open the contact may fetch them; fetching leaves a trace (CAS-13).

use uuid::Uuid;

use super::answering::theirs;
use super::reading::opened;
use super::{App, Error};
use crate::clock::Clock;
use crate::documents::files::FilesError;
use crate::documents::inspect::inspect;
use crate::domain::actor::Actor;
use crate::domain::contact::{SPEAKERS, State};
use crate::domain::form::FieldError;
use crate::domain::ids::{ContactFileId, ContactId, ReadId};
use crate::domain::place::Pool;
use crate::store::contacts::{self, File, Stored};
use crate::store::reads::{self, Read};
use crate::store::vault::sha256;
use crate::store::{Conn, StoreError};
use crate::usecases::error::{Already, Conflict};
use crate::usecases::papers::{Download, plain_name};

/// Files of one thread at most.
const MOST_FILES: usize = 20;

/// Adds a file to a contact that waits for an answer: by who asked, or by who answers.
///
/// # Errors
/// [`Error::Forbidden`] and [`Error::NotFound`] as when it is answered, [`Error::Invalid`] at `file`,
/// [`Error::Conflict`] once it is answered.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: ContactId,
    (name, bytes): (String, Vec<u8>),
) -> Result<(), Error> {
    let (app, actor) = (app.clone(), actor.clone());
    // On its own, so that a browser that hangs up between file and row leaves neither alone.
    tokio::spawn(async move { store(&app, &actor, id, (name, bytes)).await })
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
}

async fn store(
    app: &App,
    actor: &Actor,
    id: ContactId,
    (name, bytes): (String, Vec<u8>),
) -> Result<(), Error> {
    actor.require(SPEAKERS)?;
    let reader = actor.clone();
    let now = app.clock.now();
    app.db
        .read(move |conn| pools(conn, &reader, id, now).map(drop))
        .await?;
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
    let key: Uuid = Clock::new_id();
    let file = File {
        id: Clock::new_id(),
        name: plain_name(&name),
        content_type: inspected.content_type.to_owned(),
        stored: Stored {
            key: key.to_string(),
            size: i64::try_from(inspected.bytes.len()).map_err(|e| Error::Fault(e.to_string()))?,
            sha256: sha256(&inspected.bytes),
        },
        uploaded_by: actor.account,
        uploaded_at: now,
    };
    let sealed = app.db.vault().seal(&inspected.bytes)?;
    app.files.put(key, sealed).await.map_err(out_of_reach)?;
    let (pool, file_id) = (actor.agency.map(|agency| agency.pool()), file.id);
    match save(app, actor, id, file).await {
        Ok(()) => Ok(()),
        Err(error) => clean_up(app, (pool, file_id), key, error).await,
    }
}

async fn save(app: &App, actor: &Actor, id: ContactId, file: File) -> Result<(), Error> {
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let (thread, pools) = pools(conn, &actor, id, now)?;
            let own = pools.first().copied().ok_or(Error::NotFound)?;
            if contacts::files(conn, own, thread)?.len() >= MOST_FILES {
                let error = FieldError::new("file", "file-too-many").with("most", MOST_FILES);
                return Err(Error::Invalid(vec![error]));
            }
            Ok(contacts::add_file(conn, &pools, thread, &file)?)
        })
        .await
}

/// The thread and the pools that take part in it, the own one first; refused where nothing can be added.
fn pools(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: ContactId,
    now: crate::domain::time::Ts,
) -> Result<(ContactId, Vec<Pool>), Error> {
    let one = theirs(conn, actor, id)?;
    if one.is_partial(actor) {
        return Err(Error::Forbidden);
    }
    match one.state(now) {
        State::Open | State::Overdue => {}
        State::Answered | State::Closed => {
            return Err(Error::Conflict(Conflict::Already(Already::ContactAnswered)));
        }
    }
    let thread = contacts::of_thread(conn, one.thread)?;
    let others = thread.iter().map(|leg| leg.agency.pool());
    Ok((
        one.thread,
        std::iter::once(one.agency.pool()).chain(others).collect(),
    ))
}

/// After a row failed: if it is there after all, the upload succeeded; if it is not, the file goes; if nobody knows, the
/// file stays for the sweep.
async fn clean_up(
    app: &App,
    (pool, id): (Option<Pool>, ContactFileId),
    key: Uuid,
    error: Error,
) -> Result<(), Error> {
    let found = match pool {
        Some(pool) => {
            app.db
                .read(move |conn| contacts::file_exists(conn, pool, id))
                .await
        }
        None => Ok(false),
    };
    match found {
        Ok(true) => Ok(()),
        Ok(false) => {
            if let Err(left) = app.files.remove(key).await {
                tracing::warn!(error = %left, "a file without a row was left behind");
            }
            Err(error)
        }
        Err(_) => Err(error),
    }
}

fn out_of_reach(error: FilesError) -> Error {
    Error::Store(StoreError::Unavailable(error.to_string()))
}

/// A file of a contact, for who may open it.
///
/// # Errors
/// As when the contact is opened; [`Error::NotFound`] for a missing file.
pub async fn download(
    app: &App,
    actor: &Actor,
    id: ContactId,
    file: ContactFileId,
) -> Result<Download, Error> {
    let (reader, now) = (actor.clone(), app.clock.now());
    let read_id: ReadId = Clock::new_id();
    let found = app
        .db
        .write(move |conn| {
            let opened = opened(conn, &reader, id)?;
            let found = opened.files.into_iter().find(|one| one.id == file);
            let found = found.ok_or(Error::NotFound)?;
            if let Some(person) = opened.contact.matter.person {
                let read = Read {
                    id: read_id,
                    at: now,
                    account: reader.account,
                    person,
                    case: None,
                    what: "paper:contact".to_owned(),
                    reason: String::new(),
                };
                reads::insert(conn, opened.contact.agency.pool(), &read)?;
            }
            Ok::<_, Error>(found)
        })
        .await?;
    let key = (found.stored.key.parse()).map_err(|_| Error::Fault("file key".to_owned()))?;
    let sealed = app.files.get(key).await.map_err(|error| match error {
        FilesError::Missing => Error::Fault(format!("file {} of a contact is missing", found.id)),
        FilesError::Unavailable(_) => out_of_reach(error),
    })?;
    let bytes = app.db.vault().open(&sealed)?;
    if sha256(&bytes) != found.stored.sha256 {
        return Err(Error::Fault(format!(
            "file {} is not what it was",
            found.id
        )));
    }
    Ok(Download {
        file_name: found.name,
        content_type: found.content_type,
        bytes,
    })
}
