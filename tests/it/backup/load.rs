//! Residents who file and upload as fast as they can, and remember what was acknowledged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use reqwest::blocking::Client;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::program::PASSWORD;

/// What a resident was told is done.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    pub resident: String,
    pub receipt_no: String,
    /// The paper's content, once it was taken.
    pub paper: Option<Vec<u8>>,
}

/// A resident who signed in to the API of a service.
pub struct Resident {
    name: String,
    base: String,
    client: Client,
    token: String,
}

impl Resident {
    /// Signs in.
    #[track_caller]
    pub fn sign_in(base: &str, name: &str) -> Self {
        let client = Client::builder()
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        let reply: Value = client
            .post(format!("{base}/api/v1/token"))
            .json(&json!({ "username": name, "password": PASSWORD }))
            .send()
            .and_then(|reply| reply.error_for_status()?.json())
            .expect("the sign-in works");
        Self {
            name: name.to_owned(),
            base: base.to_owned(),
            client,
            token: reply["access_token"].as_str().expect("a token").to_owned(),
        }
    }

    /// Files a referral whose slip is promised; its receipt number.
    pub fn file(&self, number: u64) -> String {
        let first = NaiveDate::from_ymd_opt(2030, 1, 1).expect("a day");
        let day = first + Days::new(number * 2);
        let reply = self
            .client
            .post(format!("{}/api/v1/cases", self.base))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", format!("{}-{number}", self.name))
            .json(&json!({ "item": "cross-region-registration", "answers": {
                "kind": "referral", "destination": "110100", "start": day.to_string(),
                "end": day.to_string(), "phone": "13800000000", "pledge": true,
            }}))
            .send()
            .expect("an answer");
        assert_eq!(reply.status(), 201, "{:?}", reply.text());
        let case: Value = reply.json().expect("a case");
        case["receipt_no"].as_str().expect("a number").to_owned()
    }

    /// Sends the promised slip.
    pub fn upload(&self, receipt_no: &str, slip: Vec<u8>) {
        let form = Form::new()
            .text("material", "referral-slip")
            .text("consent", "1")
            .part("file", Part::bytes(slip).file_name("slip.pdf"));
        let reply = self
            .client
            .post(format!("{}/api/v1/cases/{receipt_no}/materials", self.base))
            .bearer_auth(&self.token)
            .multipart(form)
            .send()
            .expect("an answer");
        assert_eq!(reply.status(), 201, "{:?}", reply.text());
    }

    /// Reads a case; fails when it is not there.
    #[track_caller]
    fn case(&self, receipt_no: &str) -> Value {
        self.read(&format!("/api/v1/cases/{receipt_no}"))
            .json()
            .expect("a case")
    }

    #[track_caller]
    fn read(&self, path: &str) -> reqwest::blocking::Response {
        let reply = self
            .client
            .get(format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .send()
            .expect("an answer");
        assert_eq!(reply.status(), 200, "{path}: {:?}", reply.text());
        reply
    }

    /// Fails unless the case is there and its paper is downloaded with the same bytes.
    #[track_caller]
    pub fn finds(&self, done: &Acknowledged) {
        let case = self.case(&done.receipt_no);
        if let Some(paper) = &done.paper {
            let id = case["materials"][0]["id"].as_str().expect("a paper");
            let path = format!("/api/v1/cases/{}/materials/{id}", done.receipt_no);
            let bytes = self.read(&path).bytes().expect("the file");
            assert_eq!(&bytes[..], &paper[..], "{}", done.receipt_no);
        }
    }
}

/// A document that a scanner could have made, different for each number.
pub fn slip(number: u64) -> Vec<u8> {
    format!(
        "%PDF-1.4\n%{number}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n{}\n%%EOF\n",
        "% \n".repeat(3000)
    )
    .into_bytes()
}

/// Goes on filing and uploading until told to stop.
pub fn keep_filing(resident: &Resident, stop: &AtomicBool, done: &Mutex<Vec<Acknowledged>>) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let receipt_no = resident.file(number);
        let mut acknowledged = Acknowledged {
            resident: resident.name.clone(),
            receipt_no,
            paper: None,
        };
        done.lock().expect("the list").push(acknowledged.clone());
        let paper = slip(number);
        resident.upload(&acknowledged.receipt_no, paper.clone());
        acknowledged.paper = Some(paper);
        done.lock().expect("the list").push(acknowledged);
    }
}
