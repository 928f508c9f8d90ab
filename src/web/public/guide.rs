//! The guide of an item (CAT-1), from the same definition that drives its form; and the page of an item that
//! is not online yet (CAT-2). Time limits are computed for the moment at which the page is read.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::Datelike;
use serde::Deserialize;

use super::basis::{self, BasisWords};
use super::calendar::kind_words;
use super::catalogue::channel_words;
use super::flow::{Flow, Station, stations};
use super::{agency_name, frame, hours, pool_name, pools};
use crate::data::texts::text_with;
use crate::domain::calendar::{Certainty, DayKind};
use crate::domain::case::Channel;
use crate::domain::deadline::{self, Deadline};
use crate::domain::form::{Kind, Need};
use crate::domain::item::{Basis, ServiceItem};
use crate::domain::locale::Locale;
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::items;
use crate::items::offline::OfflineItem;
use crate::usecases::{App, statistics};
use crate::web::chrome::Link;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{MaybeSignedIn, role_key};
use crate::web::urls;
use crate::web::words;

/// Whose agencies are shown.
#[derive(Deserialize)]
pub struct Choice {
    pool: Option<String>,
}

/// A clause an item rests on.
struct Clause {
    title: Option<String>,
    words: String,
    rules: String,
}

/// A question of the form.
struct Asked {
    label: String,
    options: Vec<String>,
    remark: Option<String>,
}

/// A paper.
struct Paper {
    name: String,
    remark: String,
}

/// An agency that can be turned to.
struct Department {
    name: String,
    phone: String,
    address: String,
    hours: String,
}

/// A pool's agencies, and the links to those of the others.
struct Where {
    name: String,
    departments: Vec<Department>,
    others: Vec<Link>,
}

/// A time limit with its ground.
struct Limit {
    words: String,
    basis: BasisWords,
}

#[derive(Template)]
#[template(path = "public/guide.html")]
struct GuidePage {
    chrome: Chrome,
    /// Where filing begins, for whom the item is meant and for visitors.
    begin: Option<String>,
    summary: String,
    audience: String,
    channels: String,
    first_answer: Limit,
    whole: Limit,
    /// What the item can be expected to take.
    expected: Option<String>,
    example: Deadline,
    flow: Flow,
    stations: Vec<Station>,
    asked: Vec<Asked>,
    papers: Vec<Paper>,
    clauses: Vec<Clause>,
    place: Where,
}

impl GuidePage {
    fn is_provisional(&self) -> bool {
        self.example.certainty == Certainty::Provisional
    }

    fn skipped(&self, day: &Day, kind: &DayKind) -> String {
        let kind = kind_words(self.chrome.locale, kind);
        self.chrome.t2(
            "guide-computed-skipped",
            ("day", self.chrome.day(day)),
            ("kind", kind),
        )
    }

    fn year(&self) -> i32 {
        self.example.due.day().year()
    }
}

#[derive(Template)]
#[template(path = "public/guide_offline.html")]
struct OfflinePage {
    chrome: Chrome,
    summary: String,
    ways: Vec<String>,
    clauses: Vec<Clause>,
    place: Where,
}

/// `GET /items/{slug}`: `?pool=` chooses the agencies.
pub async fn guide(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    slug: web::Path<String>,
    choice: web::Query<Choice>,
) -> Answer {
    let all = pools(&app);
    let asked_for = choice.pool.as_deref().and_then(|pool| pool.parse().ok());
    let pool = asked_for
        .filter(|pool| all.contains(pool))
        .or_else(|| all.first().copied());
    let offline = || items::offline::ALL.iter().find(|item| item.slug == *slug);
    if let Some(item) = items::find(&slug) {
        let expected = expected_words(&app, frame(&request, "").locale, item.slug, pool).await?;
        let content = online_page(&request, &app, item, pool, expected);
        return Ok(page(StatusCode::OK, &content));
    }
    match offline() {
        Some(item) => Ok(page(
            StatusCode::OK,
            &offline_page(&request, &app, item, pool),
        )),
        None => Err(Failure::not_found()),
    }
}

/// Within which time nine of ten cases of the last 30 days were finished (CLK-9); nothing of few cases.
///
/// # Errors
/// The database's.
pub(in crate::web) async fn expected_words(
    app: &App,
    locale: Locale,
    item: &'static str,
    pool: Option<Pool>,
) -> Result<Option<String>, Failure> {
    let Some(pool) = pool else {
        return Ok(None);
    };
    let day = app.office.hours(pool.city_agency()).length().num_minutes();
    let expected = statistics::expected(app, pool, item).await?;
    Ok(expected.map(|minutes| {
        let time = words::working_time(locale, i64::from(minutes), day);
        text_with(locale, "expected-time", &[("time", time.into())])
    }))
}

fn titled(request: &HttpRequest, slug: &str) -> Chrome {
    let mut chrome = frame(request, &format!("item-{slug}"));
    let up = Link::to(urls::items(), chrome.t("nav-items"));
    chrome.breadcrumbs.push(up);
    chrome
}

