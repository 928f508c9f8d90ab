//! Canaries: numbers, names, secrets and tokens planted in requests of every kind to the real program at its most
//! talkative, and looked for where none of them belongs: its log, metrics, error pages, addresses it leads to, and
//! the subjects of its mail.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::say;
use crate::harness::user::Reply;

const PASSWORD: &str = "canary-password-一二三";
const PHONE: &str = "13900007777";
const REASON: &str = "金丝雀的理由";
const WRONG: &str = "canary-wrong-password";

/// The program, ended with this value.
struct Demo {
    child: Child,
    base: String,
    browser: Client,
    folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_bujianmian"))
            .args(["demo", "--port", &port.to_string(), "--data"])
            .arg(folder.path().join("data"))
            .env("BUJIANMIAN_DEMO_PASSWORD", PASSWORD)
            .env("RUST_LOG", "debug,bujianmian=trace")
            .env_remove("DATABASE_URL")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let demo = Self {
            child,
            base: format!("http://127.0.0.1:{port}"),
            browser: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            folder,
        };
        let begin = Instant::now();
        while demo
            .browser
            .get(format!("{}/readyz", demo.base))
            .send()
            .is_err()
        {
            assert!(begin.elapsed() < Duration::from_secs(90), "{}", demo.log());
            std::thread::yield_now();
        }
        demo
    }

    fn log(&self) -> String {
        let mut text = String::new();
        std::fs::File::open(self.folder.path().join("log"))
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.browser
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
    }

    fn json(&self, token: &str, path: &str, body: &Value) -> Reply {
        let request = self
            .ask("POST", path)
            .bearer_auth(token)
            .header("Content-Type", "application/json");
        request
            .header("Idempotency-Key", path)
            .body(body.to_string())
            .send()
            .unwrap()
            .into()
    }

    fn token(&self, username: &str, password: &str) -> Reply {
        self.json(
            "none",
            "/api/v1/token",
            &json!({ "username": username, "password": password }),
        )
    }
}

/// Where something was found that does not belong there.
#[derive(Default)]
struct Search {
    canaries: Vec<(String, String)>,
    places: usize,
    found: Vec<String>,
}

impl Search {
    fn plant(&mut self, what: &str, canary: &str) {
        self.canaries.push((what.to_owned(), canary.to_owned()));
        let encoded = bujianmian::web::urls::encode(canary);
        if encoded != canary {
            self.canaries.push((format!("{what}, encoded"), encoded));
        }
    }

    fn look(&mut self, place: &str, text: &str) {
        self.look_but("", place, text);
    }

    /// Looks for all canaries but those that are in `asked`.
    fn look_but(&mut self, asked: &str, place: &str, text: &str) {
        self.places += 1;
        for (what, canary) in self
            .canaries
            .iter()
            .filter(|(_, c)| !asked.contains(c.as_str()))
        {
            if let Some(at) = text.find(canary.as_str()) {
                let begin = text[..at].rfind('\n').map_or(0, |line| line + 1);
                let line: String = text[begin..].chars().take(200).collect();
                self.found.push(format!("{what} in {place}: {line}"));
            }
        }
    }
}

#[test]
fn what_is_sensitive_stays_out_of_log_metrics_error_pages_addresses_and_subjects() {
    let demo = Demo::start();
    let accounts = demo.ask("GET", "/api/v1/demo/accounts").send().unwrap();
    let accounts: Value = Reply::from(accounts).expect(200).json();
    let person = accounts["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["username"] == "resident1")
        .unwrap();
    let (id_number, name) = (
        person["id_number"].as_str().unwrap(),
        person["name"].as_str().unwrap(),
    );
    let mut search = Search::default();
    for account in accounts["items"].as_array().unwrap() {
        if let Some(number) = account["id_number"].as_str() {
            search.plant("an ID number", number);
        }
    }
    for (what, canary) in [
        ("name", name),
        ("password", PASSWORD),
        ("phone", PHONE),
        ("reason", REASON),
        ("wrong password", WRONG),
    ] {
        search.plant(what, canary);
    }
    let answers = talk(&demo, &mut search, id_number, name);
    for (asked, reply) in &answers {
        // What somebody put into the address is theirs to read again; so is their name in their own frame.
        search.look_but(asked, &format!("where {asked} leads to"), reply.location());
        if reply.status >= 400 {
            let page = reply.text.replace(name, "");
            search.look_but(
                asked,
                &format!("the error page of {asked} ({})", reply.status),
                &page,
            );
        }
    }
    let metrics = Reply::from(demo.ask("GET", "/metrics").send().unwrap())
        .expect(200)
        .text;
    assert!(metrics.contains("bujianmian_http_requests_total"));
    search.look("the metrics", &metrics);
    let mail = Reply::from(demo.ask("GET", "/demo/mail").send().unwrap())
        .expect(200)
        .text;
    search.look("the list of mail", &mail);
    let log = demo.log();
    assert!(
        log.contains("request_id") && log.lines().count() > 40,
        "{log}"
    );
    // What is another agency's is refused and logged, with route, role and request, and without whose it is.
    let refused: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("what is not theirs"))
        .collect();
    let told = |what: &str| refused.iter().all(|line| line.contains(what));
    assert!(
        refused.len() >= 4 && told("request_id") && told("receipt_no}"),
        "{refused:?}"
    );
    assert!(
        refused.iter().any(|line| line.contains("handler")),
        "{refused:?}"
    );
    search.look("the log", &log);
    say(&format!(
        "{} canaries looked for in {} places; log of {} lines",
        search.canaries.len(),
        search.places,
        log.lines().count()
    ));
    assert!(search.found.is_empty(), "{}", search.found.join("\n"));
    // The search finds what is there.
    search.look("a line", &format!("x\nsaid {PHONE}"));
    assert_eq!(search.found, [format!("phone in a line: said {PHONE}")]);
}

