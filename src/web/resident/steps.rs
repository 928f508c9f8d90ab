//! The order of a filing's pages: questions that are not known already, papers the answers need, the check.

use crate::data::texts::text;
use crate::domain::form::{Field, Kind, Prefill};
use crate::domain::locale::Locale;
use crate::usecases::drafting::Opened;
use crate::web::components::Steps;
use crate::web::urls::resident as to;

/// One page of a filing.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// A question.
    Question(&'static Field),
    /// Papers.
    Papers,
    /// The check of all answers, with the pledge and the last button.
    Check,
}

impl Page {
    /// Its address.
    pub fn url(self, opened: &Opened) -> String {
        match self {
            Self::Question(field) => to::question(opened.draft.id, field.name),
            Self::Papers => to::draft_papers(opened.draft.id),
            Self::Check => to::check(opened.draft.id),
        }
    }

    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Question(one), Self::Question(other)) => one.name == other.name,
            (Self::Papers, Self::Papers) | (Self::Check, Self::Check) => true,
            (Self::Question(_) | Self::Papers | Self::Check, _) => false,
        }
    }

    /// Short name in the bar of steps.
    fn words(self, opened: &Opened, locale: Locale) -> String {
        match self {
            Self::Question(field) => short_label(locale, opened.item.slug, field.name),
            Self::Papers => text(locale, "step-papers"),
            Self::Check => text(locale, "step-check"),
        }
    }
}

/// The name of a field in lists; the question itself is longer.
pub fn short_label(locale: Locale, slug: &str, field: &str) -> String {
    text(locale, &format!("field-{slug}-{field}"))
}

/// The pages of a filing. Pledges stand on the last one; what the registry holds is shown there and not asked
/// (CAS-9).
pub fn pages(opened: &Opened) -> Vec<Page> {
    let mut pages: Vec<Page> = opened
        .item
        .form
        .fields
        .iter()
        .filter(|field| !is_pledge(field) && !is_known(opened, field))
        .map(Page::Question)
        .collect();
    if !opened.needed().is_empty() {
        pages.push(Page::Papers);
    }
    pages.push(Page::Check);
    pages
}

/// Whether a field is a pledge, given at the last step.
pub fn is_pledge(field: &Field) -> bool {
    matches!(field.kind, Kind::Pledge)
}

/// Whether the registry answers it.
pub fn is_known(opened: &Opened, field: &Field) -> bool {
    field.prefill == Some(Prefill::Phone) && opened.person.phone.is_some()
}

/// The page after `page`.
pub fn after(opened: &Opened, page: Page) -> Page {
    let pages = pages(opened);
    pages
        .iter()
        .position(|one| one.same(page))
        .and_then(|at| pages.get(at + 1))
        .copied()
        .unwrap_or(Page::Check)
}

/// The page before `page`, if it is not the first.
pub fn before(opened: &Opened, page: Page) -> Option<Page> {
    let pages = pages(opened);
    let at = pages.iter().position(|one| one.same(page))?;
    pages.get(at.checked_sub(1)?).copied()
}

/// The first question without an answer, else the check.
pub fn first_open(opened: &Opened) -> Page {
    pages(opened)
        .into_iter()
        .find(|page| match page {
            Page::Question(field) => opened.draft.answers.text(field.name).is_none(),
            Page::Papers => false,
            Page::Check => true,
        })
        .unwrap_or(Page::Check)
}

/// The bar of steps with `page` as the present one; a question known from the registry stands with the check.
pub fn bar(opened: &Opened, page: Page, locale: Locale) -> Steps {
    let pages = pages(opened);
    let last = pages.len().saturating_sub(1);
    let at = pages.iter().position(|one| one.same(page)).unwrap_or(last);
    Steps::at(
        locale,
        pages.iter().map(|one| one.words(opened, locale)),
        at,
    )
}
