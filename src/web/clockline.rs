//! The clock of a case in words: the line of its runs and pauses (CLK-5), and step by step how the present due time
//! was computed (CLK-3). The same for pages and API; members of staff are named to staff only.

use askama::Template;
use askama::filters::HtmlSafe;

use super::words;
use crate::data::texts::{text, text_with};
use crate::domain::actor::Sight;
use crate::domain::calendar::{Certainty, DayKind};
use crate::domain::case::{ClockState, UrgentLimit};
use crate::domain::clockline::{Stretch, What, line};
use crate::domain::deadline::{self, Deadline};
use crate::domain::event::Event;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::usecases::App;
use crate::usecases::viewing::Full;

/// One stretch in words.
#[derive(Clone, Debug)]
pub struct Row {
    /// From when.
    pub from: String,
    /// To when; "now" for the present one.
    pub to: String,
    /// What the clock does, and what began it.
    pub what: String,
    /// For whom it stands still and who asked, or until when it runs.
    pub more: Vec<String>,
    /// Working time that passed in it, while it ran.
    pub spent: String,
    /// The present stretch.
    pub is_present: bool,
}

/// The line, its latest stretch first; unfolded where it tells more than the deadline does.
#[derive(Clone, Debug, Template)]
#[template(path = "components/clockline.html")]
pub struct ClockLine {
    locale: Locale,
    rows: Vec<Row>,
}

impl HtmlSafe for ClockLine {}

impl ClockLine {
    /// The line of a case as its reader may see it.
    pub fn of(app: &App, locale: Locale, full: &Full) -> Self {
        let rows = stretches(full)
            .iter()
            .rev()
            .map(|stretch| row(app, locale, full, stretch))
            .collect();
        Self { locale, rows }
    }

    /// One run that goes on tells nothing that the deadline above does not tell.
    fn is_worth_showing(&self) -> bool {
        self.rows.len() > 1
    }

    fn words(&self, key: &str) -> String {
        text(self.locale, key)
    }
}

/// The runs and pauses of a case.
pub fn stretches(full: &Full) -> Vec<Stretch> {
    let events: Vec<Event> = full
        .entries
        .iter()
        .map(|entry| entry.event.clone())
        .collect();
    line(&events)
}

fn row(app: &App, locale: Locale, full: &Full, stretch: &Stretch) -> Row {
    let case = &full.summary.listed.case;
    let is_present = stretch.to.is_none();
    let to = stretch.to.unwrap_or_else(|| app.clock.now());
    let hours = app.office.hours(case.agency);
    let (what, more, spent) = match &stretch.what {
        What::Running { term, missed } => {
            let mut more = vec![with(locale, "clock-until", words::moment(locale, term.due))];
            more.extend(missed.map(|at| with(locale, "clock-missed", words::moment(locale, at))));
            let time = deadline::working_time(&app.calendar(), hours, stretch.from, to);
            let time =
                words::working_time(locale, time.num_minutes(), hours.length().num_minutes());
            let spent = with(locale, "clock-spent", time);
            let what = text(locale, &format!("clock-begun-{}", stretch.begun_by));
            (what, more, spent)
        }
        What::Paused { reason, by } => {
            let what = text(locale, &format!("clock-paused-{}", reason.as_str()));
            let who = match full.summary.sight {
                Sight::Office => by.and_then(|by| full.names.get(&by).cloned()),
                Sight::Own | Sight::None => Some(text(locale, "clock-agency")),
            };
            let more = who.map(|who| with(locale, "clock-asked-by", who));
            (
                what,
                more.into_iter().collect(),
                text(locale, "clock-not-counted"),
            )
        }
    };
    Row {
        from: words::moment(locale, stretch.from),
        to: match is_present {
            true => text(locale, "clock-now"),
            false => words::moment(locale, to),
        },
        what,
        more,
        spent,
        is_present,
    }
}

fn with(locale: Locale, key: &str, value: String) -> String {
    text_with(locale, key, &[("text", value.into())])
}

