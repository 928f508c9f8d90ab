//! Plays the scripts of [`super::script`] through the same use cases as anybody's doings, on a clock that stands at
//! each deed's time: every case is a real one with journal, timers and messages. A fill that was broken off goes on
//! where it stopped: filing is idempotent by its token, and a deed counts by the version it leads from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::places::{SITES, Site};
use super::roster::{other, username};
use super::script::{Deed, Script, When, scripts};
use crate::domain::actor::Actor;
use crate::domain::case::{Case, State};
use crate::domain::contact::Outcome;
use crate::domain::ids::{AccountId, ContactId};
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::Command;
use crate::items::cross_region_cancellation;
use crate::store::{accounts, cases, contacts, registrations, sessions};
use crate::usecases::contacting::{self, Reply, silence};
use crate::usecases::error::Conflict;
use crate::usecases::filing::{self, Submission};
use crate::usecases::{App, Error, handling, supplementing, timekeeping};

/// Timers looked at in one go.
const MANY: i64 = 500;

/// Plays all cases of all pools. `app` has a clock that stands; it is left at `start`.
pub(super) async fn play(app: &App, start: Ts) -> Result<(), Error> {
    for site in SITES {
        let mut stage = Stage {
            app,
            site,
            start,
            receipts: BTreeMap::new(),
        };
        for script in scripts(site.pool) {
            stage.play(&script).await.map_err(|error| {
                Error::Fault(format!(
                    "the demo's case {} in {}: {error:?}",
                    script.key, site.pool
                ))
            })?;
        }
    }
    app.clock.set(start);
    Ok(())
}

struct Stage<'a> {
    app: &'a App,
    site: Site,
    start: Ts,
    /// Receipt numbers by the scripts' keys.
    receipts: BTreeMap<&'static str, ReceiptNo>,
}

