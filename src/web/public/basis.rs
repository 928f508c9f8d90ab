//! What a value or an item rests on, in words: clause, choice or sample, never one for the other.

use crate::data::texts::{text, text_with};
use crate::domain::case::Case;
use crate::domain::locale::Locale;
use crate::domain::policy::value::{Basis, Ground, Source};
use crate::domain::policy::{PolicySet, show::show};
use crate::domain::time::Day;
use crate::usecases::App;
use crate::web::components::{Tag, TagColour};

/// A basis as a page shows it.
pub(super) struct BasisWords {
    /// Clause, choice or sample.
    pub(super) tag: Tag,
    /// The place in a document, or why there is none.
    pub(super) words: String,
    /// Rule of the project.
    pub(super) rule: String,
}

/// The basis of a value of a pack.
pub(super) fn of_value(locale: Locale, basis: &Basis) -> BasisWords {
    let (kind, colour) = match basis.ground {
        Ground::Clause(_) => ("clause", TagColour::Green),
        Ground::Choice { .. } => ("choice", TagColour::Yellow),
        Ground::Sample { .. } => ("sample", TagColour::Orange),
    };
    let words = match basis.citation() {
        Some(citation) => text_with(
            locale,
            &format!("basis-{kind}-cited"),
            &[
                ("source", citation.source.number.as_str().into()),
                ("clause", citation.clause.as_str().into()),
            ],
        ),
        None => text(locale, &format!("basis-{kind}-alone")),
    };
    BasisWords {
        tag: Tag::new(text(locale, &format!("basis-{kind}")), colour),
        words,
        rule: basis.rule.clone(),
    }
}

/// How long the present term of a case is and on what that rests (CLK-1, CLK-10), by the pack in force when it was
/// filed.
pub(in crate::web) fn of_term(app: &App, locale: Locale, case: &Case) -> String {
    let policy = app.office.policies.on(case.pool, case.filed_at.day());
    let (days, limit) = match case.answered {
        true => (case.limits.whole, policy.whole_case(&case.item)),
        false => (case.limits.first_answer, policy.first_answer(&case.item)),
    };
    let basis = of_value(locale, &limit.basis);
    text_with(
        locale,
        "computed-limit",
        &[
            ("days", days.to_string().into()),
            ("rule", basis.rule.into()),
            ("words", basis.words.into()),
        ],
    )
}

/// Laws are no announcements: their number is their name.
pub(super) fn is_notice(source: &Source) -> bool {
    source.number.contains('〔')
}

/// Title of the document of a number, as far as a pack names it.
pub(super) fn title(policies: &PolicySet, on: Day, number: &str) -> Option<String> {
    let general = policies.default_on(on);
    let shown = show(&general);
    let general = shown.sources.into_values();
    let own = policies.pools().filter_map(|pool| policies.own(pool));
    general
        .chain(own.flat_map(|pack| pack.sources()))
        .find(|source| source.number == number)
        .map(|source| source.title.clone())
}
