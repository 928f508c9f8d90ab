//! Words in both languages, from the Fluent files in `src/data/locales`, compiled in. One folder a
//! language, one file an audience; keys are unique over all files of a language. A missing key never
//! fails a page: the other language steps in, then the key itself. That both languages are complete
//! is a test here, not a check at run time.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, static_loader};

use crate::domain::locale::Locale;

static_loader! {
    static TEXTS = {
        locales: "./src/data/locales",
        fallback_language: "zh-CN",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static CHINESE: LazyLock<LanguageIdentifier> = LazyLock::new(|| language(Locale::Zh));
static ENGLISH: LazyLock<LanguageIdentifier> = LazyLock::new(|| language(Locale::En));

/// Words without variables that were looked up before, by key. Bounded by the number of messages: what no language
/// has is not kept.
type Plain = RwLock<HashMap<String, String>>;
static PLAIN_CHINESE: LazyLock<Plain> = LazyLock::new(Plain::default);
static PLAIN_ENGLISH: LazyLock<Plain> = LazyLock::new(Plain::default);

/// The words of `key`; the key itself when no language has it.
pub fn text(locale: Locale, key: &str) -> String {
    let plain = match locale {
        Locale::Zh => &PLAIN_CHINESE,
        Locale::En => &PLAIN_ENGLISH,
    };
    let known = plain.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(words) = known.get(key) {
        return words.clone();
    }
    drop(known);
    match found(locale, key, None) {
        Some(words) => {
            let mut known = plain.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key.to_owned(), words.clone());
            words
        }
        None => key.to_owned(),
    }
}

/// The words of `key` with its variables filled in. Numbers choose between singular and plural where
/// the language has them; they are written plainly, so amounts and dates come in as finished strings
/// (see [`crate::web::words`]).
pub fn text_with(locale: Locale, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
    let values: HashMap<&str, FluentValue<'_>> = values.iter().cloned().collect();
    found(locale, key, Some(&values)).unwrap_or_else(|| key.to_owned())
}

/// Whether a language has words for `key`.
pub fn has_text(locale: Locale, key: &str) -> bool {
    let values: Option<&HashMap<&str, FluentValue<'_>>> = None;
    TEXTS
        .lookup_single_language(identifier(locale), key, values)
        .is_ok()
}

/// The words in the language, else in Chinese.
fn found(
    locale: Locale,
    key: &str,
    values: Option<&HashMap<&str, FluentValue<'_>>>,
) -> Option<String> {
    TEXTS
        .lookup_single_language(identifier(locale), key, values)
        .or_else(|_| TEXTS.lookup_single_language(&CHINESE, key, values))
        .ok()
}

fn identifier(locale: Locale) -> &'static LanguageIdentifier {
    match locale {
        Locale::Zh => &CHINESE,
        Locale::En => &ENGLISH,
    }
}

fn language(locale: Locale) -> LanguageIdentifier {
    locale.tag().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use fluent_templates::fluent_bundle::FluentResource;

    use super::*;

    /// Each message of a language: its key, the file it stands in and the variables it uses.
    fn messages(locale: Locale) -> BTreeMap<String, (String, BTreeSet<String>)> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("src/data/locales")
            .join(locale.tag());
        let mut found = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap().to_owned();
            let source = std::fs::read_to_string(&path).unwrap();
            if let Err((_, errors)) = FluentResource::try_new(source.clone()) {
                panic!("{file} ({}) is not Fluent: {errors:?}", locale.tag());
            }
            let mut current = String::new();
            for line in source.lines() {
                let starts_message = line.starts_with(|c: char| c.is_ascii_alphabetic());
                if let Some((key, _)) = line.split_once('=').filter(|_| starts_message) {
                    current = key.trim().to_owned();
                    let earlier = found.insert(current.clone(), (file.clone(), BTreeSet::new()));
                    assert_eq!(earlier, None, "{current} stands twice in {}", locale.tag());
                }
                for used in line.split('$').skip(1).filter(|_| !line.starts_with('#')) {
                    let name: String = used
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                        .collect();
                    found.get_mut(&current).unwrap().1.insert(name);
                }
            }
        }
        found
    }

    #[test]
    fn every_message_stands_in_both_languages_in_the_same_file_with_the_same_variables() {
        let (chinese, english) = (messages(Locale::Zh), messages(Locale::En));
        let faults: Vec<String> = chinese
            .iter()
            .filter(|(key, message)| english.get(*key) != Some(message))
            .map(|(key, message)| format!("{key}: zh-CN {message:?}, en {:?}", english.get(key)))
            .chain(
                english
                    .keys()
                    .filter(|k| !chinese.contains_key(*k))
                    .map(|k| format!("{k}: en only")),
            )
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(chinese.len() > 100, "texts are read");
    }

    #[test]
    fn every_message_has_words() {
        for locale in Locale::ALL {
            for (key, (_, variables)) in messages(locale) {
                let values: Vec<_> = variables
                    .iter()
                    .map(|name| (name.as_str(), FluentValue::from("7")))
                    .collect();
                let words = text_with(locale, &key, &values);
                assert!(
                    has_text(locale, &key) || !variables.is_empty(),
                    "{key} is found"
                );
                assert!(
                    !words.trim().is_empty() && words != key,
                    "{key} says nothing"
                );
            }
        }
    }

    #[test]
    fn every_name_of_the_domain_has_words() {
        use crate::domain::actor::Role;
        use crate::domain::case::{BreachCause, Channel, Decision, PauseReason, State, Urgency};
        use crate::domain::workflow::Action;
        use strum::IntoEnumIterator;

        let names = (State::iter().map(|name| format!("state-{name}")))
            .chain(Action::iter().map(|name| format!("action-{name}")))
            .chain(Role::iter().map(|name| format!("role-{name}")))
            .chain(Channel::iter().map(|name| format!("channel-{name}")))
            .chain(Urgency::iter().map(|name| format!("urgency-{name}")))
            .chain(PauseReason::iter().map(|name| format!("pause-{name}")))
            .chain(Decision::iter().map(|name| format!("decision-{name}")))
            .chain(BreachCause::iter().map(|name| format!("breach-cause-{name}")));
        for key in names {
            for locale in Locale::ALL {
                assert!(has_text(locale, &key), "{key} in {}", locale.tag());
            }
        }
    }

    #[test]
    fn numbers_choose_the_plural_and_no_invisible_marks_are_added() {
        let found = |locale, count: i64| {
            text_with(
                locale,
                "errors-found",
                &[("count", FluentValue::from(count))],
            )
        };
        assert_eq!(found(Locale::En, 1), "There is 1 thing to correct");
        assert_eq!(found(Locale::En, 3), "There are 3 things to correct");
        assert_eq!(found(Locale::Zh, 3), "有 3 处需要更正");
    }

    #[test]
    fn a_key_without_words_is_shown_as_it_is() {
        assert_eq!(text(Locale::Zh, "no-such-key"), "no-such-key");
    }
}
