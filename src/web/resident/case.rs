//! An own case: where it stands, who has it now and until when, what happened, what can be done. No member of staff is named here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::answers::Reader;
use super::papers::{Wanted, wanted};
use super::rating::{Rated, rated};
use super::zero_material::standing_lines;
use super::{frame, in_words, only_applicants, receipt_no, steps};
use crate::domain::actor::Sight;
use crate::domain::case::{Decision, PauseReason, State};
use crate::domain::event::{Change, Event, Target};
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Action;
use crate::usecases::viewing::{self, Full, words_for};
use crate::usecases::{App, delivering};
use crate::web::chrome::Chrome;
use crate::web::clockline::ClockLine;
use crate::web::components::{Entry, ErrorSummary, SummaryList, SummaryRow, Tag, Timeline};
use crate::web::delivery::ToldTable;
use crate::web::page::page;
use crate::web::problem::{Answer, Failure};
use crate::web::public::basis;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// An own case.
#[derive(Template)]
#[template(path = "resident/case.html")]
struct CasePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    receipt_no: String,
    item: String,
    state: Tag,
    standing: Vec<String>,
    computed: Vec<String>,
    line: ClockLine,
    decision: Option<SummaryList>,
    timeline: Timeline,
    told: ToldTable,
    answers: SummaryList,
    papers: Vec<(String, String)>,
    promised: Vec<(String, Wanted)>,
    can_supplement: bool,
    can_withdraw: bool,
    can_object: bool,
    is_over: bool,
    rated: Rated,
}

/// `GET /my/cases/{receipt_no}`.
pub async fn case(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    again_with(&user, &request, &app, &receipt_no(&number)?, &[]).await
}

/// The case, or its supplement while one is asked for.
pub async fn place_of(
    app: &App,
    user: &SignedIn,
    receipt_no: &ReceiptNo,
) -> Result<String, Failure> {
    let summary = viewing::summary(app, &user.actor, receipt_no).await?;
    Ok(match summary.listed.case.state {
        State::SupplementRequested => to::supplement(receipt_no.as_str()),
        _ => to::case(receipt_no.as_str()),
    })
}

/// Everything of an own case; somebody else's is not there, and staff have their desk.
pub async fn own(app: &App, user: &SignedIn, receipt_no: &ReceiptNo) -> Result<Full, Failure> {
    only_applicants(user)?;
    let full = viewing::full(app, &user.actor, receipt_no).await?;
    match full.summary.sight {
        Sight::Own => Ok(full),
        Sight::Office | Sight::None => Err(Failure::not_found()),
    }
}

/// The case's page, with faults of an upload.
pub async fn again_with(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    receipt_no: &ReceiptNo,
    errors: &[FieldError],
) -> Answer {
    let full = own(app, user, receipt_no).await?;
    let case = &full.summary.listed.case;
    let told = delivering::told(app, &user.actor, case).await?;
    let mut chrome = frame(request, &format!("item-{}", case.item));
    chrome.faulty = !errors.is_empty();
    let said = in_words(chrome.locale, errors);
    let open = |action| full.summary.actions.contains(&action);
    let content = CasePage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter()
                .map(|(name, words)| (name.as_str(), words.as_str())),
        ),
        receipt_no: case.receipt_no.clone(),
        item: chrome.title.clone(),
        state: Tag::state(chrome.locale, case.state),
        standing: standing(&chrome, app, &full),
        computed: computed(&chrome, app, &full),
        line: ClockLine::of(app, chrome.locale, &full),
        decision: decision(&chrome, app, &full),
        timeline: timeline(&chrome, &full),
        told: ToldTable::new(chrome.locale, &told),
        answers: answers(&chrome, app, &full),
        papers: papers(&chrome, &full),
        promised: promised(&chrome, app, &full, &said),
        rated: rated(app, &chrome, case, &said).await?,
        can_supplement: open(Action::Supplement),
        can_withdraw: open(Action::Withdraw),
        can_object: open(Action::Object),
        is_over: case.state.is_final(),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// Who has it now and until when. While the applicant is awaited nothing says that the office is late.
fn standing(chrome: &Chrome, app: &App, full: &Full) -> Vec<String> {
    let case = &full.summary.listed.case;
    let agencies = app.office.agencies();
    let agency = agencies
        .get(&case.agency)
        .map(|agency| match chrome.locale {
            crate::domain::locale::Locale::Zh => agency.name_zh.clone(),
            crate::domain::locale::Locale::En => agency.name_en.clone(),
        });
    let mut lines = vec![match case.state {
        State::SupplementRequested => chrome.t("with-you"),
        _ if case.state.is_final() => chrome.t("with-nobody"),
        _ => chrome.t1("with-agency", "agency", agency.unwrap_or_default()),
    }];
    if let Some(ground) = &full.ground {
        lines.extend(standing_lines(app, chrome.locale, ground));
    }
    if let Some(due) = case.due() {
        lines.push(chrome.t1("due-by", "moment", chrome.moment(&due)));
    }
    if let Some(breached) = case.breached_at.filter(|_| !case.state.is_final()) {
        lines.push(chrome.t1("was-missed", "moment", chrome.moment(&breached)));
    }
    lines
}

