//! The cover sheet of papers that come by post (RB-1): the receipt number for scanners, where to send them, what belongs in. On screen,
//! to be printed, and as a PDF.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::mail::address;
use super::{frame, only_applicants, receipt_no};
use crate::config::Http;
use crate::documents::pdf::{Block, Document, render};
use crate::documents::{barcode, qr};
use crate::domain::receipt::ReceiptNo;
use crate::items;
use crate::usecases::mailing::announcing::{self, Mail};
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::SummaryList;
use crate::web::page::page;
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};
use crate::web::urls::{self, resident as to};

/// What to do, in order.
const STEPS: [&str; 4] = [
    "cover-sheet-step-check",
    "cover-sheet-step-enclose",
    "cover-sheet-step-send",
    "cover-sheet-step-enter",
];

#[derive(Template)]
#[template(path = "resident/cover_sheet.html")]
struct CoverSheetPage {
    chrome: Chrome,
    receipt_no: String,
    item: String,
    bars: Option<String>,
    qr: Option<String>,
    address: SummaryList,
    papers: Vec<(String, String)>,
    steps: Vec<String>,
}

/// The materials of an item, each with what paper it is.
fn papers(chrome: &Chrome, mail: &Mail) -> Vec<(String, String)> {
    let item = items::find(&mail.listed.case.item);
    let materials = item.map_or(&[][..], |item| item.materials);
    let told = materials.iter().map(|material| {
        let key = format!("material-{}", material.name);
        (chrome.t(&key), chrome.t(&format!("{key}-hint")))
    });
    told.collect()
}

/// What a phone that reads the square code opens.
fn progress(http: &Http, receipt_no: &str) -> String {
    format!("{}{}", http.origin, urls::progress_of(receipt_no))
}

/// `GET /my/cases/{receipt_no}/cover-sheet`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    http: web::Data<Http>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let mail = announcing::mail(&app, &user.actor, &receipt_no(&number)?).await?;
    let receipt_no = mail.listed.case.receipt_no.clone();
    let mut chrome = frame(&request, "cover-sheet-title");
    chrome
        .breadcrumbs
        .push(Link::to(to::mail(&receipt_no), chrome.t("mail-title")));
    let content = CoverSheetPage {
        item: chrome.t(&format!("item-{}", mail.listed.case.item)),
        bars: barcode::svg(&receipt_no),
        qr: qr::svg(&progress(&http, &receipt_no)),
        address: SummaryList::new(chrome.locale, address(&chrome, &app, &mail)),
        papers: papers(&chrome, &mail),
        steps: STEPS.iter().map(|key| chrome.t(key)).collect(),
        receipt_no,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// `GET /my/cases/{receipt_no}/cover-sheet.pdf`.
pub async fn file(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    http: web::Data<Http>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    pdf(&user, &request, (&app, &http), &receipt_no(&number)?).await
}

/// The cover sheet as a PDF, for pages and programs.
pub(in crate::web) async fn pdf(
    user: &SignedIn,
    request: &HttpRequest,
    (app, http): (&App, &Http),
    number: &ReceiptNo,
) -> Answer {
    let mail = announcing::mail(app, &user.actor, number).await?;
    let chrome = session::frame(request, "cover-sheet-title");
    let document = document(&chrome, app, http, &mail);
    let bytes = render(&app.face, document)
        .await
        .map_err(|error| Failure::from(Error::Fault(error.to_string())))?;
    let name = format!("attachment; filename=\"cover-sheet-{number}.pdf\"");
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

fn document(chrome: &Chrome, app: &App, http: &Http, mail: &Mail) -> Document {
    let receipt_no = &mail.listed.case.receipt_no;
    let mut blocks = vec![
        Block::Heading(chrome.t("cover-sheet-title")),
        Block::Paragraph(chrome.t(&format!("item-{}", mail.listed.case.item))),
        Block::Large(receipt_no.clone()),
    ];
    blocks.extend(barcode::modules(receipt_no).map(|bars| Block::Bars(bars, receipt_no.clone())));
    let rows = address(chrome, app, mail).into_iter();
    blocks.push(Block::Heading(chrome.t("cover-sheet-address")));
    blocks.extend(rows.map(|row| {
        Block::Paragraph(chrome.t2(
            "cover-sheet-line",
            ("key", row.key),
            ("value", row.lines.join(" ")),
        ))
    }));
    blocks.push(Block::Heading(chrome.t("cover-sheet-papers")));
    let papers = papers(chrome, mail).into_iter();
    blocks.push(Block::Table {
        widths: vec![1.6, 4.9, 8.5],
        head: [
            "cover-sheet-enclosed",
            "cover-sheet-paper",
            "cover-sheet-which",
        ]
        .map(|key| chrome.t(key))
        .to_vec(),
        rows: papers
            .map(|(name, hint)| vec!["□".to_owned(), name, hint])
            .collect(),
    });
    blocks.push(Block::Heading(chrome.t("cover-sheet-steps")));
    let steps = (1..).zip(STEPS);
    blocks.extend(
        steps.map(|(number, key)| Block::Paragraph(format!("{number}. {}", chrome.t(key)))),
    );
    let code = qr::modules(&progress(http, receipt_no));
    blocks.extend(code.map(|code| Block::Square(code, chrome.t("receipt-qr"))));
    blocks.push(Block::Paragraph(chrome.t("receipt-qr")));
    Document {
        title: chrome.t("service-name"),
        language: chrome.locale.tag(),
        footer: receipt_no.clone(),
        blocks,
    }
}
