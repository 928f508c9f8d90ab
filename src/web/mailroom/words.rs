//! Parcels in words.

use strum::IntoEnumIterator;

use crate::domain::parcel::{Courier, Found, Label};
use crate::store::parcels::Parcel;
use crate::web::chrome::Chrome;
use crate::web::components::{Opt, Select, Tag, TagColour};

/// Courier and number: `顺丰速运 SF1234567`.
pub fn label(chrome: &Chrome, label: &Label) -> String {
    format!("{} {}", courier(chrome, label.courier), label.tracking)
}

/// A courier by name.
pub fn courier(chrome: &Chrome, courier: Courier) -> String {
    chrome.t(&format!("courier-{courier}"))
}

/// The question who carries it.
pub fn couriers(chrome: &Chrome, given: &str, error: Option<String>) -> Select {
    let options =
        Courier::iter().map(|one| Opt::new(one.as_str(), courier(chrome, one)).chosen_if(given));
    let label = chrome.t("parcel-courier");
    Select::flat(chrome.locale, "courier", label, options.collect()).error(error)
}

/// What was found, in words.
pub fn found(chrome: &Chrome, found: Found) -> String {
    chrome.t(&format!("paper-found-{found}"))
}

/// What was found as a mark.
pub fn found_tag(chrome: &Chrome, one: Found) -> Tag {
    let colour = match one {
        Found::Original | Found::Copy => TagColour::Green,
        Found::Missing | Found::Unreadable => TagColour::Red,
    };
    Tag::new(found(chrome, one), colour)
}

/// Whether something is left to do with a parcel, as a mark.
pub fn standing(chrome: &Chrome, parcel: &Parcel) -> Tag {
    match parcel.closed_at {
        Some(_) => Tag::new(chrome.t("parcel-done"), TagColour::Grey),
        None => Tag::new(chrome.t("parcel-open"), TagColour::Yellow),
    }
}
