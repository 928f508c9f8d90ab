//! The demo's people, by their place in a pool: name, ID number, phone. All are plainly invented: every given
//! name begins with 示 (as in 示范, sample), every ID number is on the code of a prefecture.

use crate::domain::id_number::IdNumber;
use crate::domain::phone::Phone;
use crate::domain::region::RegionCode;
use crate::domain::time::Day;
use crate::usecases::Error;

/// Common family names.
const FAMILIES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗",
];
const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A person's name by pool and number (below 10,000).
pub(super) fn name(site: usize, number: usize) -> String {
    let family = FAMILIES.iter().cycle().nth(number + 7 * site);
    format!("{}示{}", family.unwrap_or(&"王"), numeral(number))
}

/// A number below 10,000 as it is read out digit group by digit group: 四十二, 一百零三, 一千零四十二.
fn numeral(number: usize) -> String {
    let digit = |n: usize| DIGITS.get(n % 10).copied().unwrap_or_default();
    if number >= 1000 {
        let zero = match number % 1000 {
            1..100 => "零",
            _ => "",
        };
        return format!("{}千{zero}{}", digit(number / 1000), numeral(number % 1000));
    }
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    let head = match hundreds {
        0 => String::new(),
        _ => format!("{}百", digit(hundreds)),
    };
    let middle = match (hundreds, tens) {
        (0, 1) => "十".to_owned(),
        (_, 0) if hundreds > 0 && ones > 0 => "零".to_owned(),
        (_, 0) => String::new(),
        _ => format!("{}十", digit(tens)),
    };
    format!("{head}{middle}{}", digit(ones))
}

/// The ID number of a pool's person: born in `year`, the rest by their number.
pub(super) fn id_number(region: RegionCode, year: i32, number: usize) -> Result<IdNumber, Error> {
    let fault = || Error::Fault(format!("the demo's person {number} in {region}"));
    let part = |n: usize| u32::try_from(n).unwrap_or(1);
    let born = Day::from_ymd_opt(year, part(1 + number * 5 % 12), part(1 + number * 11 % 28));
    // Men and women in turns; no two people of a pool share day of birth and sequence.
    // From 800 on sequences come again, with other months of birth.
    let sequence = u16::try_from(100 + number % 800).map_err(|_| fault())?;
    IdNumber::compose(region, born.ok_or_else(fault)?, sequence).ok_or_else(fault)
}

/// A mobile number that nobody was given.
pub(super) fn mobile(site: usize, number: usize) -> Result<Phone, Error> {
    Phone::parse(&format!("13800{site:02}{number:04}"))
        .map_err(|e| Error::Fault(format!("the demo's phone {number}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(1, "一")]
    #[case(10, "十")]
    #[case(42, "四十二")]
    #[case(100, "一百")]
    #[case(103, "一百零三")]
    #[case(110, "一百一十")]
    #[case(1000, "一千")]
    #[case(1042, "一千零四十二")]
    #[case(1100, "一千一百")]
    fn numbers_are_read_out(#[case] number: usize, #[case] words: &str) {
        assert_eq!(numeral(number), words);
    }

    #[test]
    fn nobody_of_a_pool_shares_name_or_number() {
        let region = RegionCode::parse("371000").unwrap();
        let names: std::collections::BTreeSet<_> = (1..1500).map(|n| name(0, n)).collect();
        let numbers: std::collections::BTreeSet<_> = (1..1500)
            .map(|n| id_number(region, 1970, n).unwrap())
            .collect();
        assert_eq!((names.len(), numbers.len()), (1499, 1499));
    }
}
