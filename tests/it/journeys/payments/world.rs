//! Officers and claims that are approved, beside the people of the common world. A claim is brought to its payment by the
//! steps of its table, so that its journal is whole; what it was settled at is given by the test.

use bujianmian::clock::Clock;
use bujianmian::domain::actor::{Actor, Role};
use bujianmian::domain::case::Case;
use bujianmian::domain::ids::{AccountId, PersonId};
use bujianmian::domain::settlement::{Parts, Settlement, Shares, Used};
use bujianmian::domain::workflow::{Command, Context, Performer, apply};
use bujianmian::items::reimbursement;
use bujianmian::store::{Conn, StoreError, accounts, cases, journal, sessions};
use bujianmian::usecases::accounts::passwords;
use bujianmian::usecases::{App, Error, paying};
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::service::Kind;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, insert_agency, login};

/// The common world with officers in it.
pub struct Desk {
    pub world: World,
}

/// What is left to the person, all by basic insurance.
pub fn insured(fen: i64) -> Settlement {
    with_subsidy(fen, Shares::default())
}

/// The same with a subsidy and who bears it.
pub fn with_subsidy(basic: i64, shares: Shares) -> Settlement {
    let subsidy = shares.province + shares.city + shares.county;
    Settlement {
        total_fen: basic + subsidy,
        parts: Parts {
            basic,
            subsidy,
            ..Parts::default()
        },
        shares,
        trail: vec![],
        takes: Used::default(),
    }
}

impl Desk {
    pub fn start(kind: Kind) -> Self {
        let world = World::start(kind);
        let hash = passwords::hash(PASSWORD).unwrap();
        world.harness.write(move |conn| fill(conn, &hash));
        Self { world }
    }

    pub fn app(&self) -> &App {
        &self.world.harness.app
    }

    pub fn user(&self, name: &str) -> TestUser<'_> {
        self.world.user(name)
    }

    /// A claim of somebody, filed, reviewed twice and settled so.
    pub fn approved(&self, resident: &str, number: &str, settlement: &Settlement) -> String {
        let receipt_no = self.filed(resident, number);
        self.settle(&receipt_no, 1, settlement).unwrap();
        receipt_no
    }

    fn filed(&self, resident: &str, number: &str) -> String {
        let user = self.user(resident);
        let request = user
            .request(reqwest::Method::POST, "/api/v1/cases")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", number)
            .body(claim(number).to_string());
        let receipt_no = user.send(request).expect(201).json()["receipt_no"]
            .as_str()
            .unwrap()
            .to_owned();
        let delivered = Command::RegisterParcel {
            delivered_at: self.app().clock.now(),
        };
        self.step(&receipt_no, "mailroom1", &delivered);
        let taken = Command::Claim {
            reason: Some("示例：先办".to_owned()),
        };
        self.step(&receipt_no, "handler1", &taken);
        let approved = Command::Approve { breach: None };
        self.step(&receipt_no, "handler1", &approved);
        self.step(&receipt_no, "reviewer1", &approved);
        assert_eq!(self.case(&receipt_no).stage.as_deref(), Some("payment"));
        receipt_no
    }

    /// What follows an approval.
    pub fn settle(
        &self,
        receipt_no: &str,
        number: u32,
        settlement: &Settlement,
    ) -> Result<(), Error> {
        let (app, case) = (self.app().clone(), self.case(receipt_no));
        let by = self.actor("reviewer1").account;
        let (settlement, now) = (settlement.clone(), app.clock.now());
        self.app().db.write_blocking(move |conn| {
            paying::on_approved(conn, &app, &case, (number, &settlement), by, now)
        })
    }

    /// A case that is opened again.
    pub fn reopened(&self, receipt_no: &str) -> Result<(), Error> {
        let (app, case) = (self.app().clone(), self.case(receipt_no));
        let now = app.clock.now();
        self.app()
            .db
            .write_blocking(move |conn| paying::on_reopened(conn, &app, &case, now))
    }

    fn step(&self, receipt_no: &str, who: &str, command: &Command) {
        let (app, actor) = (self.app().clone(), self.actor(who));
        let (number, command) = (receipt_no.to_owned(), command.clone());
        let pool = "371000".parse().unwrap();
        self.world.harness.write(move |conn| {
            let listed = cases::by_receipt(conn, pool, &number)?.expect("the case");
            let calendar = app.calendar();
            let hours = app.office.hours(listed.case.agency);
            let stage = reimbursement::ITEM.first_stage;
            let context = Context::of_service(app.clock.now(), &calendar, hours, stage);
            let performer = Performer::Person(&actor);
            let table = reimbursement::ITEM.table;
            let step = apply(table, &listed.case, performer, &command, &context)
                .unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
            cases::advance(conn, &listed, &step.case, step.event.at)?;
            journal::append(conn, pool, listed.case.id, &step.event, &step.words)
        });
    }

    fn actor(&self, who: &str) -> Actor {
        let (who, today) = (who.to_owned(), self.app().clock.now().day());
        let actor = self.world.harness.read(move |conn| {
            let login = accounts::credentials(conn, &who, "")?.expect("an account");
            sessions::actor(conn, login.account, today)
        });
        actor.unwrap()
    }

    pub fn case(&self, receipt_no: &str) -> Case {
        let number = receipt_no.to_owned();
        let pool = "371000".parse().unwrap();
        let found = self
            .world
            .harness
            .read(move |conn| cases::by_receipt(conn, pool, &number));
        found.unwrap().case
    }

    /// How often the journal of a case says that it was paid.
    pub fn payments(&self, receipt_no: &str) -> usize {
        let case = self.case(receipt_no);
        let entries = self
            .world
            .harness
            .read(move |conn| journal::read(conn, case.pool, case.id));
        let paid = bujianmian::domain::workflow::Action::Pay;
        entries
            .iter()
            .filter(|entry| entry.event.action == paid)
            .count()
    }

    /// `finance1` makes a batch and sends it.
    #[track_caller]
    pub fn sent_batch(&self) -> Value {
        let officer = self.user("finance1");
        let batch = officer
            .post_json("/api/v1/payment-batches", &json!({}))
            .expect(201)
            .json();
        let sent = format!("/api/v1/payment-batches/{}/sent", text(&batch["id"]));
        officer.post_json(&sent, &json!({})).expect(200);
        batch
    }

    /// The bank says something of orders.
    pub fn results(&self, officer: &str, batch: &Value, rows: &[Value]) -> Reply {
        let path = format!("/api/v1/payment-batches/{}/results", text(&batch["id"]));
        self.user(officer)
            .post_json(&path, &json!({ "rows": rows }))
    }

    /// An officer uploads the bank's file on the page of its batch.
    pub fn upload(&self, officer: &TestUser<'_>, batch: &str, file: &str) -> Reply {
        let action = format!("{batch}/results");
        let token = officer.get(batch).form_token(&action);
        let part = Part::bytes(file.as_bytes().to_vec()).file_name("回执.csv");
        let form = Form::new().text("csrf", token).part("file", part);
        officer.send(
            officer
                .request(reqwest::Method::POST, &action)
                .multipart(form),
        )
    }

    /// What came of that, in numbers: paid, failed, same, refused.
    #[track_caller]
    pub fn counted(&self, officer: &str, batch: &Value, rows: &[Value]) -> [u64; 4] {
        let report = self.results(officer, batch, rows).expect(200).json();
        let refused = report["refused"].as_array().unwrap().len();
        let count = |name: &str| report[name].as_u64().unwrap();
        [
            count("paid"),
            count("failed"),
            count("same"),
            u64::try_from(refused).unwrap(),
        ]
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value}"))
}

