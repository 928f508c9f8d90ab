//! Working days by the State Council's yearly arrangements (CLK-2).
//!
//! A [`Calendar`] is built from texts, one an [`Arrangement`]. All versions are kept; the one issued last
//! is in force. A year without an arrangement is computed Monday to Friday and every answer about it is
//! [`Certainty::Provisional`]: this module never guesses a holiday and never calls a guess certain.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};

use super::locale::Locale;
use super::time::Day;

/// The working-day calendar of the whole country; cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Calendar(Arc<Inner>);

#[derive(Clone, Debug, Default)]
struct Inner {
    /// Every version of every year, the oldest first.
    versions: BTreeMap<i32, Vec<Arrangement>>,
    /// What the versions in force say of single days.
    special: BTreeMap<Day, SpecialDay>,
}

/// One notice of the State Council's General Office: all days off and make-up workdays of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The year arranged.
    pub year: i32,
    /// The notice's number, such as `国办发明电〔2020〕27号`.
    pub notice: String,
    /// The day on the notice.
    pub issued: Day,
    /// The number of the notice that this one amends, if any.
    pub amends: Option<String>,
    /// The days named by it. A New Year's holiday may begin in December of the year before.
    pub days: BTreeMap<Day, SpecialDay>,
}

/// A day named in an arrangement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Day off or make-up workday.
    pub kind: SpecialKind,
    /// The festival in Chinese.
    pub name_zh: String,
    /// The festival in English.
    pub name_en: String,
}

/// What an arrangement can say of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialKind {
    /// A day off, weekend days inside a holiday included.
    Holiday,
    /// A Saturday or Sunday that is worked.
    MakeUpWorkday,
}

/// What a day is (CLK-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// Monday to Friday.
    Workday,
    /// A Saturday or Sunday that is worked.
    MakeUpWorkday,
    /// Saturday or Sunday.
    Weekend,
    /// A day off by arrangement.
    Holiday,
}

impl DayKind {
    /// Whether the office is open on such a day.
    pub fn is_working(self) -> bool {
        match self {
            Self::Workday | Self::MakeUpWorkday => true,
            Self::Weekend | Self::Holiday => false,
        }
    }
}

/// How sure an answer is (CLK-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Every day looked at belongs to a year with an arrangement.
    Arranged,
    /// A year without an arrangement was touched; importing one may change the answer.
    Provisional,
}

