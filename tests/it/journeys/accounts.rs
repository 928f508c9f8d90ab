//! Signing in and out, tokens, form guards, limits and the own account (CAS-10, CAS-14).

use bujianmian::clock::Clock;
use bujianmian::config::SignInLimits;
use bujianmian::domain::actor::Role;
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::{AccountId, PersonId, SessionId};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::time::Ts;
use bujianmian::store::accounts::{self, NewAccount};
use bujianmian::store::schema::{agency, coverage, person, relative};
use bujianmian::store::sessions::{self, SigningKey};
use bujianmian::store::{StoreError, blind};
use bujianmian::usecases::accounts::{Access, passwords, set_access, tokens};
use chrono::TimeDelta;
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::{Reply, TestUser};

const PASSWORD: &str = "a good password";
const ID_NUMBER: &str = "371000199001011232";

/// An account without person or agency.
fn account(harness: &Harness, username: &str, role: Role) -> NewAccount {
    let new = NewAccount {
        id: Clock::new_id(),
        username: username.to_owned(),
        password_hash: passwords::hash(PASSWORD).unwrap(),
        role,
        name: "示例人".to_owned(),
        pool: Some("371000".parse().unwrap()),
        agency: None,
        person: None,
        employer: None,
        institution: None,
        locale: Locale::Zh,
        email: None,
        created_at: Clock::real(),
    };
    let stored = new.clone();
    harness.write(move |conn| accounts::insert(conn, &stored));
    new
}

/// A resident insured in 371000 with one relative, whose ID number is [`ID_NUMBER`].
fn resident(harness: &Harness, username: &str) -> PersonId {
    let (own, other): (PersonId, PersonId) = (Clock::new_id(), Clock::new_id());
    let number = id_number();
    harness.write(move |conn| {
        diesel::insert_into(agency::table)
            .values((
                agency::code.eq("371000"),
                agency::pool.eq("371000"),
                agency::kind.eq("city"),
                agency::name_zh.eq("示例市经办机构"),
                agency::name_en.eq("Sample agency"),
                agency::phone.eq("12393"),
                agency::address.eq("示例路 1 号"),
                agency::opens.eq("08:30"),
                agency::lunch_from.eq("12:00"),
                agency::lunch_to.eq("13:30"),
                agency::closes.eq("17:30"),
            ))
            .execute(conn.sql)?;
        for (id, number) in [(own, number.as_str()), (other, "371000198001011234")] {
            let row = (
                person::id.eq(id),
                person::id_number.eq(conn.vault.seal_text(number)?),
                person::id_hash.eq(conn.vault.blind(blind::ID_NUMBER, number)),
                person::last_six_hash.eq(conn.vault.blind(blind::LAST_SIX, &number[12..])),
                person::name.eq("示例居民"),
                person::sex.eq("male"),
                person::born.eq(chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap()),
                person::region.eq("371000"),
                person::created_at.eq(Clock::real()),
            );
            diesel::insert_into(person::table)
                .values(row)
                .execute(conn.sql)?;
        }
        diesel::insert_into(relative::table)
            .values((relative::person_id.eq(own), relative::relative_id.eq(other)))
            .execute(conn.sql)?;
        for (from, to, pool) in [(2010, Some(2019), "621000"), (2020, None, "371000")] {
            let day = |year, month| chrono::NaiveDate::from_ymd_opt(year, month, 1).unwrap();
            diesel::insert_into(coverage::table)
                .values((
                    coverage::id.eq(Clock::new_id::<PersonId>()),
                    coverage::person_id.eq(own),
                    coverage::pool.eq(pool),
                    coverage::agency.eq("371000"),
                    coverage::scheme.eq("resident"),
                    coverage::category.eq("adult"),
                    coverage::valid_from.eq(day(from, 1)),
                    coverage::valid_to.eq(to.map(|year| day(year, 12))),
                ))
                .execute(conn.sql)?;
        }
        Ok(())
    });
    let new = NewAccount {
        pool: None,
        person: Some(own),
        role: Role::Resident,
        id: Clock::new_id(),
        username: username.to_owned(),
        ..account(harness, "template", Role::Handler)
    };
    harness.write(move |conn| accounts::insert(conn, &new));
    own
}

