//! What the desk says after something was done, and the button that takes the next case. Notices are shown only
//! when the journal bears them out: a link can't make one up.

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;

use crate::domain::case::State;
use crate::domain::event::{Change, Event};
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Action;
use crate::usecases::desk::{Count, just_done};
use crate::usecases::{App, Error};
use crate::web::components::{Banner, BannerKind};
use crate::web::page::{Chrome, Link};
use crate::web::problem::Failure;
use crate::web::session::SignedIn;
use crate::web::urls;
use crate::web::words;

/// What a link says was done; checked before it is believed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Done {
    /// Name of the action.
    #[serde(default)]
    done: String,
    /// Receipt number.
    #[serde(default)]
    of: String,
}

impl Done {
    /// The notice, if the reader's was the last step of that case.
    ///
    /// # Errors
    /// The database's.
    pub async fn banner(
        &self,
        app: &App,
        user: &SignedIn,
        chrome: &Chrome,
    ) -> Result<Option<Banner>, Failure> {
        let Ok(receipt_no) = self.of.parse::<ReceiptNo>() else {
            return Ok(None);
        };
        let event = match just_done(app, &user.actor, &receipt_no).await {
            Ok(Some(event)) if event.action.as_str() == self.done => event,
            Ok(_) | Err(Error::NotFound | Error::NotTheirs) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let case = Link::to(
            urls::desk::case(receipt_no.as_str(), ""),
            chrome.t("desk-open-case"),
        );
        let heading = chrome.t1(heading_key(&event), "receipt", receipt_no.as_str());
        Ok(Some(
            Banner::new(chrome.locale, BannerKind::Success, heading).link(case),
        ))
    }
}

fn heading_key(event: &Event) -> &'static str {
    if let Change::Proposed { .. } = event.change {
        return "desk-done-to-second-review";
    }
    match (event.action, event.to) {
        (Action::Approve, State::Fulfilling) => "desk-done-approve-going-on",
        (Action::Approve, _) => "desk-done-approve",
        (Action::Refuse, _) => "desk-done-refuse",
        (Action::NotAccept, _) => "desk-done-not-accept",
        (Action::RequestSupplement, _) => "desk-done-request-supplement",
        (Action::Release, _) => "desk-done-release",
        (Action::HandOver, _) => "desk-done-hand-over",
        (Action::Assign, _) => "desk-done-assign",
        (Action::Return, _) => "desk-done-return",
        (Action::Accept, _) => "desk-done-accept",
        (Action::Claim | Action::Next, _) => "desk-done-claim",
        (Action::Reopen, _) => "desk-done-reopen",
        (Action::SetUrgency, _) => "desk-done-set-urgency",
        (Action::Contact, _) => "desk-done-contact",
        (Action::Record, _) => "desk-done-record",
        (
            Action::Submit
            | Action::Supplement
            | Action::Lapse
            | Action::Withdraw
            | Action::MeetObligation
            | Action::Object
            | Action::Answer
            | Action::Breach
            | Action::Redate,
            _,
        ) => "desk-done",
    }
}

/// The button that takes the most urgent case (CLK-7).
#[derive(Clone, Debug, Template)]
#[template(path = "desk/next.html")]
pub struct NextButton {
    csrf: Option<String>,
    words: String,
}

impl HtmlSafe for NextButton {}

impl NextButton {
    /// With how many wait, where that was counted.
    pub fn new(chrome: &Chrome, waiting: Option<Count>) -> Self {
        let words = match waiting {
            Some(waiting) => chrome.t1("desk-take-next-of", "count", count(waiting)),
            None => chrome.t("desk-take-next"),
        };
        Self {
            csrf: chrome.csrf.clone(),
            words,
        }
    }
}

/// A count in words: `12`, `50+`.
pub fn count(count: Count) -> String {
    match count {
        Count::Exactly(number) => words::count(u64::try_from(number).unwrap_or(u64::MAX)),
        Count::MoreThan(number) => {
            format!(
                "{}+",
                words::count(u64::try_from(number).unwrap_or(u64::MAX))
            )
        }
    }
}