impl Certainty {
    /// Provisional as soon as one part is.
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Why a text is no arrangement. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// One of the `# key: value` lines at the head is missing or cannot be read.
    #[error("the head needs a line `# {0}: …`")]
    Head(&'static str),
    /// The line does not have the columns date, kind, name_zh, name_en.
    #[error("line {line}: four columns are needed: date,kind,name_zh,name_en")]
    Columns {
        /// Where.
        line: u64,
    },
    /// The first column is no date `YYYY-MM-DD`.
    #[error("line {line}: `{text}` is no date")]
    Date {
        /// Where.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// The second column is neither `holiday` nor `workday`.
    #[error("line {line}: `{text}` is neither holiday nor workday")]
    Kind {
        /// Where.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// The day is neither in the year arranged nor in December before it.
    #[error("line {line}: {day} is outside the year arranged")]
    OtherYear {
        /// Where.
        line: u64,
        /// The day.
        day: Day,
    },
    /// The same day a second time.
    #[error("line {line}: {day} stands there twice")]
    Twice {
        /// Where.
        line: u64,
        /// The day.
        day: Day,
    },
    /// A make-up workday that is no Saturday or Sunday.
    #[error("line {line}: {day} is a working day without any arrangement")]
    Pointless {
        /// Where.
        line: u64,
        /// The day.
        day: Day,
    },
    /// No day at all: an empty file must not turn a year into a known one.
    #[error("the arrangement names no day")]
    Empty,
}

impl Calendar {
    /// The calendar of these arrangements, in any order.
    ///
    /// # Errors
    /// The first text that is no arrangement.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, CalendarError> {
        let arrangements: Result<Vec<_>, _> = texts.into_iter().map(Arrangement::parse).collect();
        Ok(Self::of(arrangements?))
    }

    /// The calendar of these arrangements, in any order. Of two with the same year and notice the later wins.
    pub fn of(arrangements: impl IntoIterator<Item = Arrangement>) -> Self {
        let mut versions: BTreeMap<i32, Vec<Arrangement>> = BTreeMap::new();
        for arrangement in arrangements {
            let of_year = versions.entry(arrangement.year).or_default();
            of_year.retain(|known| known.notice != arrangement.notice);
            of_year.push(arrangement);
            of_year.sort_by_key(|known| known.issued);
        }
        // Years ascend, so that a later year's notice has the last word on the December before it.
        let in_force = versions.values().filter_map(|of_year| of_year.last());
        let special = in_force.flat_map(|a| a.days.clone()).collect();
        Self(Arc::new(Inner { versions, special }))
    }

    /// This calendar with one more version of a year. It is in force when no other was issued later;
    /// the same notice again replaces its earlier reading.
    #[must_use]
    pub fn with_arrangement(&self, arrangement: Arrangement) -> Self {
        Self::of(self.arrangements().cloned().chain([arrangement]))
    }

    /// The calendar as it was known at the end of `day`: notices issued later are left out.
    #[must_use]
    pub fn as_known_on(&self, day: Day) -> Self {
        Self::of(self.arrangements().filter(|a| a.issued <= day).cloned())
    }

    /// What a day is, and how sure that is (CLK-2).
    pub fn day(&self, day: Day) -> (DayKind, Certainty) {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        match self.special(day).map(|special| special.kind) {
            Some(SpecialKind::Holiday) => (DayKind::Holiday, Certainty::Arranged),
            Some(SpecialKind::MakeUpWorkday) => (DayKind::MakeUpWorkday, Certainty::Arranged),
            None if weekend => (DayKind::Weekend, self.certainty(day.year())),
            None => (DayKind::Workday, self.certainty(day.year())),
        }
    }

    /// Whether the office is open on a day, sure or not.
    pub fn is_working(&self, day: Day) -> bool {
        self.day(day).0.is_working()
    }

    /// The festival that makes a day a day off or a make-up workday.
    pub fn festival(&self, day: Day, locale: Locale) -> Option<&str> {
        let special = self.special(day)?;
        Some(match locale {
            Locale::Zh => &special.name_zh,
            Locale::En => &special.name_en,
        })
    }

    /// Every day of a year in order; nothing for a year beyond the calendar.
    pub fn year(&self, year: i32) -> impl Iterator<Item = (Day, DayKind, Certainty)> + '_ {
        let first = Day::from_ymd_opt(year, 1, 1);
        let days = first.into_iter().flat_map(|first| first.iter_days());
        days.take_while(move |day| day.year() == year).map(|day| {
            let (kind, certainty) = self.day(day);
            (day, kind, certainty)
        })
    }

    /// Whether a year has an arrangement.
    pub fn certainty(&self, year: i32) -> Certainty {
        match self.in_force(year) {
            Some(_) => Certainty::Arranged,
            None => Certainty::Provisional,
        }
    }

    /// The arrangement in force for a year.
    pub fn in_force(&self, year: i32) -> Option<&Arrangement> {
        self.versions(year).last()
    }

    /// All versions of a year's arrangement, the oldest first.
    pub fn versions(&self, year: i32) -> &[Arrangement] {
        self.0.versions.get(&year).map_or(&[], Vec::as_slice)
    }

    /// The years without an arrangement that operators must be warned of on `today`: the year itself, and
    /// from 1 December on the next one (CLK-2).
    pub fn missing_years(&self, today: Day) -> BTreeSet<i32> {
        let next = (today.month() == 12).then_some(today.year() + 1);
        let needed = [Some(today.year()), next].into_iter().flatten();
        needed
            .filter(|year| self.in_force(*year).is_none())
            .collect()
    }

    fn special(&self, day: Day) -> Option<&SpecialDay> {
        self.0.special.get(&day)
    }

    /// Every version of every year.
    pub fn arrangements(&self) -> impl Iterator<Item = &Arrangement> {
        self.0.versions.values().flatten()
    }
}

impl Arrangement {
    /// Reads a text: `# year:`, `# notice:`, `# issued:` and perhaps `# amends:` at the head, then CSV with
    /// the columns `date,kind,name_zh,name_en`.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let year = head(text, "year").and_then(|year| year.parse().ok());
        let year = year.ok_or(CalendarError::Head("year"))?;
        let notice = head(text, "notice").ok_or(CalendarError::Head("notice"))?;
        let issued = head(text, "issued").and_then(|day| day.parse().ok());
        let issued = issued.ok_or(CalendarError::Head("issued"))?;
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut days = BTreeMap::new();
        for (number, record) in reader.records().enumerate() {
            let line = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(2);
            let record = record.map_err(|_| CalendarError::Columns { line })?;
            let line = record.position().map_or(line, csv::Position::line);
            let (day, special) = special_day(&record, line)?;
            let december_before = day.year() + 1 == year && day.month() == 12;
            if day.year() != year && !december_before {
                return Err(CalendarError::OtherYear { line, day });
            }
            if days.insert(day, special).is_some() {
                return Err(CalendarError::Twice { line, day });
            }
        }
        if days.is_empty() {
            return Err(CalendarError::Empty);
        }
        let notice = notice.to_owned();
        let amends = head(text, "amends").map(str::to_owned);
        Ok(Self {
            year,
            notice,
            issued,
            amends,
            days,
        })
    }
}

