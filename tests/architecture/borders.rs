//! Import borders of the layers, and the one home of each thing that must have only one.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::rust_source::{self, Named};

/// What pure modules never name, beside the layers above them.
const IMPURE: &[&str] = &[
    "actix_multipart",
    "actix_web",
    "askama",
    "crossbeam_channel",
    "diesel",
    "diesel_migrations",
    "fluent_templates",
    "futures_util",
    "lettre",
    "metrics",
    "object_store",
    "rand",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "tokio",
    "tracing",
    "ureq",
];

/// Layer, whether it is pure, and the modules of this crate that it never uses.
const LAYERS: &[(&str, bool, &[&str])] = &[
    (
        "domain",
        true,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "items",
            "reports",
            "documents",
            "clock",
            "config",
        ],
    ),
    (
        "items",
        true,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "reports",
            "documents",
            "clock",
            "config",
        ],
    ),
    (
        "data",
        false,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "items",
            "reports",
            "documents",
            "clock",
        ],
    ),
    (
        "clock",
        false,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "items",
            "reports",
            "documents",
            "config",
        ],
    ),
    (
        "config",
        false,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "items",
            "reports",
            "documents",
        ],
    ),
    (
        "store",
        false,
        &["web", "usecases", "jobs", "notify", "reports", "identity"],
    ),
    (
        "notify",
        false,
        &["web", "usecases", "jobs", "store", "reports", "identity"],
    ),
    (
        "documents",
        false,
        &["web", "usecases", "jobs", "store", "reports", "identity"],
    ),
    (
        "identity",
        false,
        &[
            "store",
            "usecases",
            "web",
            "jobs",
            "notify",
            "items",
            "reports",
            "documents",
        ],
    ),
    ("usecases", false, &["web", "jobs", "reports"]),
    ("reports", false, &["web", "usecases", "jobs"]),
    ("web", false, &["jobs"]),
    ("jobs", false, &["web"]),
];

/// What stands at a path's front, the only places that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("diesel", &["src/store/"]),
    ("diesel_migrations", &["src/store/"]),
    (
        "actix_web",
        &["src/web/", "src/main.rs", "src/commands/service.rs"],
    ),
    ("actix_multipart", &["src/web/"]),
    ("tracing_actix_web", &["src/web/", "src/main.rs"]),
    ("askama", &["src/web/", "src/notify/"]),
    ("calamine", &["src/documents/"]),
    ("rust_xlsxwriter", &["src/documents/"]),
    ("encoding_rs", &["src/documents/"]),
    ("zip", &["src/documents/"]),
    ("ureq", &["src/identity/", "src/notify/"]),
    ("rustls", &["src/identity/", "src/notify/"]),
    ("std::env", &["src/config.rs", "src/config/"]),
];

/// What stands at a path's end: whoever names these reads the machine's time.
const TIME: &[&str] = &[
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "Uuid::now_v7",
    "Uuid::now_v6",
];

/// Paths that a layer names though it lies above it, or is outside what a pure layer may touch.
pub fn layers(file: &str, text: &str) -> Vec<String> {
    let Some((layer, pure, above)) = LAYERS.iter().find(|(layer, ..)| lies_in(file, layer)) else {
        return Vec::new();
    };
    findings(file, text, |named| {
        let upward = above.iter().any(|module| starts(named, &["crate", module]));
        let impure = *pure && IMPURE.iter().any(|place| starts_with(named, place));
        (upward || impure || starts(named, &["crate", "*"]))
            .then(|| format!("`{layer}` never uses"))
    })
}

/// Paths that belong to another module alone.
pub fn homes(file: &str, text: &str) -> Vec<String> {
    findings(file, text, |named| {
        let stranger = HOMES.iter().any(|(place, homes)| {
            starts_with(named, place) && !homes.iter().any(|home| file.starts_with(home))
        });
        let time = file != "src/clock.rs" && TIME.iter().any(|end| ends_with(named, end));
        (stranger || time).then(|| "not the home of".to_owned())
    })
}

/// Calls of the writing door of the database: `db.write(…)`, or any `write` that takes a closure.
pub fn writes(file: &str, text: &str) -> Vec<String> {
    let mut finder = Writes {
        file,
        found: Vec::new(),
    };
    finder.visit_file(&rust_source::parse(file, text));
    finder.found
}

fn findings(file: &str, text: &str, why: impl Fn(&Named) -> Option<String>) -> Vec<String> {
    rust_source::names(file, text)
        .iter()
        .filter_map(|named| {
            Some(format!(
                "{file}:{}: {} `{}`",
                named.line,
                why(named)?,
                named.segments.join("::")
            ))
        })
        .collect()
}

fn lies_in(file: &str, layer: &str) -> bool {
    file.starts_with(&format!("src/{layer}/")) || file == format!("src/{layer}.rs")
}

fn starts(named: &Named, front: &[&str]) -> bool {
    named.segments.len() >= front.len() && named.segments.iter().zip(front).all(|(a, b)| a == b)
}

