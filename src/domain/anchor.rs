//! The line a pool publishes for each day: how many events were sealed by its end, and the hash of the day's last
//! seal. Whoever kept the line can tell later whether anything up to then was changed. It names nobody.

use super::place::Pool;
use super::time::Day;

/// What stands before the hash.
const ALGORITHM: &str = "sha256:";
/// Bytes of the hash.
const HASH_LEN: usize = 32;

/// One day's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The day, in Beijing time.
    pub day: Day,
    /// The pool.
    pub pool: Pool,
    /// Events sealed up to the end of the day.
    pub events: i64,
    /// Number of the last seal made by then.
    pub seal: i32,
    /// That seal's hash.
    pub hash: Vec<u8>,
}

/// A text that is no anchor's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line such as `2026-11-25 371000 12345 events seal 87 sha256:…` is needed")]
pub struct BadAnchor;

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (day, pool, events, seal) = (self.day, self.pool, self.events, self.seal);
        write!(f, "{day} {pool} {events} events seal {seal} {ALGORITHM}")?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Anchor {
    type Err = BadAnchor;

    fn from_str(line: &str) -> Result<Self, BadAnchor> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[day, pool, events, "events", "seal", seal, hash] = words.as_slice() else {
            return Err(BadAnchor);
        };
        Ok(Self {
            day: day.parse().map_err(|_| BadAnchor)?,
            pool: pool.parse().map_err(|_| BadAnchor)?,
            events: events.parse().map_err(|_| BadAnchor)?,
            seal: seal.parse().map_err(|_| BadAnchor)?,
            hash: hash
                .strip_prefix(ALGORITHM)
                .and_then(from_hex)
                .filter(|hash| hash.len() == HASH_LEN)
                .ok_or(BadAnchor)?,
        })
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let pair = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs
        .iter()
        .map(pair)
        .collect::<Option<_>>()
        .filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_line_is_written_and_read_back() {
        let anchor = Anchor {
            day: Day::from_ymd_opt(2026, 11, 25).unwrap(),
            pool: "371000".parse().unwrap(),
            events: 12345,
            seal: 87,
            hash: (0..32).collect(),
        };
        let line = anchor.to_string();
        assert!(
            line.starts_with("2026-11-25 371000 12345 events seal 87 sha256:000102"),
            "{line}"
        );
        assert_eq!(line.parse(), Ok(anchor.clone()));
        assert_eq!(
            format!("  {}  ", line.replace(' ', "   ")).parse(),
            Ok(anchor)
        );
    }

    #[rstest]
    #[case("")]
    #[case("2026-11-25 371000 12345 events seal 87")]
    #[case("2026-11-25 371000 12345 events seal 87 sha256:00")]
    #[case(
        "2026-11-25 371000 many events seal 87 sha256:0000000000000000000000000000000000000000000000000000000000000000"
    )]
    #[case(
        "2026-11-25 371000 1 events seal 87 md5:0000000000000000000000000000000000000000000000000000000000000000"
    )]
    #[case(
        "2026-13-25 371000 1 events seal 87 sha256:0000000000000000000000000000000000000000000000000000000000000000"
    )]
    fn what_is_no_line_is_refused(#[case] line: &str) {
        assert_eq!(line.parse::<Anchor>(), Err(BadAnchor));
    }
}
