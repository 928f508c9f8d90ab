//! Who bears the subsidy (SET-8): sums of a period by payer, each leading to its cases, with claims and grants.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::Datelike;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::booking::Typed;
use super::{fault, frame, in_words};
use crate::domain::fiscal::Payer;
use crate::domain::form::FieldError;
use crate::domain::time::Day;
use crate::store::fiscal::Period;
use crate::store::fiscal::listing::Which;
use crate::usecases::paying::sharing::{self, Account};
use crate::usecases::{App, Error, paying};
use crate::web::components::{Banner, BannerKind, ErrorSummary, InputKind, Opt, Select, TextField};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::finance as to;
use crate::web::words;

/// What the page was opened with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    payer: String,
    #[serde(default)]
    claim: String,
    #[serde(default)]
    pub(super) after: String,
    #[serde(default)]
    done: String,
}

impl Opened {
    /// The period; this year so far where none is named.
    fn period(&self, today: Day) -> Period {
        let first = Day::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
        (
            self.from.parse().unwrap_or(first),
            self.to.parse().unwrap_or(today),
        )
    }

    pub(super) fn which(&self, today: Day) -> Which {
        match self.claim.parse() {
            Ok(claim) => Which::Claim(claim),
            Err(_) => Which::Period(self.period(today), self.payer.parse().ok()),
        }
    }

    pub(super) fn filters(&self) -> [(&str, &str); 4] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("payer", &self.payer),
            ("claim", &self.claim),
        ]
    }
}

struct SumRow {
    payer: String,
    advanced_by: String,
    amount: String,
    unclaimed: String,
    cases: String,
}

struct ClaimRow {
    id: String,
    payer: String,
    period: String,
    amount: String,
    made: String,
    /// When it was paid; else where that is sent, with its field.
    paid: Option<String>,
    action: String,
    field: TextField,
    cases: String,
}

struct GrantRow {
    payer: String,
    on: String,
    amount: String,
    document: String,
}

#[derive(Template)]
#[template(path = "finance/shares.html")]
struct SharesPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    banner: Option<Banner>,
    days: Vec<TextField>,
    sums: Vec<SumRow>,
    grants: Vec<GrantRow>,
    claims: Vec<ClaimRow>,
    file: String,
    claim: Vec<TextField>,
    claim_payer: Select,
    grant: Vec<TextField>,
    grant_payer: Select,
}

/// `GET /finance/shares`.
pub async fn sums(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    again(&user, &request, &app, (&opened, &Typed::default()), &[]).await
}

/// The page, with what was typed into its forms and what is wrong with it.
pub(super) async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    (opened, typed): (&Opened, &Typed),
    errors: &[FieldError],
) -> Answer {
    let mut chrome = frame(request, "finance-shares-title");
    let (from, until) = opened.period(app.clock.now().day());
    let (account, order) = match sharing::of_period(app, &user.actor, (from, until)).await {
        Ok(account) => (account, vec![]),
        // The period can't be: its fault is told, and nothing is shown.
        Err(Error::Invalid(order)) => (Account::default(), order),
        Err(error) => return Err(error.into()),
    };
    let errors = [errors, order.as_slice()].concat();
    chrome.faulty = !errors.is_empty();
    let said: Vec<(String, String)> = in_words(&chrome, &errors)
        .into_iter()
        .map(|(field, words)| (typed.placed(&field), words))
        .collect();
    let pairs = said.iter().map(|(f, w)| (f.as_str(), w.as_str()));
    let (first, last) = (from.to_string(), until.to_string());
    let filters = [("from", first.as_str()), ("to", last.as_str())];
    let content = SharesPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        banner: done(&chrome, &opened.done),
        days: day_fields(&chrome, &filters, &said, ""),
        sums: sum_rows(&chrome, &account, &filters),
        grants: grant_rows(&chrome, &account),
        claims: claim_rows(&chrome, &account, &said),
        file: to::shares_file(&filters),
        claim: day_fields(&chrome, &filters, &said, "claim"),
        claim_payer: payers(&chrome, typed, &said, "claim"),
        grant: grant_fields(&chrome, typed, &said),
        grant_payer: payers(&chrome, typed, &said, "grant"),
        chrome,
    };
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn done(chrome: &Chrome, done: &str) -> Option<Banner> {
    let key = match done {
        "claimed" => "fiscal-done-claimed",
        "paid" => "fiscal-done-paid",
        "granted" => "fiscal-done-granted",
        _ => return None,
    };
    Some(Banner::new(
        chrome.locale,
        BannerKind::Success,
        chrome.t(key),
    ))
}

