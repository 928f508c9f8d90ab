//! What is asked when somebody files for somebody else: item, person, call back, and the questions of the item.

use super::filing::{Typed, fault, get};
use crate::domain::item::ServiceItem;
use crate::domain::registration::Registration;
use crate::items;
use crate::usecases::App;
use crate::usecases::behalf::RESULTS;
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{Checks, Choice, InputKind, Opt, Select, TextField};
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

/// Who is on the phone, and the call back that proves it.
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
    let last_six = TextField::new(locale, "last_six", chrome.t("behalf-last_six"))
        .kind(InputKind::Short)
        .value(get(typed, "last_six"));
    let name = TextField::new(locale, "name", chrome.t("behalf-name")).value(get(typed, "name"));
    vec![
        line("id_number", InputKind::IdNumber, "for"),
        Control::Text(name.optional().hint(chrome.t("behalf-or-name"))),
        Control::Text(last_six.optional()),
        line("number", InputKind::Phone, "call_back.number"),
        Control::Choice(result.error(fault(said, "call_back.result"))),
        Control::Text(at),
    ]
}

/// The item's own questions, and whether it is urgent.
pub(super) fn controls(
    chrome: &Chrome,
    app: &App,
    item: &'static ServiceItem,
    registrations: &[Registration],
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
        .map(|field| {
            let asked = Asked {
                locale: chrome.locale,
                slug: item.slug,
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
