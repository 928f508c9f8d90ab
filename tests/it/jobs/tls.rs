//! CAS-12: mail leaves over TLS: STARTTLS or from the first byte, with a certificate of the server's name that an
//! authority vouches for. Without that nothing is sent, and nothing is lost.

use bujianmian::clock::Clock;
use bujianmian::config::{Mail, MailTls};
use bujianmian::domain::locale::Locale;
use rstest::rstest;

use super::sink::{Manner, Secured, Sink};
use super::world::{World, post};
use crate::harness::service::Kind;

#[rstest]
#[case::starttls(Secured::OnDemand, MailTls::StartTls)]
#[case::from_the_first_byte(Secured::Always, MailTls::Wrapped)]
fn mail_goes_over_a_secured_connection(#[case] secured: Secured, #[case] tls: MailTls) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let sink = Sink::secured(secured);
    world.files("a", "110100");
    let posted = world.sends(&post(Some(sink.mail_over(tls)), None), Clock::real());
    assert_eq!(posted.sent, 1, "{:?}", world.messages());
    assert_eq!(sink.taken().len(), 1);
}

#[rstest]
#[case::no_starttls(Secured::Never, MailTls::StartTls, "settings")]
#[case::clear_instead_of_tls(Secured::Never, MailTls::Wrapped, "not-reached")]
fn without_tls_nothing_is_sent(
    #[case] secured: Secured,
    #[case] tls: MailTls,
    #[case] error: &str,
) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let sink = match secured {
        Secured::Never => Sink::start(Manner::Fine),
        Secured::OnDemand | Secured::Always => Sink::secured(secured),
    };
    world.files("a", "110100");
    let posted = world.sends(&post(Some(sink.mail_over(tls)), None), Clock::real());
    assert_eq!((posted.sent, posted.later), (0, 1));
    assert!(sink.taken().is_empty());
    assert_eq!(world.messages()[0].2.as_deref(), Some(error));
}

#[rstest]
#[case::unknown_authority(|mail: &mut Mail| mail.ca = None)]
#[case::another_name(|mail: &mut Mail| mail.host = "localhost".to_owned())]
fn a_certificate_that_proves_nothing_is_refused(#[case] change: fn(&mut Mail)) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let sink = Sink::secured(Secured::OnDemand);
    world.files("a", "110100");
    let mut mail = sink.mail_over(MailTls::StartTls);
    change(&mut mail);
    let posted = world.sends(&post(Some(mail), None), Clock::real());
    assert_eq!((posted.sent, posted.later), (0, 1));
    assert!(sink.taken().is_empty());
}
