//! Building blocks of pages, each a struct with its own small template, so that it is compiled once
//! and a form described by data can be shown in a loop. In a template of a page they stand as
//! `{{ field }}`: they escape what they hold and are not escaped again. Words come in translated.
//!
//! * [`fields`], [`choices`], [`forms`]: what people fill in, with label, hint and fault;
//! * [`display`], [`status`], [`chart`]: what people read.
//!
//! What wraps other markup (details, buttons, tables) is a macro in `templates/macros/frame.html`.
//! Nothing here decides what a person may see, or reads the clock.

pub mod chart;
pub mod choices;
pub mod display;
pub mod fields;
pub mod forms;
pub mod status;

pub use chart::{Bars, Chart, Series};
pub use choices::{Checks, Choice, Group, Opt, Select};
pub use display::{
    Banner, BannerKind, Empty, Entry, Pages, Panel, Step, StepState, Steps, SummaryList,
    SummaryRow, Task, TaskList, Timeline,
};
pub use fields::{Area, FileField, InputKind, Labelled, TextField, field_id};
pub use forms::{ErrorSummary, Field};
pub use status::{Deadline, Tag, TagColour};

#[cfg(test)]
mod tests;
