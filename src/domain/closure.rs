//! Closures and control periods of areas (封闭管理), and times of an epidemic, as administrators enter them (XR-8, DEF-6).

use super::ids::ClosureId;
use super::patient::closed_set;
use super::time::Day;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

closed_set! {
    /// What was entered; texts `closure-kind-<name>`.
    Kind {
        /// A closure or control period of an area.
        Closure,
        /// A time of an epidemic, in the pool.
        Epidemic,
    }
}

/// A closure as rules look at it: not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Identifier.
    pub id: ClosureId,
    /// Kind.
    pub kind: Kind,
    /// Code of a province, prefecture or county.
    pub area: String,
    /// First day.
    pub from: Day,
    /// Last day; it lasts while there is none.
    pub to: Option<Day>,
    /// Number and title of the notice it rests on.
    pub notice: String,
}
