//! Items that can't be filed here yet (CAT-2): listed with the other ways to have them done.

use crate::domain::case::Channel;
use crate::domain::item::Basis;

/// An item without a form; its texts are `item-<slug>`.
#[derive(Clone, Copy, Debug)]
pub struct OfflineItem {
    /// Name in URLs and texts.
    pub slug: &'static str,
    /// The ways it can be done now.
    pub ways: &'static [Channel],
    /// The clause that names it.
    pub basis: Basis,
}

const LIST: Basis = Basis {
    rule: "CAT-2",
    source: "苏医保发〔2020〕3号",
    clause: "二(一)2",
};

const fn offline(slug: &'static str, ways: &'static [Channel]) -> OfflineItem {
    OfflineItem {
        slug,
        ways,
        basis: LIST,
    }
}

/// In the catalogue's order (CAT-5).
pub const ALL: &[OfflineItem] = &[
    offline("reimbursement", &[Channel::Mail, Channel::Counter]),
    offline("chronic-recognition", &[Channel::Mail, Channel::Counter]),
    offline(
        "enrolment",
        &[Channel::Phone, Channel::Mail, Channel::Counter],
    ),
    offline("personal-data-change", &[Channel::Phone, Channel::Mail]),
    offline("institution-change", &[Channel::Phone, Channel::Mail]),
    offline("relation-transfer", &[Channel::Mail, Channel::Counter]),
    offline("contribution-base", &[Channel::Mail, Channel::Counter]),
    offline("staff-changes", &[Channel::Mail, Channel::Counter]),
    offline("contribution-deferral", &[Channel::Mail, Channel::Counter]),
    offline("institution-agreement", &[Channel::Phone, Channel::Mail]),
    offline("benefit-payment", &[Channel::Phone, Channel::Mail]),
];
