//! An agency, a resident whose data are canaries, a handler, a supervisor; and what they do.

use std::collections::BTreeMap;

use bujianmian::clock::Clock;
use bujianmian::config::{Mail, Sms};
use bujianmian::domain::actor::{Actor, Role};
use bujianmian::domain::case::{self, Case, State};
use bujianmian::domain::event::{Missing, Target, replay};
use bujianmian::domain::ids::{AccountId, Identifier, PersonId};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice::Channel;
use bujianmian::domain::place::{AgencyCode, Pool};
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::time::{Day, Ts};
use bujianmian::domain::workflow::{Action, Command};
use bujianmian::jobs::outbox::{Post, Posted, run};
use bujianmian::notify::mail::Sender;
use bujianmian::notify::sms::Gateway;
use bujianmian::store::accounts::{NewAccount, insert};
use bujianmian::store::registry::Agency;
use bujianmian::store::schema::{agency, coverage, inbox, outbox, person};
use bujianmian::store::{Conn, StoreError, cases, journal, sessions};
use bujianmian::usecases::filing::{Submission, file};
use bujianmian::usecases::{handling, supplementing};
use bujianmian::web::urls;
use diesel::prelude::*;
use serde_json::{Map, json};

use crate::harness::service::{Harness, Kind};

/// Planted where the registry and the answers hold them; none may come out.
pub const ID_NUMBER: &str = "371000199001011239";
pub const PHONE: &str = "13812345678";
pub const NAME: &str = "甲测试";

/// State, attempts, error and next time of a message.
pub type Row = (String, i32, Option<String>, Ts);

pub struct World {
    pub harness: Harness,
    pub resident: Actor,
    pub handler: Actor,
    pub supervisor: Actor,
    runtime: tokio::runtime::Runtime,
}

pub fn at(text: &str) -> Ts {
    Ts::parse(text).unwrap()
}

impl World {
    pub fn start(kind: Kind, locale: Locale) -> Self {
        let harness = Harness::start(kind);
        let (resident, handler, supervisor) = harness.write(move |conn| settle(conn, locale));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let world = Self {
            harness,
            resident,
            handler,
            supervisor,
            runtime,
        };
        world
            .run(world.harness.app.office.refresh(&world.harness.app.db))
            .unwrap();
        world
    }

    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn set(&self, time: &str) {
        self.harness.app.clock.set(at(time));
    }

    /// The resident files a registration; returns its number.
    pub fn files(&self, token: &str, destination: &str) -> ReceiptNo {
        self.files_a("other-temporary", token, destination)
    }

    /// The resident files a referral and promises the slip.
    pub fn files_with_promise(&self, token: &str, destination: &str) -> ReceiptNo {
        self.files_a("referral", token, destination)
    }

    /// The resident files a registration for one day.
    pub fn files_from(&self, token: &str, day: &str) -> ReceiptNo {
        let day = day.parse().unwrap();
        self.submits("other-temporary", token, "110100", (day, day))
    }

    fn files_a(&self, kind: &str, token: &str, destination: &str) -> ReceiptNo {
        let start = self.harness.app.clock.now().day() + chrono::Days::new(2);
        let end = start + chrono::Days::new(30);
        self.submits(kind, token, destination, (start, end))
    }

    fn submits(
        &self,
        kind: &str,
        token: &str,
        destination: &str,
        (start, end): (Day, Day),
    ) -> ReceiptNo {
        let answers = json!({
            "kind": kind, "destination": destination, "start": start, "end": end,
            "phone": PHONE, "pledge": true,
        });
        let submission = Submission {
            item: "cross-region-registration".to_owned(),
            answers: answers.as_object().unwrap().clone(),
            token: token.to_owned(),
            channel: case::Channel::Online,
            draft: None,
            behalf: None,
            urgent: None,
        };
        let filed = self.run(file(&self.harness.app, &self.resident, submission));
        filed.unwrap().receipt_no().parse().unwrap()
    }

    /// Another handler of the agency, who is `person` in the registry.
    pub fn hires(&self, name: &'static str, person: Option<PersonId>) -> Actor {
        let agency = self.handler.agency;
        self.harness
            .write(move |conn| account(conn, name, Role::Handler, person, agency, Locale::Zh))
    }

    /// A handler takes the next case.
    pub fn takes(&self, handler: &Actor) -> ReceiptNo {
        let taken = self.run(handling::next(&self.harness.app, handler));
        taken.unwrap().expect("a case waits").parse().unwrap()
    }