fn online_page(
    request: &HttpRequest,
    app: &App,
    item: &'static ServiceItem,
    pool: Option<Pool>,
    expected: Option<String>,
) -> GuidePage {
    let chrome = titled(request, item.slug);
    let (locale, now) = (chrome.locale, app.clock.now());
    let policy = match pool {
        Some(pool) => app.office.policies.on(pool, now.day()),
        None => app.office.policies.default_on(now.day()),
    };
    let limit = |stated: &crate::domain::policy::value::Stated<
        crate::domain::policy::value::WorkingDays,
    >| Limit {
        words: chrome.t1("working-days", "days", stated.value.0),
        basis: basis::of_value(locale, &stated.basis),
    };
    let first = policy.first_answer(item.slug);
    let business = pool.map_or_else(Default::default, |pool| {
        app.office.hours(pool.city_agency())
    });
    let days = u16::try_from(first.value.0).unwrap_or(u16::MAX);
    let roles: Vec<String> = item
        .audience
        .iter()
        .map(|role| chrome.t(&format!("role-{role}")))
        .collect();
    GuidePage {
        begin: begin(&chrome, item),
        summary: chrome.t(&format!("item-{}-summary", item.slug)),
        audience: roles.join(" / "),
        channels: channel_words(locale, item.channels),
        first_answer: limit(first),
        whole: limit(policy.whole_case(item.slug)),
        expected,
        example: deadline::due(&app.calendar(), business, now, days),
        flow: Flow::of(locale, item),
        stations: stations(locale, item),
        asked: asked(&chrome, item),
        papers: papers(&chrome, item),
        clauses: clauses(app, &chrome, item.basis),
        place: place(app, &chrome, item.slug, pool),
        chrome,
    }
}

/// Visitors are asked to sign in there; other roles would only be refused.
fn begin(chrome: &Chrome, item: &ServiceItem) -> Option<String> {
    let mut audience = item.audience.iter().map(|role| role_key(*role));
    let is_meant = match &chrome.user {
        None => true,
        Some(user) => audience.any(|key| key == user.role),
    };
    is_meant.then(|| urls::file_item(item.slug))
}

fn offline_page(
    request: &HttpRequest,
    app: &App,
    item: &OfflineItem,
    pool: Option<Pool>,
) -> OfflinePage {
    let chrome = titled(request, item.slug);
    // CAT-2: whatever else there is, the department can always be called.
    let phone = (!item.ways.contains(&Channel::Phone)).then_some(Channel::Phone);
    let ways = item.ways.iter().copied().chain(phone);
    OfflinePage {
        summary: chrome.t(&format!("item-{}-summary", item.slug)),
        ways: ways
            .map(|way| chrome.t(&format!("offline-way-{way}")))
            .collect(),
        clauses: clauses(app, &chrome, &[item.basis]),
        place: place(app, &chrome, item.slug, pool),
        chrome,
    }
}

fn asked(chrome: &Chrome, item: &ServiceItem) -> Vec<Asked> {
    let question = |field: &crate::domain::form::Field| {
        let options = match &field.kind {
            Kind::Choice(options) => options
                .iter()
                .map(|option| chrome.t(&format!("choice-{}-{}-{option}", item.slug, field.name)))
                .collect(),
            Kind::Region
            | Kind::Day
            | Kind::Phone
            | Kind::Text(_)
            | Kind::Pledge
            | Kind::Registration => vec![],
        };
        let remark = match (field.prefill, field.need) {
            (Some(_), _) => Some("guide-prefilled"),
            (None, Need::Optional) => Some("guide-optional"),
            (None, Need::Always) => None,
        };
        Asked {
            label: chrome.t(&format!("field-{}-{}", item.slug, field.name)),
            options,
            remark: remark.map(|key| chrome.t(key)),
        }
    };
    item.form.fields.iter().map(question).collect()
}

fn papers(chrome: &Chrome, item: &ServiceItem) -> Vec<Paper> {
    let paper = |material: &crate::domain::item::Material| Paper {
        name: chrome.t(&format!("material-{}", material.name)),
        remark: chrome.t(match material.deferrable {
            true => "guide-deferrable",
            false => "guide-needed",
        }),
    };
    item.materials.iter().map(paper).collect()
}

fn clauses(app: &App, chrome: &Chrome, basis: &[Basis]) -> Vec<Clause> {
    let today = app.clock.now().day();
    // Several rules may rest on one clause; it is named once.
    let mut places: Vec<(&Basis, Vec<&str>)> = vec![];
    for one in basis {
        let same = |(known, _): &&mut (&Basis, Vec<&str>)| {
            (known.source, known.clause) == (one.source, one.clause)
        };
        match places.iter_mut().find(same) {
            Some((_, rules)) => rules.push(one.rule),
            None => places.push((one, vec![one.rule])),
        }
    }
    let clause = |(basis, rules): (&Basis, Vec<&str>)| Clause {
        title: basis::title(&app.office.policies, today, basis.source),
        words: chrome.t2(
            "guide-clause",
            ("source", basis.source),
            ("clause", basis.clause),
        ),
        rules: rules.join(", "),
    };
    places.into_iter().map(clause).collect()
}

fn place(app: &App, chrome: &Chrome, slug: &str, pool: Option<Pool>) -> Where {
    let agencies = app.office.agencies();
    let departments = agencies
        .values()
        .filter(|agency| Some(agency.pool) == pool)
        .map(|agency| Department {
            name: agency_name(agency, chrome.locale).to_owned(),
            phone: agency.phone.clone(),
            address: agency.address.clone(),
            hours: hours(agency),
        })
        .collect();
    let others = pools(app)
        .into_iter()
        .filter(|other| Some(*other) != pool)
        .map(|other| {
            Link::to(
                urls::item_in(slug, other),
                pool_name(app, chrome.locale, other),
            )
        })
        .collect();
    Where {
        name: pool.map_or_else(String::new, |pool| pool_name(app, chrome.locale, pool)),
        departments,
        others,
    }
}