/// Step by step how the due time came about, or since when and for whom the clock stands; one line a day.
pub fn computed(locale: Locale, full: &Full) -> Vec<String> {
    let case = &full.summary.listed.case;
    match (&case.clock, &full.deadline) {
        (ClockState::Running { term }, Some(deadline)) => {
            let begun = stretches(full).last().map(|stretch| stretch.begun_by);
            let begun = begun.map_or_else(String::new, |action| action.to_string());
            match term.urgent {
                Some(limit) => urgent_steps(locale, deadline, limit, &begun),
                None => steps(locale, deadline, &begun),
            }
        }
        (ClockState::Paused { reason, since, .. }, _) => {
            let key = format!("clock-step-paused-{}", reason.as_str());
            vec![dated(locale, *since, &key)]
        }
        (ClockState::Running { .. } | ClockState::Stopped { .. }, _) => vec![],
    }
}

fn steps(locale: Locale, deadline: &Deadline, begun: &str) -> Vec<String> {
    let mut steps = vec![(
        deadline.start.day(),
        dated(locale, deadline.start, &format!("clock-step-{begun}")),
    )];
    let day = |day, key: &str| {
        (
            day,
            text_with(locale, key, &[("day", format!("{day}").into())]),
        )
    };
    steps.extend(
        deadline
            .counted
            .iter()
            .map(|counted| day(*counted, "clock-step-counted")),
    );
    steps.extend(deadline.skipped.iter().map(|(skipped, kind)| {
        let key = match kind {
            DayKind::Weekend => "clock-step-weekend",
            // Worked days are never passed over.
            DayKind::Holiday | DayKind::Workday | DayKind::MakeUpWorkday => "clock-step-holiday",
        };
        day(*skipped, key)
    }));
    steps.sort_by_key(|(day, _)| *day);
    let mut lines: Vec<String> = steps.into_iter().map(|(_, line)| line).collect();
    lines.push(due(locale, deadline.due));
    if deadline.certainty == Certainty::Provisional {
        lines.push(text(locale, "clock-step-provisional"));
    }
    lines
}

/// An urgent case is due so many working hours after it became one, at the end of its days at the latest (CAT-4).
fn urgent_steps(
    locale: Locale,
    deadline: &Deadline,
    limit: UrgentLimit,
    begun: &str,
) -> Vec<String> {
    let hours = [
        ("day", limit.from.day().to_string().into()),
        ("time", clock_time(limit.from).into()),
        ("hours", limit.hours.to_string().into()),
    ];
    vec![
        dated(locale, deadline.start, &format!("clock-step-{begun}")),
        text_with(locale, "clock-step-urgent", &hours),
        due(locale, deadline.due),
    ]
}

fn due(locale: Locale, at: Ts) -> String {
    text_with(
        locale,
        "clock-step-due",
        &[
            ("day", at.day().to_string().into()),
            ("time", clock_time(at).into()),
        ],
    )
}

fn clock_time(at: Ts) -> String {
    at.beijing().format("%H:%M").to_string()
}

fn dated(locale: Locale, at: Ts, key: &str) -> String {
    text_with(locale, key, &[("day", at.day().to_string().into())])
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::data::texts::has_text;
    use crate::domain::case::PauseReason;
    use crate::domain::workflow::Action;

    const BEGINNERS: [Action; 7] = [
        Action::Submit,
        Action::Accept,
        Action::Supplement,
        Action::Reopen,
        Action::Redate,
        Action::SetUrgency,
        Action::Answer,
    ];

    #[test]
    fn every_stretch_has_words_in_both_languages() {
        for locale in Locale::ALL {
            for action in BEGINNERS {
                assert!(has_text(locale, &format!("clock-begun-{action}")));
                let step = dated(
                    locale,
                    Ts::parse("2026-11-20T10:00:00+08:00").unwrap(),
                    &format!("clock-step-{action}"),
                );
                assert!(step.starts_with("2026-11-20 "), "{step}");
            }
            for reason in PauseReason::iter() {
                assert!(has_text(
                    locale,
                    &format!("clock-paused-{}", reason.as_str())
                ));
            }
        }
    }
}
