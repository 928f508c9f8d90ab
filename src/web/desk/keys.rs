//! In which order the desk's buttons stand and by which keys they are pressed. Which are there is the table's to say.

use crate::domain::workflow::Action;

/// What decides stands first.
pub(super) fn order(action: Action) -> u8 {
    match action {
        Action::Approve => 0,
        Action::RequestSupplement => 1,
        Action::Refuse => 2,
        Action::NotAccept => 3,
        Action::Return => 4,
        Action::Accept => 5,
        Action::Claim => 6,
        Action::Assign => 7,
        Action::HandOver => 8,
        Action::Release => 9,
        _ => 10,
    }
}

/// The key; empty where there is none.
pub(super) fn key(action: Action) -> &'static str {
    match action {
        Action::Approve => "a",
        Action::RequestSupplement => "s",
        Action::Refuse => "r",
        Action::NotAccept => "x",
        Action::Return => "t",
        Action::Accept => "e",
        Action::Claim => "c",
        Action::Assign => "g",
        Action::HandOver => "h",
        Action::Release => "b",
        Action::Reopen => "o",
        _ => "",
    }
}
