//! CAS-12: short messages over the gateway. What the gateway does not take is tried again and in the end given up, its
//! copies are one message, at night only what is urgent rings, and what was kept from whom is seen.

use bujianmian::clock::Clock;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice::{Channel, Choices, Matter};
use bujianmian::domain::time::Ts;
use bujianmian::jobs::outbox::{Post, Posted};
use bujianmian::store::preferences;
use bujianmian::usecases::posting::ATTEMPTS;
use chrono::TimeDelta;
use rstest::rstest;

use super::gateway::{Gateway, Manner};
use super::world::{ID_NUMBER, NAME, PHONE, World, post};
use crate::harness::service::Kind;

/// Mail is kept, so that only SMS is counted.
fn to(gateway: &Gateway) -> Post {
    post(None, Some(gateway.sms()))
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_resident_gets_one_sms_for_a_filing(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let gateway = Gateway::start(Manner::Fine);
    let receipt_no = world.files("a", "110100");
    let posted = world.sends(&to(&gateway), Clock::real());
    assert_eq!((posted.sent, posted.kept), (1, 1));
    let [(number, text)] = gateway.shown().try_into().unwrap();
    assert_eq!(number, PHONE);
    let due = "2026-11-25 17:30";
    assert_eq!(text, format!("医保申请{receipt_no}已收到。办理时限{due}。"));
    for canary in [ID_NUMBER, NAME, "011239", "http"] {
        assert!(!text.contains(canary), "{canary}");
    }
    assert_eq!(world.short_messages()[0].0, "sent");
    assert_eq!(world.sends(&to(&gateway), Clock::real()), Posted::default());
}

#[rstest]
#[case::down(Manner::Status(500), "http-500")]
#[case::too_many(Manner::Status(429), "http-429")]
#[case::wrong_secret(Manner::Status(401), "http-401")]
#[case::moved(Manner::Status(302), "http-302")]
#[case::hangs(Manner::Hangs, "timed-out")]
#[case::cuts(Manner::Cuts, "not-reached")]
#[case::floods(Manner::Floods, "not-understood")]
#[case::no_json(Manner::Says("<html>OK</html>"), "not-understood")]
#[case::empty(Manner::Says(""), "not-understood")]
#[case::half(Manner::Says(r#"{"accepted":true}"#), "not-understood")]
#[case::another(Manner::Says(r#"{"id":"0","accepted":true}"#), "not-understood")]
#[case::wrong_type(Manner::Says(r#"{"id":"0","accepted":"yes"}"#), "not-understood")]
fn what_is_no_clear_yes_is_tried_again_and_sent_in_the_end(
    #[case] manner: Manner,
    #[case] error: &str,
) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let gateway = Gateway::start(manner);
    world.files("a", "110100");
    let now = Clock::real();
    let posted = world.sends(&to(&gateway), now);
    assert_eq!((posted.sent, posted.later), (0, 1));
    let (state, attempts, said, next) = world.short_messages().remove(0);
    assert_eq!((state.as_str(), attempts), ("waiting", 1));
    assert_eq!(said.as_deref(), Some(error));
    assert_eq!(next.since(now), TimeDelta::seconds(60));
    assert_eq!(gateway.requests(), 1, "no redirect is followed");
    gateway.becomes(Manner::Fine);
    assert_eq!(world.sends(&to(&gateway), now), Posted::default());
    let later = now.plus(TimeDelta::minutes(1));
    assert_eq!(world.sends(&to(&gateway), later).sent, 1);
    assert_eq!(gateway.shown().len(), 1);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_gateway_that_takes_and_then_fails_drops_the_copies(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let gateway = Gateway::start(Manner::TakesThen(502));
    world.files("a", "110100");
    let now = Clock::real();
    assert_eq!(world.sends(&to(&gateway), now).later, 1);
    gateway.becomes(Manner::Fine);
    let later = now.plus(TimeDelta::minutes(1));
    assert_eq!(world.sends(&to(&gateway), later).sent, 1);
    assert_eq!((gateway.shown().len(), gateway.copies()), (1, 1));
}

#[rstest]
#[case::malformed(400)]
#[case::refused(422)]
fn a_number_that_is_refused_is_not_tried_again(#[case] status: u16) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let gateway = Gateway::start(Manner::Status(status));
    world.files("a", "110100");
    let now = Clock::real();
    assert_eq!(world.sends(&to(&gateway), now).dead, 1);
    let (state, _, said, _) = world.short_messages().remove(0);
    assert_eq!(state, "dead");
    assert_eq!(said, Some(format!("http-{status}")));
    assert_eq!(
        world.sends(&to(&gateway), now.plus(TimeDelta::days(9))),
        Posted::default()
    );
    assert_eq!(gateway.requests(), 1);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn nothing_is_sent_without_end(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let gateway = Gateway::start(Manner::Status(503));
    world.files("a", "110100");
    let mut now = Clock::real();
    for _ in 0..ATTEMPTS + 5 {
        world.sends(&to(&gateway), now);
        now = now.plus(TimeDelta::hours(7));
    }
    assert_eq!(world.short_messages()[0].0, "dead");
    assert_eq!(gateway.requests(), usize::try_from(ATTEMPTS).unwrap());
}

#[test]
fn a_request_with_another_secret_is_refused_and_shows_nothing() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let gateway = Gateway::start(Manner::Fine);
    world.files("a", "110100");
    let mut sms = gateway.sms();
    sms.secret = "another-secret-0000".to_owned().into();
    assert_eq!(world.sends(&post(None, Some(sms)), Clock::real()).later, 1);
    assert!(gateway.shown().is_empty());
    assert_eq!(world.short_messages()[0].2.as_deref(), Some("http-401"));
}

/// Filed at 10:00, asked for more at 22:30: the SMS rings in the morning, on business time, and waited as long on the
/// machine's.
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn at_night_an_sms_waits_for_the_morning(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let gateway = Gateway::start(Manner::Fine);
    let receipt_no = world.files("a", "110100");
    world.sends(&to(&gateway), Clock::real());
    world.set("2026-11-24T22:30:00+08:00");
    world.handler_takes_and_asks_for_more(&receipt_no);
    let now = Clock::real();
    let posted = world.sends(&to(&gateway), now);
    assert_eq!((posted.sent, posted.quiet, posted.kept), (0, 1, 1));
    let (state, attempts, said, next) = world.short_messages().remove(1);
    assert_eq!((state.as_str(), attempts, said), ("waiting", 0, None));
    assert_eq!(next.since(now), TimeDelta::minutes(570));
    assert_eq!(gateway.shown().len(), 1);
    world.set("2026-11-25T08:00:00+08:00");
    assert_eq!(world.sends(&to(&gateway), next).sent, 1);
    let texts: Vec<_> = gateway.shown().into_iter().map(|(_, text)| text).collect();
    assert!(
        texts.iter().any(|text| text.contains("需要补正")),
        "{texts:?}"
    );
}

#[test]
fn what_the_resident_has_just_done_is_confirmed_at_night() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let gateway = Gateway::start(Manner::Fine);
    world.set("2026-11-24T23:59:00+08:00");
    world.files("a", "110100");
    let posted = world.sends(&to(&gateway), Clock::real());
    assert_eq!((posted.sent, posted.quiet), (1, 0));
}