/// The value of a line `# key: value` at the head of a text.
fn head<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    let mut values = lines.filter_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == key).then(|| value.trim())
    });
    values.next().filter(|value| !value.is_empty())
}

fn special_day(record: &csv::StringRecord, line: u64) -> Result<(Day, SpecialDay), CalendarError> {
    let columns: Vec<&str> = record.iter().map(str::trim).collect();
    let [date, kind, name_zh, name_en] = columns.as_slice() else {
        return Err(CalendarError::Columns { line });
    };
    let day: Day = date.parse().map_err(|_| CalendarError::Date {
        line,
        text: (*date).to_owned(),
    })?;
    let kind = match *kind {
        "holiday" => SpecialKind::Holiday,
        "workday" => SpecialKind::MakeUpWorkday,
        other => {
            return Err(CalendarError::Kind {
                line,
                text: other.to_owned(),
            });
        }
    };
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    if kind == SpecialKind::MakeUpWorkday && !weekend {
        return Err(CalendarError::Pointless { line, day });
    }
    let (name_zh, name_en) = ((*name_zh).to_owned(), (*name_en).to_owned());
    Ok((
        day,
        SpecialDay {
            kind,
            name_zh,
            name_en,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;
    use rstest::rstest;

    fn china() -> Calendar {
        Calendar::parse(data::CALENDARS).unwrap()
    }

    fn d(text: &str) -> Day {
        text.parse().unwrap()
    }

    const HEAD: &str =
        "# year: 2027\n# notice: test 1\n# issued: 2026-11-20\ndate,kind,name_zh,name_en\n";

    #[rstest]
    #[case("2020-01-23", DayKind::Workday)]
    #[case("2020-01-19", DayKind::MakeUpWorkday)]
    #[case("2020-01-31", DayKind::Holiday)]
    #[case("2020-02-01", DayKind::Holiday)]
    #[case("2020-02-02", DayKind::Holiday)]
    #[case("2020-02-03", DayKind::Workday)]
    #[case("2022-10-08", DayKind::MakeUpWorkday)]
    #[case("2022-12-31", DayKind::Holiday)]
    #[case("2023-01-22", DayKind::Holiday)]
    #[case("2023-01-28", DayKind::MakeUpWorkday)]
    #[case("2026-02-14", DayKind::MakeUpWorkday)]
    #[case("2026-11-21", DayKind::Weekend)]
    fn the_arrangement_says_what_a_day_is_clk_2(#[case] day: &str, #[case] kind: DayKind) {
        assert_eq!(china().day(d(day)), (kind, Certainty::Arranged));
    }

    #[rstest]
    // Working days a year, counted from the notices and from two published calendars.
    #[case(2020, 366, 249)]
    #[case(2021, 365, 250)]
    #[case(2022, 365, 249)]
    #[case(2023, 365, 249)]
    #[case(2024, 366, 251)]
    #[case(2025, 365, 248)]
    #[case(2026, 365, 248)]
    fn a_year_has_its_days_clk_2(#[case] year: i32, #[case] days: usize, #[case] working: usize) {
        let china = china();
        let listed: Vec<_> = china.year(year).collect();
        assert_eq!(listed.len(), days);
        assert_eq!(
            listed
                .iter()
                .filter(|(_, kind, _)| kind.is_working())
                .count(),
            working
        );
        assert!(
            listed
                .iter()
                .all(|(_, _, certainty)| *certainty == Certainty::Arranged)
        );
    }

    #[test]
    fn a_year_without_an_arrangement_is_known_as_unknown_clk_2() {
        let china = china();
        assert_eq!(
            china.day(d("2027-01-01")),
            (DayKind::Workday, Certainty::Provisional)
        );
        assert_eq!(
            china.day(d("2027-01-02")),
            (DayKind::Weekend, Certainty::Provisional)
        );
        assert_eq!(
            china.day(d("2019-10-01")),
            (DayKind::Workday, Certainty::Provisional)
        );
        assert!(
            china
                .year(2027)
                .all(|(_, _, certainty)| certainty == Certainty::Provisional)
        );
        assert_eq!(china.year(i32::MAX).count(), 0);
    }

    #[test]
    fn the_first_announcement_of_2020_is_kept_beside_its_amendment_clk_2() {
        let china = china();
        let notices: Vec<_> = china
            .versions(2020)
            .iter()
            .map(|a| a.notice.as_str())
            .collect();
        assert_eq!(notices, ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号"]);
        assert_eq!(
            china.in_force(2020).unwrap().amends.as_deref(),
            Some("国办发明电〔2019〕16号")
        );
        let before = china.as_known_on(d("2020-01-25"));
        assert_eq!(before.day(d("2020-01-31")).0, DayKind::Workday);
        assert_eq!(before.day(d("2020-02-01")).0, DayKind::MakeUpWorkday);
        assert_eq!(before.day(d("2020-02-02")).0, DayKind::Weekend);
        assert_eq!(before.certainty(2021), Certainty::Provisional);
        assert_eq!(
            china.as_known_on(d("2020-01-26")).day(d("2020-02-01")).0,
            DayKind::Holiday
        );
    }

    #[test]
    fn every_arrangement_has_a_number_and_was_issued_before_its_year_or_amends() {
        for text in data::CALENDARS {
            let arrangement = Arrangement::parse(text).unwrap();
            assert!(
                arrangement.notice.starts_with("国办发明电〔"),
                "{}",
                arrangement.notice
            );
            assert!(arrangement.issued.year() < arrangement.year || arrangement.amends.is_some());
        }
    }

    #[test]
    fn an_imported_year_becomes_known_and_an_amendment_wins_clk_2() {
        let known = china().with_arrangement(
            Arrangement::parse(&format!("{HEAD}2027-01-01,holiday,元旦,New Year's Day")).unwrap(),
        );
        assert_eq!(
            known.day(d("2027-01-01")),
            (DayKind::Holiday, Certainty::Arranged)
        );
        assert_eq!(known.festival(d("2027-01-01"), Locale::Zh), Some("元旦"));
        assert_eq!(
            known.festival(d("2027-01-01"), Locale::En),
            Some("New Year's Day")
        );
        assert_eq!(
            china().certainty(2027),
            Certainty::Provisional,
            "the calendar it came from is as before"
        );
        let later = HEAD
            .replace("test 1", "test 2")
            .replace("2026-11-20", "2027-01-02");
        let amendment =
            Arrangement::parse(&format!("{later}2027-01-04,holiday,元旦,New Year's Day")).unwrap();
        let amended = known
            .with_arrangement(amendment.clone())
            .with_arrangement(amendment);
        assert_eq!(amended.versions(2027).len(), 2);
        assert_eq!(amended.day(d("2027-01-01")).0, DayKind::Workday);
        assert_eq!(amended.day(d("2027-01-04")).0, DayKind::Holiday);
    }

    #[test]
    fn an_older_notice_imported_late_does_not_win() {
        let first = data::CALENDARS
            .iter()
            .find(|text| text.contains("〔2019〕16号") && !text.contains("amends"));
        let again = china().with_arrangement(Arrangement::parse(first.unwrap()).unwrap());
        assert_eq!(again.day(d("2020-02-01")).0, DayKind::Holiday);
    }

    #[test]
    fn operators_are_warned_from_the_first_of_december_on_clk_2() {
        let china = china();
        assert!(china.missing_years(d("2026-11-30")).is_empty());
        assert_eq!(china.missing_years(d("2026-12-01")), BTreeSet::from([2027]));
        assert_eq!(china.missing_years(d("2027-01-01")), BTreeSet::from([2027]));
        assert_eq!(
            china.missing_years(d("2027-12-31")),
            BTreeSet::from([2027, 2028])
        );
        assert!(china.missing_years(d("2025-12-31")).is_empty());
    }

    #[rstest]
    #[case("2027-01-01,holiday", CalendarError::Columns { line: 5 })]
    #[case("01.01.2027,holiday,a,b", CalendarError::Date { line: 5, text: "01.01.2027".into() })]
    #[case("2027-02-29,holiday,a,b", CalendarError::Date { line: 5, text: "2027-02-29".into() })]
    #[case("2027-01-01,free,a,b", CalendarError::Kind { line: 5, text: "free".into() })]
    #[case("2028-01-01,holiday,a,b", CalendarError::OtherYear { line: 5, day: d("2028-01-01") })]
    #[case("2026-11-30,holiday,a,b", CalendarError::OtherYear { line: 5, day: d("2026-11-30") })]
    #[case("2027-01-01,holiday,a,b\n2027-01-01,holiday,a,b", CalendarError::Twice { line: 6, day: d("2027-01-01") })]
    #[case("2027-01-01,workday,a,b", CalendarError::Pointless { line: 5, day: d("2027-01-01") })]
    #[case("", CalendarError::Empty)]
    fn a_bad_line_is_refused_with_its_reason(#[case] lines: &str, #[case] error: CalendarError) {
        assert_eq!(Arrangement::parse(&format!("{HEAD}{lines}")), Err(error));
    }

    #[rstest]
    #[case("year")]
    #[case("notice")]
    #[case("issued")]
    fn a_head_without_its_facts_is_refused(#[case] key: &'static str) {
        let text =
            format!("{HEAD}2027-01-01,holiday,a,b").replace(&format!("# {key}:"), "# other:");
        assert_eq!(Arrangement::parse(&text), Err(CalendarError::Head(key)));
        assert_eq!(
            Calendar::parse([text.as_str()]).err(),
            Some(CalendarError::Head(key))
        );
    }
}