fn id_number() -> String {
    let region = bujianmian::domain::region::RegionCode::parse("371000").unwrap();
    let birth = chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
    let number = IdNumber::compose(region, birth, 123).unwrap();
    number.as_str().to_owned()
}

/// What a reader can tell two refusals apart by: status and words, without tokens and numbers of requests.
fn told(reply: &Reply, typed: &str) -> (u16, String) {
    let mut text = reply.text.replace(typed, "NAME");
    if let Ok(Value::Object(mut members)) = serde_json::from_str(&text) {
        members.remove("request_id");
        text = Value::Object(members).to_string();
    } else {
        let token = reply.form_token("/login");
        text = text.replace(&token, "TOKEN");
    }
    (reply.status, text)
}

#[rstest]
fn a_resident_signs_in_by_user_name_or_id_number(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let harness = Harness::start(kind);
    let own = resident(&harness, "Resident1");
    let number = id_number();
    let full_width: String = number
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
        .collect();
    for name in [
        "resident1",
        " RESIDENT1 ",
        &number,
        &number.to_lowercase(),
        &full_width,
    ] {
        let me = TestUser::with_token(&harness, name, PASSWORD)
            .get("/api/v1/me")
            .json();
        assert_eq!(me["username"], "resident1", "{name}");
        assert_eq!(me["role"], "resident");
        assert_eq!(me["pool"], "371000", "by the coverage of today");
        assert_eq!(me["person"], own.to_string());
    }
    assert_eq!(harness.read(accounts::count), 2);
}

#[rstest]
fn an_actor_comes_with_relatives_and_pool(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    resident(&harness, "resident1");
    TestUser::with_token(&harness, "resident1", PASSWORD);
    let day = harness.app.clock.now().day();
    let (by_session, by_account) = harness.read(move |conn| {
        let found = accounts::credentials(conn, "resident1", "")?.unwrap();
        let open = sessions::open_of(conn, found.account, Clock::real())?;
        let presence = sessions::presence(conn, open[0].id, day)?.unwrap();
        let actor = sessions::actor(conn, found.account, day)?.unwrap();
        Ok((presence.actor, actor))
    });
    assert_eq!(by_session, by_account);
    assert_eq!(by_session.relatives.len(), 1);
    assert_eq!(by_session.pool.unwrap().as_str(), "371000");
}

#[rstest]
fn every_refusal_is_the_same_and_takes_one_check_of_a_password(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let closed = account(&harness, "handler2", Role::Handler).id;
    harness.write(move |conn| accounts::set_disabled(conn, closed, Some(Clock::real())));
    let attempts = [
        ("handler1", "a wrong password"),
        ("nobody", PASSWORD),
        ("handler2", PASSWORD),
        ("handler2", "a wrong password"),
        (ID_NUMBER, PASSWORD),
        ("", ""),
        ("handler1", &"x".repeat(5000)),
        ("handler1' OR '1'='1", PASSWORD),
    ];
    let stranger = TestUser::stranger(&harness);
    let mut pages = vec![];
    let mut problems = vec![];
    for (name, password) in attempts {
        let before = harness.metric("bujianmian_password_checks_total");
        let page = stranger.try_sign_in(name, password, "").expect(401);
        let problem = stranger.ask_token(name, password).expect(401);
        assert_eq!(problem.json()["code"], "bad-credentials");
        assert!(page.header("set-cookie").starts_with("form="), "no session");
        let checks = harness.metric("bujianmian_password_checks_total") - before;
        // At least: without a process per test, others check passwords at the same time.
        assert!(checks > 1.9, "one check each, {name}: {checks}");
        if !name.is_empty() {
            pages.push(told(&page, &name.replace('\'', "&#39;")));
            problems.push(told(&problem, name));
        }
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    assert!(
        problems.iter().all(|one| *one == problems[0]),
        "{problems:?}"
    );
    assert!(pages[0].1.contains("用户名或密码不正确"));
}

#[rstest]
fn signing_out_ends_cookie_and_token(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);

    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let other = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let page = browser.get("/account").expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    browser.submit("/account", "/logout", &[]).expect(303);
    let sent_away = browser.get("/account").expect(303);
    assert_eq!(sent_away.location(), "/login?next=%2Faccount");
    other.get("/account").expect(200);

    let program = TestUser::with_token(&harness, "handler1", PASSWORD);
    program.get("/api/v1/me").expect(200);
    program
        .post_json("/api/v1/token/revoke", &json!({}))
        .expect(204);
    let refused = program.get("/api/v1/me").expect(401);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    assert_eq!(refused.json()["code"], "not-signed-in");
}

