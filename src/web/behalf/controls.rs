//! What is asked when somebody files for somebody else: item, person, call back, and the questions of the item.

use super::filing::{Typed, fault, get};
use serde_json::{Map, Value};

use crate::domain::form::{Field, Kind, Need};
use crate::domain::item::{AT_COUNTER, SENDING, ServiceItem};
use crate::domain::registration::Registration;
use crate::items;
use crate::usecases::App;
use crate::usecases::behalf::RESULTS;
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{Area, Checks, Choice, InputKind, Opt, Select, TextField};
use crate::web::resident::answers::Reader;
use crate::web::resident::question::{Asked, urgent};
use crate::web::resident::steps;

/// Which item.
pub(super) fn item(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Control {
    let options = items::ALL.iter().map(|item| {
        Opt::new(item.slug, chrome.t(&format!("item-{}", item.slug))).chosen_if(get(typed, "item"))
    });
    let select = Select::flat(
        chrome.locale,
        "item",
        chrome.t("behalf-item"),
        options.collect(),
    );
    Control::Select(select.error(fault(said, "item")))
}

/// For whom it is: by the whole number, or by name and its last six characters.
pub(super) fn person(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Vec<Control> {
    let locale = chrome.locale;
    let number = TextField::new(locale, "id_number", chrome.t("behalf-id_number"))
        .kind(InputKind::IdNumber)
        .value(get(typed, "id_number"))
        .error(fault(said, "for"));
    let last_six = TextField::new(locale, "last_six", chrome.t("behalf-last_six"))
        .kind(InputKind::Short)
        .value(get(typed, "last_six"));
    let name = TextField::new(locale, "name", chrome.t("behalf-name")).value(get(typed, "name"));
    vec![
        Control::Text(number),
        Control::Text(name.optional().hint(chrome.t("behalf-or-name"))),
        Control::Text(last_six.optional()),
    ]
}

/// The call back that proves who is on the phone.
pub(super) fn caller(
    chrome: &Chrome,
    app: &App,
    typed: &Typed,
    said: &[(String, String)],
) -> Vec<Control> {
    let locale = chrome.locale;
    let line = |name: &str, kind, field: &str| {
        let line = TextField::new(locale, name, chrome.t(&format!("behalf-{name}")))
            .kind(kind)
            .value(get(typed, name))
            .error(fault(said, field));
        Control::Text(line)
    };
    let results = RESULTS.iter().map(|result| {
        Opt::new(*result, chrome.t(&format!("call-result-{result}")))
            .chosen_if(get(typed, "result"))
    });
    let result = Choice::new(
        locale,
        "result",
        chrome.t("behalf-result"),
        results.collect(),
    );
    let now = crate::web::words::time(app.clock.now());
    let at = match get(typed, "at") {
        "" => now,
        at => at.to_owned(),
    };
    let at = TextField::new(locale, "at", chrome.t("behalf-at"))
        .kind(InputKind::Short)
        .hint(chrome.t("roster-time-hint"))
        .value(at)
        .error(fault(said, "call_back.at"));
    vec![
        line("number", InputKind::Phone, "call_back.number"),
        Control::Choice(result.error(fault(said, "call_back.result"))),
        Control::Text(at),
    ]
}

/// The item's own questions, and whether it is urgent; how papers come is not asked where somebody hands over the
/// originals.
pub(super) fn controls(
    chrome: &Chrome,
    app: &App,
    item: &'static ServiceItem,
    registrations: &[Registration],
    originals: bool,
    typed: &Typed,
    said: &[(String, String)],
) -> Vec<Control> {
    let reader = Reader {
        locale: chrome.locale,
        slug: item.slug,
        regions: &app.office.regions,
        registrations,
    };
    let given = get(typed, "urgent");
    let urgent = urgent(chrome.locale, item, given, fault(said, "urgent"));
    let fields = item.form.fields.iter();
    fields
        .filter(|field| !steps::is_pledge(field))
        .filter(|field| !(originals && takes_originals(field)))
        .map(|field| {
            if let Kind::Rows { columns, .. } = field.kind {
                return rows(chrome, item, field, columns, (typed, said));
            }
            let asked = Asked {
                locale: chrome.locale,
                slug: item.slug,
                name: field.name,
                label: chrome.t(&format!("field-{}-{}-question", item.slug, field.name)),
                error: fault(said, field.name),
                given: get(typed, field.name),
                heading: false,
            };
            asked.control(field, &reader)
        })
        .chain(urgent.map(Control::Select))
        .collect()
}

/// Lines on one page: one a line, its columns with commas between.
fn rows(
    chrome: &Chrome,
    item: &ServiceItem,
    field: &Field,
    columns: &[Field],
    (typed, said): (&Typed, &[(String, String)]),
) -> Control {
    let key = format!("field-{}-{}", item.slug, field.name);
    let names: Vec<String> = needed(columns)
        .map(|column| chrome.t(&format!("{key}-{}", column.name)))
        .collect();
    let area = Area::new(
        chrome.locale,
        field.name,
        chrome.t(&format!("{key}-question")),
    )
    .hint(chrome.t1("behalf-lines-hint", "columns", names.join(", ")))
    .value(get(typed, field.name))
    .error(fault(said, field.name));
    Control::Area(match field.need {
        Need::Always => area,
        Need::Optional | Need::Unless(_) => area.optional(),
    })
}

fn needed(columns: &[Field]) -> impl Iterator<Item = &Field> {
    columns.iter().filter(|column| column.need == Need::Always)
}

/// The answers as they were typed, for the item's form to read.
pub(super) fn answers(item: &ServiceItem, typed: &Typed, originals: bool) -> Map<String, Value> {
    let answer = |field: &Field| -> Option<Value> {
        match field.kind {
            _ if originals && takes_originals(field) => Some(AT_COUNTER.into()),
            Kind::Pledge => Some((get(typed, field.name) == "yes").into()),
            Kind::Rows { columns, .. } => {
                let lines = get(typed, field.name).lines();
                let lines = lines.filter(|line| !line.trim().is_empty());
                Some(lines.map(|line| cells(columns, line)).collect())
            }
            _ => Some(typed.get(field.name)?.as_str().into()),
        }
    };
    let fields = item.form.fields.iter();
    fields
        .filter_map(|field| Some((field.name.to_owned(), answer(field)?)))
        .collect()
}

/// A line by its columns: those that are needed when there are as many cells, else all in their order.
fn cells(columns: &[Field], line: &str) -> Value {
    let cells: Vec<&str> = line.split([',', '，', '\t']).map(str::trim).collect();
    let name = |column: &Field| column.name.to_owned();
    let names: Vec<String> = match needed(columns).count() == cells.len() {
        true => needed(columns).map(name).collect(),
        false => columns.iter().map(name).collect(),
    };
    let pairs = names.into_iter().zip(cells).map(|(n, c)| (n, c.into()));
    Value::Object(pairs.collect())
}

/// Whether it asks how papers come and knows that they may be handed over.
fn takes_originals(field: &Field) -> bool {
    match field.kind {
        Kind::Choice(options) => field.name == SENDING && options.contains(&AT_COUNTER),
        _ => false,
    }
}

/// What is pledged.
pub(super) fn pledges(
    chrome: &Chrome,
    item: &ServiceItem,
    typed: &Typed,
    said: &[(String, String)],
) -> Vec<Checks> {
    let fields = item.form.fields.iter().filter(|f| steps::is_pledge(f));
    fields
        .map(|field| {
            Checks::pledge(
                chrome.locale,
                field.name,
                chrome.t(&format!("field-{}-{}", item.slug, field.name)),
                chrome.t(&format!("field-{}-{}-question", item.slug, field.name)),
                get(typed, field.name),
            )
            .error(fault(said, field.name))
        })
        .collect()
}
