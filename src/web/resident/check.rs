//! The check of all answers and the one last step. Only here is anything submitted; from however many tabs and
//! however often, a draft becomes one case (CAS-2).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::answers::Reader;
use super::question::urgent;
use super::steps::{self, Page};
use super::{draft_id, frame, in_words, only_residents};
use crate::data::texts::text_with;
use crate::domain::case::Channel;
use crate::domain::form::{Field, FieldError};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::CaseId;
use crate::usecases::drafting::{self, Opened};
use crate::usecases::error::Conflict;
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{
    Banner, BannerKind, Checks, ErrorSummary, Select, Steps, SummaryList, SummaryRow,
};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// All answers.
#[derive(Template)]
#[template(path = "resident/check.html")]
struct CheckPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    conflict: Option<Banner>,
    steps: Steps,
    back: String,
    item: String,
    known: SummaryList,
    answers: SummaryList,
    papers: Option<SummaryList>,
    pledge: Option<Checks>,
    urgent: Option<Select>,
    id: CaseId,
    token: String,
}

/// The last step's form.
#[derive(Debug, Default, Deserialize)]
pub struct Last {
    #[serde(default)]
    pledge: String,
    #[serde(default)]
    urgent: String,
}

/// `GET /apply/draft/{id}/check`.
pub async fn check(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    only_residents(&user)?;
    let opened = drafting::open(&app, &user.actor, draft_id(&id)?).await?;
    let errors = opened.findings.errors.clone();
    let conflict = opened.findings.conflict.clone();
    Ok(show(
        &request,
        &app,
        &opened,
        &errors,
        conflict.as_ref(),
        StatusCode::OK,
    ))
}