#[rstest]
fn a_cookie_that_was_kept_opens_nothing_after_signing_out(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::stranger(&harness);
    let entered = browser.try_sign_in("handler1", PASSWORD, "").expect(303);
    let cookie = entered.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly; SameSite=Lax; Path=/"),
        "{cookie}"
    );
    let (pair, _) = cookie.split_once(';').unwrap();
    let with_cookie = |path: &str| {
        let thief = TestUser::stranger(&harness);
        let request = thief
            .request(reqwest::Method::GET, path)
            .header("Cookie", pair);
        thief.send(request)
    };
    with_cookie("/account").expect(200);
    with_cookie("/api/v1/me").expect(200);
    browser.submit("/account", "/logout", &[]).expect(303);
    with_cookie("/account").expect(303);
    with_cookie("/api/v1/me").expect(401);
}

#[rstest]
fn the_api_takes_no_cookie_for_writing(#[values(Kind::Sqlite)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    browser.get("/api/v1/me").expect(200);
    browser
        .post_json("/api/v1/token/revoke", &json!({}))
        .expect(401);
    browser.get("/api/v1/me").expect(200);
}

fn claims(account: AccountId, session: SessionId) -> Value {
    let now = Clock::real().utc().timestamp();
    json!({
        "iss": tokens::ISSUER, "sub": account, "sid": session, "role": "handler",
        "iat": now, "exp": now + 600,
    })
}

