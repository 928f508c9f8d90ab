//! Papers of drafts and cases: uploaded, fetched, taken off again. A row stands only for a file that is safely
//! written, and a file stays only where its row was: no half upload is left on either side. Files are sealed
//! like every sensitive column.

mod download;

pub use download::{Download, download, download_from_draft};

use uuid::Uuid;

use super::App;
use super::error::{Conflict, Error};
use super::handling::{Act, item_of, visible};
use crate::clock::Clock;
use crate::documents::files::FilesError;
use crate::documents::inspect::{Inspected, inspect};
use crate::domain::actor::{Actor, Sight};
use crate::domain::case::State;
use crate::domain::form::FieldError;
use crate::domain::ids::{CaseId, MaterialId};
use crate::domain::item::{Material, ServiceItem};
use crate::domain::place::Pool;
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Command;
use crate::items;
use crate::store::cases::Listed;
use crate::store::vault::sha256;
use crate::store::{Conn, StoreError, drafts, papers, timers};

/// Papers of one draft or case at most.
const MOST_PAPERS: usize = 30;

/// What a paper is added to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The own draft.
    Draft(CaseId),
    /// The own case: while a supplement is asked for, or to keep a promise (CAS-4).
    Case(ReceiptNo),
}

/// What is uploaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Name of the item's material.
    pub material: String,
    /// The file's name as the uploader has it.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Version of the consent text that was agreed to, needed for health data (CAS-13).
    pub consent: Option<String>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.material, self.bytes.len())
    }
}

/// Adds a paper.
///
/// # Errors
/// [`Error::NotFound`] for a draft or case of somebody else, [`Error::Invalid`] at `material`, `consent` or
/// `file`, [`Error::Conflict`] when the case takes no papers now.
pub async fn upload(
    app: &App,
    actor: &Actor,
    target: Target,
    upload: Upload,
) -> Result<MaterialId, Error> {
    let (app, actor) = (app.clone(), actor.clone());
    // On its own, so that a browser that hangs up between file and row leaves neither alone.
    tokio::spawn(async move { store(&app, &actor, &target, upload).await })
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
}

async fn store(
    app: &App,
    actor: &Actor,
    target: &Target,
    upload: Upload,
) -> Result<MaterialId, Error> {
    let place = place(app, actor, target).await?;
    let material = wanted(place.item, &upload.material)?;
    let consent = consent(app, place.pool, material, upload.consent.as_deref())?;
    let limits = app.files.limits;
    let inspected = tokio::task::spawn_blocking(move || inspect(upload.bytes, limits))
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
        .map_err(|unfit| {
            let error = FieldError::new("file", unfit.code())
                .with("megabytes", limits.bytes / (1024 * 1024))
                .with("megapixels", limits.pixels / 1_000_000);
            Error::Invalid(vec![error])
        })?;
    let (key, paper) = row(app, actor, material, &upload.file_name, &inspected, consent)?;
    let sealed = app.db.vault().seal(&inspected.bytes)?;
    app.files.put(key, sealed).await.map_err(out_of_reach)?;
    let id = paper.id;
    match save(app, actor, target, paper).await {
        Ok(()) => Ok(id),
        Err(error) => clean_up(app, place.pool, key, id, error).await,
    }
}

/// Where the paper goes, asked before anything is written.
struct Place {
    pool: Pool,
    item: &'static ServiceItem,
}

async fn place(app: &App, actor: &Actor, target: &Target) -> Result<Place, Error> {
    let (actor, target) = (actor.clone(), target.clone());
    app.db
        .read(move |conn| match target {
            Target::Draft(id) => {
                let draft = drafts::find(conn, actor.account, id)?.ok_or(Error::NotFound)?;
                let item = items::find(&draft.item).ok_or(Error::NotFound)?;
                Ok(Place {
                    pool: draft.pool,
                    item,
                })
            }
            Target::Case(receipt_no) => {
                let listed = own(conn, &actor, &receipt_no)?;
                Ok(Place {
                    pool: listed.case.pool,
                    item: item_of(&listed.case)?,
                })
            }
        })
        .await
}

fn own(conn: &mut Conn<'_>, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Listed, Error> {
    let listed = visible(conn, actor, receipt_no)?;
    match actor.sight(&listed.case) {
        Sight::Own => Ok(listed),
        Sight::Office | Sight::None => Err(Error::Forbidden),
    }
}

