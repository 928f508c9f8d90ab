//! Every address of the service as a function, so that a changed route is changed in one place and
//! templates hold no raw addresses. Values are percent-encoded here, nowhere else.

pub mod accounts;
pub mod closures;
pub mod contacts;
pub mod desk;
pub mod employer;
pub mod institution;
pub mod oversight;
pub mod resident;

use crate::domain::ids::MessageId;
use crate::domain::locale::Locale;
use crate::domain::notice::{Kind, Readers};
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::web::preferences::Print;

/// The home page.
pub fn home() -> String {
    "/".to_owned()
}

/// The sign-in page, which leads back to `next` afterwards (a local address).
pub fn sign_in(next: &str) -> String {
    format!("/login?next={}", encode(next))
}

/// Where the sign-in form is sent.
pub fn login() -> String {
    "/login".to_owned()
}

/// Where the demo's one-press sign-in is sent.
pub fn login_demo() -> String {
    "/login/demo".to_owned()
}

/// The own account.
pub fn account() -> String {
    "/account".to_owned()
}

/// The own account, saying what was done: `language`, `session`, `others` or `password`.
pub fn account_done(what: &str) -> String {
    format!("/account?done={}", encode(what))
}

/// Where the language of messages is sent.
pub fn account_language() -> String {
    "/account/language".to_owned()
}

/// How somebody wants to be told.
pub fn notifications() -> String {
    "/account/notifications".to_owned()
}

/// The same, saying that it was saved.
pub fn notifications_saved() -> String {
    "/account/notifications?done=saved".to_owned()
}

/// Where the password is changed.
pub fn account_password() -> String {
    "/account/password".to_owned()
}

/// Where signing out everywhere else is sent.
pub fn account_end_others() -> String {
    "/account/end-others".to_owned()
}

/// Who may file for whom (CAS-8).
pub fn authorisations() -> String {
    "/account/authorisations".to_owned()
}

/// Where an authorisation is accepted.
pub fn authorisation_accept() -> String {
    "/account/authorisations/accept".to_owned()
}

/// Where an authorisation is taken back.
pub fn authorisation_revoke() -> String {
    "/account/authorisations/revoke".to_owned()
}

/// Filing for somebody who authorised the reader.
pub fn behalf() -> String {
    "/behalf".to_owned()
}

/// Where the hospital's clerk registers a patient by one press (XR-3).
pub fn register_at_institution(id: &str) -> String {
    format!("/institution/patients/{}/register", encode(id))
}

/// Where a handler does.
pub fn register_at_desk(id: &str) -> String {
    format!("/desk/patients/{}/register", encode(id))
}

/// Where that filing is sent.
pub fn behalf_submit() -> String {
    "/behalf/submit".to_owned()
}

/// The hotline with its duty roster (CAT-3).
pub fn hotline() -> String {
    "/hotline".to_owned()
}

/// Where the sign-out form is sent.
pub fn sign_out() -> String {
    "/logout".to_owned()
}

/// The signed-in person's messages.
pub fn inbox() -> String {
    "/inbox".to_owned()
}

/// The same from the message after `id` on.
pub fn inbox_after(id: MessageId) -> String {
    format!("/inbox?after={id}")
}

/// Where messages are marked as read.
pub fn inbox_read() -> String {
    "/inbox/read".to_owned()
}

/// The catalogue of items (CAT-1).
pub fn items() -> String {
    "/items".to_owned()
}

/// The guide of an item (CAT-1).
pub fn item(slug: &str) -> String {
    format!("/items/{}", encode(slug))
}

/// The guide of an item with the agencies of one pool.
pub fn item_in(slug: &str, pool: Pool) -> String {
    format!("/items/{}?pool={pool}", encode(slug))
}

/// Where the form of an item begins.
pub fn file_item(slug: &str) -> String {
    resident::apply(slug)
}

/// The agencies of all pools.
pub fn agencies() -> String {
    "/agencies".to_owned()
}

/// The look-up of progress without signing in (CAS-5).
pub fn progress() -> String {
    "/progress".to_owned()
}

/// The same with the receipt number filled in, as the QR code of a receipt has it.
pub fn progress_of(receipt_no: &str) -> String {
    format!("/progress?receipt_no={}", encode(receipt_no))
}

/// Where a notice leads to: the progress of the case, for staff their desk's page of it, for administrators the list of
/// messages that were not sent.
pub fn of_notice(kind: Kind, receipt_no: &str) -> String {
    match kind.readers() {
        // About a list of many, not about one case.
        _ if matches!(kind, Kind::BatchDone | Kind::BatchDecided) => employer::batches(""),
        Readers::Public => progress_of(receipt_no),
        // Whoever answers is told of no case.
        Readers::Desk if kind.is_of_contact() && receipt_no.is_empty() => contacts::list("", ""),
        Readers::Desk => desk::case(receipt_no, ""),
        Readers::Administration => admin_outbox("", "", ""),
    }
}

