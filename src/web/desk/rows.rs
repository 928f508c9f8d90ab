//! The table of cases that all lists of the desk share: what matters for choosing, one line a case. Names are
//! masked here; the case page shows them.

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::TimeDelta;

use super::answers::{region_name, term};
use crate::data::texts::{has_text, text};
use crate::domain::actor::Actor;
use crate::domain::case::{Case, ClockState};
use crate::domain::deadline;
use crate::domain::ids::AccountId;
use crate::domain::locale::Locale;
use crate::domain::person_name::PersonName;
use crate::domain::time::Ts;
use crate::store::cases::Listed;
use crate::usecases::App;
use crate::usecases::desk::{Facts, facts};
use crate::usecases::viewing::{self, working_time_left};
use crate::web::components::{Deadline, Tag};
use crate::web::page::Chrome;
use crate::web::problem::Failure;
use crate::web::urls;
use crate::web::words::{self, Remaining};

/// A table of cases.
#[derive(Clone, Debug, Template)]
#[template(path = "desk/table.html")]
pub struct CaseTable {
    locale: Locale,
    caption: String,
    rows: Vec<Row>,
}

impl HtmlSafe for CaseTable {}

/// One case.
#[derive(Clone, Debug)]
struct Row {
    url: String,
    receipt_no: String,
    item: String,
    facts: Vec<String>,
    person: String,
    filed: String,
    waited: String,
    turn: String,
    deadline: Deadline,
    pause: Option<String>,
    state: Tag,
    urgency: Tag,
    holder: Option<String>,
    marks: Vec<String>,
}

impl CaseTable {
    /// From cases the reader was given; `from` is the list's own address, where the case page leads back.
    ///
    /// # Errors
    /// The database's.
    pub async fn new(
        app: &App,
        chrome: &Chrome,
        actor: &Actor,
        caption: &str,
        from: &str,
        (listed, names): (&[Listed], &BTreeMap<AccountId, String>),
    ) -> Result<Self, Failure> {
        let facts = facts(app, listed).await?;
        Ok(Self::of(
            app,
            chrome,
            actor,
            caption,
            from,
            (listed, names, &facts),
        ))
    }

    /// The same with the facts at hand.
    pub fn of(
        app: &App,
        chrome: &Chrome,
        actor: &Actor,
        caption: &str,
        from: &str,
        (listed, names, facts): (&[Listed], &BTreeMap<AccountId, String>, &Facts),
    ) -> Self {
        let now = app.clock.now();
        let rows = listed
            .iter()
            .map(|listed| Row::new(app, chrome, (actor, names), facts, (from, now), listed))
            .collect();
        Self {
            locale: chrome.locale,
            caption: chrome.t(caption),
            rows,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn t(&self, key: &str) -> String {
        text(self.locale, key)
    }
}

impl Row {
    fn new(
        app: &App,
        chrome: &Chrome,
        (actor, names): (&Actor, &BTreeMap<AccountId, String>),
        facts: &Facts,
        (from, now): (&str, Ts),
        listed: &Listed,
    ) -> Self {
        let (case, locale) = (&listed.case, chrome.locale);
        let holder = case.holder.map(|holder| {
            if holder == actor.account {
                chrome.t("desk-me")
            } else {
                names.get(&holder).cloned().unwrap_or_default()
            }
        });
        Self {
            url: urls::desk::case(&case.receipt_no, from),
            receipt_no: case.receipt_no.clone(),
            item: chrome.t(&format!("item-{}", case.item)),
            facts: facts
                .get(&case.id)
                .map(|facts| fact_words(app, locale, case, facts))
                .unwrap_or_default(),
            person: masked(&listed.person_name),
            filed: words::moment_short(case.filed_at),
            waited: waited(app, locale, case, case.filed_at, now),
            turn: waited(app, locale, case, listed.turn_at, now),
            deadline: deadline_of(app, locale, case, now, true),
            pause: pause(locale, case),
            state: Tag::state(locale, case.state),
            urgency: Tag::urgency(locale, case.urgency),
            holder,
            marks: marks(chrome, case),
        }
    }
}

/// Kind and destination, where the item has them.
fn fact_words(
    app: &App,
    locale: Locale,
    case: &Case,
    facts: &BTreeMap<String, String>,
) -> Vec<String> {
    let kind = facts
        .get("kind")
        .map(|kind| term(locale, &case.item, "kind", kind));
    let place = facts
        .get("destination")
        .map(|code| region_name(app, locale, code));
    kind.into_iter().chain(place).collect()
}

fn marks(chrome: &Chrome, case: &Case) -> Vec<String> {
    let mut keys = vec![];
    if case.front {
        keys.push("desk-mark-front");
    }
    if case.breached_at.is_some() {
        keys.push("desk-mark-breached");
    }
    if case.supplements > 1 {
        keys.push("desk-mark-supplements");
    }
    keys.into_iter().map(|key| chrome.t(key)).collect()
}

/// The first character of a name, the others starred.
pub fn masked(name: &str) -> String {
    PersonName::parse(name).map_or_else(|_| "*".to_owned(), |name| name.masked())
}

/// For whom a case waits, while it does (CLK-5).
pub fn pause(locale: Locale, case: &Case) -> Option<String> {
    match case.clock {
        ClockState::Paused { reason, .. } => {
            Some(text(locale, &format!("pause-{}", reason.as_str())))
        }
        ClockState::Running { .. } | ClockState::Stopped { .. } => None,
    }
}

/// Working time since an instant, in words; what is over waits no more.
pub fn waited(app: &App, locale: Locale, case: &Case, since: Ts, now: Ts) -> String {
    if case.state.is_final() {
        return String::new();
    }
    let hours = app.office.hours(case.agency);
    let time = deadline::working_time(&app.calendar(), hours, since, now);
    words::working_time(locale, time.num_minutes(), day_minutes(app, case))
}

/// How a case stands to its deadline.
pub fn deadline_of(app: &App, locale: Locale, case: &Case, now: Ts, dense: bool) -> Deadline {
    let minutes = |left: TimeDelta| {
        if left < TimeDelta::zero() {
            Remaining::Over(-left.num_minutes())
        } else {
            Remaining::Left(left.num_minutes())
        }
    };
    let remaining = match case.clock {
        ClockState::Running { term } if deadline::is_late(term.due, now) => {
            let over = working_time_left(app, case, now).unwrap_or_default();
            Remaining::Over(over.num_minutes().abs())
        }
        ClockState::Running { .. } => {
            working_time_left(app, case, now).map_or(Remaining::Stopped, minutes)
        }
        ClockState::Paused { .. } => Remaining::Paused,
        ClockState::Stopped { .. } => Remaining::Stopped,
    };
    let provisional = match case.clock {
        ClockState::Running { term } => term.provisional,
        ClockState::Paused { .. } | ClockState::Stopped { .. } => false,
    };
    Deadline {
        locale,
        remaining,
        due: case.due(),
        day_minutes: day_minutes(app, case),
        mark: viewing::mark(app, case, now),
        provisional,
        dense,
    }
}

fn day_minutes(app: &App, case: &Case) -> i64 {
    app.office.hours(case.agency).length().num_minutes()
}

/// Words of an item, or its slug where it has none.
pub fn item_name(locale: Locale, slug: &str) -> String {
    let key = format!("item-{slug}");
    if has_text(locale, &key) {
        text(locale, &key)
    } else {
        slug.to_owned()
    }
}
