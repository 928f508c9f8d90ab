//! One parcel: what stands on it, its cases with what was found, pictures, originals that went back, and what can be done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, parcel_id, words};
use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::domain::ids::ParcelId;
use crate::domain::parcel::{Found, Shows};
use crate::usecases::App;
use crate::usecases::mailing::READERS;
use crate::usecases::mailing::reading::{self, Part, Whole};
use crate::web::components::{
    Banner, BannerKind, ErrorSummary, FileField, InputKind, Opt, Select, SummaryList, SummaryRow,
    Tag, TextField,
};
use crate::web::institution::words::Said;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::mailroom as to;
use strum::IntoEnumIterator;

/// What was typed in one of the page's forms, when it comes back with faults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Receipt number of a case to be added, or of the case that is checked.
    pub case: String,
    /// Sheets of originals in the parcel.
    pub originals: String,
    /// Who takes originals back.
    pub courier: String,
    /// Under which number.
    pub tracking: String,
    /// How many sheets.
    pub sheets: String,
    /// When they were sent.
    pub sent_on: String,
}

/// A material of a case in the checklist.
struct Line {
    name: String,
    found: Option<Tag>,
    ask: Select,
}

/// A case of the parcel.
struct CasePart {
    receipt_no: String,
    item: String,
    taken_in: Option<String>,
    lines: Vec<Line>,
    originals: TextField,
    /// Papers of the case that were photographed or scanned.
    material: Select,
    file: FileField,
}

#[derive(Template)]
#[template(path = "mailroom/parcel.html")]
struct ParcelPage {
    chrome: Chrome,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    back: String,
    id: ParcelId,
    standing: Tag,
    facts: SummaryList,
    parts: Vec<CasePart>,
    /// Whether the reader works in the mailroom.
    is_clerk: bool,
    case: TextField,
    photos: Vec<(String, String)>,
    shows: Select,
    photo: FileField,
    returns: Vec<String>,
    /// Originals that are here still, and the form to send them back.
    originals: Option<(String, Vec<crate::web::components::Field>)>,
    /// Where a handler takes it in.
    take_in: Option<String>,
}

/// What the page was opened with.
#[derive(Debug, Deserialize)]
pub struct Opened {
    #[serde(default)]
    done: String,
}

/// `GET /mailroom/parcels/{parcel}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let whole = reading::whole(&app, &user.actor, parcel_id(&id)?).await?;
    let done = match opened.done.as_str() {
        "registered" => Some((BannerKind::Success, "parcel-done-registered")),
        "before" => Some((BannerKind::Important, "parcel-done-before")),
        "case" => Some((BannerKind::Success, "parcel-done-case")),
        "checked" => Some((BannerKind::Success, "parcel-done-checked")),
        "returned" => Some((BannerKind::Success, "parcel-done-returned")),
        "file" => Some((BannerKind::Success, "parcel-done-file")),
        "taken-in" => Some((BannerKind::Success, "parcel-done-taken-in")),
        _ => None,
    };
    Ok(of(&user, &request, &whole, done, &Typed::default(), &[]))
}

/// The page again, with faults of one of its forms.
pub async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    id: ParcelId,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let whole = reading::whole(app, &user.actor, id).await?;
    Ok(of(user, request, &whole, None, typed, errors))
}