impl Stage<'_> {
    async fn play(&mut self, script: &Script) -> Result<(), Error> {
        let applicant = other(script.applicant, self.site.pool);
        let receipt_no = self.file(script, &applicant).await?;
        self.receipts.insert(script.key, receipt_no.clone());
        for (version, deed) in (1..).zip(&script.deeds) {
            if self.case(&receipt_no).await?.version == version {
                self.deed(&applicant, &receipt_no, version, deed).await?;
            }
        }
        Ok(())
    }

    async fn file(&self, script: &Script, applicant: &str) -> Result<ReceiptNo, Error> {
        let at = self.turn_to(script.filed);
        let actor = self.actor(applicant, at).await?;
        let mut answers = script.answers.as_object().cloned().unwrap_or_default();
        for (name, value) in &mut answers {
            self.fill_in(name, value, at, &actor).await?;
        }
        if script.item != cross_region_cancellation::ITEM.slug {
            answers.insert("phone".to_owned(), "13800000000".into());
            answers.insert("pledge".to_owned(), true.into());
        }
        let submission = Submission {
            item: script.item.to_owned(),
            answers,
            token: format!("demo-{}", script.key),
            channel: script.channel,
            draft: None,
            behalf: None,
            urgent: None,
        };
        let filed = filing::file(self.app, &actor, submission).await?;
        parse(filed.receipt_no())
    }

    /// Turns days from the filing into days, and a script's key into the registration it made.
    async fn fill_in(
        &self,
        name: &str,
        value: &mut Value,
        at: Ts,
        actor: &Actor,
    ) -> Result<(), Error> {
        if let ("start", Some(days)) = (name, value.as_u64()) {
            *value = (at.day() + chrono::Days::new(days)).to_string().into();
        }
        if let ("admitted_on" | "since", Some(days)) = (name, value.as_u64()) {
            *value = (at.day() - chrono::Days::new(days)).to_string().into();
        }
        if let ("registration", Some(key)) = (name, value.as_str()) {
            let missing = || Error::Fault(format!("the demo's registration {key}"));
            let receipt_no = self.receipts.get(key).ok_or_else(missing)?;
            let case = self.case(receipt_no).await?.id;
            let person = actor.person.ok_or_else(missing)?;
            let all = self
                .app
                .db
                .read(move |conn| registrations::of_person(conn, person))
                .await?;
            let made = all
                .iter()
                .find(|one| one.case == case)
                .ok_or_else(missing)?;
            *value = made.id.to_string().into();
        }
        Ok(())
    }

    async fn deed(
        &self,
        applicant: &str,
        receipt_no: &ReceiptNo,
        version: u32,
        deed: &Deed,
    ) -> Result<(), Error> {
        match deed {
            Deed::Act(when, who, command) => {
                let who = self.name(who);
                self.act(*when, &who, receipt_no, version, command.clone())
                    .await
            }
            Deed::Give(when, who, to) => {
                let command = Command::Assign {
                    to: self.account(&self.name(to)).await?,
                    reason: "示范：改派".to_owned(),
                };
                let who = self.name(who);
                self.act(*when, &who, receipt_no, version, command).await
            }
            Deed::Supplement(when, changed) => {
                let actor = self.actor(applicant, self.turn_to(*when)).await?;
                let changed: Map<String, Value> = changed.as_object().cloned().unwrap_or_default();
                supplementing::supplement(self.app, &actor, receipt_no, version, changed).await?;
                Ok(())
            }
            Deed::Withdraw(when) => {
                let command = Command::Withdraw { reason: None };
                self.act(*when, applicant, receipt_no, version, command)
                    .await
            }
            Deed::Time => self.let_time_pass(receipt_no).await,
            Deed::Answer(when, who, outcome) => self.answer(*when, who, receipt_no, *outcome).await,
            Deed::Silence => self.hear_nothing(receipt_no).await,
            Deed::ReviewIfSampled(when, who, breach) => {
                if self.case(receipt_no).await?.state != State::SecondReview {
                    return Ok(());
                }
                let command = Command::Approve {
                    breach: breach.clone(),
                };
                let who = self.name(who);
                self.act(*when, &who, receipt_no, version, command).await
            }
        }
    }

    async fn act(
        &self,
        when: When,
        who: &str,
        receipt_no: &ReceiptNo,
        version: u32,
        command: Command,
    ) -> Result<(), Error> {
        let actor = self.actor(who, self.turn_to(when)).await?;
        match handling::act(self.app, &actor, receipt_no, version, command).await {
            // Asked for before the fill was broken off.
            Ok(_) | Err(Error::Conflict(Conflict::AlreadyAsked)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Fires the case's timers up to the start, each at its own time.
    async fn let_time_pass(&self, receipt_no: &ReceiptNo) -> Result<(), Error> {
        let case = self.case(receipt_no).await?.id;
        self.app.clock.set(self.start);
        let mut due = timekeeping::due(self.app, None, MANY).await?;
        due.retain(|timer| timer.case == case);
        for timer in due {
            self.app.clock.set(timer.fire_at);
            timekeeping::fire(self.app, vec![timer]).await?;
        }
        Ok(())
    }

    /// The message of a case that waits for an answer, and lets the agency that was asked answer it.
    async fn answer(
        &self,
        when: When,
        who: &str,
        receipt_no: &ReceiptNo,
        outcome: Outcome,
    ) -> Result<(), Error> {
        let actor = self.actor(who, self.turn_to(when)).await?;
        let reply = Reply {
            outcome,
            remark: "示范：已核实".to_owned(),
            who: None,
            number: None,
            at: None,
        };
        let contact = self.asked(receipt_no).await?;
        match contacting::answer(self.app, &actor, contact, reply).await {
            // Answered before the fill was broken off.
            Ok(()) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Lets the time of a case's message pass up to the start.
    async fn hear_nothing(&self, receipt_no: &ReceiptNo) -> Result<(), Error> {
        let contact = self.asked(receipt_no).await?;
        loop {
            self.app.clock.set(self.start);
            let due = silence::due(self.app, None, MANY).await?;
            let Some(due) = due.into_iter().find(|due| due.id == contact) else {
                return Ok(());
            };
            self.app.clock.set(due.alarm_at);
            silence::ring(self.app, due).await?;
        }
    }

    /// The first message that a case has sent.
    async fn asked(&self, receipt_no: &ReceiptNo) -> Result<ContactId, Error> {
        let case = self.case(receipt_no).await?;
        let sent = self
            .app
            .db
            .read(move |conn| contacts::of_case(conn, case.pool, case.id))
            .await?;
        sent.first()
            .map(|first| first.id)
            .ok_or_else(|| Error::Fault(format!("the demo's contact of {receipt_no}")))
    }

    /// Sets the clock; answers where it stands.
    fn turn_to(&self, when: When) -> Ts {
        let at = when.at(self.start, &self.app.calendar());
        self.app.clock.set(at);
        at
    }

    /// The account of a name of the scripts: `handler1` of this pool, `handler@0` of its first county.
    fn name(&self, who: &str) -> String {
        let [first, second] = self.site.counties;
        match who.split_once('@') {
            Some((role, "0")) => format!("{role}-{first}"),
            Some((role, _)) => format!("{role}-{second}"),
            None => username(who, self.site.pool),
        }
    }

    async fn account(&self, name: &str) -> Result<AccountId, Error> {
        let wanted = name.to_owned();
        let found = self
            .app
            .db
            .read(move |conn| accounts::credentials(conn, &wanted, ""))
            .await?;
        found
            .map(|found| found.account)
            .ok_or_else(|| Error::Fault(format!("the demo's account {name}")))
    }

    async fn actor(&self, name: &str, at: Ts) -> Result<Actor, Error> {
        let account = self.account(name).await?;
        self.app
            .db
            .read(move |conn| sessions::actor(conn, account, at.day()))
            .await?
            .ok_or_else(|| Error::Fault(format!("the demo's account {name}")))
    }

    async fn case(&self, receipt_no: &ReceiptNo) -> Result<Case, Error> {
        let receipt_no = receipt_no.clone();
        let missing = || Error::Fault(format!("the demo's case {receipt_no}"));
        let (pool, number) = (
            receipt_no.pool().ok_or_else(missing)?,
            receipt_no.to_string(),
        );
        let listed = self
            .app
            .db
            .read(move |conn| cases::by_receipt(conn, pool, &number))
            .await?;
        Ok(listed.ok_or_else(missing)?.case)
    }
}

fn parse(receipt_no: &str) -> Result<ReceiptNo, Error> {
    receipt_no
        .parse()
        .map_err(|_| Error::Fault(format!("the demo's case {receipt_no}")))
}
