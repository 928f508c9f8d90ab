//! How long whoever failed too often waits. Failures only are counted, by name (whether an account has it or
//! not) and by network address, on the real clock. Nothing here knows passwords.

use std::net::IpAddr;

use chrono::TimeDelta;

use crate::config::SignInLimits;
use crate::domain::time::Ts;
use crate::store::attempts::{self, Failures};
use crate::store::{Conn, StoreError, accounts, blind};

/// The first wait; it doubles with each further failure.
const FIRST_WAIT_SECONDS: i64 = 30;
/// The longest wait.
const LONGEST_WAIT_SECONDS: i64 = 3600;
/// After this long without a failure counting starts anew.
pub const FORGET: TimeDelta = TimeDelta::hours(24);

/// What an attempt is counted under, each with the failures that are free.
pub(super) struct Subjects(Vec<(Vec<u8>, i32)>);

impl Subjects {
    /// Of a sign-in; none when limits are off.
    pub(super) fn of(conn: &Conn<'_>, limits: SignInLimits, name: &str, address: IpAddr) -> Self {
        match limits {
            SignInLimits::Off => Self(vec![]),
            SignInLimits::On {
                per_account,
                per_address,
            } => Self(vec![
                (
                    conn.vault
                        .blind(blind::SIGN_IN_NAME, &accounts::normal_name(name)),
                    per_account,
                ),
                (
                    conn.vault.blind(blind::ADDRESS, &network(address)),
                    per_address,
                ),
            ]),
        }
    }

    /// Seconds until the next attempt, when there is a wait.
    pub(super) fn wait(&self, conn: &mut Conn<'_>, now: Ts) -> Result<Option<u64>, StoreError> {
        let mut longest = None;
        for (subject, _) in &self.0 {
            let wait = attempts::failures(conn, subject)?.and_then(|failures| wait(failures, now));
            longest = longest.max(wait);
        }
        Ok(longest)
    }

    /// Counts one failure.
    pub(super) fn count(&self, conn: &mut Conn<'_>, now: Ts) -> Result<(), StoreError> {
        for (subject, free) in &self.0 {
            let before = attempts::failures(conn, subject)?;
            attempts::put_failures(conn, subject, after_failure(before, now, *free))?;
        }
        Ok(())
    }

    /// Forgets the failures of the name after a success. Those of the address stay: whoever owns one account
    /// could clear them again and again while guessing the passwords of others.
    pub(super) fn forget(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        match self.0.first() {
            Some((subject, _)) if attempts::failures(conn, subject)?.is_some() => {
                attempts::forget_failures(conn, subject)
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// An IPv6 subscriber owns at least a /64 and counts as one.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

/// Seconds until the next attempt, when there is a wait.
pub(in crate::usecases) fn wait(failures: Failures, now: Ts) -> Option<u64> {
    let left = failures.locked_until?.since(now);
    let seconds = u64::try_from(left.num_seconds()).ok()?;
    (left > TimeDelta::zero()).then_some(seconds.saturating_add(1))
}

fn after_failure(before: Option<Failures>, now: Ts, free: i32) -> Failures {
    let counted = before
        .filter(|failures| now.since(failures.last_at) < FORGET)
        .map_or(0, |failures| failures.count);
    let count = counted.saturating_add(1);
    let locked_until = (count >= free).then(|| {
        let doublings = u32::try_from(count - free).unwrap_or(0).min(16);
        let seconds = (FIRST_WAIT_SECONDS << doublings).min(LONGEST_WAIT_SECONDS);
        now.plus(TimeDelta::seconds(seconds))
    });
    Failures {
        count,
        last_at: now,
        locked_until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn noon() -> Ts {
        Ts::parse("2020-02-03T12:00:00+08:00").unwrap()
    }

    fn after(failures: i32) -> Failures {
        (0..failures)
            .fold(None, |before, _| Some(after_failure(before, noon(), 5)))
            .unwrap()
    }

    #[rstest]
    #[case(1, None)]
    #[case(4, None)]
    #[case(5, Some(31))]
    #[case(6, Some(61))]
    #[case(11, Some(1921))]
    #[case(12, Some(3601))]
    #[case(1000, Some(3601))]
    fn the_wait_doubles_up_to_an_hour(#[case] failures: i32, #[case] expected: Option<u64>) {
        assert_eq!(wait(after(failures), noon()), expected);
    }

    #[test]
    fn the_wait_ends() {
        let failures = after(5);
        let at = |seconds| noon().plus(TimeDelta::seconds(seconds));
        assert_eq!(wait(failures, at(29)), Some(2));
        assert_eq!(wait(failures, at(30)), None);
        assert_eq!(wait(failures, at(3000)), None);
    }

    #[test]
    fn a_day_without_failures_starts_anew() {
        let later = noon().plus(FORGET);
        assert_eq!(after_failure(Some(after(9)), later, 5).count, 1);
    }

    #[rstest]
    #[case("10.0.0.1", "10.0.0.1")]
    #[case("::ffff:10.0.0.1", "10.0.0.1")]
    #[case("2001:db8:1:2:3:4:5:6", "2001:db8:1:2")]
    fn an_address_is_counted_by_its_subscriber(#[case] address: &str, #[case] expected: &str) {
        assert_eq!(network(address.parse().unwrap()), expected);
    }
}
