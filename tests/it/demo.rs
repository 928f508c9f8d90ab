//! The demo's world on both databases: complete, the same at every start, made of real cases, and never made twice.

use std::collections::{BTreeMap, BTreeSet};

use bujianmian::config::{
    Config, Database, Http, Log, LogFormat, Sessions, SignInLimits, StaffTotp, UploadLimits,
};
use bujianmian::domain::actor::{Actor, Role};
use bujianmian::domain::case::{Channel, Decision, State};
use bujianmian::domain::device::Device;
use bujianmian::domain::event::replay;
use bujianmian::domain::time::Ts;
use bujianmian::domain::workflow::Next;
use bujianmian::items;
use bujianmian::store::cases::Listed;
use bujianmian::store::{accounts, approvals, journal, papers, queue, sessions};
use bujianmian::usecases::accounts::Caller;
use bujianmian::usecases::filing::{Submission, file};
use bujianmian::usecases::{App, accounts as sign_ins, demo};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rstest::rstest;

use crate::harness::postgres::{TestDatabase, fresh_database};
use crate::harness::service::Kind;

const POOLS: [&str; 5] = ["371000", "621000", "320600", "611000", "370600"];
const PASSWORD: &str = "a password of this test";

/// Where a demo lives from one start to the next.
struct Home {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
    runtime: tokio::runtime::Runtime,
}

impl Home {
    fn new(kind: Kind) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: (kind == Kind::Postgres).then(fresh_database),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    fn config(&self, password: Option<&str>) -> Config {
        Config {
            http: Http::loopback(0),
            database: Database {
                url: self.database.as_ref().map(|database| database.url.clone()),
                connections: 4,
            },
            data: self.folder.path().to_owned(),
            keys: None,
            sessions: Sessions::default(),
            limits: SignInLimits::Off,
            staff_totp: StaffTotp::Required,
            platform: None,
            uploads: UploadLimits::default(),
            hold_limit: None,
            mail: None,
            sms: None,
            log: Log {
                format: LogFormat::Text,
                filter: "info".to_owned(),
            },
            settings: vec![],
            demo_password: password.map(str::to_owned),
        }
    }

    fn start(&self, at: Option<&str>) -> App {
        self.start_with(Some(PASSWORD), at)
    }

    fn start_with(&self, password: Option<&str>, at: Option<&str>) -> App {
        let at = at.map(|at| Ts::parse(at).unwrap());
        self.runtime
            .block_on(demo::open(&self.config(password), at))
            .unwrap()
    }

