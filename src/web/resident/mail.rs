//! The mail of an own case (RB-1): where to send papers, the cover sheet, parcels that were announced, parcels that are here with what
//! was found in them, originals on their way back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, only_applicants, receipt_no};
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::usecases::mailing::announcing::{self, Mail};
use crate::usecases::mailing::reading::Arrived;
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{ErrorSummary, InputKind, Select, SummaryList, SummaryRow, TextField};
use crate::web::csrf::Sent;
use crate::web::institution::words::Said;
use crate::web::mailroom::{parcel::returned, words};
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// What an applicant types.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    courier: String,
    tracking: String,
}

/// A parcel that is here.
struct Here {
    title: String,
    facts: SummaryList,
}

#[derive(Template)]
#[template(path = "resident/mail.html")]
struct MailPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    receipt_no: String,
    address: SummaryList,
    on_the_way: Vec<String>,
    here: Vec<Here>,
    form: Option<(Select, TextField)>,
}

/// `GET /my/cases/{receipt_no}/mail`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let number = receipt_no(&number)?;
    of(&user, &request, &app, &number, &Typed::default(), &[]).await
}

/// `POST /my/cases/{receipt_no}/mail`: announces a parcel.
pub async fn announce(
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    only_applicants(&sent.user)?;
    let number = receipt_no(&number)?;
    let label = (sent.form.courier.as_str(), sent.form.tracking.as_str());
    match announcing::announce(&app, &sent.user.actor, &number, label).await {
        Ok(()) => Ok(see_other(&to::mail(number.as_str()))),
        Err(Error::Invalid(errors)) => {
            of(&sent.user, &request, &app, &number, &sent.form, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn of(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    number: &ReceiptNo,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let mail = announcing::mail(app, &user.actor, number).await?;
    let case = &mail.listed.case;
    let mut chrome = frame(request, "mail-title");
    chrome.breadcrumbs.push(Link::to(
        to::case(&case.receipt_no),
        case.receipt_no.clone(),
    ));
    chrome.faulty = !errors.is_empty();
    let said = Said::faults(chrome.locale, errors);
    let form = mail.is_open.then(|| {
        let tracking = TextField::new(chrome.locale, "tracking", chrome.t("parcel-tracking"))
            .kind(InputKind::IdNumber)
            .value(&typed.tracking)
            .error(said.at("tracking"));
        let courier = words::couriers(&chrome, &typed.courier, said.at("courier"));
        (courier, tracking)
    });
    let content = MailPage {
        errors: said.summary(chrome.locale),
        receipt_no: case.receipt_no.clone(),
        address: SummaryList::new(chrome.locale, address(&chrome, app, &mail)),
        on_the_way: on_the_way(&chrome, &mail),
        here: mail.arrived.iter().map(|one| here(&chrome, one)).collect(),
        form,
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// Where papers of a case are sent, and whom to ask.
pub(super) fn address(chrome: &Chrome, app: &App, mail: &Mail) -> Vec<SummaryRow> {
    let agencies = app.office.agencies();
    let Some(agency) = agencies.get(&mail.listed.case.agency) else {
        return vec![];
    };
    let name = match chrome.locale {
        crate::domain::locale::Locale::Zh => &agency.name_zh,
        crate::domain::locale::Locale::En => &agency.name_en,
    };
    vec![
        SummaryRow::new(chrome.t("mail-to"), name),
        SummaryRow::new(chrome.t("mail-address"), &agency.address),
        SummaryRow::new(chrome.t("mail-phone"), &agency.phone),
    ]
}

fn on_the_way(chrome: &Chrome, mail: &Mail) -> Vec<String> {
    let told = mail.on_the_way.iter().map(|one| {
        chrome.t2(
            "mail-announced",
            ("label", words::label(chrome, &one.label)),
            ("moment", chrome.moment(&one.entered_at)),
        )
    });
    told.collect()
}

fn here(chrome: &Chrome, one: &Arrived) -> Here {
    let parcel = &one.parcel;
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let mut rows = vec![
        row("parcel-delivered", chrome.moment(&parcel.delivered_at)),
        row("parcel-registered", chrome.moment(&parcel.registered_at)),
    ];
    if let Some(day) = &parcel.posted_on {
        rows.insert(0, row("parcel-posted", chrome.day(day)));
    }
    if one.found.is_empty() {
        rows.push(row("mail-found", chrome.t("mail-found-not-yet")));
    }
    for (material, found) in &one.found {
        let name = chrome.t(&format!("material-{material}"));
        rows.push(SummaryRow::new(name, words::found(chrome, *found)));
    }
    for back in &one.returns {
        rows.push(row("parcel-returns", returned(chrome, back)));
    }
    Here {
        title: words::label(chrome, &parcel.label),
        facts: SummaryList::new(chrome.locale, rows),
    }
}
