//! One case with everything on one screen: answers beside registers, papers, history, the clock and how its
//! deadline was computed, and what the table lets the reader do. The own or a relative's case shows none of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::actions::{Button, buttons};
use super::answers::{AnswerRow, rows};
use super::approvals::RequestCard;
use super::ground::GroundSection;
use super::history::{missing_words, timeline};
use super::notices::{Done, NextButton};
use super::parts::{
    Clock, Paper, Promise, Proposal, RegistrationRow, clock, papers, person, promise, proposal,
    registrations,
};
use super::rows::item_name;
use super::{READERS, frame};
use crate::data::texts::text;
use crate::domain::actor::{Identified, Role};
use crate::domain::case::{Case, Channel};
use crate::domain::event::Change;
use crate::domain::locale::Locale;
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Action;
use crate::usecases::desk::{Beside, beside};
use crate::usecases::revealing::{self, Revealed, Sensitive};
use crate::usecases::viewing::{self, Full, Resting};
use crate::usecases::{App, Error, contacting, delivering};
use crate::web::clockline::ClockLine;
use crate::web::components::{Banner, SummaryList, Tag, Timeline};
use crate::web::contacts::panel::Panel;
use crate::web::csrf::Sent;
use crate::web::delivery::ToldTable;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls;

/// The case page.
#[derive(Template)]
#[template(path = "desk/case.html")]
struct CasePage {
    chrome: Chrome,
    back: String,
    banner: Option<Banner>,
    head: Head,
    batch: Option<String>,
    next: Option<NextButton>,
    neighbours: Neighbours,
    buttons: Vec<Button>,
    clock: Clock,
    line: ClockLine,
    proposal: Option<Proposal>,
    answers: Vec<AnswerRow>,
    person: SummaryList,
    reveal: Reveal,
    registrations: Vec<RegistrationRow>,
    ground: Option<GroundSection>,
    papers: Vec<Paper>,
    promised: Vec<Promise>,
    missing: Vec<String>,
    requests: Vec<RequestCard>,
    history: Timeline,
    told: ToldTable,
    contacts: Panel,
}

/// The page of a case that the reader may not handle (CAS-10).
#[derive(Template)]
#[template(path = "desk/partial.html")]
struct PartialPage {
    chrome: Chrome,
    back: String,
    head: Head,
    buttons: Vec<Button>,
}

/// What stands on top.
struct Head {
    receipt_no: String,
    item: String,
    state: Tag,
    urgency: Tag,
    person: String,
    holder: Option<String>,
    channel: String,
    /// That it was filed with a password account (CAS-14).
    identified: Option<String>,
}

/// The cases before and after it in the reader's list.
struct Neighbours {
    previous: Option<String>,
    next: Option<String>,
}

/// The form that shows sensitive data.
struct Reveal {
    url: String,
    back: String,
    shown: Option<(String, String)>,
    error: Option<String>,
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    from: String,
    #[serde(flatten)]
    done: Done,
}

/// `GET /desk/cases/{receipt_no}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    number: web::Path<String>,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let receipt_no = read_number(&number)?;
    let view = View {
        opened: &opened,
        revealed: None,
        error: None,
    };
    render(&user, &request, &app, &receipt_no, view).await
}

/// What somebody wants to see in full, and why.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    from: String,
}

/// `POST /desk/cases/{receipt_no}/reveal`: the same page with the data in full, after it was logged (CAS-13).
/// No redirect: what is shown stands in no address and is gone with the page.
pub async fn reveal(
    sent: Sent<Wanted>,
    request: HttpRequest,
    number: web::Path<String>,
    app: web::Data<App>,
) -> Answer {
    sent.user.actor.require(READERS)?;
    let receipt_no = read_number(&number)?;
    let what: Sensitive = sent.form.what.parse().map_err(|_| Failure::not_found())?;
    let opened = Opened {
        from: sent.form.from,
        done: Done::default(),
    };
    let mut view = View {
        opened: &opened,
        revealed: None,
        error: None,
    };
    match revealing::reveal(&app, &sent.user.actor, &receipt_no, what, &sent.form.reason).await {
        Ok(revealed) => view.revealed = Some(revealed),
        Err(Error::Invalid(_)) => view.error = Some("desk-reveal-why"),
        Err(error) => return Err(error.into()),
    }
    render(&sent.user, &request, &app, &receipt_no, view).await
}

/// The receipt number in an address.
///
/// # Errors
/// As for a case that is not there.
pub(super) fn read_number(text: &str) -> Result<ReceiptNo, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

struct View<'a> {
    opened: &'a Opened,
    revealed: Option<Revealed>,
    error: Option<&'static str>,
}

async fn render(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    receipt_no: &ReceiptNo,
    view: View<'_>,
) -> Answer {
    let full = viewing::full_or_outline(app, &user.actor, receipt_no).await?;
    let mut chrome = frame(request, user, "desk-case");
    chrome.title = chrome.t1("desk-case-of", "receipt", receipt_no.as_str());
    chrome.here = urls::desk::case(receipt_no.as_str(), &view.opened.from);
    chrome.faulty = view.error.is_some();
    let back = urls::desk::back(&view.opened.from);
    if user.actor.is_partial_to(&full.summary.listed.case) {
        let content = PartialPage {
            head: head(&chrome, user, &full),
            buttons: buttons(&chrome, &full, &back),
            back,
            chrome,
        };
        return Ok(page(StatusCode::OK, &content));
    }
    let around = beside(app, &user.actor, &full.summary.listed.case).await?;
    let told = delivering::told(app, &user.actor, &full.summary.listed.case).await?;
    let told = ToldTable::new(chrome.locale, &told);
    let asked = contacting::panel(app, &user.actor, &full.summary.listed.case).await?;
    let contacts = Panel::new(app, chrome.locale, &asked);
    let banner = view.opened.done.banner(app, user, &chrome).await?;
    let status = if view.error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let content = content(
        app,
        user,
        chrome,
        (&full, &around, told, contacts),
        (back, banner),
        &view,
    );
    Ok(page(status, &content))
}

