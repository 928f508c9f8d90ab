//! The first event of a case and the case it makes: limits, first run of the clock, sample. One at a time or many
//! together, it is the same. Nothing is saved here.

use crate::domain::actor::Actor;
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, Channel, Limits, Urgency, UrgentLimit};
use crate::domain::event::{self, Event, Filing};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::place::AgencyCode;
use crate::domain::policy::Policy;
use crate::domain::review::sampled;
use crate::domain::time::Ts;
use crate::domain::workflow::{first_event, term, urgent};
use crate::store::vault::sha256;
use crate::usecases::{App, Error};

/// A filing that passed its rules.
pub(in crate::usecases) struct First<'a> {
    /// Identifier of the case.
    pub id: CaseId,
    /// What is filed.
    pub item: &'static ServiceItem,
    /// Who files.
    pub actor: &'a Actor,
    /// For whom.
    pub person: PersonId,
    /// Where they are insured, which decides who handles the case.
    pub agency: AgencyCode,
    /// Its number.
    pub receipt_no: String,
    /// How it came in.
    pub channel: Channel,
    /// How urgent it is (CAT-4).
    pub urgency: Urgency,
}

/// The case and its first event at `now`, by the pool's pack.
///
/// # Errors
/// [`Error::Fault`] when the event makes no case.
pub(in crate::usecases) fn first(
    app: &App,
    (policy, calendar): (Policy<'_>, &Calendar),
    first: First<'_>,
    now: Ts,
) -> Result<(Case, Event), Error> {
    let limits = limits(first.item, policy);
    let share = policy.second_review_sample().value;
    let hours = app.office.hours(first.agency);
    // The first run of the clock (CLK-1); of an urgent case it is due earlier, never later (CAT-4).
    let ordinary = term(1, now, limits.first_answer, calendar, hours);
    let filing = Filing {
        id: first.id,
        agency: first.agency,
        item: first.item.slug.to_owned(),
        form_version: first.item.form.version,
        person: first.person,
        filed_by: first.actor.account,
        channel: first.channel,
        urgency: first.urgency,
        limits,
        sampled: sampled(&sha256(first.receipt_no.as_bytes()), share),
        receipt_no: first.receipt_no,
        term: match first.urgency {
            Urgency::Urgent => {
                let limit = UrgentLimit {
                    from: now,
                    hours: policy.urgent_hours().value,
                };
                urgent(ordinary, limit, calendar, hours)
            }
            Urgency::Special | Urgency::Routine | Urgency::Deferrable => ordinary,
        },
        identified: Some(first.actor.identified),
    };
    let event = first_event(filing, first.actor, now);
    let case = event::filed(&event).map_err(|e| Error::Fault(e.to_string()))?;
    Ok((case, event))
}

/// Limits of an item by the pool's pack (CLK-1, CLK-10).
fn limits(item: &ServiceItem, policy: Policy<'_>) -> Limits {
    let days = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    Limits {
        first_answer: days(policy.first_answer(item.slug).value.0),
        whole: days(policy.whole_case(item.slug).value.0),
    }
}
