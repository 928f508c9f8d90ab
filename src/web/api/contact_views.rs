//! A contact between agencies as the API writes it down, masked: ID numbers show three and four characters.

use actix_web::HttpRequest;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::{Answered, Contact, SPEAKERS, State, Voucher};
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::store::contacts::File;
use crate::usecases::App;
use crate::usecases::contacting::Opened;
use crate::web::contacts::{agency_name, masked, message_words};
use crate::web::preferences::Preferences;
use crate::web::session::SignedIn;

/// A contact as one of its sides has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// Identifier, the same on both sides.
    id: String,
    /// Identifier of the first message: one that goes through a provincial centre has two.
    thread: String,
    /// Place in the thread, from 1.
    leg: u16,
    /// `sent` or `received`.
    side: &'static str,
    /// Code of who asks.
    sender: String,
    /// Its name.
    sender_name: String,
    /// Code of who is asked.
    receiver: String,
    /// Its name.
    receiver_name: String,
    /// Where the thread begins.
    origin: String,
    /// Where it is to arrive.
    target: String,
    /// `register`: register a patient; `confirm`: confirm the treatment.
    purpose: &'static str,
    /// Name of who it concerns; null in the own or a relative's.
    name: Option<String>,
    /// Their ID number, masked.
    id_number: Option<String>,
    /// What is asked.
    message: Option<String>,
    /// The case, for the agency that has it.
    receipt_no: Option<String>,
    /// When it was sent.
    #[schema(format = DateTime)]
    sent_at: String,
    /// The last instant in time.
    #[schema(format = DateTime)]
    due_at: String,
    /// The due time touches a year without holiday arrangement (CLK-2).
    provisional: bool,
    /// It is not answered and past its time.
    overdue: bool,
    /// When its silence was marked.
    #[schema(format = DateTime)]
    breached_at: Option<String>,
    /// `open`, `overdue`, `answered` or `closed`.
    state: &'static str,
    /// `service`, or `outside`: by phone or letter.
    reached_by: &'static str,
    /// The reader may answer it now.
    answerable: bool,
    /// `done`, `cannot` or `not-needed`; of a provincial centre `done` is passed on.
    answer: Option<&'static str>,
    /// In words.
    remark: Option<String>,
    /// Who gave an answer from outside, and how.
    voucher: Option<VoucherView>,
    /// When it was answered.
    #[schema(format = DateTime)]
    answered_at: Option<String>,
    /// Raised with every change.
    version: u32,
    /// What came of the last message, where this one was passed on; null until then, and in lists.
    final_answer: Option<FinalAnswer>,
    /// What goes along; empty in lists.
    attachments: Vec<AttachmentView>,
}

/// How an answer from outside came.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherView {
    /// Who gave it.
    who: String,
    /// Phone number, or number of the letter.
    number: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// What came of the last message of a thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinalAnswer {
    /// Code of who was asked.
    receiver: String,
    /// `done`, `cannot` or `not-needed`; null while it waits.
    answer: Option<&'static str>,
    /// In words.
    remark: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    answered_at: Option<String>,
    /// The last instant in time.
    #[schema(format = DateTime)]
    due_at: String,
}

/// A file that goes along.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Identifier.
    id: String,
    /// Its name.
    file_name: String,
    /// Type by content.
    content_type: String,
    /// Bytes.
    size: i64,
    /// When it was sent.
    #[schema(format = DateTime)]
    uploaded_at: String,
}

/// What contacts are written down with.
pub(super) struct Writer<'a> {
    app: &'a App,
    user: &'a SignedIn,
    locale: Locale,
    now: Ts,
}

impl<'a> Writer<'a> {
    /// For the reader of a request.
    pub(super) fn new(request: &HttpRequest, app: &'a App, user: &'a SignedIn) -> Self {
        Self {
            app,
            user,
            locale: Preferences::of(request).locale,
            now: app.clock.now(),
        }
    }

    /// A contact with what it led to and what goes along.
    pub(super) fn opened(&self, opened: &Opened) -> ContactView {
        ContactView {
            final_answer: opened.onward.as_ref().map(final_answer),
            attachments: opened.files.iter().map(attachment_view).collect(),
            ..self.view(&opened.contact)
        }
    }

    /// A contact of a list.
    pub(super) fn view(&self, one: &Contact) -> ContactView {
        let (matter, actor) = (&one.matter, &self.user.actor);
        // CAS-10: the own or a relative's is a colleague's.
        let open = !one.is_partial(actor);
        let answered = one.answered.as_ref().filter(|_| open);
        let state = one.state(self.now);
        let name = |code| agency_name(self.app, self.locale, code);
        let own_case = matter.case.as_ref().filter(|_| one.agency == matter.origin);
        ContactView {
            id: one.id.to_string(),
            thread: one.thread.to_string(),
            leg: one.leg,
            side: one.side.as_str(),
            sender_name: name(one.sender),
            receiver_name: name(one.receiver),
            sender: one.sender.to_string(),
            receiver: one.receiver.to_string(),
            origin: matter.origin.to_string(),
            target: matter.target.to_string(),
            purpose: matter.purpose.as_str(),
            name: open.then(|| matter.subject.name.clone()),
            id_number: open.then(|| masked(one)),
            message: open.then(|| message_words(self.locale, one)),
            receipt_no: own_case.map(|case| case.receipt_no.clone()),
            sent_at: one.sent_at.rfc3339(),
            due_at: one.term.due.rfc3339(),
            provisional: one.term.provisional,
            overdue: state == State::Overdue,
            breached_at: one.breached_at.map(Ts::rfc3339),
            state: state.as_str(),
            reached_by: one.reached_by.as_str(),
            answerable: open
                && one.answered.is_none()
                && one.answers_here()
                && SPEAKERS.contains(&actor.role),
            answer: one
                .answered
                .as_ref()
                .map(|answered| answered.outcome.as_str()),
            remark: answered.map(|answered| answered.remark.clone()),
            voucher: answered.and_then(|answered| answered.voucher.as_ref().map(voucher)),
            answered_at: one.answered.as_ref().map(|answered| answered.at.rfc3339()),
            version: one.version,
            final_answer: None,
            attachments: vec![],
        }
    }
}

fn voucher(voucher: &Voucher) -> VoucherView {
    VoucherView {
        who: voucher.who.clone(),
        number: voucher.number.clone(),
        at: voucher.at.rfc3339(),
    }
}

fn final_answer(leg: &Contact) -> FinalAnswer {
    let answered: Option<&Answered> = leg.answered.as_ref();
    FinalAnswer {
        receiver: leg.receiver.to_string(),
        answer: answered.map(|answered| answered.outcome.as_str()),
        remark: answered.map(|answered| answered.remark.clone()),
        answered_at: answered.map(|answered| answered.at.rfc3339()),
        due_at: leg.term.due.rfc3339(),
    }
}

fn attachment_view(file: &File) -> AttachmentView {
    AttachmentView {
        id: file.id.to_string(),
        file_name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.stored.size,
        uploaded_at: file.uploaded_at.rfc3339(),
    }
}
