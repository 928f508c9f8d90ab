//! The values the engine needs on every day, with their Rust types. They are drawn out of the packs once,
//! at load: a key that the default pack leaves open on some day, or whose kind has no such type, refuses
//! the packs, so that asking for a value later can't fail.

use std::collections::BTreeMap;

use super::fault::{Fault, Reason};
use super::value::{BasisPoints, Days, Months, Row, Span, Stated, Value, WorkingDays};
use super::{FIRST_DAY, Policy, PolicyPack};
use crate::domain::place::Pool;
use crate::domain::time::Day;

/// A type that a [`Value`] of the fitting kind turns into.
pub(super) trait Typed: Sized {
    fn of(value: &Value) -> Option<Self>;
}

macro_rules! typed {
    ($($variant:ident => $type:ty),+ $(,)?) => {$(
        impl Typed for $type {
            fn of(value: &Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner.clone()),
                    _ => None,
                }
            }
        }
    )+};
}

typed! {
    WorkingDays => WorkingDays,
    Days => Days,
    Months => Months,
    Ratio => BasisPoints,
    Text => String,
    List => Vec<String>,
    DaysBefore => Vec<u32>,
    Hours => Vec<Span>,
}

impl Typed for u32 {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(n) => Self::try_from(*n).ok(),
            _ => None,
        }
    }
}

/// What a person can do against a refusal or non-acceptance (CAS-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemedyKind {
    /// Ask the agency that decided.
    AskAgency,
    /// Administrative reconsideration (行政复议).
    Reconsideration,
    /// Administrative suit (行政诉讼).
    Suit,
}

/// Time in which a remedy can be sought, counted from the day the person knows of the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Calendar days.
    Days(Days),
    /// Calendar months.
    Months(Months),
}

/// Whether the words on a remedy still need the agency's lawyers (CAS-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegalCheck {
    /// To be checked by the agency's lawyers; the page says so.
    Needed,
    /// None needed.
    NotNeeded,
}

/// A remedy named in a refusal or non-acceptance (CAS-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Which one.
    pub kind: RemedyKind,
    /// The body to turn to, in Chinese.
    pub body_zh: String,
    /// The body to turn to, in English.
    pub body_en: String,
    /// The time for it; none where the remedy has none.
    pub period: Option<Period>,
    /// Whether lawyers must still look at it.
    pub check: LegalCheck,
}

impl Typed for Vec<Remedy> {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Table(rows) => rows.iter().map(remedy).collect(),
            _ => None,
        }
    }
}

fn remedy(row: &Row) -> Option<Remedy> {
    let text = |column: &str| row.get(column).and_then(String::of);
    let period = match (row.get("period").and_then(u32::of), text("unit").as_deref()) {
        (Some(n), Some("days")) => Some(Period::Days(Days(n))),
        (Some(n), Some("months")) => Some(Period::Months(Months(n))),
        (None, None) => None,
        // A number without its unit, or the reverse.
        (Some(_), _) | (None, Some(_)) => return None,
    };
    Some(Remedy {
        kind: match text("remedy")?.as_str() {
            "ask-agency" => RemedyKind::AskAgency,
            "reconsideration" => RemedyKind::Reconsideration,
            "suit" => RemedyKind::Suit,
            _ => return None,
        },
        body_zh: text("body_zh")?,
        body_en: text("body_en")?,
        period,
        check: match text("check")?.as_str() {
            "agency-lawyers" => LegalCheck::Needed,
            "none" => LegalCheck::NotNeeded,
            _ => return None,
        },
    })
}

/// One key: what the default pack states, without a gap, and what pools state instead.
#[derive(Clone, Debug)]
pub(super) struct Term<T> {
    first: Stated<T>,
    later: Vec<Stated<T>>,
    own: BTreeMap<Pool, Vec<Stated<T>>>,
}

