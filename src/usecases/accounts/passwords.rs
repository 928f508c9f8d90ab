//! Passwords: hashing (argon2id), checking, and what a new one must be. Nothing here knows accounts. Hashing
//! takes some 20 ms and 19 MiB: callers on async threads go through [`super::SignIn`].

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use unicode_normalization::UnicodeNormalization;

use crate::domain::form::FieldError;
use crate::usecases::Error;

/// Characters at least.
pub const SHORTEST: usize = 8;
/// Characters at most; longer ones are never hashed.
pub const LONGEST: usize = 128;

/// Checked in place of the hash of an account that does not exist, so that it takes the same time.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

/// The hash of a password, as a PHC string. Blocks.
///
/// # Errors
/// [`Error::Fault`] when the system gives no random bytes.
pub fn hash(password: &str) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(normal(password).as_bytes())
        .map_err(|e| Error::Fault(format!("hashing a password: {e}")))?;
    Ok(hash.to_string())
}

/// Whether a password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was.
    Right,
    /// It was not, or there is nothing to be right about.
    Wrong,
}

/// Checks a password against a hash; without one it works as long and says [`Verdict::Wrong`]. Blocks.
pub fn check(password: &str, hash: Option<&str>) -> Verdict {
    metrics::counter!("bujianmian_password_checks_total").increment(1);
    let stored = PasswordHash::new(hash.unwrap_or(NOBODY.as_str()));
    // Nothing longer was ever accepted; the time stays the same.
    let typed = match password.chars().nth(LONGEST) {
        Some(_) => String::new(),
        None => normal(password),
    };
    let right = stored.is_ok_and(|stored| {
        Argon2::default()
            .verify_password(typed.as_bytes(), &stored)
            .is_ok()
    });
    if right && hash.is_some() {
        Verdict::Right
    } else {
        Verdict::Wrong
    }
}

/// Makes the hash that stands for nobody, so that the first sign-in takes as long as any.
pub(super) fn prepare() {
    LazyLock::force(&NOBODY);
}

/// What is wrong with a new password for `username`: its length, or that it is the name itself. No rules about
/// kinds of characters: they make passwords worse.
pub fn refusal(field: &str, password: &str, username: &str) -> Option<FieldError> {
    let length = password.chars().count();
    if length < SHORTEST {
        Some(FieldError::new(field, "password-short").with("min", SHORTEST))
    } else if length > LONGEST {
        Some(FieldError::new(field, "password-long").with("max", LONGEST))
    } else if normal(password).eq_ignore_ascii_case(username) {
        Some(FieldError::new(field, "password-is-name"))
    } else {
        None
    }
}

/// One form for what keyboards write differently, such as full-width digits.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn only_the_password_that_was_hashed_is_right() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert_eq!(check("correct horse", Some(&stored)), Verdict::Right);
        assert_eq!(check("Correct horse", Some(&stored)), Verdict::Wrong);
        assert_eq!(check("", Some(&stored)), Verdict::Wrong);
        assert_eq!(check("correct horse", Some("no hash")), Verdict::Wrong);
        assert_ne!(stored, hash("correct horse").unwrap());
    }

    #[test]
    fn nobody_has_no_password() {
        assert_eq!(check("nobody has this password", None), Verdict::Wrong);
    }

    #[test]
    fn full_width_digits_are_the_same_password() {
        let stored = hash("12345678").unwrap();
        assert_eq!(check("１２３４５６７８", Some(&stored)), Verdict::Right);
    }

    #[rstest]
    #[case("1234567", Some("password-short"))]
    #[case("12345678", None)]
    #[case("医保医保医保医保", None)]
    #[case("Handler1-320600", Some("password-is-name"))]
    fn a_new_password_has_a_length_and_is_not_the_name(
        #[case] password: &str,
        #[case] expected: Option<&str>,
    ) {
        let code = refusal("new", password, "handler1-320600").map(|error| error.code);
        assert_eq!(code.as_deref(), expected);
    }

    #[test]
    fn a_password_has_an_upper_limit() {
        assert!(refusal("new", &"a".repeat(LONGEST), "x").is_none());
        assert!(refusal("new", &"a".repeat(LONGEST + 1), "x").is_some());
    }
}
