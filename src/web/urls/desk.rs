//! Addresses of the desk.

use super::{encode, local_or_home};
use crate::domain::workflow::Action;

/// The desk's first page.
pub fn desk() -> String {
    "/desk".to_owned()
}

/// Takes the most urgent case (POST).
pub fn next() -> String {
    "/desk/next".to_owned()
}

/// The first page, saying why there is no next case: `nothing` waits, or hands are `full`.
pub fn no_next(why: &str) -> String {
    with("/desk", &[("next", why)])
}

/// The queue, narrowed and from a place on; empty parts are left out.
pub fn queue(item: &str, urgency: &str, after: &str) -> String {
    with(
        "/desk/queue",
        &[("item", item), ("urgency", urgency), ("after", after)],
    )
}

/// All cases of the agency, in one state and from a place on.
pub fn cases(state: &str, after: &str) -> String {
    with("/desk/cases", &[("state", state), ("after", after)])
}

/// What the reader holds.
pub fn mine(after: &str) -> String {
    with("/desk/mine", &[("after", after)])
}

/// What waits for a second person.
pub fn reviews(after: &str) -> String {
    with("/desk/reviews", &[("after", after)])
}

/// The supervisor's list.
pub fn escalated(after: &str) -> String {
    with("/desk/escalated", &[("after", after)])
}

/// Requests that wait for a second supervisor.
pub fn approvals() -> String {
    "/desk/approvals".to_owned()
}

/// Confirms a request (POST).
pub fn confirm(approval: &str) -> String {
    format!("/desk/approvals/{}/confirm", encode(approval))
}

/// Declines a request (POST).
pub fn decline(approval: &str) -> String {
    format!("/desk/approvals/{}/decline", encode(approval))
}

/// The duty roster of a week (CAT-3); this week's when empty.
pub fn roster(week: &str) -> String {
    with("/desk/roster", &[("week", week)])
}

/// Adds a shift (POST).
pub fn roster_add() -> String {
    "/desk/roster/add".to_owned()
}

/// Takes a shift out (POST).
pub fn roster_remove() -> String {
    "/desk/roster/remove".to_owned()
}

/// Copies the week before (POST).
pub fn roster_copy() -> String {
    "/desk/roster/copy".to_owned()
}

/// Leave with who stands in, and where more is sent.
pub fn leave() -> String {
    "/desk/leave".to_owned()
}

/// Grants leave that was asked for (POST).
pub fn leave_grant() -> String {
    "/desk/leave/grant".to_owned()
}

/// Takes leave back (POST).
pub fn leave_cancel() -> String {
    "/desk/leave/cancel".to_owned()
}

/// Filing for a caller (CAS-8).
pub fn file() -> String {
    "/desk/file".to_owned()
}

/// Where that filing is sent.
pub fn file_submit() -> String {
    "/desk/file/submit".to_owned()
}

/// The receipt that is read out to the caller.
pub fn filed(receipt_no: &str) -> String {
    with("/desk/filed", &[("of", receipt_no)])
}

/// Finds a case by its receipt number.
pub fn search() -> String {
    "/desk/search".to_owned()
}

/// A case; `from` is the list it was opened from.
pub fn case(receipt_no: &str, from: &str) -> String {
    with(
        &format!("/desk/cases/{}", encode(receipt_no)),
        &[("from", from)],
    )
}

/// A paper of a case, sent as attachment.
pub fn paper(receipt_no: &str, id: &str) -> String {
    format!(
        "/api/v1/cases/{}/materials/{}",
        encode(receipt_no),
        encode(id)
    )
}

/// Shows sensitive data of a case in full (POST).
pub fn reveal(receipt_no: &str) -> String {
    format!("/desk/cases/{}/reveal", encode(receipt_no))
}

/// The form of an action, and where it is sent.
pub fn action(receipt_no: &str, action: Action, from: &str) -> String {
    with(
        &format!("/desk/cases/{}/actions/{action}", encode(receipt_no)),
        &[("from", from)],
    )
}

/// Where each role without a desk lands.
pub fn workplace() -> String {
    "/workplace".to_owned()
}

/// An address of the desk to lead back to; the desk's first page for everything else.
pub fn back(from: &str) -> String {
    let local = local_or_home(from);
    match local.strip_prefix("/desk") {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => local,
        _ => desk(),
    }
}

/// The same page with the notice that something was done to a case.
pub fn done(page: &str, what: &str, receipt_no: &str) -> String {
    let more = format!("done={}&of={}", encode(what), encode(receipt_no));
    let mark = if page.contains('?') { '&' } else { '?' };
    format!("{page}{mark}{more}")
}

pub(super) fn with(path: &str, values: &[(&str, &str)]) -> String {
    let query: Vec<String> = values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn empty_parts_are_left_out_and_values_encoded() {
        assert_eq!(queue("", "", ""), "/desk/queue");
        assert_eq!(
            queue("", "urgent", "0.1"),
            "/desk/queue?urgency=urgent&after=0.1"
        );
        assert_eq!(
            case("371000-1", "/desk/queue?item=a"),
            "/desk/cases/371000-1?from=%2Fdesk%2Fqueue%3Fitem%3Da"
        );
        assert_eq!(
            done("/desk?a=b", "approve", "3"),
            "/desk?a=b&done=approve&of=3"
        );
    }

    #[rstest]
    #[case("/desk/queue?item=a", "/desk/queue?item=a")]
    #[case("/desk", "/desk")]
    #[case("/desktop", "/desk")]
    #[case("//elsewhere.example/desk", "/desk")]
    #[case("/account", "/desk")]
    #[case("", "/desk")]
    fn the_way_back_stays_on_the_desk(#[case] from: &str, #[case] expected: &str) {
        assert_eq!(back(from), expected);
    }
}