impl<T: Typed> Term<T> {
    fn gather(
        key: &str,
        general: &PolicyPack,
        pools: &BTreeMap<Pool, PolicyPack>,
    ) -> Result<Self, Fault> {
        let mut base = line::<T>(key, general)?.into_iter();
        let gap = |day: Day| general.fault(key, Reason::Gap(day));
        let first = base
            .next()
            .filter(|first| first.window.from <= FIRST_DAY)
            .ok_or_else(|| gap(FIRST_DAY))?;
        let later: Vec<_> = base.collect();
        let mut end = first.window.to;
        for next in &later {
            match end.and_then(|end| end.succ_opt()) {
                Some(day) if day == next.window.from => end = next.window.to,
                Some(day) => return Err(gap(day)),
                None => break,
            }
        }
        if let Some(day) = end.and_then(|end| end.succ_opt()) {
            return Err(gap(day));
        }
        let own = pools
            .iter()
            .map(|(pool, pack)| Ok((*pool, line(key, pack)?)))
            .collect::<Result<_, Fault>>()?;
        Ok(Self { first, later, own })
    }
}

impl<T> Term<T> {
    /// The pool's own value of the day, else the default one. Days before the default pack begins take its
    /// first value.
    fn on(&self, pool: Option<Pool>, day: Day) -> &Stated<T> {
        self.own_on(pool, day).unwrap_or_else(|| self.base_on(day))
    }

    fn own_on(&self, pool: Option<Pool>, day: Day) -> Option<&Stated<T>> {
        let values = self.own.get(&pool?)?;
        values.iter().find(|stated| stated.window.holds(day))
    }

    fn base_on(&self, day: Day) -> &Stated<T> {
        self.later
            .iter()
            .rev()
            .find(|stated| stated.window.from <= day)
            .unwrap_or(&self.first)
    }
}

/// The values of `key` in one pack, typed, by first day.
fn line<T: Typed>(key: &str, pack: &PolicyPack) -> Result<Vec<Stated<T>>, Fault> {
    let stated = pack.values.get(key).map(Vec::as_slice).unwrap_or_default();
    let typed = |one: &Stated<Value>| {
        let wrong = || Reason::WrongKind {
            wanted: std::any::type_name::<T>(),
            found: format!("{:?}", one.value),
        };
        let value = T::of(&one.value).ok_or_else(|| pack.fault(key, wrong()))?;
        Ok(Stated {
            value,
            window: one.window,
            basis: one.basis.clone(),
        })
    };
    stated.iter().map(typed).collect()
}

/// One limit (first answer or whole case): in general, and by item.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    any: Term<WorkingDays>,
    items: BTreeMap<String, Term<WorkingDays>>,
    own_items: BTreeMap<(Pool, String), Vec<Stated<WorkingDays>>>,
}

/// The item slug that stands for every item without a limit of its own.
const ANY_ITEM: &str = "default";

impl Limits {
    fn gather(
        family: &str,
        general: &PolicyPack,
        pools: &BTreeMap<Pool, PolicyPack>,
    ) -> Result<Self, Fault> {
        let key = |item: &str| format!("{family}.{item}");
        let slugs = |pack: &PolicyPack| {
            let of = |name: &String| {
                name.strip_prefix(family)?
                    .strip_prefix('.')
                    .map(str::to_owned)
            };
            pack.values
                .keys()
                .filter_map(of)
                .filter(|item| item != ANY_ITEM)
                .collect::<Vec<_>>()
        };
        let mut items = BTreeMap::new();
        for item in slugs(general) {
            items.insert(item.clone(), Term::gather(&key(&item), general, pools)?);
        }
        let mut own_items = BTreeMap::new();
        for (pool, pack) in pools {
            for item in slugs(pack)
                .into_iter()
                .filter(|item| !items.contains_key(item))
            {
                own_items.insert((*pool, item.clone()), line(&key(&item), pack)?);
            }
        }
        Ok(Self {
            any: Term::gather(&key(ANY_ITEM), general, pools)?,
            items,
            own_items,
        })
    }

