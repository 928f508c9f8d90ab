//! An identity platform of the tests' own, on threads: it describes itself, has keys, checks codes as the standard
//! says and signs what a test wants it to say, right or wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bujianmian::clock::Clock;
use bujianmian::config::Platform;
use serde_json::{Value, json};

const CLIENT: &str = "portal";
const SECRET: &str = "a secret of the platform";

/// How a token is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// By the published key, ES256.
    #[default]
    Elliptic,
    /// By the published key, RS256.
    Rsa,
    /// By another key under the name of the published one.
    Forged,
    /// Under the name of a key that is not published.
    Unpublished,
    /// By the secret of the service, which it shares.
    Shared,
    /// Not at all.
    None,
}

/// What the platform says of whoever signs in.
#[derive(Clone, Debug, Default)]
pub struct Says {
    /// Claims beside the usual ones, or in their place; `null` takes one away, a number is seconds from now.
    pub claims: Value,
    /// Claims that it tells only when asked once more.
    pub beside: Value,
    /// How it signs.
    pub signing: Signing,
}

struct State {
    says: Says,
    nonce: String,
    challenge: String,
    code: Option<String>,
    key_reads: usize,
}

struct Keys {
    elliptic: EcdsaKeyPair,
    other: EcdsaKeyPair,
    rsa: RsaKeyPair,
}

/// A running platform; it ends with the test's process.
pub struct Provider {
    base: String,
    state: Arc<Mutex<State>>,
}

impl Provider {
    /// One that answers.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            says: Says::default(),
            nonce: String::new(),
            challenge: String::new(),
            code: None,
            key_reads: 0,
        }));
        let elliptic = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let keys = Arc::new(Keys {
            elliptic: elliptic(),
            other: elliptic(),
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
        });
        let (own, served) = (base.clone(), Arc::clone(&state));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (base, state, keys) = (own.clone(), Arc::clone(&served), Arc::clone(&keys));
                std::thread::spawn(move || answer(stream, &base, &state, &keys));
            }
        });
        Self { base, state }
    }

    /// Settings that lead here.
    pub fn settings(&self) -> Platform {
        settings(&self.base)
    }

    /// Somebody signs in at the platform, to which `address` led. Answers where it sends the browser.
    pub fn signs_in(&self, address: &str, says: Says) -> String {
        let value = |name: &str| query(address, name);
        assert!(
            address.starts_with(&format!("{}/authorize?", self.base)),
            "{address}"
        );
        assert_eq!(value("response_type"), "code");
        assert_eq!(value("client_id"), CLIENT);
        assert_eq!(value("code_challenge_method"), "S256");
        assert!(value("scope").split(' ').any(|scope| scope == "openid"));
        assert!(value("redirect_uri").ends_with("/login/platform/callback"));
        let mut state = self.state.lock().unwrap();
        state.says = says;
        state.nonce = value("nonce");
        state.challenge = value("code_challenge");
        state.code = Some(format!("code-{}", state.key_reads));
        format!(
            "/login/platform/callback?code={}&state={}",
            state.code.as_deref().unwrap(),
            value("state")
        )
    }

    /// How often its keys were read.
    pub fn key_reads(&self) -> usize {
        self.state.lock().unwrap().key_reads
    }
}

/// A platform that takes connections and never says anything.
pub fn silent() -> Platform {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let held: Vec<TcpStream> = listener.incoming().flatten().collect();
        drop(held);
    });
    settings(&base)
}

/// Settings of a platform at an address.
pub fn settings(base: &str) -> Platform {
    Platform {
        issuer: base.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.to_owned().into(),
        name: Some("示例省身份认证".to_owned()),
        scope: "openid profile".to_owned(),
        claim_id_number: "id_number".to_owned(),
        claim_staff_no: "staff_no".to_owned(),
        timeout: Duration::from_millis(1_500),
    }
}

/// A value of an address's query, decoded.
pub fn query(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    fields(query)
        .into_iter()
        .find(|(found, _)| found == name)
        .map_or_else(String::new, |(_, value)| value)
}

fn fields(text: &str) -> Vec<(String, String)> {
    serde_json::from_value(json!(
        actix_web::web::Query::<Vec<(String, String)>>::from_query(text)
            .unwrap()
            .into_inner()
    ))
    .unwrap()
}