/// How the due time was computed (CLK-3).
pub fn computed(chrome: &Chrome, app: &App, full: &Full) -> Vec<String> {
    let Some(deadline) = &full.deadline else {
        return vec![];
    };
    let counted: Vec<String> = deadline.counted.iter().map(|day| chrome.day(day)).collect();
    let skipped: Vec<String> = deadline
        .skipped
        .iter()
        .map(|(day, _)| chrome.day(day))
        .collect();
    let join = |days: &[String]| {
        days.join(if chrome.locale.tag() == "en" {
            ", "
        } else {
            "、"
        })
    };
    let case = &full.summary.listed.case;
    let mut lines = vec![
        basis::of_term(app, chrome.locale, case),
        chrome.t1("computed-start", "moment", chrome.moment(&deadline.start)),
        chrome.t1("computed-counted", "days", join(&counted)),
    ];
    if !skipped.is_empty() {
        lines.push(chrome.t1("computed-skipped", "days", join(&skipped)));
    }
    lines.push(chrome.t1("computed-due", "moment", chrome.moment(&deadline.due)));
    if deadline.certainty == crate::domain::calendar::Certainty::Provisional {
        lines.push(chrome.t("remaining-provisional"));
    }
    lines
}

/// A refusal or non-acceptance with reason, clause and remedies (CAS-6).
fn decision(chrome: &Chrome, app: &App, full: &Full) -> Option<SummaryList> {
    let case = &full.summary.listed.case;
    match case.decision? {
        Decision::Refused | Decision::NotAccepted => {}
        Decision::Approved | Decision::Recorded => return None,
    }
    let entry = full
        .entries
        .iter()
        .rev()
        .find(|entry| matches!(entry.event.change, Change::Decided { .. }))?;
    let words = words_for(Sight::Own, entry);
    let mut rows = vec![
        SummaryRow::new(
            chrome.t("decision-reason"),
            words.reason.unwrap_or_default(),
        ),
        SummaryRow::new(
            chrome.t("decision-clause"),
            words.clause.unwrap_or_default(),
        ),
    ];
    let policy = app.office.policies.on(case.pool, entry.event.at.day());
    for remedy in &policy.remedies().value {
        rows.push(super::remedies::row(chrome, remedy));
    }
    Some(SummaryList::new(chrome.locale, rows))
}

/// What happened, the latest first; what is the office's own affair is left out.
fn timeline(chrome: &Chrome, full: &Full) -> Timeline {
    let told = full.entries.iter().rev().filter_map(|entry| {
        let what = happened(&entry.event)?;
        let words = words_for(Sight::Own, entry);
        let mut lines: Vec<String> = words.reason.into_iter().collect();
        let slug = full.summary.item.slug;
        lines.extend(
            words
                .missing
                .iter()
                .map(|missing| super::supplement::line(chrome, slug, missing)),
        );
        Some(Entry {
            at: entry.event.at,
            what: chrome.t(what),
            who: String::new(),
            lines,
        })
    });
    Timeline::new(chrome.locale, told.collect())
}

fn happened(event: &Event) -> Option<&'static str> {
    Some(match &event.change {
        Change::Filed(_) => "happened-filed",
        Change::Taken { .. } => "happened-taken",
        Change::Accepted { .. } => "happened-accepted",
        Change::Asked {
            reason: PauseReason::Supplement,
        } => "happened-asked",
        Change::Asked { .. } => "happened-waits",
        Change::Resumed { .. } if event.action == Action::Answer => "happened-answered",
        Change::Resumed { .. } => "happened-resumed",
        Change::Proposed { .. } => "happened-second-review",
        Change::Decided { decision, .. } => match decision {
            Decision::Approved => "happened-approved",
            Decision::Refused => "happened-refused",
            Decision::NotAccepted => "happened-not-accepted",
            Decision::Recorded => "happened-recorded",
        },
        Change::Ended if event.to == State::Lapsed => "happened-lapsed",
        Change::Ended if event.action == Action::Object => "happened-ended-by-objection",
        Change::Ended => "happened-withdrawn",
        Change::Breached => "happened-breached",
        Change::Reopened { .. } => "happened-reopened",
        Change::Redated { .. } => "happened-redated",
        Change::ObligationMet { .. } => "happened-promise-kept",
        Change::Objected => "happened-objected",
        Change::Classed { .. } => "happened-classed",
        Change::Released | Change::Returned { .. } => return None,
    })
}

fn answers(chrome: &Chrome, app: &App, full: &Full) -> SummaryList {
    let slug = full.summary.item.slug;
    let reader = Reader {
        locale: chrome.locale,
        slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let fields = full.summary.item.form.fields.iter();
    let rows = fields
        .filter(|field| !steps::is_pledge(field))
        .filter_map(|field| {
            let words = reader
                .words(field, &full.answers)
                .filter(|words| !words.is_empty())?;
            Some(SummaryRow::new(
                steps::short_label(chrome.locale, slug, field.name),
                words,
            ))
        });
    SummaryList::new(chrome.locale, rows.collect())
}

fn papers(chrome: &Chrome, full: &Full) -> Vec<(String, String)> {
    let number = &full.summary.listed.case.receipt_no;
    full.materials
        .iter()
        .map(|paper| {
            let title = chrome.t(&format!("material-{}", paper.name));
            (
                format!("{title}: {}", paper.file_name),
                to::case_paper(number, paper.id),
            )
        })
        .collect()
}

/// Promised papers that are not here yet, each with its upload (CAS-4).
fn promised(
    chrome: &Chrome,
    app: &App,
    full: &Full,
    said: &[(String, String)],
) -> Vec<(String, Wanted)> {
    if !full.summary.actions.contains(&Action::MeetObligation) {
        return vec![];
    }
    let pool = full.summary.listed.case.pool;
    full.obligations
        .iter()
        .filter(|obligation| obligation.met_at.is_none())
        // What is no paper of the item's comes otherwise: the full list of an employer (XR-9).
        .filter(|one| {
            full.summary
                .item
                .has(&Target::Material(one.material.clone()))
        })
        .map(|obligation| {
            let until = chrome.t1("promised-until", "day", chrome.day(&obligation.due_on));
            let item = full.summary.item;
            (
                until,
                wanted(chrome, app, pool, &obligation.material, vec![], said, item),
            )
        })
        .collect()
}
