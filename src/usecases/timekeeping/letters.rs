//! What the people at the desk and the applicants are told of many rungs together (CAS-12, CLK-7): each applicant of
//! the own case; holders and supervisors of all cases of a kind in one message, so that a thousand cases are no
//! thousand mails.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::case::Case;
use crate::domain::ids::AccountId;
use crate::domain::notice::{self, Audience, Kind, Notice};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use crate::store::messages::{Addressee, Letter, addressees, post_together};
use crate::store::{Conn, StoreError};
use crate::usecases::saving::StepIds;
use crate::usecases::telling::accounts;

/// Receipt numbers that a message about many cases names.
const NAMED: usize = 5;

/// Whether the notice says that nobody could be given the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nobody {
    Said,
    Unsaid,
}

/// What is to be written.
#[derive(Default)]
pub(super) struct Letters {
    applicants: Vec<(Case, Notice)>,
    desk: Vec<(Audience, Kind, Nobody, Case)>,
}

/// One message at the desk: to whom, of what kind, in which pool.
type Bundle = (AccountId, &'static str, Nobody, Pool);

impl Letters {
    /// Tells the desk of a case as it stands now.
    pub(super) fn desk(&mut self, audience: Audience, kind: Kind, case: &Case) {
        self.desk
            .push((audience, kind, Nobody::Unsaid, case.clone()));
    }

    /// Tells the supervisors that one hour is left and that nobody is there to take the case.
    pub(super) fn unassigned(&mut self, case: &Case) {
        let to = Audience::Supervisors;
        self.desk
            .push((to, Kind::LastHour, Nobody::Said, case.clone()));
    }

    /// Tells the applicant that the deadline was missed and when to expect the answer instead.
    pub(super) fn breached(&mut self, case: &Case, expected: Ts) {
        let notice = notice::about(case, Kind::Breached).with("expected", expected.rfc3339());
        self.applicants.push((case.clone(), notice));
    }

    /// Writes everything.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn post(
        &self,
        conn: &mut Conn<'_>,
        ids: &StepIds,
        now: Ts,
    ) -> Result<(), StoreError> {
        let bundles = self.bundles(conn)?;
        let people: BTreeSet<AccountId> = self
            .applicants
            .iter()
            .map(|(case, _)| case.filed_by)
            .chain(bundles.keys().map(|(account, ..)| *account))
            .collect();
        let people: Vec<AccountId> = people.into_iter().collect();
        let known = addressees(conn, &people)?;
        let mut letters: Vec<Letter<'_>> = vec![];
        for (case, notice) in &self.applicants {
            letters.extend(known.get(&case.filed_by).map(|to| Letter {
                to,
                pool: case.pool,
                about: Some(case),
                notice: notice.clone(),
            }));
        }
        for ((account, _, nobody, pool), (kind, cases)) in &bundles {
            let to = known.get(account);
            letters.extend(to.and_then(|to| letter(to, *pool, *nobody, (*kind, cases))));
        }
        post_together(conn, &letters, &ids.messages, now, ids.real)
    }

    /// The cases of each message at the desk, in their order.
    fn bundles(
        &self,
        conn: &mut Conn<'_>,
    ) -> Result<BTreeMap<Bundle, (Kind, Vec<&Case>)>, StoreError> {
        let mut bundles: BTreeMap<Bundle, (Kind, Vec<&Case>)> = BTreeMap::new();
        let mut supervisors: BTreeMap<AgencyCode, Vec<AccountId>> = BTreeMap::new();
        for (audience, kind, nobody, case) in &self.desk {
            let told = match (audience, supervisors.get(&case.agency)) {
                (Audience::Supervisors, Some(known)) => known.clone(),
                _ => accounts(conn, case, *audience)?,
            };
            if *audience == Audience::Supervisors {
                supervisors.insert(case.agency, told.clone());
            }
            for account in told {
                let bundle = (account, kind.as_str(), *nobody, case.pool);
                let (_, cases) = bundles.entry(bundle).or_insert_with(|| (*kind, vec![]));
                cases.push(case);
            }
        }
        Ok(bundles)
    }
}

/// One message at the desk, about one case or about many.
fn letter<'a>(
    to: &'a Addressee,
    pool: Pool,
    nobody: Nobody,
    (kind, cases): (Kind, &[&'a Case]),
) -> Option<Letter<'a>> {
    let (first, more) = cases.split_first()?;
    let notice = match more {
        [] => notice::about(first, kind),
        _ => {
            let named = cases.iter().take(NAMED).map(|case| &case.receipt_no);
            notice::of_many(
                kind.of_many(),
                cases.len(),
                &named.cloned().collect::<Vec<_>>(),
            )
        }
    };
    Some(Letter {
        to,
        pool,
        about: more.is_empty().then_some(*first),
        notice: match nobody {
            Nobody::Said => notice.with("unassigned", "yes".to_owned()),
            Nobody::Unsaid => notice,
        },
    })
}
