//! The service items, one a file: form, materials, table, rules. Pure; nothing here loads or saves.
//! Adding an item means a file here, a line in [`ALL`] and its texts.

pub mod cross_region_cancellation;
pub mod cross_region_change;
pub mod cross_region_registration;
pub mod cross_region_registration_covid;
pub mod cross_region_registration_stranded;
pub mod offline;

use crate::domain::item::ServiceItem;

/// Every item that can be filed here, in the catalogue's order.
pub const ALL: &[&ServiceItem] = &[
    &cross_region_registration::ITEM,
    &cross_region_registration_covid::ITEM,
    &cross_region_registration_stranded::ITEM,
    &cross_region_change::ITEM,
    &cross_region_cancellation::ITEM,
];

/// The item of that slug.
pub fn find(slug: &str) -> Option<&'static ServiceItem> {
    ALL.iter().copied().find(|item| item.slug == slug)
}
