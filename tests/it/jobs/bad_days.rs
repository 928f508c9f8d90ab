//! CAS-12: a mail server that greylists, refuses one recipient for good, or is down for an hour. Nothing is lost,
//! nothing is sent twice without need, and a server that is back gets what waited.

use std::net::TcpListener;

use bujianmian::clock::Clock;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::time::Ts;
use bujianmian::jobs::outbox::{Post, Posted};
use chrono::TimeDelta;
use rstest::rstest;

use super::sink::{Manner, Secured, Sink};
use super::world::{World, post};
use crate::harness::service::Kind;

fn to(sink: &Sink) -> Post {
    post(Some(sink.mail()), None)
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_server_that_greylists_gets_the_mail_when_it_is_tried_again(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let sink = Sink::start(Manner::Greylists(2));
    world.files("a", "110100");
    let start = Clock::real();
    let mut sent = vec![];
    for minutes in [0, 1, 3, 7] {
        let posted = world.sends(&to(&sink), start.plus(TimeDelta::minutes(minutes)));
        sent.push((posted.sent, posted.later));
    }
    assert_eq!(sent, [(0, 1), (0, 1), (1, 0), (0, 0)]);
    assert_eq!(sink.taken().len(), 1);
    assert_eq!(world.messages()[0].0, "sent");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_recipient_refused_for_good_is_given_up_at_once(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let sink = Sink::start(Manner::RefusesResident);
    world.files("a", "110100");
    let now = Clock::real();
    assert_eq!(world.sends(&to(&sink), now).dead, 1);
    let (state, attempts, said, _) = world.messages().remove(0);
    assert_eq!((state.as_str(), attempts), ("dead", 1));
    assert_eq!(said.as_deref(), Some("smtp-550"));
    let days_later = now.plus(TimeDelta::days(9));
    assert_eq!(world.sends(&to(&sink), days_later), Posted::default());
}

/// Tries once a minute, as the worker does oftener: how often the server is asked is the back-off's.
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_server_that_was_down_for_an_hour_gets_everything(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    for destination in ["110100", "120100", "310100"] {
        world.files(destination, destination);
    }
    let port = free_port();
    let mut mail = Sink::start(Manner::Fine).mail();
    mail.port = port;
    let down = post(Some(mail), None);
    let start = Clock::real();
    let at = |minute| start.plus(TimeDelta::minutes(minute));
    let tries: usize = (0..60)
        .map(|minute| world.sends(&down, at(minute)).later)
        .sum();
    assert_eq!(tries, 6 * 3, "after 0, 1, 3, 7, 15 and 31 minutes");
    assert!(world.messages().iter().all(|(state, _, said, _)| {
        state == "waiting" && said.as_deref() == Some("not-reached")
    }));
    let sink = Sink::listen(port, Manner::Fine, Secured::Never);
    let sent: usize = (60..130)
        .map(|minute| world.sends(&down, at(minute)).sent)
        .sum();
    assert_eq!((sent, sink.taken().len()), (3, 3));
    assert!(next_is_none(&world, at(130)));
}

fn next_is_none(world: &World, now: Ts) -> bool {
    world.sends(&post(None, None), now) == Posted::default()
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