pub(super) fn payer_words(chrome: &Chrome, payer: Payer) -> String {
    chrome.t(&format!("fiscal-payer-{payer}"))
}

fn sum_rows(chrome: &Chrome, account: &Account, filters: &[(&str, &str)]) -> Vec<SumRow> {
    let mut sums = account.sums.clone();
    sums.sort_by_key(|sum| (sum.payer, sum.advanced_by));
    sums.iter()
        .map(|sum| SumRow {
            payer: payer_words(chrome, sum.payer),
            advanced_by: chrome.t(&format!("fiscal-advanced-by-{}", sum.advanced_by)),
            amount: words::amount(sum.amount.fen()),
            unclaimed: words::amount(sum.unclaimed.fen()),
            cases: to::share_cases(&[filters, &[("payer", sum.payer.as_str())]].concat()),
        })
        .collect()
}

fn grant_rows(chrome: &Chrome, account: &Account) -> Vec<GrantRow> {
    account
        .grants
        .iter()
        .map(|grant| GrantRow {
            payer: payer_words(chrome, grant.payer),
            on: words::day_plain(chrome.locale, grant.on),
            amount: words::amount(grant.amount.fen()),
            document: grant.document.clone(),
        })
        .collect()
}

fn claim_rows(chrome: &Chrome, account: &Account, said: &[(String, String)]) -> Vec<ClaimRow> {
    let day = |day| words::day_plain(chrome.locale, day);
    account
        .claims
        .iter()
        .map(|claim| {
            let id = claim.id.to_string();
            let name = format!("on-{id}");
            ClaimRow {
                payer: payer_words(chrome, claim.payer),
                period: format!("{} – {}", day(claim.from), day(claim.to)),
                amount: words::amount(claim.amount.fen()),
                made: words::moment_short(claim.at),
                paid: claim.paid_on.map(day),
                action: to::treasury_claim_paid(claim.id),
                field: TextField::new(chrome.locale, "on", chrome.t("fiscal-paid-on"))
                    .kind(InputKind::Date)
                    .error(fault(said, &name))
                    .told_apart(name),
                cases: to::share_cases(&[("claim", &id)]),
                id,
            }
        })
        .collect()
}

/// The two days of a period; those of a second form on the page are told apart by its name.
fn day_fields(
    chrome: &Chrome,
    values: &[(&str, &str)],
    said: &[(String, String)],
    form: &str,
) -> Vec<TextField> {
    values
        .iter()
        .map(|(name, value)| {
            let field = TextField::new(chrome.locale, name, chrome.t(&format!("period-{name}")))
                .kind(InputKind::Date)
                .hint("")
                .value(*value);
            match form {
                "" => field.error(fault(said, name)),
                form => {
                    let place = format!("{name}-{form}");
                    field.error(fault(said, &place)).told_apart(place)
                }
            }
        })
        .collect()
}

fn payers(chrome: &Chrome, typed: &Typed, said: &[(String, String)], form: &str) -> Select {
    let given = if typed.form == form {
        typed.payer.as_str()
    } else {
        ""
    };
    let options = Payer::iter()
        .filter(|payer| *payer != Payer::Unallocated)
        .map(|payer| Opt::new(payer.as_str(), payer_words(chrome, payer)).chosen_if(given));
    let place = format!("payer-{form}");
    Select::flat(
        chrome.locale,
        "payer",
        chrome.t("fiscal-payer"),
        options.collect(),
    )
    .error(fault(said, &place))
    .told_apart(place)
}

fn grant_fields(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Vec<TextField> {
    let field = |name: &str, label: &str, kind: InputKind, value: &str| {
        let place = format!("{name}-grant");
        TextField::new(chrome.locale, name, chrome.t(label))
            .kind(kind)
            .value(value)
            .error(fault(said, &place))
            .told_apart(place)
    };
    vec![
        field("amount", "fiscal-amount", InputKind::Short, &typed.amount),
        field("on", "fiscal-granted-on", InputKind::Date, &typed.on),
        field(
            "document",
            "fiscal-document",
            InputKind::Text,
            &typed.document,
        ),
    ]
}
