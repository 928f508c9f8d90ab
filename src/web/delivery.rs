//! What was told about a case as a table: what, when, by which ways, and what became of it, in plain words (CAS-12).
//! Addresses are masked here; none is shown in full on any page.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::dates;
use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::notice::Channel;
use crate::domain::phone::Phone;
use crate::notify::failure::{Again, Failure};
use crate::store::outbox::{Delivery, Stage, Told};

/// The table.
#[derive(Clone, Debug, Template)]
#[template(path = "components/told.html")]
pub struct ToldTable {
    locale: Locale,
    rows: Vec<Row>,
}

impl HtmlSafe for ToldTable {}

#[derive(Clone, Debug)]
struct Row {
    what: String,
    at: String,
    ways: Vec<Way>,
}

#[derive(Clone, Debug)]
struct Way {
    channel: String,
    address: String,
    state: String,
    /// Whether somebody has to look at it.
    failed: bool,
}

impl ToldTable {
    /// Of notices, in their order.
    pub fn new(locale: Locale, told: &[Told]) -> Self {
        Self {
            locale,
            rows: told.iter().map(|one| row(locale, one)).collect(),
        }
    }

    fn t(&self, key: &str) -> String {
        text(self.locale, key)
    }
}

fn row(locale: Locale, told: &Told) -> Row {
    let read = match told.read_at {
        Some(_) => "told-read",
        None => "told-unread",
    };
    let inbox = Way {
        channel: text(locale, "channel-inbox"),
        address: String::new(),
        state: text(locale, read),
        failed: false,
    };
    let others = told.deliveries.iter().map(|delivery| way(locale, delivery));
    Row {
        what: text(locale, &format!("admin-notice-{}", told.kind)),
        at: dates::moment_short(told.at),
        ways: std::iter::once(inbox).chain(others).collect(),
    }
}

fn way(locale: Locale, delivery: &Delivery) -> Way {
    let why = |key: &str, code: &str| {
        let why = cause(locale, code);
        text_with(locale, key, &[("why", why.into())])
    };
    let state = match &delivery.stage {
        Stage::Waiting(None) => text(locale, "told-waiting"),
        Stage::Waiting(Some(code)) => why("told-again", code),
        Stage::Sent(at) => {
            let at = dates::moment_short(*at);
            text_with(locale, "told-sent", &[("at", at.into())])
        }
        Stage::Kept => text(locale, "told-kept"),
        Stage::Dead(code) => why("told-dead", code),
    };
    Way {
        channel: channel(locale, delivery.channel),
        address: masked(delivery.channel, &delivery.address),
        state,
        failed: matches!(delivery.stage, Stage::Dead(_)),
    }
}

/// The name of a channel.
pub fn channel(locale: Locale, channel: Channel) -> String {
    text(locale, &format!("channel-{channel}"))
}

/// Why a message was not taken, in words; what an older release wrote stands as it is.
pub fn cause(locale: Locale, code: &str) -> String {
    let status = |key: &str, failure: fn(u16) -> Failure, status: &str| {
        let number: u16 = status.parse().ok()?;
        let key = match failure(number).again() {
            Again::Never => format!("delivery-cause-{key}-for-good"),
            Again::Later => format!("delivery-cause-{key}"),
        };
        Some(text_with(locale, &key, &[("status", status.into())]))
    };
    let numbered = match code.split_once('-') {
        Some(("smtp", number)) => status("smtp", Failure::Smtp, number),
        Some(("http", number)) => status("http", Failure::Http, number),
        Some(_) | None => None,
    };
    let named = || {
        let key = format!("delivery-cause-{code}");
        crate::data::texts::has_text(locale, &key).then(|| text(locale, &key))
    };
    numbered.or_else(named).unwrap_or_else(|| code.to_owned())
}

/// An address of a channel, masked: of a phone number the first three and last four digits, of an address of mail the
/// first character and the domain.
pub fn masked(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms => Phone::parse(address).map_or_else(|_| "*".to_owned(), |p| p.masked()),
        Channel::Email => {
            let (name, domain) = address.rsplit_once('@').unwrap_or((address, ""));
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Channel::Email, "resident1@mail.example", "r***@mail.example")]
    #[case(Channel::Email, "@mail.example", "***@mail.example")]
    #[case(Channel::Email, "13800000000", "1***@")]
    #[case(Channel::Sms, "13800001234", "138****1234")]
    #[case(Channel::Sms, "nonsense", "*")]
    fn of_an_address_little_is_shown(
        #[case] channel: Channel,
        #[case] address: &str,
        #[case] shown: &str,
    ) {
        assert_eq!(masked(channel, address), shown);
    }

    #[rstest]
    #[case("smtp-550", "邮箱不存在或者拒收（550）")]
    #[case("smtp-451", "邮件服务器答复451")]
    #[case("http-422", "号码被短信网关拒绝（422）")]
    #[case("http-503", "短信网关答复503")]
    #[case("the server answered 550", "the server answered 550")]
    fn a_cause_has_words(#[case] code: &str, #[case] words: &str) {
        assert_eq!(cause(Locale::Zh, code), words);
    }

    #[test]
    fn every_cause_has_words_in_both_languages() {
        let all = [
            Failure::Address,
            Failure::Unreadable,
            Failure::Settings,
            Failure::Message,
            Failure::Smtp(421),
            Failure::Http(429),
            Failure::NotTaken,
            Failure::TimedOut,
            Failure::NotUnderstood,
            Failure::NotSecured,
            Failure::NotReached,
        ];
        for failure in all {
            for locale in Locale::ALL {
                let code = failure.to_string();
                assert_ne!(cause(locale, &code), code, "{}", locale.tag());
            }
        }
    }
}
