//! Contacts between agencies (XR-4, XR-5): what may be answered. A contact never suspends the effect of a registration.

use super::patient::closed_set;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

closed_set! {
    /// What came of a contact; texts `contact-answer-<name>`.
    Answer {
        /// It is done; of a provincial centre: passed on.
        Done,
        /// It can't be done.
        Cannot,
        /// Nothing came in the receiver's time (XR-6).
        Silent,
    }
}
