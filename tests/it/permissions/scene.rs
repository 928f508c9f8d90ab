//! The people and things of the permission matrix: somebody of every role, and cases, papers, drafts and requests
//! of the same pool's and another pool's agencies. What is theirs to see is [`standing`]'s to say, from role and
//! owner alone and not by the service's own rule.

use std::collections::BTreeMap;

use bujianmian::clock::Clock;
use bujianmian::domain::actor::Role;
use bujianmian::domain::case::Case;
use bujianmian::domain::device::Device;
use bujianmian::domain::ids::{AccountId, ApprovalId, EmployerId, MessageId, PersonId};
use bujianmian::domain::proxy::{self, Authorisation, Terms};
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::uscc::Uscc;
use bujianmian::domain::workflow::Command;
use bujianmian::store::registry::{Employer, insert_employer};
use bujianmian::store::schema::{cases as cases_table, outbox, relative};
use bujianmian::store::{Conn, StoreError, accounts, approvals, authorisations, cases};
use bujianmian::usecases::accounts::{self as sign_ins, Caller, passwords};
use bujianmian::usecases::app::{DemoAccount, DemoInfo};
use diesel::prelude::*;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::expectations::{Object, Standing};
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::Reply;
use crate::harness::world::{CITY, PASSWORD, insert_agency, insert_person, login};