/// A row that says an order was paid.
pub fn paid(order: &Value) -> Value {
    json!({ "order": order["id"], "fen": order["fen"], "result": "paid", "day": "2026-11-24" })
}

/// A row that says it could not be.
pub fn failed(order: &Value) -> Value {
    json!({ "order": order["id"], "fen": order["fen"], "result": "failed", "reason": "户名不符" })
}

fn claim(number: &str) -> Value {
    json!({ "item": "reimbursement", "answers": {
        "care": "outpatient", "institution_name": "示例医院", "institution_level": "2",
        "institution_region": "371002", "from": "2026-11-10", "to": "2026-11-10", "diagnoses": "I10",
        "covid": "none", "sending": "post", "account_holder": "示例居民", "bank": "示例银行",
        "invoices": [{ "number": number, "issued_on": "2026-11-10", "total": 500_000 }],
        "lines": [{ "day": "2026-11-10", "name": "示例药品", "class": "A", "amount": 500_000 }],
        "account_kind": "card", "account": "6222020000000000000", "phone": "13800000000",
        "pledge": true } })
}

fn fill(conn: &mut Conn<'_>, hash: &str) -> Result<(), StoreError> {
    for name in ["finance1", "finance2"] {
        accounts::insert(conn, &login(name, Role::FinanceOfficer, hash))?;
    }
    let mut own = login("finance-own", Role::FinanceOfficer, hash);
    own.person = Some(person_of(conn, "resident3")?);
    accounts::insert(conn, &own)?;
    accounts::insert(conn, &login("mailroom1", Role::MailroomClerk, hash))?;
    insert_agency(conn, "370600", "示例另一市经办机构")?;
    let mut elsewhere = login("finance-elsewhere", Role::FinanceOfficer, hash);
    elsewhere.id = Clock::new_id::<AccountId>();
    elsewhere.pool = Some("370600".parse().unwrap());
    elsewhere.agency = Some("370600".parse().unwrap());
    accounts::insert(conn, &elsewhere)
}

fn person_of(conn: &mut Conn<'_>, who: &str) -> Result<PersonId, StoreError> {
    let login = accounts::credentials(conn, who, "")?.expect("an account");
    let today = Clock::real().day();
    let actor = sessions::actor(conn, login.account, today)?;
    Ok(actor.and_then(|actor| actor.person).expect("a person"))
}