    /// An item's own limit, the pool's before the default pack's, stands before any general one: a notice that
    /// lengthens limits in general (CLK-10) does not touch it.
    fn on(&self, item: &str, pool: Option<Pool>, day: Day) -> &Stated<WorkingDays> {
        let own = || {
            let values = self.own_items.get(&(pool?, item.to_owned()))?;
            values.iter().find(|stated| stated.window.holds(day))
        };
        match self.items.get(item) {
            Some(term) => term.on(pool, day),
            None => own().unwrap_or_else(|| self.any.on(pool, day)),
        }
    }
}

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $key:literal),+ $(,)?) => {
        /// All typed values of all packs.
        #[derive(Clone, Debug)]
        pub(super) struct Terms {
            first_answer: Limits,
            whole_case: Limits,
            $($name: Term<$type>,)+
        }

        impl Terms {
            pub(super) fn gather(general: &PolicyPack, pools: &BTreeMap<Pool, PolicyPack>) -> Result<Self, Fault> {
                Ok(Self {
                    first_answer: Limits::gather("limits.first-answer", general, pools)?,
                    whole_case: Limits::gather("limits.whole-case", general, pools)?,
                    $($name: Term::gather($key, general, pools)?,)+
                })
            }
        }

        impl<'a> Policy<'a> {
            $($(#[$doc])*
            pub fn $name(&self) -> &'a Stated<$type> {
                self.set.terms.$name.on(self.pool, self.day)
            })+
        }
    };
}

terms! {
    /// Office hours of a working day, Beijing time, where an agency has none of its own (CLK-3); the last end is
    /// close of business.
    office_hours: Vec<Span> = "office.hours",
    /// The service hotline (CAT-1).
    hotline: String = "office.hotline",
    /// Hours of the day, Beijing time, in which an SMS that is not urgent may be sent (CAS-12).
    sms_hours: Vec<Span> = "messages.sms-hours",
    /// Items bound to the one working day of CLK-1.
    one_day_items: Vec<String> = "limits.fixed-items",
    /// Time another agency has to answer a contact (XR-5).
    contact_answer: WorkingDays = "limits.contact-answer",
    /// Working hours to the first answer of an urgent case (CAT-4).
    urgent_hours: u32 = "limits.urgent-hours",
    /// Kinds of registration that end by themselves (XR-1).
    temporary_kinds: Vec<String> = "registration.temporary-kinds",
    /// Length of a temporary registration when no end is given (XR-1).
    registration_default: Months = "registration.temporary-default",
    /// Longest temporary registration (XR-1).
    registration_longest: Months = "registration.temporary-longest",
    /// Calendar days until a supplement request lapses (CAS-1).
    supplement_lapse: Days = "supplement.lapse",
    /// Days before that lapse on which the applicant is reminded (CAS-1).
    supplement_reminders: Vec<u32> = "supplement.reminders",
    /// Calendar days until an awaited parcel lapses (CAS-1).
    parcel_lapse: Days = "parcel.lapse",
    /// Days before that lapse on which the applicant is reminded (CAS-1).
    parcel_reminders: Vec<u32> = "parcel.reminders",
    /// Calendar days in which a pledged material is due when no date is named (CAS-4).
    obligation_term: Days = "obligation.term",
    /// Days before an obligation is due on which the applicant is reminded (CAS-4).
    obligation_reminders: Vec<u32> = "obligation.reminders",
    /// Share of approvals that a second person reviews (CAS-3).
    second_review_sample: BasisPoints = "second-review.sample",
    /// Calendar days a draft is kept after its last change (CAS-13).
    draft_keep: Days = "draft.keep",
    /// Version of the consent text shown on that day (CAS-13).
    consent_text_version: String = "consent.text-version",
    /// Remedies stated in a refusal or non-acceptance (CAS-6).
    remedies: Vec<Remedy> = "remedies",
    /// How many last characters of the ID number the progress look-up asks for (CAS-5).
    lookup_id_digits: u32 = "lookup.id-digits",
    /// Failed progress look-ups allowed in an hour from one address or for one receipt number (CAS-5).
    lookup_tries_per_hour: u32 = "lookup.tries-per-hour",
}

impl<'a> Policy<'a> {
    /// Limit of the first answer of an item, in working days (CLK-1, CLK-10).
    pub fn first_answer(&self, item: &str) -> &'a Stated<WorkingDays> {
        self.set.terms.first_answer.on(item, self.pool, self.day)
    }

    /// Limit of the whole case of an item, in working days from the same start (CLK-1, CLK-10).
    pub fn whole_case(&self, item: &str) -> &'a Stated<WorkingDays> {
        self.set.terms.whole_case.on(item, self.pool, self.day)
    }
}