/// Says every canary in every way; what came back, with what asked for it.
fn talk(demo: &Demo, search: &mut Search, id_number: &str, name: &str) -> Vec<(String, Reply)> {
    let mut answers = vec![];
    let mut tokens = vec![];
    for username in [id_number, "handler1", "auditor1", "handler1-320600"] {
        let token = demo.token(username, PASSWORD).expect(200).json()["access_token"]
            .as_str()
            .unwrap()
            .to_owned();
        for part in token.split('.').skip(1) {
            search.plant("part of a token", part);
        }
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap();
        assert!(serde_json::from_slice::<Value>(&claims).unwrap()["sid"].is_string());
        tokens.push(token);
    }
    answers.push((
        "a wrong password".to_owned(),
        demo.token(id_number, WRONG).expect(401),
    ));
    answers.push((
        "a name as user".to_owned(),
        demo.token(name, WRONG).expect(401),
    ));
    let filing = json!({ "item": "cross-region-registration", "answers": { "kind": "other-temporary",
        "destination": "110100", "start": "2027-03-01", "end": "2027-04-01", "phone": PHONE, "pledge": true } });
    let filed = demo.json(&tokens[0], "/api/v1/cases", &filing).expect(201);
    let number = filed.json()["receipt_no"].as_str().unwrap().to_owned();
    let of = |path: &str| {
        path.replace("NUMBER", &number)
            .replace("ID", id_number)
            .replace("NAME", &bujianmian::web::urls::encode(name))
    };
    for (path, body) in [
        (
            "/api/v1/cases/NUMBER/actions/claim",
            json!({ "version": 1, "reason": format!("{REASON}{name}") }),
        ),
        (
            "/api/v1/cases/NUMBER/actions/withdraw",
            json!({ "version": 7, "reason": REASON }),
        ),
        (
            "/api/v1/cases/ID/actions/claim",
            json!({ "version": id_number }),
        ),
        (
            "/api/v1/progress",
            json!({ "receipt_no": number, "last_six": "000000" }),
        ),
        (
            "/api/v1/progress",
            json!({ "receipt_no": id_number, "last_six": &id_number[12..] }),
        ),
        (
            "/api/v1/cases",
            json!({ "item": name, "answers": { "phone": PHONE } }),
        ),
        ("/api/v1/cases", json!([id_number])),
    ] {
        for token in &tokens {
            answers.push((of(path), demo.json(token, &of(path), &body)));
        }
    }
    for path in [
        "/ID",
        "/items/NAME",
        "/desk/search?number=ID",
        "/desk/cases/NUMBER",
        "/desk/cases/ID",
        "/my/cases/NUMBER",
        "/api/v1/cases/NUMBER",
        "/api/v1/cases/ID",
        "/api/v1/cases?cursor=ID",
        "/progress?receipt_no=ID",
        "/login?next=/ID",
        "/items?q=NAME",
        "/api/v1/nothing?token=ID",
    ] {
        for token in &tokens {
            for cookie in [true, false] {
                let request = demo.ask("GET", &of(path));
                let request = match cookie {
                    true => request.header("Cookie", format!("session={token}")),
                    false => request.bearer_auth(token),
                };
                answers.push((of(path), Reply::from(request.send().unwrap())));
            }
        }
    }
    let forged = demo
        .ask("GET", "/api/v1/me")
        .header("Authorization", format!("Basic {PASSWORD}").as_bytes());
    answers.push((
        "another scheme".to_owned(),
        Reply::from(forged.send().unwrap()).expect(401),
    ));
    answers
}