    pub fn handler_takes_and_asks_for_more(&self, receipt_no: &ReceiptNo) {
        self.run(handling::next(&self.harness.app, &self.handler))
            .unwrap()
            .expect("a case waits");
        let missing = vec![Missing {
            target: Target::Field("end".to_owned()),
            reason: "the end".to_owned(),
        }];
        self.acts(receipt_no, Command::RequestSupplement { missing });
    }

    pub fn handler_takes_and_approves(&self, receipt_no: &ReceiptNo) {
        self.run(handling::next(&self.harness.app, &self.handler))
            .unwrap()
            .expect("a case waits");
        self.acts(receipt_no, Command::Approve { breach: None });
    }

    pub fn acts(&self, receipt_no: &ReceiptNo, command: Command) {
        let version = self.case(receipt_no).version;
        let act = handling::act(
            &self.harness.app,
            &self.handler,
            receipt_no,
            version,
            command,
        );
        self.run(act).unwrap();
    }

    pub fn resident_supplements(&self, receipt_no: &ReceiptNo) {
        let version = self.case(receipt_no).version;
        let done = supplementing::supplement(
            &self.harness.app,
            &self.resident,
            receipt_no,
            version,
            Map::new(),
        );
        self.run(done).unwrap();
    }

    pub fn case(&self, receipt_no: &ReceiptNo) -> Case {
        let (pool, number) = (receipt_no.pool().unwrap(), receipt_no.to_string());
        self.harness
            .read(|c| cases::by_receipt(c, pool, &number))
            .unwrap()
            .case
    }

    pub fn state(&self, receipt_no: &ReceiptNo) -> State {
        self.case(receipt_no).state
    }

    /// How often an action stands in the journal.
    pub fn times(&self, receipt_no: &ReceiptNo, action: Action) -> usize {
        let case = self.case(receipt_no);
        self.harness
            .read(|c| journal::read(c, case.pool, case.id))
            .iter()
            .filter(|entry| entry.event.action == action)
            .count()
    }

    /// Asserts that the journals of all cases hold and tell of the cases as they are stored.
    pub fn is_as_its_journal_says(&self, receipt_no: &ReceiptNo) {
        let case = self.case(receipt_no);
        let entries = self.harness.read(|c| journal::read(c, case.pool, case.id));
        let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
        assert_eq!(replay(&events), Ok(case.clone()));
        let broken = self
            .harness
            .read(|c| journal::first_broken(c, case.pool, case.id));
        assert_eq!(broken, None);
    }

    /// What somebody finds in the inbox, in order: kind and particulars.
    pub fn told(&self, account: AccountId) -> Vec<(String, BTreeMap<String, String>)> {
        let rows: Vec<(String, String)> = self.harness.read(|c| {
            Ok(inbox::table
                .filter(inbox::account_id.eq(account))
                .order(inbox::id)
                .select((inbox::notice, inbox::particulars))
                .load(c.sql)?)
        });
        rows.into_iter()
            .map(|(kind, particulars)| (kind, serde_json::from_str(&particulars).unwrap()))
            .collect()
    }

    /// The same, kinds only.
    pub fn kinds_told(&self, account: AccountId) -> Vec<String> {
        self.told(account)
            .into_iter()
            .map(|(kind, _)| kind)
            .collect()
    }

    /// The kinds of notices by mail, in their order.
    pub fn notices(&self) -> Vec<String> {
        self.harness.read(|c| {
            Ok(outbox::table
                .filter(outbox::channel.eq(Channel::Email))
                .order(outbox::id)
                .select(outbox::notice)
                .load(c.sql)?)
        })
    }

    /// State, attempts, error and next time of every mail, in their order.
    pub fn messages(&self) -> Vec<Row> {
        self.by(Channel::Email)
    }

    /// The same of every SMS.
    pub fn short_messages(&self) -> Vec<Row> {
        self.by(Channel::Sms)
    }

    fn by(&self, channel: Channel) -> Vec<Row> {
        self.harness.read(|c| {
            Ok(outbox::table
                .filter(outbox::channel.eq(channel))
                .order(outbox::id)
                .select((
                    outbox::state,
                    outbox::attempts,
                    outbox::last_error,
                    outbox::next_at,
                ))
                .load(c.sql)?)
        })
    }
}

