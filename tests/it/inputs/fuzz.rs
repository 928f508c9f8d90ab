//! The fuzz run: the API from its own description, the pages' forms from the route table. Whatever is sent, the
//! answer is never a fault of ours (5xx) and no connection ends without one (a panic); the API's refusals are
//! problem details with a code it knows. Short in the test run; `BUJIANMIAN_FUZZ=200000` makes that many requests
//! of each kind, `BUJIANMIAN_FUZZ_SEED` other ones.

use std::collections::BTreeMap;
use std::time::Duration;

use bujianmian::domain::actor::Role;
use reqwest::blocking::{Client, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use super::generate::{Dice, Generator, bytes};
use crate::harness::say;
use crate::harness::service::Kind;
use crate::harness::user::Reply;
use crate::permissions::expectations::{Outcome, lines};
use crate::permissions::scene::{Body, Scene, Visitor, Whose, kinds, unknown_number};

/// Requests of each kind in the test run.
const SHORT: usize = 1_500;
/// The scene is made anew after so many, so that there is always something to act on.
const FRESH: usize = 20_000;

const CODES: &[&str] = &[
    "address-too-long",
    "already-asked",
    "already-rated",
    "already-there",
    "authorisation-over",
    "authorisation-overlap",
    "bad-credentials",
    "bad-json",
    "bad-request",
    "batch-busy",
    "batch-running",
    "batch-settled",
    "claimed",
    "cost-taken-back",
    "contact-answered",
    "contact-waits",
    "forbidden",
    "held",
    "idempotency-key-reused",
    "invalid",
    "leave-settled",
    "closure-overlap",
    "closure-changed",
    "method-not-allowed",
    "not-found",
    "not-signed-in",
    "overlap",
    "rule",
    "second-factor-enrolment-required",
    "second-factor-required",
    "stale-version",
    "stay-overlap",
    "too-large",
    "too-many-attempts",
    "unreadable-body",
    "unsupported-encoding",
    "unsupported-media-type",
    "wrong-state",
];

/// Roles that ask, those who can do most more often.
const ASKING: &[Role] = &[
    Role::Resident,
    Role::Resident,
    Role::Handler,
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::Auditor,
    Role::Proxy,
    Role::EmployerAgent,
    Role::Administrator,
];

/// How many answers of each class, and what should not have been.
#[derive(Default)]
struct Tally {
    classes: BTreeMap<String, usize>,
    faults: Vec<String>,
}

impl Tally {
    fn count(&mut self, what: &str, answer: Result<Reply, String>, is_api: bool) {
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) => {
                *self.classes.entry("no answer".to_owned()).or_default() += 1;
                return self.faults.push(format!("{what}: {error}"));
            }
        };
        *self
            .classes
            .entry(format!("{}xx", reply.status / 100))
            .or_default() += 1;
        if reply.status >= 500 {
            self.faults
                .push(format!("{what}: {} {:.300}", reply.status, reply.text));
        } else if is_api && reply.status >= 400 && !is_problem(&reply) {
            self.faults.push(format!(
                "{what}: no problem details: {} {:.300}",
                reply.status, reply.text
            ));
        }
    }

    #[track_caller]
    fn report(self, what: &str, kind: Kind) {
        let classes: Vec<String> = self
            .classes
            .iter()
            .map(|(class, count)| format!("{class} {count}"))
            .collect();
        let all: usize = self.classes.values().sum();
        say(&format!(
            "fuzz of {what} on {kind:?}: {all} requests: {}",
            classes.join(", ")
        ));
        let shown = &self.faults[..self.faults.len().min(20)];
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            shown.join("\n")
        );
        assert!(self.classes.contains_key("2xx") && self.classes.contains_key("4xx"));
    }
}

fn is_problem(reply: &Reply) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(&reply.text) else {
        return false;
    };
    reply.header("content-type") == "application/problem+json"
        && body["status"] == reply.status
        && body["code"]
            .as_str()
            .is_some_and(|code| CODES.contains(&code))
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// Sends; a request that the client itself can't send is none.
fn send(browser: &Client, request: RequestBuilder) -> Option<Result<Reply, String>> {
    let request = request.build().ok()?;
    Some(match browser.execute(request) {
        Ok(response) => Ok(response.into()),
        Err(error) => Err(error.to_string()),
    })
}

