//! The permission matrix: every route × every role and a stranger × everything its address can name, against
//! `routes.txt`; and every route that needs it × sessions that are over and forms that are not its own. Refusals
//! change nothing, and what is hidden is answered as what is missing.

use std::collections::BTreeMap;
use std::fmt::Write;

use bujianmian::clock::Clock;
use bujianmian::domain::actor::Role;
use bujianmian::store::accounts;
use bujianmian::store::schema::session;
use chrono::TimeDelta;
use diesel::prelude::*;
use rstest::rstest;
use strum::IntoEnumIterator;

use super::expectations::{Audience, Line, Outcome, Standing, lines};
use super::requests::without_session;
use super::scene::{Body, Scene, Visitor, Whose, kinds, standing};
use super::state::{changed, stored};
use crate::harness::say;
use crate::harness::service::Kind;
use crate::harness::user::Reply;

/// What came out of a run.
#[derive(Default)]
struct Report {
    /// A line for each route and role, with the status by whose thing it was.
    table: String,
    combinations: usize,
    faults: Vec<String>,
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn every_role_gets_from_every_route_what_the_table_says(#[case] kind: Kind) {
    let scene = Scene::start(kind);
    let mut report = Report::default();
    for line in lines() {
        refusals(&scene, kind, &line, &mut report);
        for visitor in &scene.visitors {
            row(&scene, &line, visitor, &mut report);
        }
    }
    say(&format!(
        "permission matrix on {kind:?}: {} combinations",
        report.combinations
    ));
    assert!(
        report.faults.is_empty(),
        "{} faults:\n{}",
        report.faults.len(),
        report.faults.join("\n")
    );
    insta::assert_snapshot!("matrix", report.table);
}

/// All that must be refused, at once, so that one look at the database shows whether any of it did something.
fn refusals(scene: &Scene, kind: Kind, line: &Line, report: &mut Report) {
    let mut ready = vec![];
    for visitor in &scene.visitors {
        for whose in kinds(line.object) {
            let outcome = line.outcome(visitor.role, standing(visitor.role, line.object, whose));
            if outcome != Outcome::Reached {
                ready.push((
                    visitor,
                    whose,
                    outcome,
                    scene.ready(line, visitor, whose, outcome),
                ));
            }
        }
    }
    let before = stored(&scene.harness, kind);
    let mut absent: BTreeMap<Option<Role>, Vec<(Whose, String)>> = BTreeMap::new();
    for (visitor, whose, outcome, ready) in ready {
        let (role, names) = (visitor.role, ready.names);
        let reply = scene.send(&ready.visitor, (&line.method, &ready.path), ready.body);
        report.combinations += 1;
        if let Some(fault) = differs(line, outcome, &reply) {
            report
                .faults
                .push(format!("{} as {role:?}, {whose}: {fault}", line.name()));
        }
        if outcome == Outcome::NotFound {
            absent
                .entry(role)
                .or_default()
                .push((whose, bare(&reply, &names)));
        }
    }
    for (role, answers) in absent {
        for pair in answers.windows(2) {
            if pair[0].1 != pair[1].1 {
                report.faults.push(format!(
                    "{} as {role:?}: {} and {} are told apart:\n{}\n---\n{}",
                    line.name(),
                    pair[0].0,
                    pair[1].0,
                    pair[0].1,
                    pair[1].1
                ));
            }
        }
    }
    for table in changed(&before, &stored(&scene.harness, kind)) {
        report.faults.push(format!(
            "{}: a refused request changed {table}",
            line.name()
        ));
    }
}

/// Everything one role gets, as a line; what is reached is asked for here.
fn row(scene: &Scene, line: &Line, visitor: &Visitor, report: &mut Report) {
    let role = visitor.role.map_or("stranger", Role::as_str);
    let mut told: Vec<(String, Vec<String>)> = vec![];
    for whose in kinds(line.object) {
        let outcome = line.outcome(visitor.role, standing(visitor.role, line.object, whose));
        let word = match outcome {
            Outcome::Reached => {
                let ready = scene.ready(line, visitor, whose, outcome);
                let reply = scene.send(&ready.visitor, (&line.method, &ready.path), ready.body);
                report.combinations += 1;
                if let Some(fault) = differs(line, outcome, &reply) {
                    report
                        .faults
                        .push(format!("{} as {role}, {whose}: {fault}", line.name()));
                }
                reply.status.to_string()
            }
            Outcome::SignIn => "sign-in".to_owned(),
            Outcome::Forbidden => "403".to_owned(),
            Outcome::NotFound => "404".to_owned(),
        };
        match told.iter_mut().find(|(known, _)| *known == word) {
            Some((_, all)) => all.push(whose.to_string()),
            None => told.push((word, vec![whose.to_string()])),
        }
    }
    let told: Vec<String> = match told.as_slice() {
        [(word, _)] => vec![word.clone()],
        several => several
            .iter()
            .map(|(word, all)| format!("{word} {}", all.join(", ")))
            .collect(),
    };
    writeln!(
        report.table,
        "{:<70} {role:<20} {}",
        line.name(),
        told.join(" · ")
    )
    .unwrap();
}

/// What is wrong with an answer; `None` when it is as expected.
fn differs(line: &Line, outcome: Outcome, reply: &Reply) -> Option<String> {
    let to_sign_in = reply.status == 303 && reply.location().starts_with("/login");
    let good = match outcome {
        Outcome::Reached => {
            !matches!(reply.status, 401 | 403 | 404 | 405 | 500..) && !to_sign_in
                // A search for what is not there was reached.
                || (["/api/v1/progress", "/desk/search"].contains(&line.path.as_str())
                    && reply.status == 404)
        }
        Outcome::SignIn if line.is_api() => reply.status == 401,
        Outcome::SignIn => to_sign_in,
        Outcome::Forbidden => reply.status == 403,
        Outcome::NotFound => reply.status == 404,
    };
    // Nobody reads it after signing out.
    let kept = matches!(line.audience, Audience::Roles(_))
        && reply.status == 200
        && !reply.header("cache-control").contains("no-store");
    if good && kept {
        return Some(format!("may be kept: {}", reply.header("cache-control")));
    }
    (!good).then(|| {
        format!(
            "{outcome:?} expected, {} came {:.300}",
            reply.status, reply.text
        )
    })
}

/// An answer without what must differ: the request's number, and the asker's own words. Whether the connection is
/// kept depends on how fast the body came.
fn bare(reply: &Reply, names: &[String]) -> String {
    let id = reply.header("x-request-id").to_owned();
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| {
            !["x-request-id", "date", "content-length", "connection"].contains(&name.as_str())
        })
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let mut text = reply.text.replace(&id, "REQUEST");
    for name in names {
        text = text.replace(name, "NAME");
    }
    format!("{}\n{}\n\n{text}", reply.status, headers.join("\n"))
}