impl World {
    /// An administrator of the pool.
    pub fn administrator(&self, name: &'static str) -> AccountId {
        let agency: AgencyCode = "371000".parse().unwrap();
        self.harness.write(move |conn| {
            let role = Role::Administrator;
            Ok(account(conn, name, role, None, Some(agency), Locale::Zh)?.account)
        })
    }

    /// Lets a job run, with what it gave back.
    pub fn sends(&self, post: &Post, now: Ts) -> Posted {
        self.run(run(&self.harness.app, post, now)).unwrap()
    }
}

/// Where the service hands its messages.
pub fn post(mail: Option<Mail>, sms: Option<Sms>) -> Post {
    Post {
        mail: mail.map(|mail| Box::new(Sender::new(&mail).unwrap())),
        sms: sms.map(|sms| Box::new(Gateway::new(&sms).unwrap())),
        origin: "https://portal.example".to_owned(),
        link: urls::of_notice,
    }
}

fn settle(conn: &mut Conn<'_>, locale: Locale) -> Result<(Actor, Actor, Actor), StoreError> {
    let (pool, code): (Pool, AgencyCode) = ("371000".parse().unwrap(), "371000".parse().unwrap());
    let agency = Agency {
        code,
        pool,
        kind: "city".to_owned(),
        name_zh: "示例市医疗保险事业中心".to_owned(),
        name_en: "Sample city centre".to_owned(),
        phone: "12393".to_owned(),
        address: "示例路 1 号".to_owned(),
        opens: "08:30".to_owned(),
        lunch_from: "12:00".to_owned(),
        lunch_to: "13:30".to_owned(),
        closes: "17:30".to_owned(),
    };
    diesel::insert_into(agency::table)
        .values(&agency)
        .execute(conn.sql)?;
    let person = settle_person(conn, pool, code)?;
    let resident = account(conn, "resident", Role::Resident, Some(person), None, locale)?;
    let handler = account(conn, "handler", Role::Handler, None, Some(code), locale)?;
    let supervisor = account(
        conn,
        "supervisor",
        Role::Supervisor,
        None,
        Some(code),
        locale,
    )?;
    Ok((resident, handler, supervisor))
}

fn settle_person(
    conn: &mut Conn<'_>,
    pool: Pool,
    agency: AgencyCode,
) -> Result<PersonId, StoreError> {
    let id: PersonId = Clock::new_id();
    let vault = conn.vault;
    diesel::insert_into(person::table)
        .values((
            person::id.eq(id),
            person::id_number.eq(vault.seal_text(ID_NUMBER)?),
            person::id_hash.eq(vault.blind("id-number", ID_NUMBER)),
            person::last_six_hash.eq(vault.blind("last-six", "011239")),
            person::name.eq(NAME),
            person::sex.eq("male"),
            person::born.eq("1990-01-01".parse::<Day>().unwrap()),
            person::region.eq("371000"),
            person::phone.eq(vault.seal_text(PHONE)?),
            person::created_at.eq(at("2026-01-01T00:00:00Z")),
        ))
        .execute(conn.sql)?;
    diesel::insert_into(coverage::table)
        .values((
            coverage::id.eq(Clock::new_id::<PersonId>()),
            coverage::person_id.eq(id),
            coverage::pool.eq(pool),
            coverage::agency.eq(agency),
            coverage::scheme.eq("employee"),
            coverage::category.eq("active"),
            coverage::valid_from.eq("2019-01-01".parse::<Day>().unwrap()),
        ))
        .execute(conn.sql)?;
    assert!(!id.uuid().is_nil());
    Ok(id)
}

fn account(
    conn: &mut Conn<'_>,
    name: &str,
    role: Role,
    person: Option<PersonId>,
    agency: Option<AgencyCode>,
    locale: Locale,
) -> Result<Actor, StoreError> {
    let id: AccountId = Clock::new_id();
    let new = NewAccount {
        id,
        username: name.to_owned(),
        password_hash: "none".to_owned(),
        role,
        name: name.to_owned(),
        pool: agency.map(|agency| agency.pool()),
        agency,
        person,
        employer: None,
        institution: None,
        locale,
        email: Some(format!("{name}@mail.example")),
        created_at: at("2026-01-01T00:00:00Z"),
    };
    insert(conn, &new)?;
    let day = "2026-11-24".parse().unwrap();
    Ok(sessions::actor(conn, id, day)?.expect("it is there"))
}
