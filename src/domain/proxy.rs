//! Filing for somebody else (CAS-8): what an authorisation covers, from when to when, and which two run into each
//! other. Pure: the day is a parameter. Who is told, and what is filed, is not here.

use chrono::Months;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::ids::{AccountId, AuthorisationId, PersonId};
use super::time::{Day, Ts};

/// Longest term in months (Choice: one year).
pub const LONGEST_MONTHS: u32 = 12;
/// Open cases that a community worker may have filed at a time (Choice).
pub const MOST_OPEN: i64 = 20;

/// Who was authorised.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// A relative, whom the resident named in the portal.
    Family,
    /// A community worker, by an authorisation on paper.
    Community,
}

impl Kind {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What is covered, from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Slugs of the items; all when there is none.
    pub items: Option<Vec<String>>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// A recorded authorisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// Identifier.
    pub id: AuthorisationId,
    /// Who was authorised.
    pub kind: Kind,
    /// For whom is filed.
    pub principal: PersonId,
    /// Whom a resident named; nobody for a community worker.
    pub grantee: Option<PersonId>,
    /// The login that files: of a relative since they accepted.
    pub account: Option<AccountId>,
    /// What it covers.
    pub terms: Terms,
    /// When it was granted.
    pub granted_at: Ts,
    /// When it was accepted.
    pub accepted_at: Option<Ts>,
    /// When it was revoked.
    pub revoked_at: Option<Ts>,
}

/// Where an authorisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Display, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Standing {
    /// Granted, not accepted yet.
    Offered,
    /// Accepted; its first day is still to come.
    Coming,
    /// In force.
    Valid,
    /// Its last day is over.
    Over,
    /// Taken back.
    Revoked,
}

/// Why an authorisation is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before it begins.
    Backwards,
    /// It is past its term already.
    Past,
    /// It is longer than [`LONGEST_MONTHS`].
    TooLong,
}

impl Authorisation {
    /// Where it stands on a day.
    pub fn standing(&self, on: Day) -> Standing {
        match (self.revoked_at, self.accepted_at) {
            (Some(_), _) => Standing::Revoked,
            _ if self.terms.to < on => Standing::Over,
            (None, None) => Standing::Offered,
            (None, Some(_)) if on < self.terms.from => Standing::Coming,
            (None, Some(_)) => Standing::Valid,
        }
    }

    /// Whether it still binds, now or later: revoked and past ones leave room for new ones.
    pub fn counts(&self, on: Day) -> bool {
        match self.standing(on) {
            Standing::Offered | Standing::Coming | Standing::Valid => true,
            Standing::Over | Standing::Revoked => false,
        }
    }
}

/// Somebody for whom an actor may file and act today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrusted {
    /// By which authorisation.
    pub by: AuthorisationId,
    /// For whom.
    pub person: PersonId,
    /// Slugs of the items; all when there is none.
    pub items: Option<Vec<String>>,
}

impl Entrusted {
    /// Whether it covers an item for a person.
    pub fn covers(&self, person: PersonId, item: &str) -> bool {
        self.person == person
            && self
                .items
                .as_ref()
                .is_none_or(|items| items.iter().any(|one| one == item))
    }
}

/// Whether terms can be recorded on `today` (Choice: at most one year).
///
/// # Errors
/// The first [`Fault`] that stands against them.
pub fn check_terms(terms: &Terms, today: Day) -> Result<(), Fault> {
    if terms.to < terms.from {
        return Err(Fault::Backwards);
    }
    if terms.to < today {
        return Err(Fault::Past);
    }
    let most = terms.from.checked_add_months(Months::new(LONGEST_MONTHS));
    match most {
        Some(most) if terms.to < most => Ok(()),
        Some(_) | None => Err(Fault::TooLong),
    }
}

/// What new terms run into: an authorisation between the same two that shares a day and still counts.
pub fn overlap<'a>(
    others: &'a [Authorisation],
    terms: &Terms,
    today: Day,
) -> Option<&'a Authorisation> {
    others.iter().find(|other| {
        other.counts(today) && other.terms.from <= terms.to && terms.from <= other.terms.to
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn terms(from: &str, to: &str) -> Terms {
        Terms {
            items: None,
            from: day(from),
            to: day(to),
        }
    }

    fn authorisation(from: &str, to: &str) -> Authorisation {
        let id = Uuid::nil();
        let at = Ts::parse("2026-11-24T09:00:00+08:00").unwrap();
        Authorisation {
            id: id.into(),
            kind: Kind::Family,
            principal: id.into(),
            grantee: Some(id.into()),
            account: None,
            terms: terms(from, to),
            granted_at: at,
            accepted_at: Some(at),
            revoked_at: None,
        }
    }

    // CAS-8, Choice: at most one year, and none that is past.
    #[rstest]
    #[case("2026-11-24", "2027-11-23", Ok(()))]
    #[case("2026-11-24", "2027-11-24", Err(Fault::TooLong))]
    #[case("2026-11-24", "2026-11-24", Ok(()))]
    #[case("2026-11-24", "2026-11-23", Err(Fault::Backwards))]
    #[case("2026-01-01", "2026-11-23", Err(Fault::Past))]
    #[case("2026-01-01", "2026-11-24", Ok(()))]
    fn a_term_is_a_year_at_most(
        #[case] from: &str,
        #[case] to: &str,
        #[case] expected: Result<(), Fault>,
    ) {
        assert_eq!(check_terms(&terms(from, to), day("2026-11-24")), expected);
    }

    #[rstest]
    #[case("2026-11-23", Standing::Coming)]
    #[case("2026-11-24", Standing::Valid)]
    #[case("2026-12-24", Standing::Valid)]
    #[case("2026-12-25", Standing::Over)]
    fn it_is_in_force_on_its_days(#[case] on: &str, #[case] expected: Standing) {
        let mut one = authorisation("2026-11-24", "2026-12-24");
        assert_eq!(one.standing(day(on)), expected);
        one.accepted_at = None;
        assert_ne!(one.standing(day(on)), Standing::Valid);
        one.revoked_at = Some(one.granted_at);
        assert_eq!(one.standing(day(on)), Standing::Revoked);
    }

    #[rstest]
    #[case("2026-12-24", "2027-01-24", true)]
    #[case("2026-12-25", "2027-01-24", false)]
    #[case("2026-11-01", "2026-11-24", true)]
    fn two_between_the_same_people_share_no_day(
        #[case] from: &str,
        #[case] to: &str,
        #[case] meets: bool,
    ) {
        let today = day("2026-11-24");
        let mut others = [authorisation("2026-11-24", "2026-12-24")];
        let new = terms(from, to);
        assert_eq!(overlap(&others, &new, today).is_some(), meets);
        others[0].revoked_at = Some(others[0].granted_at);
        assert_eq!(overlap(&others, &new, today), None);
    }

    #[test]
    fn it_covers_its_person_and_its_items() {
        let person: PersonId = Uuid::from_u128(1).into();
        let mut entrusted = Entrusted {
            by: Uuid::nil().into(),
            person,
            items: None,
        };
        assert!(entrusted.covers(person, "a"));
        assert!(!entrusted.covers(Uuid::from_u128(2).into(), "a"));
        entrusted.items = Some(vec!["b".to_owned()]);
        assert!(entrusted.covers(person, "b") && !entrusted.covers(person, "a"));
    }
}