/// An installation's night lasts as long as it lasts: a mail goes at once.
#[test]
fn mail_keeps_no_quiet_hours() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    world.set("2026-11-24T23:00:00+08:00");
    world.handler_takes_and_asks_for_more(&receipt_no);
    let posted = world.sends(&post(None, None), Clock::real());
    assert_eq!((posted.kept, posted.quiet), (3, 1));
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn what_is_switched_off_is_not_written_and_what_must_be_sent_is(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let mut off = Choices::default();
    off.switch(Matter::Progress, Channel::Email, false).unwrap();
    assert!(off.switch(Matter::Filing, Channel::Sms, false).is_err());
    // As an old release may have stored it.
    let stored = Choices::parse(&format!("{off} filing/sms filing/email"));
    let (account, now) = (
        world.resident.account,
        Ts::parse("2026-11-24T09:00:00Z").unwrap(),
    );
    world
        .harness
        .write(move |conn| preferences::keep(conn, account, &stored, now));
    let receipt_no = world.files("a", "110100");
    assert_eq!(
        (world.notices().len(), world.short_messages().len()),
        (1, 1)
    );
    world.handler_takes_and_asks_for_more(&receipt_no);
    assert_eq!(world.notices(), ["received", "supplement-requested"]);
    world.resident_supplements(&receipt_no);
    assert_eq!(world.notices(), ["received", "supplement-requested"]);
    assert_eq!(world.short_messages().len(), 2);
}
