//! Pools and agencies by their codes. Names and addresses are data of the store.

use serde::{Deserialize, Serialize};

/// A pool (统筹区), named by the code of its region: a prefecture `371000`, or a province `370000`
/// for its centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pool([u8; 6]);

/// An agency (经办机构), named by the code of its region: the city's `371000`, a county's `371002`,
/// a provincial centre's `370000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode([u8; 6]);

/// A code that is not six digits, or not one of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code of six digits is needed")]
pub struct BadCode;

fn six_digits(text: &str) -> Result<[u8; 6], BadCode> {
    let bytes: [u8; 6] = text.as_bytes().try_into().map_err(|_| BadCode)?;
    if bytes.iter().all(u8::is_ascii_digit) {
        Ok(bytes)
    } else {
        Err(BadCode)
    }
}

impl Pool {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code of the province: `370000` for `371000`.
    pub fn province(&self) -> Self {
        let [a, b, ..] = self.0;
        Self([a, b, b'0', b'0', b'0', b'0'])
    }

    /// The code of the city agency of this pool.
    pub fn city_agency(&self) -> AgencyCode {
        AgencyCode(self.0)
    }
}

impl AgencyCode {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The pool an agency belongs to: its prefecture, or its province for a provincial centre.
    pub fn pool(&self) -> Pool {
        let [a, b, c, d, ..] = self.0;
        Pool([a, b, c, d, b'0', b'0'])
    }
}

macro_rules! code_impls {
    ($($name:ident),+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadCode;
            fn try_from(text: String) -> Result<Self, BadCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }
    )+};
}
code_impls!(Pool, AgencyCode);

impl std::str::FromStr for Pool {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let code = six_digits(text)?;
        if code.ends_with(b"00") {
            Ok(Self(code))
        } else {
            Err(BadCode)
        }
    }
}

impl std::str::FromStr for AgencyCode {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        six_digits(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_belongs_to_the_pool_of_its_prefecture() {
        let county: AgencyCode = "371002".parse().unwrap();
        assert_eq!(county.pool().as_str(), "371000");
        assert_eq!(county.pool().province().as_str(), "370000");
        let centre: AgencyCode = "370000".parse().unwrap();
        assert_eq!(centre.pool().as_str(), "370000");
    }

    #[test]
    fn a_county_is_no_pool() {
        assert_eq!("371002".parse::<Pool>(), Err(BadCode));
        assert_eq!("37100".parse::<Pool>(), Err(BadCode));
        assert_eq!("３７１０００".parse::<Pool>(), Err(BadCode));
    }
}