/// The policy of a pool with the clause of every value.
pub fn policy(pool: Pool) -> String {
    format!("/policy/{pool}")
}

/// The same on a day.
pub fn policy_on(pool: Pool, day: Day) -> String {
    format!("/policy/{pool}?on={day}")
}

/// The lines by which the journals can be checked.
pub fn anchors() -> String {
    "/anchors".to_owned()
}

/// The working days of a year (CLK-2).
pub fn working_days(year: i32) -> String {
    format!("/working-days/{year}")
}

/// How to have things done without coming.
pub fn help() -> String {
    "/help".to_owned()
}

/// What was done so that everybody can use the service.
pub fn accessibility() -> String {
    "/accessibility".to_owned()
}

/// What becomes of personal data.
pub fn privacy() -> String {
    "/privacy".to_owned()
}

/// What the demo kept instead of mailing it, from `after` on (empty: the latest).
pub fn demo_mail(after: &str) -> String {
    match after {
        "" => "/demo/mail".to_owned(),
        after => format!("/demo/mail?after={}", encode(after)),
    }
}

/// One letter that the demo kept.
pub fn demo_letter(pool: Pool, id: MessageId) -> String {
    format!("/demo/mail/{pool}/{id}")
}

/// Messages that were not sent: `dead` (also when empty) or `waiting`, of one channel unless it is empty, from `after` on.
pub fn admin_outbox(state: &str, channel: &str, after: &str) -> String {
    let pairs = [("state", state), ("channel", channel), ("after", after)];
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    match query.is_empty() {
        true => "/admin/outbox".to_owned(),
        false => format!("/admin/outbox?{}", query.join("&")),
    }
}

/// The list of waiting messages, saying that one was put back into it.
pub fn admin_outbox_retried() -> String {
    "/admin/outbox?state=waiting&done=retried".to_owned()
}

/// The same, saying how many were.
pub fn admin_outbox_retried_all(count: usize) -> String {
    format!("/admin/outbox?state=waiting&count={count}")
}

/// Where the order to try all dead messages of one reason again is sent.
pub fn admin_outbox_retry_all() -> String {
    "/admin/outbox/retry-all".to_owned()
}

/// Where the order to try a dead message again is sent.
pub fn admin_outbox_retry() -> String {
    "/admin/outbox/retry".to_owned()
}

/// A POST with the form token keeps the session alive; it is answered without content.
pub fn keep_alive() -> String {
    "/session/keep-alive".to_owned()
}

/// Switches the language and leads back to `back` (a local address).
pub fn set_language(locale: Locale, back: &str) -> String {
    format!(
        "/preferences/language/{}?back={}",
        locale.tag(),
        encode(back)
    )
}

/// Switches large print on or off and leads back to `back` (a local address).
pub fn set_print(print: Print, back: &str) -> String {
    format!("/preferences/print/{}?back={}", print.name(), encode(back))
}

/// Percent-encodes everything but the unreserved characters of RFC 3986; fit for a path segment and
/// for a query value.
pub fn encode(value: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `target` when it is an address of this service (a path, perhaps with a query), else the home page:
/// a link may lead back, never elsewhere. Refused are `//host`, `/\host`, the same encoded, schemes,
/// control characters and spaces.
pub fn local_or_home(target: &str) -> String {
    let head = target.to_ascii_lowercase();
    let leads_out = !head.starts_with('/')
        || ["//", "/\\", "/%2f", "/%5c", "/%09"]
            .iter()
            .any(|start| head.starts_with(start))
        || target.contains('\\')
        || target.chars().any(|c| c.is_control() || c.is_whitespace());
    if leads_out || target.len() > 2_000 {
        home()
    } else {
        target.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/cases?page=2", "/cases?page=2")]
    #[case("/", "/")]
    #[case("//elsewhere.example", "/")]
    #[case("/\\elsewhere.example", "/")]
    #[case("/%2Felsewhere.example", "/")]
    #[case("/%5celsewhere.example", "/")]
    #[case("/\t/elsewhere.example", "/")]
    #[case("https://elsewhere.example/", "/")]
    #[case("javascript:alert(1)", "/")]
    #[case("cases", "/")]
    #[case("/a\r\nSet-Cookie: x", "/")]
    #[case("", "/")]
    fn a_link_leads_back_and_never_elsewhere(#[case] target: &str, #[case] expected: &str) {
        assert_eq!(local_or_home(target), expected);
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(encode("/a?b=中"), "%2Fa%3Fb%3D%E4%B8%AD");
    }
}
