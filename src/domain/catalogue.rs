//! Catalogue of drugs and services (SET-2, SET-3): which class something has on a day, and on which temporary list it stands.
//! Pure; what a class means for a payment is the settlement's. Entries are read from CSV as a whole: a file with a fault gives
//! nothing.

use pinyin::ToPinyin;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::claim::Class;
use super::patient::closed_set;
use super::policy::value::BasisPoints;
use super::settlement::{Listed, Sort};
use super::time::Day;

mod reading;

pub use reading::{Fault, read};

closed_set! {
    /// The lists something can stand on; texts `drugs-list-<name>`.
    List {
        /// 基本医保目录
        Ordinary,
        /// 诊疗方案
        Protocol,
        /// 省临时增补药品
        ProvincialTemporary,
        /// 第三批省级增补药品
        ThirdSupplementary,
    }
}

/// Something on a list, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Code: letters, digits, points and hyphens, capitals.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English; may be empty.
    pub name_en: String,
    /// What it is.
    pub sort: Sort,
    /// What one of it is: a box, a time; may be empty.
    pub unit: String,
    /// Class of the ordinary catalogue; on a temporary list, outside of it.
    pub class: Class,
    /// What the person bears of class B.
    pub own_share: Option<BasisPoints>,
    /// First day.
    pub from: Day,
    /// Last day; open when none is stated.
    pub to: Option<Day>,
    /// The list.
    pub list: List,
}

/// What something is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classified {
    /// Class of the ordinary catalogue; outside when it does not stand there on the day.
    pub class: Class,
    /// What the person bears: of class B, or as a temporary list says.
    pub own_share: Option<BasisPoints>,
    /// What it is.
    pub sort: Sort,
    /// Whether it belongs to the protocol of COVID treatment on the day.
    pub protocol: bool,
    /// The temporary list it stands on beside the protocol.
    pub list: Option<Listed>,
}

/// What the entries of one code that are in force on a day say together; `None` of none.
pub fn classified(entries: &[Entry]) -> Option<Classified> {
    let on = |list: List| entries.iter().find(|entry| entry.list == list);
    let ordinary = on(List::Ordinary);
    let extra = on(List::ThirdSupplementary)
        .map(|entry| (Listed::ThirdSupplementary, entry))
        .or_else(|| {
            on(List::ProvincialTemporary).map(|entry| (Listed::ProvincialTemporary, entry))
        });
    let own_share = match (ordinary, extra) {
        (Some(entry), _) | (None, Some((_, entry))) => entry.own_share,
        (None, None) => None,
    };
    Some(Classified {
        class: ordinary.map_or(Class::Outside, |entry| entry.class),
        own_share,
        sort: ordinary.or_else(|| entries.first())?.sort,
        protocol: on(List::Protocol).is_some(),
        list: extra.map(|(list, _)| list),
    })
}

impl Entry {
    /// Whether it is in force on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// What a search looks in: code, names and pinyin initials, in small letters.
    pub fn words(&self) -> String {
        let parts = [
            self.code.as_str(),
            &self.name_zh,
            &self.name_en,
            &initials(&self.name_zh),
        ];
        parts.join(" ").to_lowercase()
    }
}

/// The first letters of a Chinese name's pinyin; other letters and digits stay: `amxljn` of 阿莫西林胶囊.
pub fn initials(name: &str) -> String {
    name.chars()
        .filter_map(|c| match c.to_pinyin() {
            Some(pinyin) => pinyin.plain().chars().next(),
            None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        })
        .collect()
}

/// Words of a search as [`Entry::words`] has them: nothing invisible, half-width, small letters.
pub fn searched(typed: &str) -> String {
    let plain = typed.chars().filter(|c| !super::text::is_invisible(*c));
    let plain: String = plain.map(super::text::half_width).collect();
    plain.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
