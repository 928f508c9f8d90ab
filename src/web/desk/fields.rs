//! The fields of each action's form, with what was typed before: reasons, clauses, who is to get the case, what is
//! missing, why a deadline was missed. Offered wordings can be edited.

use askama::Template;
use askama::filters::HtmlSafe;
use strum::IntoEnumIterator;

use super::forms::{Faults, LONGEST, Typed, clause_words, target_key, targets};
use super::history::target_name;
use crate::data::texts::{text, text_with};
use crate::domain::case::{BreachCause, State, Urgency};
use crate::domain::event::Target;
use crate::domain::item::Basis;
use crate::domain::locale::Locale;
use crate::domain::workflow::Action;
use crate::store::accounts::Colleague;
use crate::usecases::viewing::Full;
use crate::web::components::{Area, Choice, Field, InputKind, Opt, Select, TextField, field_id};

/// What the fields depend on.
pub(super) struct Setting<'a> {
    pub locale: Locale,
    pub full: &'a Full,
    pub action: Action,
    pub typed: &'a Typed,
    pub faults: &'a Faults,
    pub colleagues: &'a [Colleague],
    pub late: bool,
}

/// A part of a form.
#[derive(Template)]
#[template(
    source = "{% match self %}{% when Self::Field(f) %}{{ f }}{% when Self::Wordings(w) %}{{ w }}{% when Self::Missing(m) %}{{ m }}{% endmatch %}",
    ext = "html"
)]
pub(super) enum Block {
    /// A field.
    Field(Box<Field>),
    /// Wordings offered for a field.
    Wordings(Wordings),
    /// The list of what can be missing.
    Missing(MissingList),
}

impl HtmlSafe for Block {}

/// Wordings to choose from; scripts put them into the field, where they can be edited.
#[derive(Template)]
#[template(path = "desk/wordings.html")]
pub(super) struct Wordings {
    id: String,
    name: String,
    label: String,
    none: String,
    fills: String,
    offered: Vec<(String, bool)>,
}

impl HtmlSafe for Wordings {}

/// Everything a supplement request can name (CLK-6).
#[derive(Template)]
#[template(path = "desk/missing.html")]
pub(super) struct MissingList {
    legend: String,
    hint: String,
    error: Option<String>,
    rows: Vec<MissingRow>,
}

impl HtmlSafe for MissingList {}

/// One thing that can be missing.
struct MissingRow {
    id: String,
    value: String,
    name: String,
    ticked: bool,
    wordings: Wordings,
    reason_id: String,
    reason_name: String,
    reason_label: String,
    reason: String,
    error: Option<String>,
}

