//! Papers as files: what an upload really is, what must not stay in it, where it is kept, and codes to scan.
//! Nothing here knows of cases, people or requests.

pub mod blank_list;
pub mod files;
pub mod inspect;
pub mod metadata;
pub mod qr;
pub mod spreadsheet;
pub mod template;
