//! The policy of a pool on a day: every value with what it rests on, choices and samples marked as such.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::basis::{self, BasisWords};
use super::{frame, pool_name, pools};
use crate::data::dates;
use crate::data::texts::{has_text, text, text_with};
use crate::domain::form::read_day;
use crate::domain::locale::Locale;
use crate::domain::place::Pool;
use crate::domain::policy::value::{Row, Value, Window};
use crate::domain::time::Day;
use crate::items;
use crate::usecases::App;
use crate::web::chrome::Link;
use crate::web::components::{InputKind, TextField};
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::MaybeSignedIn;
use crate::web::{urls, words};

/// The day asked for.
#[derive(Deserialize)]
pub struct On {
    on: Option<String>,
}

/// One value.
struct Shown {
    label: String,
    lines: Vec<String>,
    window: String,
    basis: BasisWords,
}

/// The values of one subject.
struct Group {
    heading: String,
    values: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "public/policy.html")]
struct PolicyPage {
    chrome: Chrome,
    on: TextField,
    own: Option<String>,
    groups: Vec<Group>,
    here: String,
    others: Vec<Link>,
}

/// `GET /policy/{pool}`: `?on=` names the day, today without it.
pub async fn policy(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    pool: web::Path<String>,
    on: web::Query<On>,
) -> Answer {
    let pool: Pool = pool.parse().map_err(|_| Failure::not_found())?;
    let known = pools(&app);
    if !known.contains(&pool) && app.office.policies.own(pool).is_none() {
        return Err(Failure::not_found());
    }
    let mut chrome = frame(&request, "policy-title");
    let locale = chrome.locale;
    let typed = on.on.clone().unwrap_or_default();
    let asked = read_day(&typed);
    let day = asked.unwrap_or_else(|| app.clock.now().day());
    let fault = (asked.is_none() && !typed.is_empty()).then(|| chrome.t("error-day-impossible"));
    let name = pool_name(&app, locale, pool);
    chrome.title = chrome.t2(
        "policy-title",
        ("pool", name),
        ("day", dates::day_plain(locale, day)),
    );
    let shown = fault.as_ref().map_or_else(|| day.to_string(), |_| typed);
    let content = PolicyPage {
        on: TextField::new(locale, "on", chrome.t("policy-on"))
            .kind(InputKind::Date)
            .value(shown)
            .error(fault),
        own: app
            .office
            .policies
            .own(pool)
            .is_none()
            .then(|| chrome.t("policy-default-only")),
        groups: groups(&app, locale, pool, day),
        here: urls::policy(pool),
        others: known
            .into_iter()
            .filter(|other| *other != pool)
            .map(|other| Link::to(urls::policy_on(other, day), pool_name(&app, locale, other)))
            .collect(),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn groups(app: &App, locale: Locale, pool: Pool, day: Day) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<Shown>> = BTreeMap::new();
    for (key, (_, stated)) in app.office.policies.on(pool, day).values() {
        let subject = key.split('.').next().unwrap_or(key);
        groups.entry(subject).or_default().push(Shown {
            label: label(locale, key),
            lines: lines(locale, &stated.value),
            window: window(locale, stated.window),
            basis: basis::of_value(locale, &stated.basis),
        });
    }
    groups
        .into_iter()
        .map(|(subject, values)| Group {
            heading: text(locale, &format!("policy-group-{subject}")),
            values,
        })
        .collect()
}

/// The name of a key; of a family the item it is about stands behind it.
fn label(locale: Locale, key: &str) -> String {
    let own = format!("policy-key-{}", key.replace('.', "-"));
    if has_text(locale, &own) {
        return text(locale, &own);
    }
    let (family, slug) = key.rsplit_once('.').unwrap_or((key, ""));
    let item = match items::find(slug) {
        Some(_) => text(locale, &format!("item-{slug}")),
        None => text(locale, "policy-every-other-item"),
    };
    let family = text(locale, &format!("policy-key-{}", family.replace('.', "-")));
    text_with(
        locale,
        "policy-of-item",
        &[("what", family.into()), ("item", item.into())],
    )
}

fn window(locale: Locale, window: Window) -> String {
    let from = dates::day_plain(locale, window.from);
    match window.to {
        Some(to) => text_with(
            locale,
            "policy-from-to",
            &[
                ("from", from.into()),
                ("to", dates::day_plain(locale, to).into()),
            ],
        ),
        None => text_with(locale, "policy-from", &[("from", from.into())]),
    }
}

fn lines(locale: Locale, value: &Value) -> Vec<String> {
    match value {
        Value::List(names) => names.iter().map(|name| named(locale, name)).collect(),
        Value::Table(rows) => rows.iter().map(|row| line(locale, row)).collect(),
        other => vec![one(locale, other)],
    }
}

fn line(locale: Locale, row: &Row) -> String {
    // Of words in two languages the reader's.
    let foreign = match locale {
        Locale::Zh => ["body_en", "en"],
        Locale::En => ["body_zh", "zh"],
    };
    let cells: Vec<String> = row
        .iter()
        .filter(|(column, _)| !foreign.contains(*column))
        .map(|(column, value)| {
            let name = text(
                locale,
                &format!("policy-column-{}", column.replace('_', "-")),
            );
            text_with(
                locale,
                "policy-cell",
                &[("name", name.into()), ("value", one(locale, value).into())],
            )
        })
        .collect();
    cells.join(match locale {
        Locale::Zh => "；",
        Locale::En => "; ",
    })
}

fn one(locale: Locale, value: &Value) -> String {
    let counted = |key: &str, name: &'static str, number: u32| {
        text_with(locale, key, &[(name, number.into())])
    };
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Fen(fen) => words::money(locale, *fen),
        Value::Ratio(points) => percent(points.0),
        Value::WorkingDays(days) => counted("working-days", "days", days.0),
        Value::Days(days) => counted("policy-days", "count", days.0),
        Value::Months(months) => counted("policy-months", "count", months.0),
        Value::Date(day) => dates::day_plain(locale, *day),
        Value::Text(words) => named(locale, words),
        Value::List(names) => {
            let names: Vec<String> = names.iter().map(|name| named(locale, name)).collect();
            names.join(", ")
        }
        Value::DaysBefore(days) => {
            let days: Vec<String> = days
                .iter()
                .map(|days| counted("policy-days-before", "count", *days))
                .collect();
            days.join(", ")
        }
        Value::Hours(spans) => {
            let span = |span: &crate::domain::policy::value::Span| {
                format!("{}–{}", span.from.format("%H:%M"), span.to.format("%H:%M"))
            };
            spans.iter().map(span).collect::<Vec<_>>().join(", ")
        }
        Value::Table(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| line(locale, row)).collect();
            rows.join(" / ")
        }
    }
}

