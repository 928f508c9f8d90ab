//! Who is told what about a case (CAS-12, CLK-7), in the transaction of what happened. Words and sending are not here.

use super::saving::StepIds;
use crate::domain::case::{Case, Channel};
use crate::domain::ids::AccountId;
use crate::domain::notice::{Audience, Notice};
use crate::domain::time::Ts;
use crate::store::messages::{addressee, post};
use crate::store::{Conn, StoreError, people, roster};

/// Tells everybody of an audience.
pub(super) fn tell(
    conn: &mut Conn<'_>,
    case: &Case,
    audience: Audience,
    notice: &Notice,
    at: Ts,
    ids: &StepIds,
) -> Result<(), StoreError> {
    for account in accounts(conn, case, audience)? {
        if let Some(to) = addressee(conn, account)? {
            post(conn, case, &to, notice, &ids.messages, at, ids.real)?;
        }
    }
    Ok(())
}

/// Tells the person a case concerns, whoever filed it; who has no login hears it from whoever filed.
pub(super) fn tell_person(
    conn: &mut Conn<'_>,
    case: &Case,
    notice: &Notice,
    at: Ts,
    ids: &StepIds,
) -> Result<(), StoreError> {
    let mut logins = people::logins(conn, case.person)?;
    if logins.is_empty() {
        logins.push(case.filed_by);
    }
    for login in logins {
        if let Some(to) = addressee(conn, login)? {
            post(conn, case, &to, notice, &ids.messages, at, ids.real)?;
        }
    }
    Ok(())
}

/// The logins of an audience.
pub(super) fn accounts(
    conn: &mut Conn<'_>,
    case: &Case,
    audience: Audience,
) -> Result<Vec<AccountId>, StoreError> {
    match audience {
        Audience::Applicant => Ok(vec![case.filed_by]),
        Audience::Holder => Ok(case.holder.into_iter().collect()),
        Audience::Concerned => concerned(conn, case),
        Audience::Supervisors => roster::supervisors(conn, case.agency),
    }
}

/// The person concerned, where somebody else filed (CAS-8); only these two channels are for others.
fn concerned(conn: &mut Conn<'_>, case: &Case) -> Result<Vec<AccountId>, StoreError> {
    match case.channel {
        Channel::Phone | Channel::OnBehalf => {
            let mut logins = people::logins(conn, case.person)?;
            logins.retain(|login| *login != case.filed_by);
            Ok(logins)
        }
        Channel::Online | Channel::Mobile | Channel::Mail | Channel::Counter => Ok(vec![]),
    }
}