fn browser() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_api_withstands_what_its_description_allows_and_what_it_does_not(#[case] kind: Kind) {
    let count = number("BUJIANMIAN_FUZZ", SHORT);
    let mut dice = Dice::seeded(number("BUJIANMIAN_FUZZ_SEED", 1) as u64);
    let (browser, mut tally) = (browser(), Tally::default());
    let mut left = count;
    while left > 0 {
        let run = left.min(FRESH);
        left -= run;
        let world = World::start(kind);
        for _ in 0..run {
            let call = world.call(&mut dice);
            let what = call.what;
            if let Some(answer) = send(&browser, call.request) {
                tally.count(&what, answer, true);
            }
        }
    }
    tally.report("the API", kind);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn forms_and_addresses_withstand_anything(#[case] kind: Kind) {
    let count = number("BUJIANMIAN_FUZZ", SHORT);
    let mut dice = Dice::seeded(number("BUJIANMIAN_FUZZ_SEED", 2) as u64);
    let (browser, mut tally) = (browser(), Tally::default());
    let all: Vec<_> = lines()
        .into_iter()
        .filter(|line| !line.is_api() && line.path != "/logout")
        .collect();
    let scene = Scene::start(kind);
    for _ in 0..count {
        let line = dice.pick(&all).clone();
        let visitor = dice.pick(&scene.visitors).clone();
        let whose = *dice.pick(&kinds(line.object));
        // As for a refusal: nothing new is made for each request.
        let ready = scene.ready(&line, &visitor, whose, Outcome::Forbidden);
        let (path, body) = (
            addressed(&ready.path, &mut dice),
            distorted(ready.body, &mut dice),
        );
        let what = format!("{} as {:?}: {path} {body:?}", line.name(), visitor.role);
        let request = scene.request(&ready.visitor, (&line.method, &path), body);
        if let Some(answer) = send(&browser, request) {
            tally.count(&what, answer, false);
        }
    }
    tally.report("forms and addresses", kind);
}

/// The address with an odd parameter or query now and then.
fn addressed(path: &str, dice: &mut Dice) -> String {
    let mut path = path.to_owned();
    if dice.one_in(5)
        && let Some((front, _)) = path.rsplit_once('/')
    {
        path = format!("{front}/{}", bujianmian::web::urls::encode(&dice.nasty()));
    }
    if dice.one_in(2) {
        let names = [
            "limit",
            "cursor",
            "after",
            "from",
            "state",
            "number",
            "q",
            "pool",
            "on",
            "next",
            "back",
            "list",
            "scope",
            "urgency",
            "item",
            "registration",
            "done",
            "of",
            "show",
            "receipt_no",
        ];
        let pair = |dice: &mut Dice| {
            format!(
                "{}={}",
                dice.pick(&names),
                bujianmian::web::urls::encode(&dice.nasty())
            )
        };
        path = format!("{path}?{}&{}", pair(dice), pair(dice));
    }
    path
}

/// The form with some fields replaced, doubled, left out, or others added.
fn distorted(body: Body, dice: &mut Dice) -> Body {
    let fields = |mut fields: Vec<(&'static str, String)>, dice: &mut Dice| {
        for field in &mut fields {
            if field.0 != "csrf" && dice.one_in(2) {
                field.1 = dice.nasty();
            }
        }
        if dice.one_in(6) {
            fields.retain(|(name, _)| *name == "csrf");
        }
        let more = [
            "reason",
            "version",
            "what",
            "from",
            "clause",
            "to",
            "code",
            "words",
            "missing",
            "destination",
            "start",
            "kind",
            "phone",
            "pledge",
            "state",
            "holder",
            "last",
            "pool",
            "id",
            "username",
            "password",
        ];
        for _ in 0..dice.below(4) {
            let name: &'static str = dice.pick::<&'static str>(&more);
            fields.push((name, dice.nasty()));
        }
        fields
    };
    match body {
        Body::Form(sent) => Body::Form(fields(sent, dice)),
        Body::File(sent) => Body::File(fields(sent, dice)),
        other => other,
    }
}

/// A scene, and the API's description as it tells itself.
struct World {
    scene: Scene,
    document: Value,
    operations: Vec<(String, String)>,
    cursors: Vec<String>,
}

struct Call {
    what: String,
    request: RequestBuilder,
}

impl World {
    fn start(kind: Kind) -> Self {
        let scene = Scene::start(kind);
        let auditor = scene.visitor(Role::Auditor);
        let get = |path: &str| {
            scene
                .send(&auditor, ("get", path), Body::Nothing)
                .expect(200)
                .json()
        };
        let document = get("/api/v1/openapi.json");
        let operations: Vec<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods
                    .as_object()
                    .unwrap()
                    .keys()
                    .filter(|m| ["get", "post", "put"].contains(&m.as_str()));
                methods
                    .map(|method| (method.clone(), path.clone()))
                    .collect::<Vec<_>>()
            })
            // It would end the session of the requests that follow.
            .filter(|(_, path)| path != "/api/v1/token/revoke")
            .collect();
        assert!(operations.len() > 20, "{operations:?}");
        let cursors = ["/api/v1/cases?limit=1"]
            .iter()
            .filter_map(|path| get(path)["next"].as_str().map(str::to_owned));
        let cursors = cursors.collect();
        Self {
            scene,
            document,
            operations,
            cursors,
        }
    }

    fn call(&self, dice: &mut Dice) -> Call {
        let (method, path) = dice.pick(&self.operations).clone();
        let operation = &self.document["paths"][&path][&method];
        let visitor = self.scene.visitor(*dice.pick(ASKING));
        let known = |name: &str, dice: &mut Dice| self.known(name, dice);
        let generator = Generator {
            document: &self.document,
            known: &known,
        };
        let mut address = path.clone();
        let mut query = vec![];
        for parameter in operation["parameters"].as_array().unwrap_or(&vec![]) {
            let name = parameter["name"].as_str().unwrap();
            let value = bujianmian::web::urls::encode(&generator.text(name, dice));
            match parameter["in"].as_str() {
                Some("path") => address = address.replace(&format!("{{{name}}}"), &value),
                Some("query") if dice.one_in(2) => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        if !query.is_empty() {
            address = format!("{address}?{}", query.join("&"));
        }
        let request = self
            .scene
            .request(&visitor, (&method, &address), Body::Nothing);
        let (request, sent) = self.with_body(&generator, operation, request, dice);
        let request = headers(&visitor, request, dice);
        Call {
            what: format!("{method} {address} as {:?}: {sent:.300}", visitor.role),
            request,
        }
    }

    fn with_body(
        &self,
        generator: &Generator<'_>,
        operation: &Value,
        request: RequestBuilder,
        dice: &mut Dice,
    ) -> (RequestBuilder, String) {
        let content = &operation["requestBody"]["content"];
        if content["multipart/form-data"].is_object() {
            let (boundary, body) = multipart(self, dice);
            let sent = String::from_utf8_lossy(&body).into_owned();
            let kind = format!("multipart/form-data; boundary={boundary}");
            return (request.header("Content-Type", kind).body(body), sent);
        }
        let schema = &content["application/json"]["schema"];
        if !schema.is_object() {
            return (request, String::new());
        }
        let value = generator.value("", schema, dice, 0);
        let body = bytes(&value, dice);
        let sent = String::from_utf8_lossy(&body).into_owned();
        let kinds = [
            "application/json",
            "application/json",
            "application/json",
            "application/json; charset=gbk",
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "",
        ];
        let kind = if dice.one_in(10) {
            *dice.pick(&kinds)
        } else {
            kinds[0]
        };
        (request.header("Content-Type", kind).body(body), sent)
    }

    /// What fits a name, mostly of the scene's own things.
    fn known(&self, name: &str, dice: &mut Dice) -> Option<String> {
        let scene = &self.scene;
        let things: Vec<_> = scene.things.values().collect();
        let thing = dice.pick(&things);
        let words = |from: &[&str], dice: &mut Dice| Some((*dice.pick(from)).to_owned());
        match name {
            "receipt_no" if dice.one_in(8) => Some(unknown_number()),
            "receipt_no" => Some(thing.receipt_no.clone()),
            "id" if dice.one_in(2) => Some(thing.paper.clone()),
            "id" => Some(scene.asked(Whose::Another, "supervisor-second", 1)),
            "action" => words(
                &[
                    "claim",
                    "approve",
                    "refuse",
                    "not-accept",
                    "return",
                    "release",
                    "hand-over",
                    "assign",
                    "reassign",
                    "withdraw",
                    "supplement",
                    "request-supplement",
                    "accept",
                    "reopen",
                    "submit",
                    "next",
                    "breach",
                ],
                dice,
            ),
            "slug" | "item" => words(
                &[
                    "cross-region-registration",
                    "cross-region-registration-covid",
                    "cross-region-registration-stranded",
                    "cross-region-change",
                    "cross-region-cancellation",
                    "contribution-deferral",
                ],
                dice,
            ),
            "limit" => words(&["1", "2", "500", "0", "501", "-1", "65536"], dice),
            "cursor" => Some(self.cursor(dice)),
            "state" => words(
                &[
                    "submitted",
                    "in-review",
                    "second-review",
                    "approved",
                    "closed",
                    "refused",
                ],
                dice,
            ),
            "list" => words(
                &["waiting", "held", "paused", "second-review", "escalated"],
                dice,
            ),
            "to" => words(&["handler", "resident", "handler2"], dice),
            "code" => words(&["workload", "system-failure", "other"], dice),
            "clause" => words(&["XR-1", "第十条"], dice),
            "material" => words(&["referral-slip", "salary-slip"], dice),
            "field" => words(&["destination", "start", "phone"], dice),
            "username" => words(&["resident", "handler", "HANDLER ", "nobody"], dice),
            "password" => words(&["wrong", "a good password"], dice),
            "last_six" => words(&["000000", "01001X"], dice),
            "reason" | "words" => words(&["示例：理由", "example"], dice),
            "answers.kind" => words(
                &[
                    "referral",
                    "other-temporary",
                    "settled-retirement",
                    "emergency",
                ],
                dice,
            ),
            "answers.destination" => {
                words(&["110100", "110200", "310100", "371000", "999999"], dice)
            }
            "answers.start" | "answers.end" => words(
                &[
                    "2026-11-24",
                    "2026-12-24",
                    "2026/12/1",
                    "2027年1月1日",
                    "2199-12-31",
                    "1900-01-01",
                ],
                dice,
            ),
            "answers.phone" => words(&["13800000000", "0631-5190000"], dice),
            "Idempotency-Key" => Some(dice.roll().to_string()),
            _ => None,
        }
    }

    /// A cursor the service gave, or one that looks like it.
    fn cursor(&self, dice: &mut Dice) -> String {
        use base64::Engine;
        let encode = |value: Value| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        let times = [
            "2026-11-24T02:00:00Z",
            "0000-01-01T00:00:00Z",
            "+262142-12-31T23:59:59Z",
            "-262143-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
        ];
        let id = "01900000-0000-7000-8000-000000000000";
        match dice.below(6) {
            0 if !self.cursors.is_empty() => dice.pick(&self.cursors).clone(),
            0 | 1 => encode(json!([*dice.pick(&times), id])),
            2 => encode(json!([
                dice.below(70_000) as i64 - 35_000,
                *dice.pick(&times),
                id
            ])),
            3 => encode(json!(dice.nasty())),
            4 => encode(json!(id)),
            _ => encode(super::generate::anything(dice, 1)),
        }
    }
}

fn headers(visitor: &Visitor, mut request: RequestBuilder, dice: &mut Dice) -> RequestBuilder {
    let key = if dice.one_in(10) {
        "k".repeat(dice.below(400))
    } else {
        dice.roll().to_string()
    };
    request = request.header("Idempotency-Key", key);
    if dice.one_in(10) {
        request = request.header("Accept-Language", dice.nasty());
    }
    if dice.one_in(20) {
        let token = &visitor.token[..dice.below(visitor.token.len() + 1)];
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    request
}

/// An upload, whole or broken.
fn multipart(world: &World, dice: &mut Dice) -> (String, Vec<u8>) {
    let boundary = "xxBOUNDARYxx".to_owned();
    let mut body = vec![];
    for name in ["material", "consent", "file"] {
        if dice.one_in(8) {
            continue;
        }
        let value = match name {
            "material" => world.known("material", dice).unwrap(),
            "consent" => "1".to_owned(),
            _ => (*dice.pick(&["%PDF-1.4\n%%EOF\n", "\u{89}PNG\r\n", "GIF89a", "<html>", ""]))
                .to_owned(),
        };
        let value = if dice.one_in(6) { dice.nasty() } else { value };
        let file = match name {
            "file" => format!(
                "; filename=\"{}\"",
                dice.nasty().replace(['\r', '\n', '\0'], " ")
            ),
            _ => String::new(),
        };
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    if dice.one_in(5) {
        body.truncate(dice.below(body.len() + 1));
    }
    (boundary, body)
}