/// Why a session opens nothing any more.
#[derive(Clone, Copy, Debug, strum::EnumIter)]
enum Over {
    Deactivated,
    SignedOut,
    Expired,
    Idle,
    NewPassword,
    Forged,
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_session_that_is_over_opens_nothing(#[case] kind: Kind) {
    let scene = Scene::start(kind);
    // Each as somebody who may, so that the session alone is in the way.
    let requests: Vec<_> = lines()
        .into_iter()
        .filter_map(|line| {
            let role = first_role(&line)?;
            let visitor = scene.visitor(role);
            let ready = scene.ready(&line, &visitor, Whose::Own, Outcome::SignIn);
            Some((line, role, ready))
        })
        .collect();
    let (mut combinations, mut faults) = (0, vec![]);
    for over in Over::iter() {
        let visitors: BTreeMap<Role, Visitor> = Role::iter()
            .map(|role| (role, ended(&scene, role, over)))
            .collect();
        let before = stored(&scene.harness, kind);
        for (line, role, ready) in &requests {
            let route = (line.method.as_str(), ready.path.as_str());
            let reply = scene.send(&visitors[role], route, ready.body.clone());
            combinations += 1;
            if let Some(fault) = differs(line, Outcome::SignIn, &reply) {
                faults.push(format!("{over:?} {}: {fault}", line.name()));
            }
        }
        for table in changed(&before, &stored(&scene.harness, kind)) {
            faults.push(format!("{over:?} changed {table}"));
        }
        open_again(&scene);
    }
    say(&format!(
        "sessions that are over on {kind:?}: {combinations} combinations"
    ));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_form_that_is_not_its_own_does_nothing(#[case] kind: Kind) {
    let scene = Scene::start(kind);
    let (mut combinations, mut faults) = (0, vec![]);
    for line in lines()
        .iter()
        .filter(|line| line.method == "post" && !line.is_api())
    {
        let Audience::Roles(roles) = &line.audience else {
            continue;
        };
        for role in roles {
            let visitor = scene.visitor(*role);
            let requests: Vec<_> = foreign_forms(&scene, &visitor)
                .into_iter()
                .map(|form| {
                    (
                        scene.ready(line, &form.1, Whose::Own, Outcome::Forbidden),
                        form,
                    )
                })
                .collect();
            let before = stored(&scene.harness, kind);
            for (ready, (what, _, header)) in requests {
                let mut body = ready.body;
                if what == "no token" {
                    without_token(&mut body);
                }
                let route = (line.method.as_str(), ready.path.as_str());
                let mut request = scene.request(&ready.visitor, route, body);
                if let Some((name, value)) = header {
                    request = request.header(name, value);
                }
                let reply = Reply::from(request.send().unwrap());
                combinations += 1;
                if reply.status != 403 {
                    faults.push(format!(
                        "{} as {role}, {what}: {}",
                        line.name(),
                        reply.status
                    ));
                }
            }
            for table in changed(&before, &stored(&scene.harness, kind)) {
                faults.push(format!("{} as {role} changed {table}", line.name()));
            }
        }
    }
    say(&format!(
        "forms that are not their own on {kind:?}: {combinations} combinations"
    ));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

type Header = Option<(&'static str, &'static str)>;

/// The same visitor with a form of somebody else, of another own session, of nobody, or from elsewhere.
fn foreign_forms(scene: &Scene, visitor: &Visitor) -> Vec<(&'static str, Visitor, Header)> {
    let with = |csrf: &str| Visitor {
        csrf: csrf.to_owned(),
        ..visitor.clone()
    };
    let other = scene
        .visitors
        .iter()
        .find(|v| v.role.is_some() && v.role != visitor.role);
    vec![
        ("somebody else's", with(&other.unwrap().csrf), None),
        ("of a form before sign-in", with(&scene.public.0), None),
        ("empty", with(""), None),
        ("cut", with(&visitor.csrf[1..]), None),
        ("no token", visitor.clone(), None),
        (
            "another origin",
            visitor.clone(),
            Some(("Origin", "https://evil.example")),
        ),
        ("no origin", visitor.clone(), Some(("Origin", "null"))),
        (
            "another site",
            visitor.clone(),
            Some(("Sec-Fetch-Site", "cross-site")),
        ),
        (
            "the neighbour's site",
            visitor.clone(),
            Some(("Sec-Fetch-Site", "same-site")),
        ),
    ]
}

fn without_token(body: &mut Body) {
    match body {
        Body::Form(fields) | Body::File(fields) => fields.retain(|(name, _)| *name != "csrf"),
        Body::Nothing | Body::Json(_) => {}
    }
}

/// The first of the roles for whom a route is; none for routes that are everybody's.
fn first_role(line: &Line) -> Option<Role> {
    match &line.audience {
        Audience::Everybody => None,
        Audience::Roles(roles) => roles.iter().copied().find(|role| {
            // Somebody to whom the scene's own thing is there.
            line.outcome(Some(*role), standing(Some(*role), line.object, Whose::Own))
                == Outcome::Reached
        }),
    }
}

/// A session of the role's account that is over.
fn ended(scene: &Scene, role: Role, over: Over) -> Visitor {
    let mut visitor = scene.sign_in(role.as_str());
    let account = scene.account(role.as_str());
    let now = Clock::real();
    let past = now.plus(TimeDelta::days(-1));
    scene.harness.write(move |conn| {
        let of = session::table.filter(session::account_id.eq(account));
        match over {
            Over::Deactivated => accounts::set_disabled(conn, account, Some(now))?,
            Over::SignedOut => {
                diesel::update(of)
                    .set(session::ended_at.eq(now))
                    .execute(conn.sql)?;
            }
            Over::Expired => {
                diesel::update(of)
                    .set(session::expires_at.eq(past))
                    .execute(conn.sql)?;
            }
            Over::Idle => {
                diesel::update(of)
                    .set(session::seen_at.eq(past))
                    .execute(conn.sql)?;
            }
            Over::NewPassword => {
                diesel::update(of)
                    .set(session::epoch.eq(-1))
                    .execute(conn.sql)?;
            }
            Over::Forged => {}
        }
        Ok(())
    });
    if matches!(over, Over::Forged) {
        let last = if visitor.token.ends_with('A') {
            'B'
        } else {
            'A'
        };
        visitor.token.pop();
        visitor.token.insert(visitor.token.len() - 10, last);
    }
    visitor
}

fn open_again(scene: &Scene) {
    let all: Vec<_> = Role::iter()
        .map(|role| scene.account(role.as_str()))
        .collect();
    scene.harness.write(move |conn| {
        for account in &all {
            accounts::set_disabled(conn, *account, None)?;
        }
        Ok(())
    });
}

#[test]
fn a_form_token_alone_is_nobody() {
    let scene = Scene::start(Kind::Sqlite);
    let visitor = without_session(&scene.visitor(Role::Resident));
    let line = lines().into_iter().find(|line| line.path == "/my").unwrap();
    let reply = scene.send(&visitor, ("get", "/my"), Body::Nothing);
    assert_eq!(differs(&line, Outcome::SignIn, &reply), None);
    assert_eq!(
        standing(None, line.object, Whose::Own),
        Standing::Seen,
        "nothing is named"
    );
}

#[test]
fn the_matrix_can_fail() {
    let scene = Scene::start(Kind::Sqlite);
    let find = |path: &str| lines().into_iter().find(|line| line.path == path).unwrap();
    // A route open to more roles than its line says, and one open to fewer.
    let mut report = Report::default();
    let mut line = find("/desk/queue");
    line.audience = Audience::Roles([Role::Resident].into());
    refusals(&scene, Kind::Sqlite, &line, &mut report);
    row(&scene, &line, &scene.visitor(Role::Resident), &mut report);
    let faults = report.faults.join("\n");
    assert!(
        faults.contains("as Some(Handler), own: Forbidden expected, 200 came"),
        "{faults}"
    );
    assert!(
        faults.contains("as resident, own: Reached expected, 403 came"),
        "{faults}"
    );
    // Something that moved.
    let handler = scene.visitor(Role::Handler);
    let before = stored(&scene.harness, Kind::Sqlite);
    let claim = find("/api/v1/cases/{receipt_no}/actions/{action}");
    let ready = scene.ready(&claim, &handler, Whose::Another, Outcome::Forbidden);
    scene
        .send(&handler, ("post", &ready.path), ready.body)
        .expect(200);
    let moved = changed(&before, &stored(&scene.harness, Kind::Sqlite));
    for table in ["cases", "case_event"] {
        assert!(moved.contains(&table.to_owned()), "{moved:?}");
    }
    // Two answers that differ in a word.
    let page = |path: &str| scene.send(&handler, ("get", path), Body::Nothing);
    assert_ne!(
        bare(&page("/desk/mine"), &[]),
        bare(&page("/desk/queue"), &[])
    );
}
