//! Papers as files: what an upload really is, what must not stay in it, where it is kept, and codes to scan.
//! Nothing here knows of cases, people or requests.

pub mod barcode;
pub mod blank_list;
pub mod files;
pub mod heic;
pub mod inspect;
pub mod metadata;
pub mod pdf;
pub mod pdf_reading;
pub mod qr;
pub mod scan;
pub mod spreadsheet;
pub mod template;