fn content(
    app: &App,
    user: &SignedIn,
    chrome: Chrome,
    (full, around, told, contacts): (&Full, &Beside, ToldTable, Panel),
    (back, banner): (String, Option<Banner>),
    view: &View<'_>,
) -> CasePage {
    let locale = chrome.locale;
    let slug = full.summary.item.slug;
    let link = |number: &Option<String>| Some(urls::desk::case(number.as_deref()?, &back));
    CasePage {
        banner,
        head: head(&chrome, user, full),
        batch: around.batch.map(|id| urls::employer::desk_batch(id, "")),
        next: (user.actor.role == Role::Handler).then(|| NextButton::new(&chrome, None)),
        neighbours: Neighbours {
            previous: link(&around.previous),
            next: link(&around.next),
        },
        buttons: buttons(&chrome, full, &back),
        clock: clock(app, locale, full),
        line: ClockLine::of(app, locale, full),
        proposal: proposal(locale, full),
        answers: rows(
            app,
            locale,
            full,
            &around.registrations,
            view.revealed.as_ref(),
        ),
        person: person(app, locale, full, view.revealed.as_ref()),
        reveal: reveal_form(locale, full, &back, view),
        registrations: registrations(app, locale, around),
        ground: GroundSection::of(app, locale, full),
        papers: papers(locale, full),
        promised: full
            .obligations
            .iter()
            .map(|o| promise(locale, o, app))
            .collect(),
        missing: full
            .missing
            .iter()
            .map(|m| missing_words(locale, slug, m))
            .collect(),
        requests: requests(locale, user, full),
        history: timeline(locale, full),
        told,
        contacts,
        back,
        chrome,
    }
}

fn reveal_form(locale: Locale, full: &Full, back: &str, view: &View<'_>) -> Reveal {
    Reveal {
        url: urls::desk::reveal(full.receipt()),
        back: back.to_owned(),
        shown: view.revealed.as_ref().map(|shown| {
            let label = text(locale, &format!("desk-reveal-{}", shown.what));
            (label, shown.registry.clone().unwrap_or_default())
        }),
        error: view.error.map(|key| text(locale, key)),
    }
}

impl Full {
    fn receipt(&self) -> &str {
        &self.summary.listed.case.receipt_no
    }
}

fn head(chrome: &Chrome, user: &SignedIn, full: &Full) -> Head {
    let (locale, case) = (chrome.locale, &full.summary.listed.case);
    let partial = user.actor.is_partial_to(case);
    Head {
        receipt_no: case.receipt_no.clone(),
        item: item_name(locale, &case.item),
        state: Tag::state(locale, case.state),
        urgency: Tag::urgency(locale, case.urgency),
        person: if partial {
            String::new()
        } else {
            full.summary.listed.person_name.clone()
        },
        holder: case.holder.map(|holder| {
            if holder == user.actor.account {
                chrome.t("desk-me")
            } else {
                full.names.get(&holder).cloned().unwrap_or_default()
            }
        }),
        identified: filed_by_password(full).then(|| chrome.t("identified-password")),
        channel: match full.basis {
            None => chrome.t(&format!("channel-{}", case.channel.as_str())),
            Some(Resting::Call) => chrome.t("desk-basis-call"),
            Some(Resting::Ledger) => chrome.t("desk-basis-ledger"),
            Some(Resting::Authorised(kind)) => chrome.t(&format!("desk-basis-{kind}")),
        },
    }
}

/// Whether whoever filed online had signed in with a password (CAS-14); older journals don't say.
fn filed_by_password(full: &Full) -> bool {
    full.entries.iter().any(|entry| match &entry.event.change {
        Change::Filed(filing) => {
            filing.identified == Some(Identified::Password)
                && matches!(filing.channel, Channel::Online | Channel::Mobile)
        }
        _ => false,
    })
}

fn requests(locale: Locale, user: &SignedIn, full: &Full) -> Vec<RequestCard> {
    let case: &Case = &full.summary.listed.case;
    full.asked
        .iter()
        .filter(|asked| asked.case_version == case.version)
        .map(|asked| {
            let name = full.names.get(&asked.asked_by).map_or("", String::as_str);
            RequestCard::new(
                locale,
                &case.item,
                &case.receipt_no,
                asked,
                name,
                (&user.actor.role, user.actor.account),
            )
        })
        .collect()
}

/// Whether an action is the desk's; the applicant's and the timers' are not.
pub(super) fn is_of_the_desk(action: Action) -> bool {
    match action {
        Action::Claim
        | Action::Assign
        | Action::Release
        | Action::HandOver
        | Action::Accept
        | Action::RequestSupplement
        | Action::Approve
        | Action::Refuse
        | Action::NotAccept
        | Action::Return
        | Action::SetUrgency
        | Action::Contact
        | Action::Record
        | Action::Reopen => true,
        // The button for the next case stands beside them.
        Action::Next
        | Action::Submit
        | Action::Supplement
        | Action::Lapse
        | Action::Withdraw
        | Action::MeetObligation
        | Action::Object
        | Action::Answer
        | Action::Breach
        | Action::Redate => false,
    }
}