fn signed(alg: Algorithm, kid: &str, claims: &Value, secret: &[u8]) -> String {
    let mut header = Header::new(alg);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn part(value: &Value) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

#[rstest]
fn forged_tokens_are_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    let own = account(&harness, "handler1", Role::Handler).id;
    let other = account(&harness, "handler2", Role::Handler).id;
    TestUser::with_token(&harness, "handler1", PASSWORD);
    let (key, session) = harness.read(move |conn| {
        let key = sessions::signing_keys(conn)?.remove(0);
        Ok((
            key,
            sessions::open_of(conn, own, Clock::real())?.remove(0).id,
        ))
    });
    let long_ago = Clock::real().plus(-TimeDelta::days(3));
    let retired = SigningKey {
        kid: "retired".to_owned(),
        secret: vec![7; 32].into(),
        created_at: long_ago,
        retired_at: Some(long_ago),
    };
    let stored = retired.clone();
    let active = key.clone();
    harness.write(move |conn| {
        use bujianmian::store::schema::signing_key;
        sessions::put_signing_key(conn, &stored)?;
        // Adding a key retires the others; the test wants only the new one retired.
        diesel::update(signing_key::table.find(&active.kid))
            .set(signing_key::retired_at.eq(None::<Ts>))
            .execute(conn.sql)?;
        Ok::<(), StoreError>(())
    });

    let good = claims(own, session);
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed
    };
    let hs = |claims: &Value| signed(Algorithm::HS256, &key.kid, claims, &key.secret);
    let accepted = TestUser::holding(&harness, &hs(&good));
    accepted.get("/api/v1/me").expect(200);

    let past = Clock::real().utc().timestamp() - 1;
    let none = format!(
        "{}.{}.",
        part(&json!({ "alg": "none", "typ": "JWT", "kid": key.kid })),
        part(&good)
    );
    let without_kid = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &good,
        &EncodingKey::from_secret(&key.secret),
    )
    .unwrap();
    let cut = hs(&good);
    let forged = [
        ("alg none", none),
        (
            "another algorithm",
            signed(Algorithm::HS512, &key.kid, &good, &key.secret),
        ),
        (
            "another key",
            signed(Algorithm::HS256, &key.kid, &good, &[1; 32]),
        ),
        ("expired", hs(&with("exp", json!(past)))),
        ("wrong issuer", hs(&with("iss", json!("elsewhere")))),
        (
            "unknown kid",
            signed(Algorithm::HS256, "0000", &good, &key.secret),
        ),
        (
            "absurd kid",
            signed(
                Algorithm::HS256,
                "../../dev/null' OR 1=1 --",
                &good,
                &key.secret,
            ),
        ),
        ("empty kid", signed(Algorithm::HS256, "", &good, b"")),
        (
            "retired kid",
            signed(Algorithm::HS256, "retired", &good, &retired.secret),
        ),
        ("without kid", without_kid),
        ("another account", hs(&with("sub", json!(other)))),
        ("no such session", hs(&with("sid", json!(Uuid::nil())))),
        (
            "without signature",
            cut[..cut.rfind('.').unwrap()].to_owned(),
        ),
        ("cut", cut[..cut.len() - 2].to_owned()),
        ("nonsense", "a.b.c".to_owned()),
        ("empty", String::new()),
        ("huge", "x".repeat(4000)),
    ];
    for (what, token) in forged {
        let reply = TestUser::holding(&harness, &token).get("/api/v1/me");
        assert_eq!((what, reply.status), (what, 401), "{}", reply.text);
        assert_eq!(reply.json()["code"], "not-signed-in", "{what}");
    }
}

#[rstest]
fn keys_rotate_and_old_tokens_go_on(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let before = TestUser::with_token(&harness, "handler1", PASSWORD);
    let rotate = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime
            .unwrap()
            .block_on(tokens::rotate(&harness.app))
            .unwrap()
    };
    let first = rotate();
    assert_eq!(first, rotate(), "a young key goes on signing");
    let old = Clock::real().plus(-TimeDelta::days(31));
    let kid = first.clone();
    harness.write(move |conn| {
        use bujianmian::store::schema::signing_key;
        diesel::update(signing_key::table.find(&kid))
            .set(signing_key::created_at.eq(old))
            .execute(conn.sql)?;
        Ok::<(), StoreError>(())
    });
    let second = rotate();
    assert_ne!(first, second);
    before.get("/api/v1/me").expect(200);
    let after = TestUser::with_token(&harness, "handler1", PASSWORD);
    after.get("/api/v1/me").expect(200);
    let header = jsonwebtoken::decode_header(after.token()).unwrap();
    assert_eq!(header.kid.as_deref(), Some(second.as_str()));
}

#[rstest]
fn forms_without_their_token_are_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let other = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let foreign = other.get("/account").form_token("/logout");
    for fields in [
        vec![],
        vec![("csrf", "")],
        vec![("csrf", "wrong")],
        vec![("csrf", foreign.as_str())],
    ] {
        let refused = browser.post("/logout", &fields).expect(403);
        assert!(refused.text.contains("<h1"), "a page with words");
    }
    browser.get("/account").expect(200);

    let stranger = TestUser::stranger(&harness);
    let fields = [("username", "handler1"), ("password", PASSWORD)];
    stranger.post("/login", &fields).expect(403);
    let token = other.get("/login").form_token("/login");
    let mut with_foreign = vec![("csrf", token.as_str())];
    with_foreign.extend_from_slice(&fields);
    stranger.post("/login", &with_foreign).expect(403);
}

