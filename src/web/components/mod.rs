//! Building blocks of pages, each a struct with its own small template, so that it is compiled once
//! and a form described by data can be shown in a loop. In a template of a page they stand as
//! `{{ field }}`: they escape what they hold and are not escaped again. Words come in translated.
//!
//! * [`fields`]: what people fill in, with label, hint and fault;
//! * [`display`]: what people read: summary lists, tags, steps, history, banners, pages of a list.
//!
//! What wraps other markup (details, buttons, tables) is a macro in `templates/macros/frame.html`.
//! Nothing here decides what a person may see, or reads the clock.

pub mod display;
pub mod fields;

pub use display::{
    Banner, BannerKind, Deadline, Empty, Entry, Pages, Panel, Step, StepState, Steps, SummaryList,
    SummaryRow, Tag, TagColour, Task, TaskList, Timeline,
};
pub use fields::{
    Area, Checks, Choice, ErrorSummary, Field, FileField, Group, InputKind, Labelled, Opt, Select,
    TextField, field_id,
};

#[cfg(test)]
mod tests;
