//! Filing a case: online and handheld, from a draft or in one call. One transaction, idempotent by token
//! (CAS-2).

mod first;
mod submission;

pub(super) use first::{First, first};
pub use submission::{Behalf, Filed, Submission};

pub(super) use self::submission::Records;
use self::submission::{fingerprint, insured_at, urgency};
use super::error::{Conflict, Error};
use super::saving::{StepIds, apply_effects, record};
use super::{App, behalf, zero_material};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::case::{Case, Urgency};
use crate::domain::event::Words;
use crate::domain::form::{Answers, FieldError};
use crate::domain::ids::{CaseId, ObligationId, PatientId, PersonId, TimerId};
use crate::domain::item::{self, Checked, FilingFacts, Record, ServiceItem};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::policy::Policy;
use crate::domain::time::{Day, Ts};
use crate::domain::timer::{WaitRules, obligation_reminders};
use crate::items;
use crate::store::authorisations::{self, Basis};
use crate::store::receipts::{Submitted, remember, submitted};
use crate::store::registry::Coverage;
use crate::store::{
    Conn, StoreError, cases, closures, drafts, guards, journal, papers, patients, registrations,
    registry, timers,
};
use chrono::Days;

/// Days of the pack that waiting depends on.
pub(super) fn wait_rules(policy: &Policy<'_>) -> WaitRules {
    WaitRules {
        lapse_after: policy.supplement_lapse().value.0,
        remind_before: policy
            .supplement_reminders()
            .value
            .iter()
            .copied()
            .max()
            .unwrap_or_default(),
    }
}

/// Files a case for the person who is signed in.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field, [`Error::Conflict`] by XR-2, [`Error::TokenReused`] when
/// the token came with other contents before, [`Error::NotFound`] for a draft that is not theirs or of something
/// else.
pub async fn file(app: &App, actor: &Actor, submission: Submission) -> Result<Filed, Error> {
    let item = items::find(&submission.item).ok_or(Error::NotFound)?;
    let behalf = submission.behalf.as_ref().map(|behalf| behalf.person);
    let person = match (behalf, actor.person) {
        (Some(person), _) => person,
        (None, Some(person)) if item.audience.contains(&actor.role) => person,
        (None, _) => return Err(Error::Forbidden),
    };
    let urgency = urgency(item, submission.urgent.as_deref())?;
    if submission.token.is_empty() || submission.token.len() > 200 {
        return Err(Error::Invalid(vec![FieldError::new(
            "token",
            "token-malformed",
        )]));
    }
    let body_hash = fingerprint(&submission);
    let now = app.clock.now();
    let answers = item.form.read(&submission.answers);
    let agency = match behalf {
        Some(person) => insured_at(app, person, now.day()).await?,
        None => actor.insured_at,
    };
    let agency = agency.ok_or_else(not_insured)?;
    let receipt_no = app.office.next_receipt(&app.db, agency, now.day()).await?;
    let new = New {
        app: app.clone(),
        actor: actor.clone(),
        item,
        person,
        urgency,
        agency,
        answers,
        submission,
        body_hash,
        receipt_no: receipt_no.to_string(),
        case: Clock::new_id(),
        obligations: item.materials.iter().map(|_| Clock::new_id()).collect(),
        reminders: reminder_ids(app, agency.pool(), item, now),
        ids: StepIds::new(),
        now,
    };
    app.db.write(move |conn| new.save(conn)).await
}

fn not_insured() -> Error {
    Error::Invalid(vec![FieldError::new("person", "not-insured")])
}

/// Whose answers the item's rules are asked about, and as of when.
pub(super) struct Subject {
    /// Who applies.
    pub person: PersonId,
    /// Where they are insured.
    pub pool: Pool,
    /// The day whose pack counts.
    pub filed_on: Day,
    /// The case itself once it exists: what it did to registrations does not stand in its own way.
    pub case: Option<CaseId>,
    /// The entry of the patient ledger that it is about, where somebody named one (XR-3).
    pub entry: Option<PatientId>,
}