/// What stands in a form that is opened: the first review's grounds for the second, and the item's first clause.
pub(super) fn beginning(full: &Full, action: Action, clause: &Basis) -> Typed {
    let mut pairs = vec![];
    if matches!(action, Action::Refuse | Action::NotAccept) {
        let proposed = full
            .entries
            .iter()
            .rev()
            .find(|logged| logged.event.to == State::SecondReview)
            .filter(|_| full.summary.listed.case.state == State::SecondReview)
            .and_then(|logged| logged.words.as_ref());
        match proposed {
            Some(words) => {
                pairs.push(("reason", words.reason.clone().unwrap_or_default()));
                pairs.push(("clause", words.clause.clone().unwrap_or_default()));
            }
            None => pairs.push(("clause", clause_words(clause))),
        }
    }
    Typed::new(
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// The words that were typed, for a form whose action is no longer possible.
pub(super) fn kept(typed: &Typed) -> Vec<String> {
    typed
        .words()
        .filter(|(name, value)| {
            !matches!(*name, "csrf" | "version" | "from" | "to") && !value.trim().is_empty()
        })
        .map(|(_, value)| value.to_owned())
        .collect()
}

/// The parts of the form in order.
pub(super) fn blocks(setting: &Setting<'_>) -> Vec<Block> {
    let mut blocks = match setting.action {
        Action::RequestSupplement => vec![Block::Missing(setting.missing())],
        Action::HandOver | Action::Assign => {
            let mut blocks = vec![setting.to()];
            blocks.extend(setting.reason("desk-reason"));
            blocks
        }
        Action::SetUrgency => {
            let mut blocks = vec![setting.class()];
            blocks.extend(setting.reason("desk-reason"));
            blocks
        }
        Action::Refuse | Action::NotAccept => {
            let mut blocks = setting.reason("desk-reason-told");
            blocks.extend(setting.clause());
            blocks
        }
        Action::Approve | Action::Accept => vec![],
        Action::Claim => setting.reason("desk-reason-claim"),
        Action::Contact => setting.reason("desk-reason-contact"),
        Action::Record => setting.reason("desk-reason-record"),
        _ => setting.reason("desk-reason"),
    };
    let decides = matches!(
        setting.action,
        Action::Approve | Action::Refuse | Action::NotAccept | Action::Record
    );
    if decides && setting.late {
        blocks.extend(setting.breach());
    }
    blocks
}

impl Setting<'_> {
    fn t(&self, key: &str) -> String {
        text(self.locale, key)
    }

    fn fault(&self, field: &str) -> Option<String> {
        self.faults
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, message)| message.clone())
    }

    fn area(&self, name: &str, label: &str, rows: u8) -> Block {
        let area = Area::new(self.locale, name, self.t(label))
            .value(self.typed.get(name))
            .rows(rows)
            .max(u32::try_from(LONGEST).unwrap_or(u32::MAX))
            .error(self.fault(name));
        Block::Field(Box::new(Field::Area(area)))
    }

    fn reason(&self, label: &str) -> Vec<Block> {
        let offered = self.offered(&format!("desk-wording-{}", self.action));
        let wordings = Block::Wordings(self.wordings("canned", &field_id("reason"), offered));
        vec![wordings, self.area("reason", label, 4)]
    }

    /// The wordings of a kind; the texts end with the first number that has none.
    fn offered(&self, key: &str) -> Vec<String> {
        (1..=9)
            .map(|number| format!("{key}-{number}"))
            .take_while(|key| crate::data::texts::has_text(self.locale, key))
            .map(|key| self.t(&key))
            .collect()
    }

    fn wordings(&self, name: &str, fills: &str, offered: Vec<String>) -> Wordings {
        let chosen = self.typed.get(name);
        Wordings {
            id: field_id(name),
            name: name.to_owned(),
            label: self.t("desk-wordings"),
            none: self.t("desk-wordings-none"),
            fills: fills.to_owned(),
            offered: offered
                .into_iter()
                .map(|words| {
                    let is_chosen = words == chosen;
                    (words, is_chosen)
                })
                .collect(),
        }
    }

    fn to(&self) -> Block {
        let holder = self.full.summary.listed.case.holder;
        let chosen = self.typed.get("to");
        let options = self
            .colleagues
            .iter()
            .filter(|colleague| Some(colleague.account) != holder)
            .map(|colleague| {
                let words = format!("{} ({})", colleague.name, colleague.username);
                Opt::new(colleague.account.to_string(), words).chosen_if(&chosen)
            })
            .collect();
        let select =
            Select::flat(self.locale, "to", self.t("desk-to"), options).error(self.fault("to"));
        Block::Field(Box::new(Field::Select(select)))
    }

    /// The urgency classes (CAT-4).
    fn class(&self) -> Block {
        let typed = self.typed.get("urgency");
        let present = self.full.summary.listed.case.urgency.as_str();
        let chosen = if typed.is_empty() { present } else { &typed };
        let options = Urgency::iter().map(|class| {
            Opt::new(class.as_str(), self.t(&format!("urgency-{class}"))).chosen_if(chosen)
        });
        let choice = Choice::new(
            self.locale,
            "urgency",
            self.t("desk-urgency"),
            options.collect(),
        );
        Block::Field(Box::new(Field::Choice(choice.error(self.fault("urgency")))))
    }

    /// A clause of the item's basis or one that is typed (CAS-6).
    fn clause(&self) -> Vec<Block> {
        let chosen = self.typed.get("clause");
        let mut known: Vec<String> = self
            .full
            .summary
            .item
            .basis
            .iter()
            .map(clause_words)
            .collect();
        if !chosen.is_empty() && chosen != "other" {
            known.push(chosen.clone());
        }
        known.dedup();
        let mut options: Vec<Opt> = vec![];
        for clause in known {
            if options.iter().all(|option| option.value != clause) {
                options.push(Opt::new(clause.clone(), clause).chosen_if(&chosen));
            }
        }
        options.push(Opt::new("other", self.t("desk-clause-other")).chosen_if(&chosen));
        let choice = Choice::new(self.locale, "clause", self.t("desk-clause"), options)
            .error(self.fault("clause"));
        let typed = TextField::new(self.locale, "clause_words", self.t("desk-clause-words"))
            .kind(InputKind::Text)
            .value(self.typed.get("clause_words"))
            .optional()
            .error(self.fault("clause_words"));
        vec![
            Block::Field(Box::new(Field::Choice(choice))),
            Block::Field(Box::new(Field::Text(typed))),
        ]
    }

    /// Why the deadline was missed (CLK-7).
    fn breach(&self) -> Vec<Block> {
        let chosen = self.typed.get("breach_cause");
        let options = BreachCause::iter()
            .map(|cause| {
                let words = self.t(&format!("breach-cause-{}", cause.as_str()));
                Opt::new(cause.as_str(), words).chosen_if(&chosen)
            })
            .collect();
        let cause = Select::flat(
            self.locale,
            "breach_cause",
            self.t("desk-breach-cause"),
            options,
        )
        .error(self.fault("breach_cause"));
        vec![
            Block::Field(Box::new(Field::Select(cause))),
            self.area("breach_words", "desk-breach-words", 3),
        ]
    }

    fn missing(&self) -> MissingList {
        let item = self.full.summary.item;
        MissingList {
            legend: self.t("desk-missing-legend"),
            hint: self.t("desk-missing-hint"),
            error: self.fault("missing"),
            rows: targets(item)
                .iter()
                .map(|target| self.missing_row(item.slug, target))
                .collect(),
        }
    }

    fn missing_row(&self, slug: &str, target: &Target) -> MissingRow {
        let value = target_key(target);
        let name = target_name(self.locale, slug, target);
        let wording = match target {
            Target::Material(_) => "desk-wording-material",
            Target::Field(_) => "desk-wording-field",
        };
        let offered = (1..=9)
            .map(|number| format!("{wording}-{number}"))
            .take_while(|key| crate::data::texts::has_text(self.locale, key))
            .map(|key| text_with(self.locale, &key, &[("name", name.as_str().into())]))
            .collect();
        let reason_name = format!("reason-{value}");
        let wordings = self.wordings(&format!("canned-{value}"), &field_id(&reason_name), offered);
        MissingRow {
            id: field_id(&format!("missing-{value}")),
            ticked: self.typed.has("missing", &value),
            wordings,
            reason_id: field_id(&reason_name),
            reason_label: text_with(
                self.locale,
                "desk-missing-reason",
                &[("name", name.as_str().into())],
            ),
            reason: self.typed.get(&reason_name),
            error: self.fault(&reason_name),
            reason_name,
            name,
            value,
        }
    }
}
