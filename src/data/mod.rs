//! Facts that come with the program, as texts. They are read by the types of [`crate::domain`]; nothing is
//! computed here.

pub mod dates;
pub mod policies;
pub mod texts;

/// The State Council's yearly arrangements of working days 2020 to 2026, one text a notice, for
/// [`Calendar::parse`](crate::domain::calendar::Calendar::parse). 2020 has two: the first announcement and
/// its amendment (CLK-2).
pub const CALENDARS: [&str; 8] = [
    include_str!("calendar/CN-2020.v1.csv"),
    include_str!("calendar/CN-2020.csv"),
    include_str!("calendar/CN-2021.csv"),
    include_str!("calendar/CN-2022.csv"),
    include_str!("calendar/CN-2023.csv"),
    include_str!("calendar/CN-2024.csv"),
    include_str!("calendar/CN-2025.csv"),
    include_str!("calendar/CN-2026.csv"),
];

/// Administrative division codes (GB/T 2260), for
/// [`Regions::parse`](crate::domain::region::Regions::parse): those in force and those no longer in use.
pub const REGIONS: [&str; 2] = [
    include_str!("region/current.csv"),
    include_str!("region/abolished.csv"),
];

/// What an audit's export holds and how it is checked.
pub const AUDIT_FORMAT: &str = include_str!("audit/FORMAT.txt");