/// `POST /apply/draft/{id}/submit`.
pub async fn submit(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Last>,
) -> Answer {
    only_residents(&sent.user)?;
    let (id, actor) = (draft_id(&id)?, &sent.user.actor);
    let pledged = sent.form.pledge == "yes";
    let urgent = Some(sent.form.urgent.clone()).filter(|reason| !reason.is_empty());
    let last = drafting::Last { pledged, urgent };
    let refusal = match drafting::submit(&app, actor, id, Channel::Online, last).await {
        Ok(filed) => return Ok(see_other(&to::receipt(filed.receipt_no()))),
        Err(error) => error,
    };
    let (errors, conflict) = match refusal {
        Error::Invalid(errors) => (errors, None),
        Error::Conflict(conflict) => (vec![], Some(conflict)),
        other => return Err(other.into()),
    };
    let opened = drafting::open(&app, actor, id).await?;
    let status = match conflict {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(show(
        &request,
        &app,
        &opened,
        &errors,
        conflict.as_ref(),
        status,
    ))
}

fn show(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    errors: &[FieldError],
    conflict: Option<&Conflict>,
    status: StatusCode,
) -> HttpResponse {
    let mut chrome = frame(request, "check-title");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said = in_words(locale, errors);
    let reader = Reader {
        locale,
        slug: opened.item.slug,
        regions: &app.office.regions,
        registrations: &opened.registrations,
    };
    let pledge = opened
        .item
        .form
        .fields
        .iter()
        .find(|field| steps::is_pledge(field));
    let back = steps::before(opened, Page::Check).map(|before| before.url(opened));
    let content = CheckPage {
        errors: ErrorSummary::of(
            locale,
            said.iter()
                .map(|(name, words)| (name.as_str(), words.as_str())),
        ),
        conflict: conflict.map(|conflict| in_the_way(&chrome, &reader, conflict)),
        steps: steps::bar(opened, Page::Check, locale),
        back: back.unwrap_or_else(|| to::apply(opened.item.slug)),
        item: chrome.t(&format!("item-{}", opened.item.slug)),
        known: known(&chrome, opened, &reader),
        answers: answers(&chrome, opened, &reader, &said),
        papers: papers(&chrome, app, opened),
        pledge: pledge.map(|field| pledged(&chrome, opened.item.slug, field, &said)),
        urgent: {
            let fault = said.iter().find(|(name, _)| name == "urgent");
            urgent(
                locale,
                opened.item,
                "",
                fault.map(|(_, words)| words.clone()),
            )
        },
        id: opened.draft.id,
        token: drafting::token(opened.draft.id),
        chrome,
    };
    page(status, &content)
}

/// What comes from the registry and is not asked (CAS-9).
fn known(chrome: &Chrome, opened: &Opened, reader: &Reader<'_>) -> SummaryList {
    let from_registry = || chrome.t("from-registry");
    let masked = IdNumber::from_stored(&opened.person.id_number)
        .map_or_else(|_| String::new(), |number| number.masked());
    let mut rows = vec![
        SummaryRow::new(chrome.t("person-name"), &opened.person.name).note(from_registry()),
        SummaryRow::new(chrome.t("person-id-number"), masked).note(from_registry()),
    ];
    if let Some(coverage) = &opened.coverage {
        let place = reader.region(coverage.pool.as_str());
        rows.push(SummaryRow::new(chrome.t("person-insured-at"), place).note(from_registry()));
    }
    SummaryList::new(chrome.locale, rows)
}

fn answers(
    chrome: &Chrome,
    opened: &Opened,
    reader: &Reader<'_>,
    said: &[(String, String)],
) -> SummaryList {
    let fields = opened.item.form.fields.iter();
    let rows = fields
        .filter(|field| !steps::is_pledge(field))
        .map(|field| {
            let words = reader.words(field, &opened.draft.answers);
            let label = steps::short_label(chrome.locale, opened.item.slug, field.name);
            let row = SummaryRow::new(label, words.unwrap_or_else(|| chrome.t("not-answered")))
                .change(to::question_from_check(opened.draft.id, field.name));
            match said.iter().find(|(name, _)| name == field.name) {
                Some((_, fault)) => row.note(format!("{} {fault}", chrome.t("error-prefix"))),
                None if is_from_registry(opened, field) => row.note(chrome.t("from-registry")),
                None => row,
            }
        });
    SummaryList::new(chrome.locale, rows.collect())
}

fn is_from_registry(opened: &Opened, field: &'static Field) -> bool {
    steps::is_known(opened, field)
        && opened.person.phone.as_deref() == opened.draft.answers.text(field.name)
}

fn papers(chrome: &Chrome, app: &App, opened: &Opened) -> Option<SummaryList> {
    let needed = opened.needed();
    let url = to::draft_papers(opened.draft.id);
    let rows: Vec<SummaryRow> = needed
        .iter()
        .map(|(name, here)| {
            let lines = match here.as_slice() {
                [] => vec![chrome.t1(
                    "paper-follows",
                    "day",
                    chrome.day(&super::papers::promised_day(app, opened)),
                )],
                papers => papers.iter().map(|paper| paper.file_name.clone()).collect(),
            };
            SummaryRow {
                lines,
                ..SummaryRow::new(chrome.t(&format!("material-{name}")), "").change(url.clone())
            }
        })
        .collect();
    (!rows.is_empty()).then(|| SummaryList::new(chrome.locale, rows))
}

fn pledged(chrome: &Chrome, slug: &str, field: &Field, said: &[(String, String)]) -> Checks {
    let fault = said.iter().find(|(name, _)| name == field.name);
    Checks::pledge(
        chrome.locale,
        field.name,
        chrome.t(&format!("field-{slug}-{}", field.name)),
        chrome.t(&format!("field-{slug}-{}-question", field.name)),
        "",
    )
    .error(fault.map(|(_, words)| words.clone()))
}

/// What a filing runs into (XR-2), and what can be done about it.
pub fn in_the_way(chrome: &Chrome, reader: &Reader<'_>, conflict: &Conflict) -> Banner {
    let banner = |heading: String| Banner::new(chrome.locale, BannerKind::Important, heading);
    match conflict {
        Conflict::Overlap { with } => {
            let existing = reader
                .registrations
                .iter()
                .find(|r| r.id.to_string() == *with);
            let words = existing
                .map(|existing| reader.registration(existing))
                .unwrap_or_default();
            banner(chrome.t("overlap-heading"))
                .line(text_with(
                    chrome.locale,
                    "overlap-with",
                    &[("registration", words.into())],
                ))
                .line(chrome.t("overlap-what-to-do"))
                .link(Link::to(
                    to::apply("cross-region-change"),
                    chrome.t("item-cross-region-change"),
                ))
        }
        Conflict::Claimed => banner(chrome.t("claimed-heading"))
            .line(chrome.t("claimed-what-to-do"))
            .link(Link::to(to::mine(), chrome.t("mine-title"))),
        Conflict::Stale { .. }
        | Conflict::State { .. }
        | Conflict::Held { .. }
        | Conflict::AlreadyRated
        | Conflict::Already(_)
        | Conflict::Entry(_)
        | Conflict::AlreadyAsked => {
            banner(chrome.t("problem-conflict")).line(chrome.t("problem-conflict-why"))
        }
    }
}
