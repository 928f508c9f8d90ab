//! CAS-12: each message is sent at least once, its copies carry one id, failures are put off and in the end given
//! up where somebody sees it; no request waits for any of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bujianmian::clock::Clock;
use bujianmian::data::texts;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::time::Ts;
use bujianmian::jobs::outbox::{Post, Posted, run};
use bujianmian::usecases::posting::ATTEMPTS;
use chrono::TimeDelta;
use rstest::rstest;

use super::sink::{Manner, Sink};
use super::world::{ID_NUMBER, NAME, PHONE, World, post};
use crate::harness::service::Kind;

fn to(sink: &Sink) -> Post {
    post(Some(sink.mail()), None)
}

fn send(world: &World, post: &Post, now: Ts) -> Posted {
    world.sends(post, now)
}

fn id_of(message: &str) -> &str {
    message
        .lines()
        .find(|line| line.starts_with("Message-ID:"))
        .unwrap()
}

/// The message with its encoded parts in clear, and what differs from run to run named.
fn readable(message: &str, locale: Locale, receipt_no: &str) -> String {
    let id = id_of(message).split(['<', '@']).nth(1).unwrap().to_owned();
    let mut parts = vec![];
    for part in message.replace("\r\n", "\n").split("\n\n") {
        let (body, rest) = part.split_at(part.find("--=_").unwrap_or(part.len()));
        let joined: String = body.lines().collect();
        let decoded = STANDARD.decode(&joined).ok();
        parts.push(match decoded.and_then(|b| String::from_utf8(b).ok()) {
            Some(text) if !joined.is_empty() => text.replace("\r\n", "\n") + rest,
            _ => words(part),
        });
    }
    let text = parts.join("\n\n").replace("=3D", "=").replace("=\n", "");
    text.replace(&id, "ID")
        .replace(receipt_no, "RECEIPT")
        .replace(
            &texts::text(locale, "item-cross-region-registration"),
            "ITEM",
        )
}

/// Encoded words of a header in clear.
fn words(part: &str) -> String {
    let mut text = part.replace("?=\n =?utf-8?b?", "?= =?utf-8?b?");
    while let Some((front, rest)) = text.split_once("=?utf-8?b?") {
        let (word, back) = rest.split_once("?=").unwrap();
        let word = String::from_utf8_lossy(&STANDARD.decode(word).unwrap()).into_owned();
        text = format!(
            "{front}{word}{}",
            back.strip_prefix(" =?")
                .map_or(back.to_owned(), |b| format!("=?{b}"))
        );
    }
    text
}

#[rstest]
#[case::chinese(Locale::Zh)]
#[case::english(Locale::En)]
fn a_resident_gets_a_whole_mail(#[case] locale: Locale) {
    let world = World::start(Kind::Sqlite, locale);
    let sink = Sink::start(Manner::Fine);
    let receipt_no = world.files("a", "110100").to_string();
    let posted = send(&world, &to(&sink), Clock::real());
    assert_eq!(posted.sent, 1);
    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    let text = readable(&taken[0], locale, &receipt_no);
    insta::with_settings!({ snapshot_suffix => locale.tag(), omit_expression => true }, {
        insta::assert_snapshot!(text);
    });
    for canary in [ID_NUMBER, PHONE, NAME, "011239"] {
        assert!(!text.contains(canary), "{canary}");
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_message_is_sent_once_by_many_workers(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let sink = Sink::start(Manner::Fine);
    for destination in ["110100", "120100", "310100"] {
        world.files(destination, destination);
    }
    let now = Clock::real();
    let sent: usize = world.run(async {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (app, post) = (world.harness.app.clone(), to(&sink));
                tokio::spawn(async move { run(&app, &post, now).await.unwrap().sent })
            })
            .collect();
        let mut sent = 0;
        for worker in workers {
            sent += worker.await.unwrap();
        }
        sent
    });
    assert_eq!((sent, sink.taken().len()), (3, 3));
    assert_eq!(send(&world, &to(&sink), now), Posted::default());
}

#[rstest]
#[case::dropped(Manner::DropsAfterData, "not-understood")]
#[case::silent(Manner::Silent, "timed-out")]
#[case::nonsense(Manner::Nonsense, "not-understood")]
#[case::busy(Manner::Greylists(usize::MAX), "smtp-451")]
fn what_fails_is_put_off_and_in_the_end_given_up(#[case] manner: Manner, #[case] error: &str) {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let (bad, fine) = (Sink::start(manner), Sink::start(Manner::Fine));
    world.files("a", "110100");
    let mut now = Clock::real();
    let posted = send(&world, &to(&bad), now);
    assert_eq!((posted.sent, posted.later), (0, 1));
    let (state, attempts, said, next) = world.messages().remove(0);
    assert_eq!((state.as_str(), attempts), ("waiting", 1));
    assert_eq!(said.as_deref(), Some(error));
    assert_eq!(next.since(now), TimeDelta::seconds(60));
    // Nothing is tried before its time.
    assert_eq!(send(&world, &to(&bad), now), Posted::default());
    if manner == Manner::Silent {
        return;
    }
    for _ in 1..ATTEMPTS {
        now = now.plus(TimeDelta::hours(7));
        send(&world, &to(&bad), now);
    }
    assert_eq!(world.messages()[0].0, "dead");
    assert_eq!(
        send(&world, &to(&fine), now.plus(TimeDelta::days(9))).sent,
        0
    );
    let ids: Vec<String> = bad.taken().iter().map(|m| id_of(m).to_owned()).collect();
    assert!(
        ids.windows(2).all(|pair| pair[0] == pair[1]),
        "copies carry one id"
    );
}

#[test]
fn one_refused_recipient_stops_nobody_else() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let sink = Sink::start(Manner::RefusesResident);
    world.files("a", "110100");
    let other = world.files("b", "120100");
    world.harness.write(move |conn| {
        use bujianmian::store::schema::outbox;
        use diesel::prelude::*;
        let address = conn.vault.seal_text("other@mail.example")?;
        diesel::update(outbox::table.filter(outbox::particulars.like(format!("%{other}%"))))
            .set(outbox::address.eq(address))
            .execute(conn.sql)?;
        Ok(())
    });
    let posted = send(&world, &to(&sink), Clock::real());
    assert_eq!((posted.sent, posted.dead), (1, 1));
}

#[test]
fn a_worker_that_died_leaves_its_message_to_the_next() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    let sink = Sink::start(Manner::Fine);
    world.files("a", "110100");
    let now = Clock::real();
    let taken = bujianmian::usecases::posting::take(&world.harness.app, now, 8);
    assert_eq!(world.run(taken).unwrap().len(), 2, "a mail and an SMS");
    assert_eq!(send(&world, &to(&sink), now), Posted::default());
    let later = now.plus(TimeDelta::minutes(10));
    assert_eq!(send(&world, &to(&sink), later).sent, 1);
}

#[test]
fn without_server_and_gateway_messages_are_kept() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    world.files("a", "110100");
    let posted = send(&world, &post(None, None), Clock::real());
    assert_eq!((posted.sent, posted.kept), (0, 2));
    let (state, _, reason, _) = world.messages().remove(0);
    assert_eq!((state.as_str(), reason.as_deref()), ("sent", Some("kept")));
}