#[rstest]
#[case("Origin", "https://evil.example")]
#[case("Origin", "null")]
#[case("Sec-Fetch-Site", "cross-site")]
#[case("Sec-Fetch-Site", "same-site")]
fn forms_from_elsewhere_are_refused_even_with_the_token(#[case] name: &str, #[case] value: &str) {
    let harness = Harness::sqlite();
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let token = browser.get("/account").form_token("/logout");
    let fields = [("csrf", token.as_str())];
    let refused = browser.send(browser.form("/logout", &fields).header(name, value));
    assert_eq!(refused.status, 403);
    let own = browser
        .form("/logout", &fields)
        .header("Origin", harness.base.as_str());
    browser.send(own).expect(303);
}

#[rstest]
fn a_closed_account_is_out_at_the_next_request(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let admin = account(&harness, "admin1", Role::Administrator).id;
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let program = TestUser::with_token(&harness, "handler1", PASSWORD);
    program.get("/api/v1/me").expect(200);
    let day = harness.app.clock.now().day();
    let admin = harness.read(move |conn| Ok(sessions::actor(conn, admin, day)?.unwrap()));
    let set = |access| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let setting = set_access(&harness.app, &admin, "handler1", access);
        runtime.unwrap().block_on(setting).unwrap();
    };
    set(Access::Closed);
    program.get("/api/v1/me").expect(401);
    browser.get("/account").expect(303);
    TestUser::stranger(&harness)
        .ask_token("handler1", PASSWORD)
        .expect(401);
    set(Access::Open);
    program.get("/api/v1/me").expect(401);
    TestUser::with_token(&harness, "handler1", PASSWORD)
        .get("/api/v1/me")
        .expect(200);
}

#[rstest]
fn a_new_password_ends_the_other_sessions(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let other = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let program = TestUser::with_token(&harness, "handler1", PASSWORD);
    let change = |old: &str, new: &str, repeat: &str| {
        let fields = [
            ("old_password", old),
            ("new_password", new),
            ("repeat_password", repeat),
        ];
        browser.submit("/account/password", "/account/password", &fields)
    };
    let wrong = change("wrong", "another password", "another password").expect(422);
    assert!(wrong.text.contains("现在的密码不正确"));
    assert!(
        change(PASSWORD, "short", "short")
            .expect(422)
            .text
            .contains("至少 8 个字符")
    );
    assert!(
        change(PASSWORD, "handler1", "handler1")
            .expect(422)
            .text
            .contains("不能与用户名相同")
    );
    assert!(
        change(PASSWORD, "another password", "otherwise")
            .expect(422)
            .text
            .contains("不一致")
    );
    program.get("/api/v1/me").expect(200);

    change(PASSWORD, "another password", "another password").expect(303);
    browser.get("/account").expect(200);
    other.get("/account").expect(303);
    program.get("/api/v1/me").expect(401);
    TestUser::stranger(&harness)
        .ask_token("handler1", PASSWORD)
        .expect(401);
    TestUser::with_token(&harness, "handler1", "another password");
}

#[rstest]
fn the_own_account_shows_sessions_and_ends_the_others(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let harness = Harness::start(kind);
    account(&harness, "handler1", Role::Handler);
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    let other = TestUser::sign_in(&harness, "handler1", PASSWORD);
    assert!(
        browser
            .get("/account")
            .expect(200)
            .text
            .contains("退出其他设备")
    );
    browser
        .submit("/account", "/account/end-others", &[])
        .expect(303);
    other.get("/account").expect(303);
    browser
        .submit("/account", "/account/language", &[("locale", "en")])
        .expect(303);
    let page = browser.get("/account?done=language").expect(200);
    assert!(page.text.contains("My account") && !page.text.contains("Sign out everywhere else"));
    let id = browser.get("/api/v1/me").json();
    assert_eq!(id["locale"], "en");
}