const COUNTY: &str = "371002";
const OTHER_POOL: &str = "320600";
/// A paper that every case and draft gets.
const SLIP: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Whose a thing is, or what else may stand in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Whose {
    /// The resident's of the matrix; for staff one of their agency's.
    Own,
    /// Filed by the proxy for somebody.
    Authorised,
    /// Somebody else's at the same agency.
    Another,
    /// A relative's of the staff, at the same agency.
    Relative,
    /// What the supervisor of the matrix asked for.
    SelfAsked,
    /// At another agency of the pool.
    County,
    /// At an agency of another pool.
    OtherPool,
    /// The own case or draft with somebody else's paper.
    ForeignPaper,
    /// Well formed and not there.
    Missing,
    /// Nothing that could be.
    Malformed,
}

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub role: Option<Role>,
    pub token: String,
    pub csrf: String,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub enum Body {
    Nothing,
    Form(Vec<(&'static str, String)>),
    Json(Value),
    /// Text fields before one PDF.
    File(Vec<(&'static str, String)>),
}

/// A case and what belongs to it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub receipt_no: String,
    pub paper: String,
}

pub struct Scene {
    pub harness: Harness,
    pub visitors: Vec<Visitor>,
    pub things: BTreeMap<Whose, Thing>,
    /// A draft with its paper of the resident's, and one of another resident's.
    pub drafts: Vec<(String, String)>,
    /// Entries of the ledger, each with a cost, by where they are treated.
    pub patients: BTreeMap<Whose, (String, String)>,
    /// Token and cookie of forms that anybody may send.
    pub public: (String, String),
    browser: reqwest::blocking::Client,
    numbers: std::cell::Cell<u32>,
}

/// Who stands how to what, by CAS-10.
pub fn standing(role: Option<Role>, object: Object, whose: Whose) -> Standing {
    let applicant = |theirs: Whose| {
        if whose == theirs {
            Standing::Seen
        } else {
            Standing::Hidden
        }
    };
    match (object, whose) {
        (Object::Nothing, _) => Standing::Seen,
        (_, Whose::Missing | Whose::Malformed | Whose::ForeignPaper) => Standing::Missing,
        (Object::Letter, _) | (Object::Message | Object::Login, Whose::Own) => Standing::Seen,
        (
            Object::Authorisation
            | Object::Batch
            | Object::Closure
            | Object::Contact
            | Object::Login
            | Object::Message,
            _,
        ) => Standing::Hidden,
        (Object::Draft | Object::DraftPaper, _) => applicant(Whose::Own),
        // IN-4: the institution's staff theirs, the place of treatment its own, the auditor the pool's.
        (Object::Patient | Object::PatientCost, _) => match role {
            Some(Role::Auditor) if whose != Whose::OtherPool => Standing::Seen,
            _ => applicant(Whose::Own),
        },
        (Object::Approval | Object::Case | Object::Outline | Object::Paper, _) => match role {
            Some(Role::Resident) => applicant(Whose::Own),
            Some(Role::Proxy) => applicant(Whose::Authorised),
            Some(Role::Handler | Role::Reviewer | Role::Supervisor) => match whose {
                Whose::County | Whose::OtherPool => Standing::Hidden,
                Whose::Relative | Whose::SelfAsked => Standing::Barred,
                _ => Standing::Seen,
            },
            Some(Role::Auditor) if whose != Whose::OtherPool => Standing::Seen,
            _ => Standing::Hidden,
        },
    }
}

/// What an object can be in the matrix.
pub fn kinds(object: Object) -> Vec<Whose> {
    use Whose::{
        Another, Authorised, County, ForeignPaper, Malformed, Missing, OtherPool, Own, Relative,
        SelfAsked,
    };
    match object {
        Object::Nothing => vec![Own],
        // What either side may do with one is told in the journeys.
        Object::Authorisation | Object::Batch | Object::Closure | Object::Contact => {
            vec![Missing, Malformed]
        }
        Object::Letter => vec![Own, Missing, Malformed],
        Object::Message | Object::Login => vec![Own, OtherPool, Missing, Malformed],
        Object::Approval => vec![
            Own, SelfAsked, Relative, County, OtherPool, Missing, Malformed,
        ],
        Object::Case | Object::Outline => vec![
            Own, Authorised, Another, Relative, County, OtherPool, Missing, Malformed,
        ],
        Object::Paper => vec![
            Own,
            Authorised,
            Another,
            Relative,
            County,
            OtherPool,
            ForeignPaper,
            Missing,
            Malformed,
        ],
        Object::Patient | Object::PatientCost => vec![Own, County, OtherPool, Missing, Malformed],
        Object::Draft => vec![Own, Another, Missing, Malformed],
        Object::DraftPaper => vec![Own, Another, ForeignPaper, Missing, Malformed],
    }
}

impl Scene {
    pub fn start(kind: Kind) -> Self {
        let demo = DemoInfo {
            accounts: vec![DemoAccount {
                username: "administrator".to_owned(),
                role: Role::Administrator,
                pool: CITY.parse().unwrap(),
                name: "示例".to_owned(),
                id_number: None,
                uscc: None,
            }],
            password: PASSWORD.to_owned(),
        };
        let harness = Harness::with(
            kind,
            Settings {
                demo: Some(demo),
                ..Settings::default()
            },
        );
        let hash = passwords::hash(PASSWORD).unwrap();
        harness.write(move |conn| people(conn, &hash));
        let app = harness.app.clone();
        block_on(async move { app.office.refresh(&app.db).await }).unwrap();
        let mut scene = Self {
            harness,
            visitors: vec![],
            things: BTreeMap::new(),
            drafts: vec![],
            patients: BTreeMap::new(),
            public: (String::new(), String::new()),
            browser: reqwest::blocking::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            numbers: std::cell::Cell::new(0),
        };
        scene.public = scene.public_token();
        scene.visitors = std::iter::once(stranger())
            .chain(Role::iter().map(|role| scene.sign_in(role.as_str())))
            .collect();
        scene.file_cases();
        scene.patients = ledger::enter(&scene);
        let another = scene.sign_in("resident-another");
        scene.drafts = vec![
            scene.draft(&scene.visitor(Role::Resident)),
            scene.draft(&another),
        ];
        scene
    }

    /// A new session of an account.
    pub fn sign_in(&self, username: &str) -> Visitor {
        let (app, name) = (self.harness.app.clone(), username.to_owned());
        let caller = Caller {
            address: "127.0.0.1".parse().unwrap(),
            device: Device::of(""),
        };
        let entry = block_on(async move {
            sign_ins::sign_in_at_once(&app, &name, PASSWORD, None, caller).await
        })
        .unwrap();
        Visitor {
            role: Some(entry.role),
            token: entry.token,
            csrf: entry.session.csrf,
        }
    }

    /// The visitor of a role.
    pub fn visitor(&self, role: Role) -> Visitor {
        let found = self.visitors.iter().find(|v| v.role == Some(role));
        found.unwrap().clone()
    }

    pub fn account(&self, username: &str) -> AccountId {
        let found = self
            .harness
            .read(|conn| accounts::credentials(conn, username, ""));
        found.unwrap().account
    }

    /// A case as it stands.
    pub fn case(&self, receipt_no: &str) -> Case {
        let number: ReceiptNo = receipt_no.parse().unwrap();
        self.harness
            .read(|conn| cases::by_receipt(conn, number.pool().unwrap(), receipt_no))
            .unwrap()
            .case
    }

    /// A request to which a test adds what it needs.
    pub fn request(
        &self,
        visitor: &Visitor,
        (method, path): (&str, &str),
        body: Body,
    ) -> reqwest::blocking::RequestBuilder {
        let url = format!("{}{path}", self.harness.base);
        let method = method.to_uppercase().parse().unwrap();
        let mut request = self.browser.request(method, url);
        let mut cookies = vec![format!("form={}", self.public.1)];
        if visitor.role.is_some() && path.starts_with("/api/") {
            request = request.bearer_auth(&visitor.token);
        } else if visitor.role.is_some() {
            cookies.push(format!("session={}", visitor.token));
        }
        request = request.header("Cookie", cookies.join("; "));
        match body {
            Body::Nothing => request,
            Body::Form(fields) => {
                let pairs: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={}", bujianmian::web::urls::encode(value)))
                    .collect();
                request
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(pairs.join("&"))
            }
            Body::Json(value) => request
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", self.number().to_string())
                .body(value.to_string()),
            Body::File(fields) => {
                let form = fields
                    .into_iter()
                    .fold(Form::new(), |form, (name, value)| form.text(name, value));
                let part = Part::bytes(SLIP.to_vec()).file_name("转诊单.pdf");
                request.multipart(form.part("file", part))
            }
        }
    }

    pub fn send(&self, visitor: &Visitor, route: (&str, &str), body: Body) -> Reply {
        self.request(visitor, route, body)
            .send()
            .expect("an answer")
            .into()
    }

    /// A draft of the visitor's, with a paper; its identifier and the paper's.
    pub fn draft(&self, visitor: &Visitor) -> (String, String) {
        let csrf = || ("csrf", visitor.csrf.clone());
        let begin = ("post", "/apply/cross-region-registration");
        let answers = vec![csrf(), ("kind", "referral".to_owned())];
        let begun = self.send(visitor, begin, Body::Form(answers)).expect(303);
        let id = begun.location().rsplit('/').next().unwrap().to_owned();
        let papers = format!("/apply/draft/{id}/papers");
        let fields = vec![
            csrf(),
            ("material", "referral-slip".to_owned()),
            ("consent_version", "1".to_owned()),
            ("consent", "yes".to_owned()),
        ];
        self.send(visitor, ("post", &papers), Body::File(fields))
            .expect(303);
        let page = self
            .send(visitor, ("get", &papers), Body::Nothing)
            .expect(200);
        let (_, rest) = page.text.split_once(&format!("{papers}/")).unwrap();
        let paper = rest.split(['"', '/']).next().unwrap().to_owned();
        (id, paper)
    }

    /// Something asked of a second supervisor, about the case of `whose`.
    pub fn asked(&self, whose: Whose, by: &str, version: u32) -> String {
        let case = self.case(&self.things[&whose].receipt_no);
        let id: ApprovalId = Clock::new_id();
        let asked = approvals::Asked {
            pool: case.pool,
            id,
            case: case.id,
            case_version: version,
            asked_by: self.account(by),
            asked_at: case.filed_at,
            command: Command::Reopen {
                reason: "示例：重新办理".to_owned(),
            },
        };
        self.harness
            .write(move |conn| approvals::insert(conn, &asked));
        id.to_string()
    }

    fn public_token(&self) -> (String, String) {
        let page = self
            .send(&stranger(), ("get", "/login"), Body::Nothing)
            .expect(200);
        let cookie = page.header("set-cookie");
        let (_, value) = cookie.split_once("form=").unwrap();
        let value = value.split(';').next().unwrap().to_owned();
        (page.form_token("/login"), value)
    }

    fn number(&self) -> u32 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    fn file_cases(&mut self) {
        // What handlers take when they ask for the next case; first in the queue.
        let spare = self.sign_in("resident-spare");
        for destination in ["310100", "320100", "330100"] {
            self.filed(&spare, destination);
        }
        let owners = [
            (Whose::Own, "resident"),
            (Whose::Authorised, "resident-authorised"),
            (Whose::Another, "resident-another"),
            (Whose::Relative, "resident-relative"),
            (Whose::County, "resident-county"),
            (Whose::OtherPool, "resident-pool"),
        ];
        for (whose, username) in owners {
            let visitor = self.sign_in(username);
            let thing = self.filed(&visitor, "110100");
            self.things.insert(whose, thing);
        }
        // CAS-8, CAS-10: filed by the proxy, with an authorisation in force.
        let (number, proxy) = (
            self.things[&Whose::Authorised].receipt_no.clone(),
            self.account("proxy"),
        );
        self.entrust(&number, proxy);
        self.harness.write(move |conn| {
            diesel::update(cases_table::table.filter(cases_table::receipt_no.eq(&number)))
                .set(cases_table::filed_by.eq(proxy))
                .execute(conn.sql)?;
            let dead = (outbox::state.eq("dead"), outbox::last_error.eq("refused"));
            diesel::update(outbox::table).set(dead).execute(conn.sql)?;
            let sent: MessageId = outbox::table
                .filter(outbox::pool.eq(CITY))
                .select(outbox::id)
                .first(conn.sql)?;
            diesel::update(outbox::table.filter(outbox::id.eq(sent)))
                .set((
                    outbox::state.eq("sent"),
                    outbox::sent_at.eq(outbox::created_at.nullable()),
                    outbox::last_error.eq(None::<String>),
                ))
                .execute(conn.sql)?;
            Ok(())
        });
    }

    /// The person of a case authorises a proxy for a year.
    fn entrust(&self, receipt_no: &str, proxy: AccountId) {
        let (case, now) = (self.case(receipt_no), self.harness.app.clock.now());
        let new = Authorisation {
            id: Clock::new_id(),
            kind: proxy::Kind::Community,
            principal: case.person,
            grantee: None,
            account: Some(proxy),
            terms: Terms {
                items: None,
                from: now.day(),
                to: now.day() + chrono::Days::new(300),
            },
            granted_at: now,
            accepted_at: Some(now),
            revoked_at: None,
        };
        self.harness
            .write(move |conn| authorisations::insert(conn, &new, None, proxy));
    }

    /// Files a referral and sends its slip.
    pub fn filed(&self, visitor: &Visitor, destination: &str) -> Thing {
        let answers = json!({ "kind": "referral", "destination": destination, "start": "2026-11-24",
            "end": "2026-12-24", "phone": "13800000000", "pledge": true });
        let body = Body::Json(json!({ "item": "cross-region-registration", "answers": answers }));
        let case = self
            .send(visitor, ("post", "/api/v1/cases"), body)
            .expect(201)
            .json();
        let receipt_no = case["receipt_no"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/cases/{receipt_no}/materials");
        let fields = vec![
            ("material", "referral-slip".to_owned()),
            ("consent", "1".to_owned()),
        ];
        self.send(visitor, ("post", &path), Body::File(fields))
            .expect(201);
        let listed = self
            .send(visitor, ("get", &path), Body::Nothing)
            .expect(200)
            .json();
        Thing {
            receipt_no,
            paper: listed["items"][0]["id"].as_str().unwrap().to_owned(),
        }
    }
}

/// Somebody without a session.
pub fn stranger() -> Visitor {
    Visitor {
        role: None,
        token: String::new(),
        csrf: "none".to_owned(),
    }
}

/// A receipt number that nobody was given.
pub fn unknown_number() -> String {
    let day = "2026-11-24".parse().unwrap();
    ReceiptNo::new(CITY.parse().unwrap(), day, 99_999).to_string()
}

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// Institutions of the city, a county and another pool, with a patient each (IN-4).
mod ledger;

fn people(conn: &mut Conn<'_>, hash: &str) -> Result<(), StoreError> {
    for (code, name) in [
        (CITY, "示例市"),
        (COUNTY, "示例区"),
        (OTHER_POOL, "示例外市"),
    ] {
        insert_agency(conn, code, name)?;
    }
    let institution = ledger::institutions(conn)?;
    let relative = applicant(conn, hash, "resident-relative", 4, CITY)?;
    applicant(conn, hash, "resident-spare", 7, CITY)?;
    applicant(conn, hash, "resident-authorised", 2, CITY)?;
    applicant(conn, hash, "resident-another", 3, CITY)?;
    applicant(conn, hash, "resident-county", 5, COUNTY)?;
    applicant(conn, hash, "resident-pool", 6, OTHER_POOL)?;
    applicant(conn, hash, "resident", 1, CITY)?;
    for (number, role) in (90..).zip(Role::iter().filter(|role| *role != Role::Resident)) {
        let mut login = login(role.as_str(), role, hash);
        if role.works_the_desk() {
            let person = insert_person(conn, number, CITY)?;
            login.person = Some(person);
            diesel::insert_into(relative::table)
                .values((
                    relative::person_id.eq(person),
                    relative::relative_id.eq(relative),
                ))
                .execute(conn.sql)?;
        }
        // A provincial centre is an agency too (XR-5).
        if !role.is_agency_staff() && role != Role::ProvincialHandler {
            login.agency = None;
        }
        if matches!(role, Role::InstitutionClerk | Role::InstitutionDoctor) {
            login.institution = Some(institution);
        }
        if role == Role::EmployerAgent {
            login.employer = Some(employer(conn)?);
        }
        accounts::insert(conn, &login)?;
    }
    for (username, agency) in [
        ("supervisor-second", CITY),
        ("supervisor-county", COUNTY),
        ("supervisor-pool", OTHER_POOL),
    ] {
        let mut login = login(username, Role::Supervisor, hash);
        login.agency = Some(agency.parse().unwrap());
        login.pool = login.agency.map(|agency| agency.pool());
        accounts::insert(conn, &login)?;
    }
    Ok(())
}

fn employer(conn: &mut Conn<'_>) -> Result<EmployerId, StoreError> {
    let new = Employer {
        id: Clock::new_id(),
        uscc: Uscc::complete(&format!("91{CITY}MADEM0001")).unwrap(),
        name: "示例公司".to_owned(),
        pool: CITY.parse().unwrap(),
        agency: CITY.parse().unwrap(),
        region: CITY.parse().unwrap(),
    };
    insert_employer(conn, &new)?;
    Ok(new.id)
}

fn applicant(
    conn: &mut Conn<'_>,
    hash: &str,
    username: &str,
    number: u16,
    agency: &str,
) -> Result<PersonId, StoreError> {
    let person = insert_person(conn, number, agency)?;
    let mut login = login(username, Role::Resident, hash);
    login.pool = None;
    login.agency = None;
    login.person = Some(person);
    // So that there are letters.
    login.email = Some(format!("{username}@example.com"));
    accounts::insert(conn, &login)?;
    Ok(person)
}