    fn signs_in(&self, app: &App, name: &str, password: &str) -> bool {
        let caller = Caller {
            address: "127.0.0.1".parse().unwrap(),
            device: Device::of(""),
        };
        self.runtime
            .block_on(sign_ins::sign_in(app, name, password, caller))
            .is_ok()
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(app: &App, from: &str) -> i64 {
    let query = format!("SELECT count(*) AS count FROM {from}");
    app.db
        .read_blocking(|c| -> Result<_, bujianmian::store::StoreError> {
            Ok(diesel::sql_query(&query).get_result::<Count>(c.sql)?.count)
        })
        .unwrap()
}

fn actor(app: &App, name: &str) -> Actor {
    let day = app.clock.now().day();
    app.db
        .read_blocking(|c| {
            let account = accounts::credentials(c, name, "")?.unwrap().account;
            sessions::actor(c, account, day)
        })
        .unwrap()
        .unwrap()
}

/// Every case of every agency.
fn cases(app: &App) -> Vec<Listed> {
    let agencies: Vec<_> = app.office.agencies().keys().copied().collect();
    app.db
        .read_blocking(|c| -> Result<_, bujianmian::store::StoreError> {
            let mut all = vec![];
            for agency in agencies {
                all.extend(queue::of_agency(c, agency, None, None, 500)?);
            }
            Ok(all)
        })
        .unwrap()
}

/// The named accounts of a pool, as the issue lists them, with the second supervisor and the counties' staff.
fn expected_accounts(app: &App, pool: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = (1..=9).map(|n| format!("resident{n}")).collect();
    let others = "employer1 employer2 clerk1 doctor1 pharmacist1 pharmacist2 handler1 handler2 handler3 \
                  reviewer1 reviewer2 supervisor1 supervisor2 mailroom1 finance1 tax1 centre1 auditor1 admin1 principal1 \
                  proxy1 community1";
    names.extend(others.split_whitespace().map(str::to_owned));
    if pool != "371000" {
        names = names.iter().map(|name| format!("{name}-{pool}")).collect();
    }
    for agency in app.office.agencies().values() {
        if agency.kind == "county" && agency.pool.as_str() == pool {
            let staff = ["handler", "reviewer", "supervisor"];
            names.extend(staff.map(|role| format!("{role}-{}", agency.code)));
        }
    }
    names
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
fn the_world_is_complete_and_a_second_start_adds_nothing(#[case] kind: Kind) {
    let home = Home::new(kind);
    let app = home.start(Some("2020-02-03T09:00:00+08:00"));
    for pool in POOLS {
        let offered: Vec<_> = app.demo.as_ref().unwrap().accounts.iter().collect();
        let of_pool = offered
            .iter()
            .filter(|account| account.pool.as_str() == pool);
        let names: BTreeSet<String> = of_pool.map(|account| account.username.clone()).collect();
        assert_eq!(names, expected_accounts(&app, pool));
        let counties = app
            .office
            .agencies()
            .values()
            .filter(|agency| agency.kind == "county" && agency.pool.as_str() == pool)
            .count();
        assert!(counties >= 2);
        let suffix = if pool == "371000" {
            String::new()
        } else {
            format!("-{pool}")
        };
        let staff = format!(
            "coverage JOIN account ON account.employer_id = coverage.employer_id WHERE username = 'employer1{suffix}'"
        );
        assert!(count(&app, &staff) >= 40);
        assert_eq!(actor(&app, &format!("handler1{suffix}")).relatives.len(), 1);
        assert!(home.signs_in(&app, &format!("resident1{suffix}"), PASSWORD));
    }
    let tables = [
        "person",
        "coverage",
        "account",
        "cases",
        "case_event",
        "agency",
        "registration",
        "inbox",
    ];
    let before = tables.map(|table| count(&app, table));
    drop(app);
    let again = home.start(None);
    assert_eq!(tables.map(|table| count(&again, table)), before);
    assert_eq!(again.clock.now().day().to_string(), "2020-02-03");
    let later = home.start(Some("2023-02-01T09:00:00+08:00"));
    assert_eq!(later.clock.now().day().to_string(), "2023-02-01");
    assert_eq!(tables.map(|table| count(&later, table)), before);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
fn cases_stand_in_every_state_and_follow_from_their_journals(#[case] kind: Kind) {
    let home = Home::new(kind);
    let app = home.start(None);
    let all = cases(&app);
    let table = items::find("cross-region-registration").unwrap().table;
    let mut reached: BTreeSet<String> = [State::Closed, State::Refused, State::NotAccepted]
        .map(|s| s.to_string())
        .into();
    reached.extend(table.iter().filter_map(|row| match row.next {
        Next::To(state) => Some(state.to_string()),
        Next::DecidedOrSecondReview | Next::Decided | Next::HandlerOrQueue => None,
    }));
    for pool in POOLS {
        let here: Vec<_> = all
            .iter()
            .map(|l| &l.case)
            .filter(|c| c.pool.as_str() == pool)
            .collect();
        let states: BTreeSet<String> = here.iter().map(|c| c.state.to_string()).collect();
        assert_eq!(states, reached, "{pool}");
        assert!(
            here.iter()
                .any(|c| c.escalated && c.breached_at.is_some() && c.decision.is_none())
        );
        assert!(
            here.iter()
                .any(|c| c.breached_at.is_some() && c.decision == Some(Decision::Approved))
        );
        let (owing, asked) = app
            .db
            .read_blocking(|c| -> Result<_, bujianmian::store::StoreError> {
                let (mut owing, mut asked) = (0, 0);
                for case in &here {
                    owing += papers::obligations(c, case.pool, case.id)?
                        .iter()
                        .filter(|o| o.met_at.is_none())
                        .count();
                    asked += approvals::of_case(c, case.pool, case.id)?.len();
                }
                Ok((owing, asked))
            })
            .unwrap();
        assert!(owing >= 1 && asked >= 1, "{pool}: {owing} {asked}");
    }
    for listed in &all {
        let case = &listed.case;
        let (entries, broken) = app
            .db
            .read_blocking(|c| -> Result<_, bujianmian::store::StoreError> {
                Ok((
                    journal::read(c, case.pool, case.id)?,
                    journal::first_broken(c, case.pool, case.id)?,
                ))
            })
            .unwrap();
        let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
        assert_eq!(&replay(&events).unwrap(), case, "{}", case.receipt_no);
        assert_eq!(broken, None, "{}", case.receipt_no);
        assert!(events.iter().all(|event| event.at <= app.clock.now()));
    }
}

#[rstest]
#[case(Kind::Sqlite, Some("2020-02-03T09:00:00+08:00"))]
#[case(Kind::Sqlite, Some("2022-09-01T20:00:00+08:00"))]
#[case(Kind::Postgres, Some("2023-02-01T03:00:00+08:00"))]
#[case(Kind::Sqlite, None)]
fn whenever_it_starts_each_resident_can_file(#[case] kind: Kind, #[case] at: Option<&str>) {
    let home = Home::new(kind);
    let app = home.start(at);
    let item = items::find("cross-region-registration").unwrap();
    let sample = (item.sample)(app.clock.now().day()).unwrap();
    let residents = app
        .demo
        .as_ref()
        .unwrap()
        .accounts
        .iter()
        .filter(|a| a.role == Role::Resident);
    let mut filed = 0;
    for resident in residents {
        let actor = actor(&app, &resident.username);
        assert_eq!(actor.pool, Some(resident.pool));
        let submission = Submission {
            item: item.slug.to_owned(),
            answers: sample
                .iter()
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
            token: format!("test-{}", resident.username),
            channel: Channel::Online,
            draft: None,
            behalf: None,
            urgent: None,
        };
        home.runtime
            .block_on(file(&app, &actor, submission))
            .unwrap();
        filed += 1;
    }
    assert_eq!(filed, 50);
}

#[test]
fn the_password_is_the_configured_one_or_a_kept_random_one() {
    let home = Home::new(Kind::Sqlite);
    let random = home
        .start_with(None, None)
        .demo
        .as_ref()
        .unwrap()
        .password
        .clone();
    let app = home.start_with(None, None);
    assert_eq!(app.demo.as_ref().unwrap().password, random);
    assert!(home.signs_in(&app, "handler1", &random));
    drop(app);
    let app = home.start(None);
    assert!(home.signs_in(&app, "handler1", PASSWORD));
    assert!(home.signs_in(&app, "admin1-320600", PASSWORD));
    assert!(!home.signs_in(&app, "handler1", &random));
    assert!(!home.signs_in(&app, "person-371000-0001", PASSWORD));
}

#[test]
fn two_instances_that_start_together_make_one_world() {
    let home = Home::new(Kind::Postgres);
    let (one, other) = (home.config(Some(PASSWORD)), home.config(Some(PASSWORD)));
    let both = async { tokio::join!(demo::open(&one, None), demo::open(&other, None)) };
    let (first, second) = home.runtime.block_on(both);
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(count(&first, "demo_world"), 1);
    let by_state = |app: &App| {
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for listed in cases(app) {
            *states.entry(listed.case.state.to_string()).or_default() += 1;
        }
        states
    };
    assert_eq!(by_state(&first), by_state(&second));
    assert_eq!(by_state(&first)["lapsed"], POOLS.len());
}

#[test]
fn a_database_with_other_data_is_left_alone() {
    let home = Home::new(Kind::Sqlite);
    let app = home.start(None);
    let removed = app
        .db
        .write_blocking(|c| -> Result<_, bujianmian::store::StoreError> {
            Ok(diesel::sql_query("DELETE FROM demo_world").execute(c.sql)?)
        });
    assert_eq!(removed.unwrap(), 1);
    let people = count(&app, "person");
    let refused = home
        .runtime
        .block_on(demo::open(&home.config(Some("another one")), None));
    assert!(refused.is_err());
    assert_eq!(count(&app, "person"), people);
    assert!(home.signs_in(&app, "handler1", PASSWORD));
}
