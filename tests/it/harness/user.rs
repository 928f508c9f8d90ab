//! People who use the service over HTTP: a browser with cookies, or a program with a token. They follow no
//! redirects by themselves, so that a test sees where it is sent.

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::service::Harness;

/// Somebody with a browser and, once signed in to the API, a token.
pub struct TestUser<'h> {
    harness: &'h Harness,
    browser: Client,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// One header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("plain text"))
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The token of the first form on the page whose address is `action`.
    pub fn form_token(&self, action: &str) -> String {
        let form = self
            .text
            .split("<form")
            .find(|form| form.contains(&format!("action=\"{action}\"")))
            .unwrap_or_else(|| panic!("no form for {action}: {}", self.text));
        let (_, rest) = form
            .split_once("name=\"csrf\" value=\"")
            .expect("the form has a token");
        rest.split('"').next().expect("a value").to_owned()
    }

    /// Fails unless the status is `expected`.
    #[track_caller]
    pub fn expect(self, expected: u16) -> Self {
        assert_eq!(self.status, expected, "{} {:?}", self.text, self.headers);
        self
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().expect("the body arrives"),
        }
    }
}

impl<'h> TestUser<'h> {
    /// Somebody who is not signed in.
    pub fn stranger(harness: &'h Harness) -> Self {
        Self {
            harness,
            browser: Client::builder()
                .cookie_store(true)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            token: None,
        }
    }

    /// Somebody who signed in with the browser.
    #[track_caller]
    pub fn sign_in(harness: &'h Harness, username: &str, password: &str) -> Self {
        let user = Self::stranger(harness);
        user.try_sign_in(username, password, "").expect(303);
        user
    }

    /// Somebody who signed in as a program.
    #[track_caller]
    pub fn with_token(harness: &'h Harness, username: &str, password: &str) -> Self {
        let mut user = Self::stranger(harness);
        let reply = user.ask_token(username, password).expect(200);
        let token = reply.json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        user.token = Some(token);
        user
    }

    /// The same program with another token.
    pub fn holding(harness: &'h Harness, token: &str) -> Self {
        let mut user = Self::stranger(harness);
        user.token = Some(token.to_owned());
        user
    }

    /// The token that is sent.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("a token")
    }

    /// Fills in the sign-in page.
    pub fn try_sign_in(&self, username: &str, password: &str, next: &str) -> Reply {
        let page = self.get("/login");
        let token = page.form_token("/login");
        let fields = [
            ("csrf", token.as_str()),
            ("username", username),
            ("password", password),
            ("next", next),
        ];
        self.post("/login", &fields)
    }

    /// Asks for a token.
    pub fn ask_token(&self, username: &str, password: &str) -> Reply {
        let body = json!({ "username": username, "password": password });
        self.post_json("/api/v1/token", &body)
    }

    /// Opens an address.
    pub fn get(&self, path: &str) -> Reply {
        self.send(self.request(reqwest::Method::GET, path))
    }

    /// Sends a form, token and all as given.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.form(path, fields))
    }

    /// Sends the form for `action` that stands on `page`, with its token.
    #[track_caller]
    pub fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.get(page).expect(200).form_token(action);
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post(action, &all)
    }

    /// Sends JSON.
    pub fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.send(
            self.request(reqwest::Method::POST, path)
                .header("Content-Type", "application/json")
                .body(body.to_string()),
        )
    }

    /// A form to which a test adds headers of its own.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", bujianmian::web::urls::encode(value)))
            .collect();
        self.request(reqwest::Method::POST, path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
    }

    /// A request to which a test adds what it needs.
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let request = self
            .browser
            .request(method, format!("{}{path}", self.harness.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request.
    pub fn send(&self, request: RequestBuilder) -> Reply {
        request.send().expect("an answer").into()
    }
}
