//! One client of the service: signs in, asks, writes down what came back. It never asks twice by itself: repeating
//! is the load's to decide.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::history::{Deed, History, Outcome, Seen};

/// How long a client waits for an answer before it gives up.
const PATIENCE: Duration = Duration::from_secs(12);

/// The password of all accounts.
pub const PASSWORD: &str = "faults are found";

/// Somebody with a token.
#[derive(Clone)]
pub struct Person {
    /// User name.
    pub name: String,
    token: String,
    /// Addresses of the instances. One is kept to until it does not answer, as behind a balancer.
    doors: Arc<Vec<String>>,
    door: Arc<AtomicUsize>,
    http: Client,
    history: Arc<History>,
}

impl Person {
    /// Signs in at the first door, which must be open.
    pub fn sign_in(name: &str, doors: &Arc<Vec<String>>, history: &Arc<History>) -> Self {
        let http = Client::builder()
            .timeout(PATIENCE)
            .build()
            .expect("a client");
        let body = json!({ "username": name, "password": PASSWORD });
        let answer = http
            .post(format!("{}/api/v1/token", doors[0]))
            .json(&body)
            .send()
            .expect("the service answers");
        assert_eq!(answer.status(), 200, "{name} signs in");
        let answer: Value = answer.json().expect("a token");
        Self {
            name: name.to_owned(),
            token: answer["access_token"].as_str().expect("a token").to_owned(),
            doors: Arc::clone(doors),
            door: Arc::new(AtomicUsize::new(
                name.len() + usize::from(name.ends_with(['1', '3', '5'])),
            )),
            http,
            history: Arc::clone(history),
        }
    }

    /// The same person behind other doors, with the token that was given before.
    pub fn at(&self, doors: &Arc<Vec<String>>) -> Self {
        Self {
            doors: Arc::clone(doors),
            ..self.clone()
        }
    }

    /// Files a case.
    pub fn file(&self, token: &str, body: &Value) -> Outcome {
        let deed = Deed::File {
            token: token.to_owned(),
        };
        let request = self
            .request(Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", token)
            .json(body);
        self.ask(deed, request)
    }

    /// Takes the next case.
    pub fn next(&self) -> Outcome {
        let request = self.request(Method::POST, "/api/v1/queue/next");
        self.ask(Deed::Next, request)
    }

    /// Does something to a case; `more` goes beside the version.
    pub fn act(&self, seen: &Seen, action: &str, more: &Value) -> Outcome {
        let deed = Deed::Act {
            receipt_no: seen.receipt_no.clone(),
            action: action.to_owned(),
            version: seen.version,
        };
        let mut body = more.clone();
        body["version"] = seen.version.into();
        let path = format!("/api/v1/cases/{}/actions/{action}", seen.receipt_no);
        let request = self.request(Method::POST, &path).json(&body);
        self.ask(deed, request)
    }

    /// Uploads a paper.
    pub fn upload(&self, receipt_no: &str, form: reqwest::blocking::multipart::Form) -> Outcome {
        let deed = Deed::Upload {
            receipt_no: receipt_no.to_owned(),
        };
        let path = format!("/api/v1/cases/{receipt_no}/materials");
        let request = self.request(Method::POST, &path).multipart(form);
        self.ask(deed, request)
    }

    /// A case as it is now; `None` when the answer did not come or was no.
    pub fn case(&self, receipt_no: &str) -> Option<Seen> {
        let value = self.read(&format!("/api/v1/cases/{receipt_no}"))?;
        seen(&value)
    }

    /// The cases of a list, the first page.
    pub fn list(&self, path: &str) -> Vec<Seen> {
        let items = self
            .read(path)
            .and_then(|list| Some(list["items"].as_array()?.iter().filter_map(seen).collect()));
        items.unwrap_or_default()
    }

    /// Reads; `None` when the answer did not come or was no.
    pub fn read(&self, path: &str) -> Option<Value> {
        let (outcome, body) = self.send(self.request(Method::GET, path));
        let good = matches!(outcome, Outcome::Done(_) | Outcome::Answered);
        self.history.add(&self.name, Deed::Read, outcome);
        body.filter(|_| good)
    }

    /// What a request carries to be this person's, for those who write it by hand.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn ask(&self, deed: Deed, request: reqwest::blocking::RequestBuilder) -> Outcome {
        let (outcome, _) = self.send(request);
        self.history.add(&self.name, deed, outcome.clone());
        outcome
    }

    fn send(&self, request: reqwest::blocking::RequestBuilder) -> (Outcome, Option<Value>) {
        let (outcome, body) = judge(request.send());
        if let Outcome::Unknown(_) = outcome {
            self.door.fetch_add(1, Ordering::Relaxed);
        }
        (outcome, body)
    }

    fn request(&self, method: Method, path: &str) -> reqwest::blocking::RequestBuilder {
        let door = self.door.load(Ordering::Relaxed);
        let door = &self.doors[door % self.doors.len()];
        self.http
            .request(method, format!("{door}{path}"))
            .bearer_auth(&self.token)
    }
}

fn judge(answered: reqwest::Result<Response>) -> (Outcome, Option<Value>) {
    let response = match answered {
        Ok(response) => response,
        Err(error) => return (Outcome::Unknown(error.to_string()), None),
    };
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    // An answer that breaks off told nothing.
    let text = match response.text() {
        Ok(text) => text,
        Err(error) => return (Outcome::Unknown(error.to_string()), None),
    };
    let body: Option<Value> = serde_json::from_str(&text).ok();
    let code = || match body.as_ref().and_then(|body| body["code"].as_str()) {
        Some(code) => code.to_owned(),
        None => text.clone(),
    };
    let outcome = match status {
        200..=299 => match body.as_ref().and_then(seen) {
            Some(seen) if status != 202 => Outcome::Done(seen),
            Some(_) | None => Outcome::Answered,
        },
        429 | 503 => Outcome::Unavailable {
            status,
            retry_after,
        },
        500..=599 => Outcome::Fault(status, code()),
        _ => Outcome::Refused(status, code()),
    };
    (outcome, body)
}

fn seen(case: &Value) -> Option<Seen> {
    Some(Seen {
        receipt_no: case["receipt_no"].as_str()?.to_owned(),
        state: case["state"].as_str()?.to_owned(),
        version: u32::try_from(case["version"].as_u64()?).ok()?,
    })
}