/// The item's own rules on complete answers (XR-2). Filing and supplements ask them under the guard of the
/// person's registrations; a draft may ask them at any time.
pub(super) fn rules(
    app: &App,
    conn: &mut Conn<'_>,
    item: &ServiceItem,
    subject: &Subject,
    answers: &Answers,
) -> Result<Checked, Error> {
    let mut existing = registrations::of_person(conn, subject.person)?;
    if let Some(case) = subject.case {
        existing.retain(|registration| registration.case != case);
        for registration in &mut existing {
            registration.claimed_by = registration.claimed_by.filter(|by| *by != case);
        }
    }
    let looks_at = |record| item.looks_at.contains(&record);
    let mut stays = match looks_at(Record::Stays) {
        true => patients::stays_of(conn, subject.person)?,
        false => vec![],
    };
    if let Some(entry) = subject.entry {
        stays.retain(|stay| stay.patient == entry);
    }
    let closures = match looks_at(Record::Closures) {
        true => closures::standing(conn)?,
        false => vec![],
    };
    let records = Records {
        registrations: &existing,
        stays: &stays,
        closures: &closures,
    };
    let today = app.clock.now().day();
    checked(app, item, subject, today, &records, answers).map_err(|fault| match fault {
        item::Fault::Fields(errors) => Error::Invalid(errors),
        item::Fault::Overlap(with) => Error::Conflict(Conflict::Overlap {
            with: with.to_string(),
        }),
        item::Fault::Claimed(_) => Error::Conflict(Conflict::Claimed),
    })
}

/// What the item's own rules say of complete answers, given the records.
pub(super) fn checked(
    app: &App,
    item: &ServiceItem,
    subject: &Subject,
    today: Day,
    records: &Records<'_>,
    answers: &Answers,
) -> Result<Checked, item::Fault> {
    let facts = FilingFacts {
        today,
        policy: app.office.policies.on(subject.pool, subject.filed_on),
        regions: &app.office.regions,
        insured_at: subject.pool.as_str(),
        registrations: records.registrations,
        stays: records.stays,
        closures: records.closures,
    };
    (item.check)(answers, &facts)
}

/// A filing with everything its transaction needs.
struct New {
    app: App,
    actor: Actor,
    item: &'static ServiceItem,
    person: PersonId,
    urgency: Urgency,
    /// Where they are insured, which decides who handles the case.
    agency: AgencyCode,
    answers: Result<Answers, Vec<FieldError>>,
    submission: Submission,
    body_hash: Vec<u8>,
    receipt_no: String,
    case: CaseId,
    obligations: Vec<ObligationId>,
    reminders: Vec<TimerId>,
    ids: StepIds,
    now: Ts,
}

impl New {
    fn save(&self, conn: &mut Conn<'_>) -> Result<Filed, Error> {
        let (person, coverage) =
            registry::insured(conn, self.person, self.now.day())?.ok_or_else(not_insured)?;
        if coverage.agency != self.agency {
            // They changed their place of insurance a moment ago; the next try takes a number there.
            return Err(Error::Busy);
        }
        guards::person_registrations(conn, coverage.pool, self.person)?;
        // Asked under the guard: the twin of this request may have been first; its case is the answer to both.
        if let Some(before) = submitted(conn, self.actor.account, &self.submission.token)? {
            return self.again(conn, &before);
        }
        self.admit(conn)?;
        let answers = self.answers.clone().map_err(Error::Invalid)?;
        let policy = self.app.office.policies.on(coverage.pool, self.now.day());
        self.own_draft(conn, coverage.pool)?;
        let subject = Subject {
            person: self.person,
            pool: coverage.pool,
            filed_on: self.now.day(),
            case: None,
            entry: self.entry(),
        };
        let checked = rules(&self.app, conn, self.item, &subject, &answers)?;
        let case_id = self.submission.draft.unwrap_or(self.case);
        let case = self.insert(
            conn, case_id, &person, &coverage, policy, &answers, &checked,
        )?;
        self.promise(conn, &case, &answers, policy)?;
        self.note_basis(conn, &case)?;
        self.bring_about(conn, &case, &checked)?;
        let token = Submitted {
            body_hash: self.body_hash.clone(),
            case: (case.pool, case.id),
        };
        remember(
            conn,
            self.actor.account,
            &self.submission.token,
            &token,
            self.now,
        )
        .map_err(|e| match e {
            // The twin of this request was faster; its case is the answer to the next try.
            StoreError::NotUnique(_) => Error::Busy,
            other => Error::Store(other),
        })?;
        if let Some(draft) = self.submission.draft {
            drafts::delete(conn, self.actor.account, draft)?;
        }
        Ok(Filed::New(case.receipt_no))
    }

    /// What the filing does to records, and what that sets going (XR-3).
    fn bring_about(
        &self,
        conn: &mut Conn<'_>,
        case: &Case,
        checked: &Checked,
    ) -> Result<(), Error> {
        apply_effects(conn, case, &checked.effects, &self.ids)?;
        zero_material::on_filed(conn, &self.app, (case, &checked.effects), self.now)
    }

