//! What somebody sees of a case that they may not handle, or of another agency's that they have just filed; and the trace
//! of reading the patient ledger with a case. Nothing else is written here.

use super::{Full, full_or_outline, read};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Sight};
use crate::domain::form::Answers;
use crate::domain::receipt::ReceiptNo;
use crate::store::cases;
use crate::store::journal::Entry;
use crate::store::reads::{self, Read};
use crate::store::registry::Person;
use crate::usecases::zero_material::RestsOn;
use crate::usecases::{App, Error};

/// A case for who has just filed it: what they may see of it; where it is another agency's, where it stands and not what
/// is in it (CAS-10).
///
/// # Errors
/// [`Error::NotFound`] for a case that they neither filed nor may see.
pub async fn of_filer(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Full, Error> {
    match full_or_outline(app, actor, receipt_no).await {
        Err(Error::NotTheirs) => {}
        other => return other,
    }
    let (app, actor, receipt_no) = (app.clone(), actor.clone(), receipt_no.clone());
    let db = app.db.clone();
    db.read(move |conn| {
        let pool = receipt_no.pool().ok_or(Error::NotFound)?;
        let found = cases::by_receipt(conn, pool, receipt_no.as_str())?;
        let listed = found
            .filter(|listed| listed.case.filed_by == actor.account)
            .ok_or(Error::NotTheirs)?;
        Ok(outline(read(conn, &app, &actor, listed)?))
    })
    .await
}

fn rests_on_ledger(full: &Full) -> bool {
    let ground = full.ground.as_ref();
    ground.is_some_and(|ground| matches!(ground.rests_on, RestsOn::Ledger(_)))
}

/// CAS-13: somebody at the agency who reads a case reads the entry of the patient ledger with it.
pub(super) async fn log_ledger(app: &App, actor: &Actor, full: &Full) -> Result<(), Error> {
    let case = &full.summary.listed.case;
    if full.summary.sight != Sight::Office || !rests_on_ledger(full) {
        return Ok(());
    }
    let read = Read {
        id: Clock::new_id(),
        at: app.clock.now(),
        account: actor.account,
        person: case.person,
        case: Some(case.id),
        what: "patient-ledger".to_owned(),
        reason: String::new(),
    };
    let pool = case.pool;
    app.db
        .write(move |conn| reads::insert(conn, pool, &read).map_err(Error::from))
        .await
}

/// What is left of a case for who may not handle it: no person, no answers, no papers, no words.
pub(super) fn outline(full: Full) -> Full {
    let mut summary = full.summary;
    summary.listed.person_name = String::new();
    let entries = full.entries.into_iter().map(|entry| Entry {
        words: None,
        ..entry
    });
    Full {
        answers: Answers::default(),
        person: Person {
            name: String::new(),
            id_number: String::new(),
            phone: None,
            email: None,
            ..full.person
        },
        entries: entries.collect(),
        materials: vec![],
        obligations: vec![],
        missing: vec![],
        asked: vec![],
        names: full.names,
        basis: full.basis,
        ground: None,
        deadline: full.deadline,
        summary,
    }
}