/// Words of an option, or the text itself where it is words already.
fn named(locale: Locale, name: &str) -> String {
    [format!("policy-option-{name}"), format!("item-{name}")]
        .into_iter()
        .find(|key| name.is_ascii() && has_text(locale, key))
        .map_or_else(|| name.to_owned(), |key| text(locale, &key))
}

/// Basis points as per cent: `75 %`, `0.5 %`.
fn percent(points: u16) -> String {
    match (points / 100, points % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, rest) => format!("{whole}.{} %", format!("{rest:02}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::policies;
    use rstest::rstest;

    #[rstest]
    #[case(7500, "75 %")]
    #[case(50, "0.5 %")]
    #[case(1205, "12.05 %")]
    #[case(0, "0 %")]
    fn basis_points_are_written_as_per_cent(#[case] points: u16, #[case] expected: &str) {
        assert_eq!(percent(points), expected);
    }

    #[test]
    fn every_value_of_every_pack_is_named_in_both_languages() {
        let set = policies::load().unwrap();
        let days = ["2020-02-10", "2022-09-01", "2023-02-01", "2026-11-24"];
        let mut missing = std::collections::BTreeSet::new();
        for locale in Locale::ALL {
            for (pool, day) in set.pools().flat_map(|p| days.map(|d| (p, d))) {
                for (key, (_, stated)) in set.on(pool, day.parse().unwrap()).values() {
                    let mut words = vec![label(locale, key)];
                    words.extend(lines(locale, &stated.value));
                    words.push(text(
                        locale,
                        &format!("policy-group-{}", key.split('.').next().unwrap()),
                    ));
                    let raw = words.iter().filter(|line| {
                        line.contains("policy-")
                            || (locale == Locale::Zh
                                && line.split(['；', '：', ',']).any(|part| {
                                    let part = part.trim();
                                    part.len() > 2
                                        && part.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                                }))
                    });
                    missing.extend(raw.map(|line| format!("{key}: {line}")));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