    /// A draft goes along only with its owner's filing of the same item at the same place.
    fn own_draft(&self, conn: &mut Conn<'_>, pool: Pool) -> Result<(), Error> {
        let Some(id) = self.submission.draft else {
            return Ok(());
        };
        match drafts::find(conn, self.actor.account, id)? {
            Some(draft) if draft.item == self.item.slug && draft.pool == pool => Ok(()),
            Some(_) | None => Err(Error::NotFound),
        }
    }

    /// What a filing for somebody rests on must hold now (CAS-8).
    fn admit(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        match &self.submission.behalf {
            Some(behalf) => behalf::admit(conn, &self.actor, behalf, self.now),
            None => Ok(()),
        }
    }

    /// The entry of the patient ledger on which a filing for somebody rests (XR-3).
    fn entry(&self) -> Option<PatientId> {
        match self.submission.behalf.as_ref()?.basis {
            Basis::Ledger(_, patient) => Some(patient),
            Basis::Call(_) | Basis::Authorised(_) => None,
        }
    }

    fn note_basis(&self, conn: &mut Conn<'_>, case: &Case) -> Result<(), StoreError> {
        match &self.submission.behalf {
            Some(behalf) => authorisations::insert_basis(conn, case.pool, case.id, &behalf.basis),
            None => Ok(()),
        }
    }

    fn again(&self, conn: &mut Conn<'_>, before: &Submitted) -> Result<Filed, Error> {
        if before.body_hash != self.body_hash {
            return Err(Error::TokenReused);
        }
        let (pool, id): (Pool, CaseId) = before.case;
        let listed = cases::by_id(conn, pool, id)?.ok_or(Error::NotFound)?;
        Ok(Filed::Again(listed.case.receipt_no))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the facts of one insert, used nowhere else"
    )]
    fn insert(
        &self,
        conn: &mut Conn<'_>,
        id: CaseId,
        person: &str,
        coverage: &Coverage,
        policy: Policy<'_>,
        answers: &Answers,
        checked: &Checked,
    ) -> Result<Case, Error> {
        let (case, event) = first(
            &self.app,
            (policy, &self.app.calendar()),
            First {
                id,
                item: self.item,
                actor: &self.actor,
                person: self.person,
                agency: coverage.agency,
                receipt_no: self.receipt_no.clone(),
                channel: self.submission.channel,
                urgency: self.urgency,
            },
            self.now,
        )?;
        cases::insert(conn, &case, person, answers, &checked.facts)?;
        journal::open(conn, case.pool, case.id)?;
        let words = Words {
            // CAT-4: the coded reason stands in the journal.
            reason: self.submission.urgent.clone(),
            ..Words::default()
        };
        let first = (&case, &event, &words);
        record(conn, &self.app, None, first, &self.ids)?;
        Ok(case)
    }

    /// Materials that are needed and not here: promised where the item lets them follow (CAS-4), else asked for.
    fn promise(
        &self,
        conn: &mut Conn<'_>,
        case: &Case,
        answers: &Answers,
        policy: Policy<'_>,
    ) -> Result<(), Error> {
        let here = papers::materials(conn, case.pool, case.id)?;
        let due_on = self.now.day() + Days::new(u64::from(policy.obligation_term().value.0));
        let mut promised = vec![];
        for (material, id) in self.item.materials.iter().zip(&self.obligations) {
            if !(material.needed)(answers) || here.iter().any(|paper| paper.name == material.name) {
                continue;
            }
            if !material.deferrable {
                return Err(Error::Invalid(vec![FieldError::new(
                    material.name,
                    "material-required",
                )]));
            }
            papers::insert_obligation(conn, case.pool, case.id, *id, material.name, due_on)?;
            promised.push(due_on);
        }
        let reminders =
            obligation_reminders(&promised, &policy.obligation_reminders().value, self.now);
        let planned: Vec<_> = self.reminders.iter().copied().zip(reminders).collect();
        timers::insert_all(conn, case.pool, case.id, &planned)?;
        Ok(())
    }
}

/// Identifiers for as many reminders as the pack may ask for.
fn reminder_ids(app: &App, pool: Pool, item: &ServiceItem, now: Ts) -> Vec<TimerId> {
    let policy = app.office.policies.on(pool, now.day());
    let most = policy.obligation_reminders().value.len() * item.materials.len();
    (0..most).map(|_| Clock::new_id()).collect()
}
