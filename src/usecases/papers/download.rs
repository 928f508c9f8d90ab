//! Fetching papers: opened, checked against what was uploaded, and, when the agency reads one, traced: any of them
//! may hold an ID number in full.

use uuid::Uuid;

use super::out_of_reach;
use crate::clock::Clock;
use crate::documents::files::FilesError;
use crate::domain::actor::{Actor, Sight};
use crate::domain::ids::{CaseId, MaterialId, ReadId};
use crate::domain::place::Pool;
use crate::domain::receipt::ReceiptNo;
use crate::store::reads::{self, Read};
use crate::store::vault::sha256;
use crate::store::{Conn, drafts, papers};
use crate::usecases::handling::visible;
use crate::usecases::viewing::is_barred;
use crate::usecases::{App, Error};

/// A paper to be sent to its reader.
#[derive(Clone, PartialEq, Eq)]
pub struct Download {
    /// The file's name as it was uploaded.
    pub file_name: String,
    /// Type by content.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Download({}, {} bytes)",
            self.content_type,
            self.bytes.len()
        )
    }
}

/// A paper of a case, for those who may see the case. Staff who read one leave a trace that the person can see
/// (CAS-13).
///
/// # Errors
/// [`Error::NotFound`] for a missing one and for one that is not theirs to see, [`Error::Forbidden`] at the
/// agency for the own or a relative's (CAS-10).
pub async fn download(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    id: MaterialId,
) -> Result<Download, Error> {
    let (reader, receipt_no) = (actor.clone(), receipt_no.clone());
    let (listed, paper) = app
        .db
        .read(move |conn| {
            let listed = visible(conn, &reader, &receipt_no)?;
            if is_barred(&reader, &listed.case) {
                return Err(Error::Forbidden);
            }
            let paper = find(conn, listed.case.pool, listed.case.id, id)?;
            Ok::<_, Error>((listed, paper))
        })
        .await?;
    let case = &listed.case;
    if actor.sight(case) == Sight::Office {
        let read = Read {
            id: Clock::new_id::<ReadId>(),
            at: app.clock.now(),
            account: actor.account,
            person: case.person,
            case: Some(case.id),
            what: format!("paper:{}", paper.name),
            reason: String::new(),
        };
        let pool = case.pool;
        app.db
            .write(move |conn| reads::insert(conn, pool, &read).map_err(Error::from))
            .await?;
    }
    fetch(app, paper).await
}

/// A paper of the own draft.
///
/// # Errors
/// As [`download`].
pub async fn download_from_draft(
    app: &App,
    actor: &Actor,
    draft: CaseId,
    id: MaterialId,
) -> Result<Download, Error> {
    let account = actor.account;
    let paper = app
        .db
        .read(move |conn| {
            let draft = drafts::find(conn, account, draft)?.ok_or(Error::NotFound)?;
            find(conn, draft.pool, draft.id, id)
        })
        .await?;
    fetch(app, paper).await
}

fn find(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    id: MaterialId,
) -> Result<papers::Material, Error> {
    papers::materials(conn, pool, case)?
        .into_iter()
        .find(|paper| paper.id == id)
        .ok_or(Error::NotFound)
}

async fn fetch(app: &App, paper: papers::Material) -> Result<Download, Error> {
    let key: Uuid = (paper.file_key.parse()).map_err(|_| Error::Fault("file key".to_owned()))?;
    let sealed = app.files.get(key).await.map_err(|error| match error {
        FilesError::Missing => Error::Fault(format!("paper {} has no file", paper.id)),
        FilesError::Unavailable(_) => out_of_reach(error),
    })?;
    let bytes = app.db.vault().open(&sealed)?;
    if sha256(&bytes) != paper.sha256 {
        return Err(Error::Fault(format!(
            "paper {} is not what it was",
            paper.id
        )));
    }
    Ok(Download {
        file_name: paper.file_name,
        content_type: paper.content_type,
        bytes,
    })
}