fn starts_with(named: &Named, place: &str) -> bool {
    starts(named, &place.split("::").collect::<Vec<_>>())
}

fn ends_with(named: &Named, end: &str) -> bool {
    let (whole, end) = (
        format!("::{}", named.segments.join("::")),
        format!("::{end}"),
    );
    whole.ends_with(&end)
}

struct Writes<'f> {
    file: &'f str,
    found: Vec<String>,
}

impl<'a> Visit<'a> for Writes<'_> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !rust_source::is_test_only(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let closure = call
            .args
            .iter()
            .any(|argument| matches!(argument, syn::Expr::Closure(_)));
        if call.method == "write" && (closure || ends_in_db(&call.receiver)) {
            self.found.push(format!(
                "{}:{}: writes; call a use case",
                self.file,
                call.method.span().start().line
            ));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'a syn::ExprPath) {
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if names.ends_with(&["Db".to_owned(), "write".to_owned()]) {
            self.found.push(format!(
                "{}:{}: writes; call a use case",
                self.file,
                path.span().start().line
            ));
        }
    }
}

fn ends_in_db(receiver: &syn::Expr) -> bool {
    match receiver {
        syn::Expr::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "db"),
        syn::Expr::Field(field) => {
            matches!(&field.member, syn::Member::Named(name) if name == "db")
        }
        syn::Expr::MethodCall(call) => call.method == "db",
        syn::Expr::Reference(inner) => ends_in_db(&inner.expr),
        _ => false,
    }
}

#[rstest::rstest]
#[case("src/domain/case.rs", "use crate::store::Db;", 1)]
#[case("src/domain/case.rs", "use crate::{domain::time::Ts, items};", 1)]
#[case("src/domain/case.rs", "use tokio::sync::Mutex;", 1)]
#[case("src/domain/case.rs", "fn f() { std::fs::read(\"x\"); }", 1)]
#[case("src/domain/case.rs", "use crate::*;", 1)]
#[case("src/domain/case.rs", "use super::time::Ts; use chrono::NaiveDate;", 0)]
#[case("src/items/registration.rs", "use crate::domain::case::State;", 0)]
#[case("src/items/registration.rs", "use super::super::clock::Clock;", 1)]
#[case("src/store/case.rs", "use crate::usecases::filing;", 1)]
#[case(
    "src/store/case.rs",
    "use crate::domain::case::State; use diesel::prelude::*;",
    0
)]
#[case("src/usecases/filing.rs", "use crate::web::page::Page;", 1)]
#[case("src/jobs/timers.rs", "fn f() { vec![crate::web::urls::home()]; }", 1)]
#[case("src/clock.rs", "use crate::store::Db;", 1)]
fn a_broken_border_is_found(#[case] file: &str, #[case] text: &str, #[case] expected: usize) {
    assert_eq!(
        layers(file, text).len(),
        expected,
        "{:?}",
        layers(file, text)
    );
}

#[rstest::rstest]
#[case("src/usecases/filing.rs", "use diesel::prelude::*;", 1)]
#[case("src/store/case.rs", "use diesel::prelude::*;", 0)]
#[case("src/jobs/mod.rs", "use actix_web::web;", 1)]
#[case("src/main.rs", "use actix_web::rt;", 0)]
#[case("src/store/case.rs", "use askama::Template;", 1)]
#[case("src/notify/mail.rs", "use askama::Template;", 0)]
#[case("src/jobs/mod.rs", "fn f() { let at = chrono::Utc::now(); }", 1)]
#[case(
    "src/jobs/mod.rs",
    "fn f() { tokio::time::Instant::now(); std::time::SystemTime::now(); }",
    2
)]
#[case("src/jobs/mod.rs", "fn f() { Uuid::now_v7(); }", 1)]
#[case("src/clock.rs", "fn f() { Utc::now(); }", 0)]
#[case("src/main.rs", "fn f() { std::env::var(\"X\"); }", 1)]
#[case("src/main.rs", "use std::{env, fs};", 1)]
#[case("src/main.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\");", 0)]
#[case("src/config.rs", "fn f() { std::env::var(\"X\"); }", 0)]
fn a_thing_away_from_home_is_found(
    #[case] file: &str,
    #[case] text: &str,
    #[case] expected: usize,
) {
    assert_eq!(homes(file, text).len(), expected, "{:?}", homes(file, text));
}

#[rstest::rstest]
#[case("fn f(app: App) { app.db.write(save); }", 1)]
#[case("async fn f(store: Db) { store.write(|c| save(c)).await; }", 1)]
#[case("fn f() { Db::write(&db, save); }", 1)]
#[case("fn f(app: App) { app.db().write(save); }", 1)]
#[case("fn f(app: App) { app.db.read(|c| load(c)); lock.write(); }", 0)]
#[case("#[cfg(test)] mod tests { fn f() { db.write(save); } }", 0)]
fn a_write_in_a_page_is_found(#[case] text: &str, #[case] expected: usize) {
    assert_eq!(writes("src/web/desk.rs", text).len(), expected);
}