#[rstest]
fn only_failures_count_and_too_many_lock(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let limits = SignInLimits::On {
        per_account: 3,
        per_address: 100,
    };
    let settings = Settings {
        limits: Some(limits),
        ..Settings::default()
    };
    let harness = Harness::with(kind, settings);
    account(&harness, "handler1", Role::Handler);
    let stranger = TestUser::stranger(&harness);
    for _ in 0..8 {
        stranger.ask_token("handler1", PASSWORD).expect(200);
    }
    for _ in 0..2 {
        stranger.ask_token("handler1", "wrong").expect(401);
    }
    stranger.ask_token("handler1", PASSWORD).expect(200);
    for name in ["handler1", "nobody"] {
        for _ in 0..3 {
            stranger.ask_token(name, "wrong").expect(401);
        }
        let locked = stranger.ask_token(name, PASSWORD).expect(429);
        assert_eq!(locked.json()["code"], "too-many-attempts");
        let seconds: u64 = locked.header("retry-after").parse().unwrap();
        assert!((1..=31).contains(&seconds), "{seconds}");
        let page = stranger.try_sign_in(name, PASSWORD, "").expect(429);
        assert!(page.text.contains("失败次数过多"));
    }
}

#[rstest]
fn many_accounts_from_one_address_lock_the_address(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let limits = SignInLimits::On {
        per_account: 3,
        per_address: 6,
    };
    let settings = Settings {
        limits: Some(limits),
        ..Settings::default()
    };
    let harness = Harness::with(kind, settings);
    account(&harness, "handler1", Role::Handler);
    let stranger = TestUser::stranger(&harness);
    for number in 0..5 {
        stranger
            .ask_token(&format!("nobody{number}"), "wrong")
            .expect(401);
    }
    stranger.ask_token("handler1", PASSWORD).expect(200);
    stranger.ask_token("nobody9", "wrong").expect(401);
    stranger.ask_token("handler1", PASSWORD).expect(429);
}

#[rstest]
fn guesses_at_once_do_not_slip_past_the_limit() {
    let limits = SignInLimits::On {
        per_account: 3,
        per_address: 100,
    };
    let settings = Settings {
        limits: Some(limits),
        ..Settings::default()
    };
    let harness = Harness::with(Kind::Sqlite, settings);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| TestUser::stranger(&harness).ask_token("nobody", "x").status))
            .collect();
        guesses
            .into_iter()
            .map(|guess| guess.join().unwrap())
            .collect()
    });
    let tried = statuses.iter().filter(|status| **status == 401).count();
    let held = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(tried + held, 20, "{statuses:?}");
    assert!(
        tried <= 4,
        "two at a time: one more than allowed at most, {statuses:?}"
    );
}

#[rstest]
fn a_session_ends_when_idle_and_in_any_case(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    let own = account(&harness, "handler1", Role::Handler).id;
    let user = TestUser::with_token(&harness, "handler1", PASSWORD);
    let session =
        harness.read(move |conn| Ok(sessions::open_of(conn, own, Clock::real())?.remove(0).id));
    let seen = |minutes| {
        let at = Clock::real().plus(-TimeDelta::minutes(minutes));
        harness.write(move |conn| sessions::touch(conn, session, at));
    };
    seen(31);
    user.get("/api/v1/me").expect(401);
    // A good request notes its time beside the answer, so nothing is set after one.
    seen(29);
    user.get("/api/v1/me").expect(200);
    // No shift of business time ends a session.
    harness
        .app
        .clock
        .set(Ts::parse("2031-01-01T00:00:00Z").unwrap());
    user.get("/api/v1/me").expect(200);
    harness.write(move |conn| {
        use bujianmian::store::schema::session as table;
        diesel::update(table::table.find(session))
            .set(table::expires_at.eq(Clock::real()))
            .execute(conn.sql)?;
        Ok::<(), StoreError>(())
    });
    user.get("/api/v1/me").expect(401);
}

