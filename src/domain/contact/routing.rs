//! By way of whom an agency reaches another (XR-4, XR-5): inside a province directly, into another province through the
//! own provincial centre. Computed from the codes of the two regions alone; which agencies work with this service is
//! asked by a function.

use super::ReachedBy;
use crate::domain::place::AgencyCode;

/// One message of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Who asks.
    pub sender: AgencyCode,
    /// Who is asked.
    pub receiver: AgencyCode,
    /// How they are reached.
    pub reached_by: ReachedBy,
}

/// The next message on the way from `at` to `target`; `None` where it has arrived. Into another province it goes through
/// the sender's own provincial centre, unless none works with this service.
pub fn next_leg(
    at: AgencyCode,
    target: AgencyCode,
    exists: impl Fn(AgencyCode) -> bool,
) -> Option<Leg> {
    if at == target {
        return None;
    }
    let centre = at.pool().province().city_agency();
    let passes_centre =
        centre != target.pool().province().city_agency() && at != centre && exists(centre);
    let receiver = match passes_centre {
        true => centre,
        false => target,
    };
    Some(Leg {
        sender: at,
        receiver,
        reached_by: match exists(receiver) {
            true => ReachedBy::Service,
            false => ReachedBy::Outside,
        },
    })
}

/// All messages on the way from one agency to another; none to itself.
pub fn route(from: AgencyCode, to: AgencyCode, exists: impl Fn(AgencyCode) -> bool) -> Vec<Leg> {
    let mut legs = vec![];
    let mut at = from;
    while let Some(leg) = next_leg(at, to, &exists) {
        at = leg.receiver;
        legs.push(leg);
    }
    legs
}

/// The agency of a place that is known by its region only: of a county or prefecture the city's, of a province its
/// centre. `None` for what is no code.
pub fn agency_of(region: &str) -> Option<AgencyCode> {
    let code: AgencyCode = region.parse().ok()?;
    Some(code.pool().city_agency())
}
