//! One-time codes from a clock (RFC 6238: SHA-1, six digits, steps of 30 s). Pure: secret and time are parameters.
//! Which codes were taken before is the caller's to know.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps by which a phone's clock may be early or late.
const DRIFT: i64 = 1;
/// Letters of base 32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Bytes of a secret: 32 letters of base 32.
pub const SECRET_BYTES: usize = 20;

/// The step whose code this is, within the drift around `seconds` since 1970 and after `last`, whose code or a later
/// one was taken before; `None` for any other code.
pub fn step_of(secret: &[u8], code: &str, seconds: i64, last: i64) -> Option<i64> {
    let now = seconds.div_euclid(STEP);
    let mut found = None;
    // All steps are computed whatever the first says, so that the time taken tells nothing.
    for step in now - DRIFT..=now + DRIFT {
        let right = verify_slices_are_equal(code.as_bytes(), code_of(secret, step).as_bytes());
        if right.is_ok() && step > last {
            found = found.or(Some(step));
        }
    }
    found
}

/// The code of a moment, as a phone shows it.
pub fn code_at(secret: &[u8], seconds: i64) -> String {
    code_of(secret, seconds.div_euclid(STEP))
}

fn code_of(secret: &[u8], step: i64) -> String {
    format!("{:06}", truncated(secret, step) % 1_000_000)
}

/// RFC 4226, section 5.3: 31 bits from where the last half byte says.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
    tag.iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
        & 0x7fff_ffff
}

/// A secret as letters to be typed, without padding.
pub fn base32(secret: &[u8]) -> String {
    let bits = secret.len() * 8;
    (0..bits.div_ceil(5))
        .filter_map(|letter| {
            let value = (letter * 5..letter * 5 + 5).fold(0, |value, bit| {
                let byte = secret.get(bit / 8).copied().unwrap_or_default();
                value << 1 | usize::from(byte >> (7 - bit % 8) & 1)
            });
            BASE32.get(value).copied().map(char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B, the rows of SHA-1: their eight digits end with the six of the same truncation.
    #[rstest]
    #[case(59, "94287082")]
    #[case(1_111_111_109, "07081804")]
    #[case(1_111_111_111, "14050471")]
    #[case(1_234_567_890, "89005924")]
    #[case(2_000_000_000, "69279037")]
    #[case(20_000_000_000, "65353130")]
    fn codes_are_those_of_the_standard(#[case] seconds: i64, #[case] eight: &str) {
        assert_eq!(
            truncated(SECRET, seconds / 30) % 100_000_000,
            eight.parse::<u32>().unwrap()
        );
        assert_eq!(code_at(SECRET, seconds), eight[2..]);
    }

    #[rstest]
    #[case(-31, None)]
    #[case(-30, Some(-1))]
    #[case(0, Some(0))]
    #[case(29, Some(0))]
    #[case(30, Some(1))]
    #[case(59, Some(1))]
    #[case(60, None)]
    fn a_clock_may_be_one_step_off(#[case] phone: i64, #[case] expected: Option<i64>) {
        let now = 1_111_111_110;
        assert_eq!(now % 30, 0);
        let code = code_at(SECRET, now + phone);
        let found = step_of(SECRET, &code, now, 0).map(|step| step - now / 30);
        assert_eq!(found, expected);
    }

    #[test]
    fn no_code_is_taken_twice_nor_one_before_it() {
        let now = 1_111_111_110;
        let step = step_of(SECRET, &code_at(SECRET, now), now, 0).unwrap();
        assert_eq!(step_of(SECRET, &code_at(SECRET, now), now, step), None);
        assert_eq!(step_of(SECRET, &code_at(SECRET, now - 30), now, step), None);
        assert_eq!(
            step_of(SECRET, &code_at(SECRET, now + 30), now, step),
            Some(step + 1)
        );
    }

    #[rstest]
    #[case("")]
    #[case("12345")]
    #[case("1234567")]
    #[case("abcdef")]
    fn nothing_else_is_a_code(#[case] typed: &str) {
        assert_eq!(step_of(SECRET, typed, 59, 0), None);
    }

    #[rstest]
    #[case(b"", "")]
    #[case(b"f", "MY")]
    #[case(b"foobar", "MZXW6YTBOI")]
    #[case(SECRET, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    fn a_secret_is_written_in_base_32(#[case] secret: &[u8], #[case] expected: &str) {
        assert_eq!(base32(secret), expected);
    }
}