fn wanted(item: &'static ServiceItem, name: &str) -> Result<&'static Material, Error> {
    item.materials
        .iter()
        .find(|material| material.name == name)
        .ok_or_else(|| Error::Invalid(vec![FieldError::new("material", "material-unknown")]))
}

/// CAS-13: what tells of somebody's health is taken only with consent to the text in force.
fn consent(
    app: &App,
    pool: Pool,
    material: &Material,
    given: Option<&str>,
) -> Result<Option<String>, Error> {
    if !material.health {
        return Ok(None);
    }
    let policy = app.office.policies.on(pool, app.clock.now().day());
    let text = &policy.consent_text_version().value;
    match given {
        Some(version) if version == text.as_str() => Ok(Some(version.to_owned())),
        Some(_) | None => Err(Error::Invalid(vec![FieldError::new(
            "consent",
            "consent-required",
        )])),
    }
}

fn row(
    app: &App,
    actor: &Actor,
    material: &Material,
    file_name: &str,
    inspected: &Inspected,
    consent: Option<String>,
) -> Result<(Uuid, papers::Material), Error> {
    let key: Uuid = Clock::new_id();
    let size = i64::try_from(inspected.bytes.len()).map_err(|e| Error::Fault(e.to_string()))?;
    let paper = papers::Material {
        id: Clock::new_id(),
        name: material.name.to_owned(),
        file_key: key.to_string(),
        file_name: plain_name(file_name),
        content_type: inspected.content_type.to_owned(),
        size,
        sha256: sha256(&inspected.bytes),
        consent,
        uploaded_by: actor.account,
        uploaded_at: app.clock.now(),
    };
    Ok((key, paper))
}

/// The last part of a path, without what can't be seen or could steer a terminal or a header.
pub(super) fn plain_name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !crate::domain::text::is_invisible(*c))
        .take(120)
        .collect();
    match plain.trim() {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// Writes the row; where a promise is kept, the case's journal says so in the same transaction.
async fn save(
    app: &App,
    actor: &Actor,
    target: &Target,
    paper: papers::Material,
) -> Result<(), Error> {
    let command = Command::MeetObligation {
        material: paper.name.clone(),
    };
    let act = Act::new(app, actor, command);
    let target = target.clone();
    app.db
        .write(move |conn| match &target {
            Target::Draft(id) => {
                let draft = drafts::find(conn, act.actor().account, *id)?.ok_or(Error::NotFound)?;
                add(conn, draft.pool, *id, &paper)
            }
            Target::Case(receipt_no) => add_to_case(conn, &act, receipt_no, &paper),
        })
        .await
}

fn add_to_case(
    conn: &mut Conn<'_>,
    act: &Act,
    receipt_no: &ReceiptNo,
    paper: &papers::Material,
) -> Result<(), Error> {
    let listed = own(conn, act.actor(), receipt_no)?;
    let case = &listed.case;
    if papers::promised(conn, case.pool, case.id)?.contains(&paper.name) {
        act.perform(conn, &listed)?;
        papers::meet(conn, case.pool, case.id, &paper.name, paper.uploaded_at)?;
        if papers::promised(conn, case.pool, case.id)?.is_empty() {
            timers::drop_reminders(conn, case.pool, case.id)?;
        }
    } else if case.state != State::SupplementRequested {
        return Err(Error::Conflict(Conflict::State {
            state: case.state,
            version: case.version,
        }));
    }
    add(conn, case.pool, case.id, paper)
}

fn add(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    paper: &papers::Material,
) -> Result<(), Error> {
    if papers::materials(conn, pool, case)?.len() >= MOST_PAPERS {
        let error = FieldError::new("file", "file-too-many").with("most", MOST_PAPERS);
        return Err(Error::Invalid(vec![error]));
    }
    Ok(papers::insert_material(conn, pool, case, paper)?)
}

/// After a row failed: if it is there after all (a connection that broke while it was saved), the upload
/// succeeded; if it is not, the file goes; if nobody knows, the file stays for the sweep.
async fn clean_up(
    app: &App,
    pool: Pool,
    key: Uuid,
    id: MaterialId,
    error: Error,
) -> Result<MaterialId, Error> {
    let found = app
        .db
        .read(move |conn| papers::exists(conn, pool, id))
        .await;
    match found {
        Ok(true) => Ok(id),
        Ok(false) => {
            discard(app, key).await;
            Err(error)
        }
        Err(_) => Err(error),
    }
}

/// Removes a file that never had a row; one that can't be removed now is left to the sweep.
async fn discard(app: &App, key: Uuid) {
    if let Err(error) = app.files.remove(key).await {
        tracing::warn!(%error, "a file without a row was left behind");
    }
}

/// Leaves files whose rows have gone to the sweep, a day from now: a backup that saw the rows finds the files.
pub(super) async fn let_go(app: &App, keys: &[String]) {
    for key in keys.iter().filter_map(|key| key.parse().ok()) {
        if let Err(error) = app.files.let_go(key, Clock::real()).await {
            tracing::warn!(%error, "a file whose row has gone could not be marked; its own age counts");
        }
    }
}

fn out_of_reach(error: FilesError) -> Error {
    Error::Store(StoreError::Unavailable(error.to_string()))
}

/// Takes a paper off the own draft.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn remove(app: &App, actor: &Actor, draft: CaseId, id: MaterialId) -> Result<(), Error> {
    let account = actor.account;
    let key = app
        .db
        .write(move |conn| {
            let draft = drafts::find(conn, account, draft)?.ok_or(Error::NotFound)?;
            papers::remove_material(conn, draft.pool, draft.id, id)?.ok_or(Error::NotFound)
        })
        .await?;
    let_go(app, &[key]).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("转诊单.jpg", "转诊单.jpg")]
    #[case("C:\\Users\\me\\slip.pdf", "slip.pdf")]
    #[case("../../etc/passwd", "passwd")]
    #[case("a\r\nb\u{202E}gpj.exe", "abgpj.exe")]
    #[case("", "file")]
    fn names_lose_what_could_mislead(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(plain_name(typed), expected);
    }
}
