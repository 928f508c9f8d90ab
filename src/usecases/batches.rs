//! Filings of an employer for many at once (XR-9): a list is accepted as a whole or not at all, then its rows are
//! filed one after the other by [`work`], each as a case of its own. No rule of filing is repeated here: a row goes
//! through the item's form, rules, clock and sample as a single filing does.

mod chunk;
mod completing;
mod ground;
mod judging;
mod results;
mod row;
mod work;

pub use work::{Worked, run, run_until};

use uuid::Uuid;

use super::App;
use super::error::Error;
use crate::clock::Clock;
use crate::documents::files::FilesError;
use crate::documents::spreadsheet::{self, Column, Fault, Limits, Needed, Row};
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{Batch, Counts, Kind, State};
use crate::domain::form::FieldError;
use crate::domain::ids::EmployerId;
use crate::domain::item::ServiceItem;
use crate::domain::text::cleaned;
use crate::items::cross_region_registration;
use crate::store::StoreError;
use crate::store::batches::{self, Stored};
use crate::store::vault::sha256;

/// The item that employers file for many.
pub const ITEM: &ServiceItem = &cross_region_registration::ITEM;

const ID_NUMBER: Column = Column {
    name: "id_number",
    zh: "身份证号",
    needed: Needed::Always,
};
const DESTINATION: Column = Column {
    name: "destination",
    zh: "就医地",
    needed: Needed::Always,
};
const NAME: Column = Column {
    name: "name",
    zh: "姓名",
    needed: Needed::Optional,
};

/// The columns of a full list, in the order of the template.
pub const COLUMNS: &[Column] = &[
    ID_NUMBER,
    DESTINATION,
    Column {
        name: "start",
        zh: "开始日期",
        needed: Needed::Always,
    },
    Column {
        name: "end",
        zh: "结束日期",
        needed: Needed::Optional,
    },
    Column {
        name: "phone",
        zh: "手机号",
        needed: Needed::Optional,
    },
    // Helps who fills the template in; the registry's name counts.
    NAME,
];

/// The columns of a list under pledge, which a full list completes afterwards: here the name stands for what is left
/// out, and must be the registry's.
pub const PLEDGED: &[Column] = &[
    ID_NUMBER,
    DESTINATION,
    Column {
        needed: Needed::Always,
        ..NAME
    },
];

/// What the cases of a list under pledge wait for (CAS-4): the full list.
pub const STAFF_LIST: &str = "staff-list";

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 200;

/// A list as it is uploaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Slug of the item.
    pub item: String,
    /// The file's name as the uploader has it.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.item, self.bytes.len())
    }
}

/// Accepts a list; its rows wait to be filed.
///
/// # Errors
/// [`Error::Forbidden`] for all but employers' agents, [`Error::Invalid`] at `item`, or at `file` with what is wrong
/// with the file as a whole; then nothing was kept.
pub async fn accept(app: &App, actor: &Actor, upload: Upload) -> Result<Batch, Error> {
    actor.require(&[Role::EmployerAgent])?;
    let employer = actor.employer.ok_or(Error::Forbidden)?;
    if upload.item != ITEM.slug {
        let error = FieldError::new("item", "item-unknown");
        return Err(Error::Invalid(vec![error]));
    }
    let (app, actor) = (app.clone(), actor.clone());
    // On its own, so that a browser that hangs up between file and row leaves neither alone.
    tokio::spawn(async move { keep(&app, &actor, employer, upload).await })
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
}

async fn keep(
    app: &App,
    actor: &Actor,
    employer: EmployerId,
    upload: Upload,
) -> Result<Batch, Error> {
    let (bytes, list) = read(upload.bytes).await;
    let (kind, rows) = list.map_err(|fault| Error::Invalid(vec![fault.at("file")]))?;
    let (pool, agency) = app
        .db
        .read(move |conn| batches::agency_of(conn, employer))
        .await?
        .ok_or(Error::Forbidden)?;
    let key = Uuid::new_v4();
    let file = Stored {
        key: key.to_string(),
        sha256: sha256(&bytes),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
    };
    let sealed = app.db.vault().seal(&bytes)?;
    app.files.put(key, sealed).await.map_err(out_of_reach)?;
    let batch = Batch {
        id: Clock::new_id(),
        pool,
        agency,
        employer,
        filed_by: actor.account,
        identified: actor.identified,
        item: ITEM.slug.to_owned(),
        kind,
        file_name: cleaned(&upload.file_name)
            .chars()
            .take(LONGEST_NAME)
            .collect(),
        state: State::Running,
        total: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        counts: Counts::default(),
        created_at: app.clock.now(),
        finished_at: None,
    };
    let new = batch.clone();
    app.db
        .write(move |conn| batches::insert(conn, &new, &file).map_err(Error::from))
        .await?;
    Ok(batch)
}

/// A list: what it is, and its rows.
type List = (Kind, Vec<Row>);

/// Reads a list where it keeps nobody waiting; gives the bytes back with it.
async fn read(bytes: Vec<u8>) -> (Vec<u8>, Result<List, Fault>) {
    let reading = tokio::task::spawn_blocking(move || {
        let list = of_either_kind(&bytes);
        (bytes, list)
    });
    // What no reader can cope with is no list.
    reading.await.unwrap_or((vec![], Err(Fault::Broken)))
}

/// The headings say what a list is: one without days is one under pledge.
fn of_either_kind(bytes: &[u8]) -> Result<List, Fault> {
    match spreadsheet::read(bytes, COLUMNS, Limits::UPLOAD) {
        Ok(rows) => Ok((Kind::List, rows)),
        Err(missing @ Fault::ColumnsMissing(_)) => {
            match spreadsheet::read(bytes, PLEDGED, Limits::UPLOAD) {
                Ok(rows) => Ok((Kind::Pledge, rows)),
                Err(
                    Fault::ColumnsMissing(_) | Fault::ColumnsUnknown(_) | Fault::ColumnsDouble(_),
                ) => Err(missing),
                Err(fault) => Err(fault),
            }
        }
        Err(fault) => Err(fault),
    }
}

fn out_of_reach(error: FilesError) -> Error {
    Error::Store(StoreError::Unavailable(error.to_string()))
}