fn of(
    user: &SignedIn,
    request: &HttpRequest,
    whole: &Whole,
    done: Option<(BannerKind, &str)>,
    typed: &Typed,
    errors: &[FieldError],
) -> HttpResponse {
    let parcel = &whole.parcel;
    let mut chrome = frame(request, user, "parcel-title");
    chrome.faulty = !errors.is_empty();
    let said = Said::faults(chrome.locale, errors);
    let is_clerk = user.actor.role == Role::MailroomClerk;
    let content = ParcelPage {
        banner: done.map(|(kind, key)| Banner::new(chrome.locale, kind, chrome.t(key))),
        errors: said.summary(chrome.locale),
        back: to::parcels(&[("which", "open")]),
        id: parcel.id,
        standing: words::standing(&chrome, parcel),
        facts: facts(&chrome, whole),
        parts: (1..)
            .zip(&whole.parts)
            .map(|(place, part)| case_part(&chrome, whole, (place, part), typed, &said))
            .collect(),
        is_clerk,
        case: TextField::new(chrome.locale, "case", chrome.t("parcel-case-add"))
            .kind(InputKind::IdNumber)
            .value(&typed.case)
            .error(said.at("case")),
        photos: photos(&chrome, whole),
        shows: shows(&chrome),
        photo: FileField::new(chrome.locale, "file", chrome.t("parcel-photo"))
            .error(said.at("file")),
        returns: returns(&chrome, whole),
        originals: originals(&chrome, whole, typed, &said),
        take_in: (user.actor.role == Role::Handler && whole.parts.is_empty())
            .then(|| to::take_in(parcel.id)),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

fn facts(chrome: &Chrome, whole: &Whole) -> SummaryList {
    let parcel = &whole.parcel;
    let posted = match &parcel.posted_on {
        Some(day) => chrome.day(day),
        None => chrome.t("parcel-postmark-none"),
    };
    let registered = chrome.t2(
        "parcel-registered-by",
        ("moment", chrome.moment(&parcel.registered_at)),
        ("name", whole.registrar.as_str()),
    );
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let mut rows = vec![
        row(
            "parcel-courier",
            words::courier(chrome, parcel.label.courier),
        ),
        row("parcel-tracking", parcel.label.tracking.clone()),
        row("parcel-posted", posted),
        row("parcel-delivered", chrome.moment(&parcel.delivered_at)),
        row("parcel-registered", registered),
        row("parcel-sender", parcel.sender.clone()),
    ];
    if let Some((_, name)) = &whole.person {
        rows.push(row("parcel-person-known", name.clone()));
    }
    if !parcel.contents.is_empty() {
        rows.push(row("parcel-contents", parcel.contents.clone()));
    }
    SummaryList::new(chrome.locale, rows)
}

fn case_part(
    chrome: &Chrome,
    whole: &Whole,
    (place, part): (usize, &Part),
    typed: &Typed,
    said: &Said,
) -> CasePart {
    let here = typed.case == part.receipt_no;
    let lines = part.item.materials.iter().map(|material| {
        let found = part.found.get(material.name).copied();
        let options = Found::iter().map(|one| {
            let given = found.map_or("", Found::as_str);
            Opt::new(one.as_str(), words::found(chrome, one)).chosen_if(given)
        });
        let name = chrome.t(&format!("material-{}", material.name));
        let field = format!("found-{}", material.name);
        Line {
            found: found.map(|one| words::found_tag(chrome, one)),
            ask: Select::flat(chrome.locale, &field, name.as_str(), options.collect())
                .optional()
                .told_apart(format!("{field}-{place}")),
            name,
        }
    });
    let materials = part.item.materials.iter().map(|material| {
        Opt::new(
            material.name,
            chrome.t(&format!("material-{}", material.name)),
        )
    });
    let sheets = match here {
        true => typed.originals.clone(),
        false => whole.parcel.originals.to_string(),
    };
    CasePart {
        item: chrome.t(&format!("item-{}", part.item.slug)),
        taken_in: part.taken_in.then(|| chrome.t("parcel-taken-in")),
        lines: lines.collect(),
        originals: TextField::new(chrome.locale, "originals", chrome.t("parcel-originals"))
            .kind(InputKind::Number)
            .hint(chrome.t("parcel-originals-hint"))
            .told_apart(format!("originals-{place}"))
            .value(sheets)
            .error(said.at("originals").filter(|_| here)),
        material: Select::flat(
            chrome.locale,
            "material",
            chrome.t("parcel-paper-of"),
            materials.collect(),
        )
        .told_apart(format!("material-{place}")),
        file: FileField::new(chrome.locale, "file", chrome.t("parcel-paper"))
            .told_apart(format!("paper-{place}")),
        receipt_no: part.receipt_no.clone(),
    }
}

fn shows(chrome: &Chrome) -> Select {
    let options =
        Shows::iter().map(|one| Opt::new(one.as_str(), chrome.t(&format!("parcel-photo-{one}"))));
    let label = chrome.t("parcel-photo-shows");
    Select::flat(chrome.locale, "material", label, options.collect()).told_apart("shows")
}

fn photos(chrome: &Chrome, whole: &Whole) -> Vec<(String, String)> {
    let told = whole.photos.iter().map(|photo| {
        let words = chrome.t2(
            "parcel-photo-line",
            ("shows", chrome.t(&format!("parcel-photo-{}", photo.shows))),
            ("moment", chrome.moment(&photo.uploaded_at)),
        );
        (words, to::photo(whole.parcel.id, photo.id))
    });
    told.collect()
}

fn returns(chrome: &Chrome, whole: &Whole) -> Vec<String> {
    let told = whole.returns.iter().map(|one| returned(chrome, one));
    told.collect()
}

/// Originals that went back, in one line.
pub fn returned(chrome: &Chrome, one: &crate::store::parcels::Returned) -> String {
    let label = words::label(chrome, &one.label);
    let sent = chrome.t2(
        "parcel-returned-sheets",
        ("day", chrome.day(&one.sent_on)),
        ("sheets", one.sheets),
    );
    format!("{sent}{label}")
}

fn originals(
    chrome: &Chrome,
    whole: &Whole,
    typed: &Typed,
    said: &Said,
) -> Option<(String, Vec<crate::web::components::Field>)> {
    use crate::web::components::Field;
    let left = whole.originals_here();
    if left < 1 {
        return None;
    }
    let text = |name: &str, key: &str, value: &str| {
        TextField::new(chrome.locale, name, chrome.t(key))
            .value(value)
            .error(said.at(name))
    };
    let fields = vec![
        Field::Select(words::couriers(chrome, &typed.courier, said.at("courier"))),
        Field::Text(text("tracking", "parcel-tracking", &typed.tracking).kind(InputKind::IdNumber)),
        Field::Text(text("sheets", "parcel-sheets", &typed.sheets).kind(InputKind::Number)),
        Field::Text(text("sent_on", "parcel-sent-on", &typed.sent_on).kind(InputKind::Date)),
    ];
    Some((chrome.t1("parcel-originals-left", "sheets", left), fields))
}