fn answer(stream: TcpStream, base: &str, state: &Mutex<State>, keys: &Keys) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = vec![];
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        head.iter()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let path = head[0].split(' ').nth(1).unwrap();
    let body = String::from_utf8(body).unwrap();
    let answer = match path {
        "/.well-known/openid-configuration" => Some(description(base)),
        "/jwks" => {
            state.lock().unwrap().key_reads += 1;
            Some(published(keys))
        }
        "/token" => token(
            base,
            &mut state.lock().unwrap(),
            keys,
            header("authorization"),
            &body,
        ),
        "/userinfo" if header("authorization") == "Bearer access" => {
            let mut told = state.lock().unwrap().says.beside.clone();
            told["sub"] = json!("subject");
            Some(told)
        }
        _ => None,
    };
    let (status, text) = match answer {
        Some(value) => ("200 OK", value.to_string()),
        None => (
            "400 Bad Request",
            json!({ "error": "invalid_grant" }).to_string(),
        ),
    };
    let sent = write!(
        reader.into_inner(),
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    drop(sent);
}

fn description(base: &str) -> Value {
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/jwks"),
        "userinfo_endpoint": format!("{base}/userinfo"),
    })
}

fn published(keys: &Keys) -> Value {
    let point = keys.elliptic.public_key().as_ref();
    let rsa = PublicKeyComponents::<Vec<u8>>::from(keys.rsa.public_key());
    json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "elliptic", "use": "sig",
          "x": encode(&point[1..33]), "y": encode(&point[33..]) },
        { "kty": "RSA", "kid": "rsa", "use": "sig", "n": encode(&rsa.n), "e": encode(&rsa.e) },
    ] })
}

fn token(
    base: &str,
    state: &mut State,
    keys: &Keys,
    authorization: &str,
    body: &str,
) -> Option<Value> {
    let basic = STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "%20")));
    let sent = fields(body);
    let value = |name: &str| {
        let found = sent.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let proof = encode(digest(&SHA256, value("code_verifier").as_bytes()).as_ref());
    let good = authorization == format!("Basic {basic}")
        && value("grant_type") == "authorization_code"
        && state.code.take().as_deref() == Some(value("code"))
        && proof == state.challenge;
    good.then(|| {
        json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 60,
            "id_token": signed(&claims(base, state), state.says.signing, keys),
        })
    })
}

fn claims(base: &str, state: &State) -> Value {
    let now = Clock::real().utc().timestamp();
    let mut claims = json!({
        "iss": base, "sub": "subject", "aud": CLIENT, "nonce": state.nonce,
        "iat": now, "exp": now + 300,
    });
    let all = claims.as_object_mut().unwrap();
    for (name, value) in state.says.claims.as_object().into_iter().flatten() {
        match (value, value.as_i64()) {
            (Value::Null, _) => {
                all.remove(name);
            }
            (_, Some(seconds)) => {
                all.insert(name.clone(), json!(now + seconds));
            }
            (value, None) => {
                all.insert(name.clone(), value.clone());
            }
        }
    }
    claims
}

fn signed(claims: &Value, signing: Signing, keys: &Keys) -> String {
    let (algorithm, kid) = match signing {
        Signing::Elliptic | Signing::Forged => ("ES256", "elliptic"),
        Signing::Unpublished => ("ES256", "unpublished"),
        Signing::Rsa => ("RS256", "rsa"),
        Signing::Shared => ("HS256", "elliptic"),
        Signing::None => ("none", "elliptic"),
    };
    let header = json!({ "alg": algorithm, "kid": kid, "typ": "JWT" });
    let text = format!(
        "{}.{}",
        encode(header.to_string().as_bytes()),
        encode(claims.to_string().as_bytes())
    );
    let random = SystemRandom::new();
    let elliptic = |key: &EcdsaKeyPair| {
        let signature = key.sign(&random, text.as_bytes()).unwrap();
        signature.as_ref().to_vec()
    };
    let signature = match signing {
        Signing::Elliptic => elliptic(&keys.elliptic),
        Signing::Forged | Signing::Unpublished => elliptic(&keys.other),
        Signing::Rsa => {
            let mut signature = vec![0; keys.rsa.public_modulus_len()];
            keys.rsa
                .sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
                .unwrap();
            signature
        }
        Signing::Shared => {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
            aws_lc_rs::hmac::sign(&key, text.as_bytes())
                .as_ref()
                .to_vec()
        }
        Signing::None => vec![],
    };
    format!("{text}.{}", encode(&signature))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