#[rstest]
#[case("/account", "/account")]
#[case("/account?done=language", "/account?done=language")]
#[case("//evil.example", "/")]
#[case("/\\evil.example", "/")]
#[case("/%2Fevil.example", "/")]
#[case("/%5Cevil.example", "/")]
#[case("https://evil.example/", "/")]
#[case("javascript:alert(1)", "/")]
#[case("", "/")]
fn after_signing_in_nobody_is_led_elsewhere(#[case] next: &str, #[case] expected: &str) {
    let harness = Harness::sqlite();
    account(&harness, "handler1", Role::Handler);
    let stranger = TestUser::stranger(&harness);
    let entered = stranger.try_sign_in("handler1", PASSWORD, next).expect(303);
    // Nowhere in particular is the own work.
    let arrival = if expected == "/" {
        "/workplace"
    } else {
        expected
    };
    assert_eq!(entered.location(), arrival);
    let encoded = bujianmian::web::urls::encode(next);
    let page = stranger.get(&format!("/login?next={encoded}")).expect(200);
    // The address stays in the page's own links, encoded; the form leads to where it may.
    let field = format!("name=\"next\" value=\"{expected}\"");
    assert!(page.text.contains(&field), "{}", page.text);
}

#[rstest]
fn signing_in_again_in_the_same_browser_takes_a_new_session() {
    let harness = Harness::sqlite();
    let own = account(&harness, "handler1", Role::Handler).id;
    let browser = TestUser::sign_in(&harness, "handler1", PASSWORD);
    browser.try_sign_in("handler1", PASSWORD, "").expect(303);
    let open = harness.read(move |conn| sessions::open_of(conn, own, Clock::real()));
    assert_eq!(open.len(), 1);
}

#[rstest]
#[case("{", "application/json", 400, "bad-json")]
#[case("{}", "application/json", 400, "bad-json")]
#[case(
    "a=b",
    "application/x-www-form-urlencoded",
    415,
    "unsupported-media-type"
)]
fn what_is_no_json_is_a_problem(
    #[case] body: &'static str,
    #[case] content_type: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let harness = Harness::sqlite();
    let stranger = TestUser::stranger(&harness);
    let request = stranger
        .request(reqwest::Method::POST, "/api/v1/token")
        .header("Content-Type", content_type)
        .header("Accept-Language", "en")
        .body(body);
    let reply = stranger.send(request).expect(status);
    assert_eq!(reply.json()["code"], code);
    assert_eq!(reply.json()["title"], "This cannot be done");
}

#[test]
fn bodies_are_limited_and_never_unpacked() {
    let harness = Harness::sqlite();
    let stranger = TestUser::stranger(&harness);
    let big = json!({ "username": "x".repeat(300 * 1024), "password": "x" });
    stranger.post_json("/api/v1/token", &big).expect(413);
    let long = "x".repeat(70 * 1024);
    stranger.post("/login", &[("username", &long)]).expect(413);
    let packed = stranger
        .request(reqwest::Method::POST, "/api/v1/token")
        .header("Content-Type", "application/json")
        .header("Content-Encoding", "gzip")
        .body(vec![0x1f, 0x8b]);
    assert_eq!(
        stranger.send(packed).expect(415).json()["code"],
        "unsupported-encoding"
    );
}

#[rstest]
fn the_service_tells_how_it_is(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let harness = Harness::start(kind);
    let watcher = TestUser::stranger(&harness);
    watcher.get("/healthz").expect(200);
    let ready = watcher.get("/readyz").expect(200).json();
    assert_eq!(ready["migrations"], "current");
    assert_eq!(ready["database"], harness.app.db.kind());
    assert!(ready["calendar_years_missing"].is_array());
    let nothing = watcher
        .get("/no/such/page?id=371000199001011232")
        .expect(404);
    assert_eq!(nothing.header("x-request-id").len(), 36);
    assert_eq!(nothing.header("x-content-type-options"), "nosniff");
    let metrics = watcher.get("/metrics").expect(200).text;
    assert!(metrics.contains("route=\"/readyz\"") && metrics.contains("route=\"unmatched\""));
    assert!(!metrics.contains("no/such"));
    let problem = watcher.get("/api/v1/no-such").expect(404);
    assert_eq!(problem.json()["code"], "not-found");
    watcher.get("/api/v1/demo/accounts").expect(404);
}
