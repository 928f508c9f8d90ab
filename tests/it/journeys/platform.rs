//! Signing in at the identity platform and coming back (CAS-14): who is let in, who is not, and what they read.

use bujianmian::clock::Clock;
use bujianmian::config::{Platform, StaffTotp};
use bujianmian::domain::actor::Identified;
use bujianmian::domain::ids::PersonId;
use bujianmian::store::{accounts, sessions};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::provider::{self, Provider, Says, Signing, query};
use crate::harness::service::{Kind, Settings};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{CITY, World, id_number, insert_person};

/// A world that belongs to a platform, in which staff who use passwords need a second factor.
fn world(kind: Kind, platform: Platform) -> World {
    let settings = Settings {
        platform: Some(platform),
        staff_totp: Some(StaffTotp::Required),
        ..Settings::default()
    };
    World::with(kind, settings)
}

fn says(claims: Value) -> Says {
    Says {
        claims,
        ..Says::default()
    }
}

fn number(of: u16) -> String {
    id_number(of).as_str().to_owned()
}

/// Goes to the platform on the way to `next`, signs in there and comes back.
fn comes_back(user: &TestUser<'_>, provider: &Provider, next: &str, says: Says) -> Reply {
    let away = user
        .get(&bujianmian::web::urls::accounts::platform(next))
        .expect(303);
    let back = provider.signs_in(away.location(), says);
    user.get(&back)
}

#[rstest]
fn a_resident_comes_back_as_who_they_are(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    let user = TestUser::stranger(&world.harness);
    let page = user.get("/login?next=%2Fmy%2Freads").expect(200);
    assert!(page.text.contains("用示例省身份认证登录"));
    assert!(page.text.contains("/login/platform?next=%2Fmy%2Freads"));
    let told = says(json!({ "id_number": number(1) }));
    let arrived = comes_back(&user, &provider, "/my/reads", told).expect(303);
    assert_eq!(arrived.location(), "/my/reads");
    user.get("/my/reads").expect(200);
    let me = user.get("/api/v1/me").json();
    assert_eq!(me["username"], "resident1");
    let day = world.harness.app.clock.now().day();
    let session = me["session"].as_str().unwrap().parse().unwrap();
    let presence = world
        .harness
        .read(move |conn| sessions::presence(conn, session, day))
        .unwrap();
    assert_eq!(presence.actor.identified, Identified::Platform);
}

#[rstest]
fn whoever_is_in_the_registry_gets_one_login(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    let person: PersonId = world.harness.write(|conn| insert_person(conn, 50, CITY));
    let before = world.harness.read(accounts::count);
    for _ in 0..2 {
        let user = TestUser::stranger(&world.harness);
        let told = says(json!({ "id_number": number(50).to_lowercase() }));
        let arrived = comes_back(&user, &provider, "", told).expect(303);
        assert_eq!(arrived.location(), "/workplace");
        let me = user.get("/api/v1/me").json();
        assert_eq!(me["person"], person.to_string());
        assert_eq!(me["role"], "resident");
        assert_eq!(me["name"], "示例居民50");
    }
    assert_eq!(world.harness.read(accounts::count), before + 1);
}

#[rstest]
fn the_desk_sees_which_cases_came_from_password_accounts(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    let browser = TestUser::stranger(&world.harness);
    let told = says(json!({ "id_number": number(1) }));
    let arrived = comes_back(&browser, &provider, "", told).expect(303);
    let cookies = arrived.headers.get_all("set-cookie").iter();
    let token = cookies
        .filter_map(|cookie| cookie.to_str().unwrap().strip_prefix("session="))
        .find_map(|rest| rest.split(';').next())
        .unwrap();
    let by_platform = TestUser::holding(&world.harness, token);
    let desk = TestUser::stranger(&world.harness);
    comes_back(
        &desk,
        &provider,
        "",
        says(json!({ "staff_no": "handler1" })),
    )
    .expect(303);
    for (user, expected) in [(by_platform, false), (world.user("resident2"), true)] {
        let body = json!({ "item": "cross-region-registration", "answers": {
            "kind": "emergency", "destination": "110100", "start": "2026-11-24",
            "end": "2026-12-24", "phone": "13800000000", "pledge": true } });
        let request = user
            .request(reqwest::Method::POST, "/api/v1/cases")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "the only one")
            .body(body.to_string());
        let filed = user.send(request).expect(201).json();
        let case = format!("/desk/cases/{}", filed["receipt_no"].as_str().unwrap());
        let page = desk.get(&case).expect(200);
        assert_eq!(page.text.contains("用密码账号提交"), expected);
    }
}

#[rstest]
fn staff_come_back_by_their_number_without_another_code(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[values(Signing::Elliptic, Signing::Rsa)] signing: Signing,
) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    let user = TestUser::stranger(&world.harness);
    let told = Says {
        claims: json!({ "staff_no": "HANDLER1", "aud": ["portal", "other"], "azp": "portal" }),
        signing,
        ..Says::default()
    };
    comes_back(&user, &provider, "/desk/mine", told).expect(303);
    user.get("/desk/mine").expect(200);
}

#[rstest]
fn numbers_may_be_told_beside_the_token() {
    let provider = Provider::start();
    let world = world(Kind::Sqlite, provider.settings());
    let user = TestUser::stranger(&world.harness);
    let told = Says {
        beside: json!({ "staff_no": "handler1" }),
        ..Says::default()
    };
    comes_back(&user, &provider, "/desk/mine", told).expect(303);
    user.get("/desk/mine").expect(200);
}

#[rstest]
#[case::nonce(says(json!({ "nonce": "another" })), "无法核验")]
#[case::no_nonce(says(json!({ "nonce": null })), "无法核验")]
#[case::audience(says(json!({ "aud": "another" })), "无法核验")]
#[case::asked_by_another(says(json!({ "azp": "another" })), "无法核验")]
#[case::issuer(says(json!({ "iss": "https://id.example" })), "无法核验")]
#[case::over(says(json!({ "exp": -61 })), "无法核验")]
#[case::not_begun(says(json!({ "iat": 120 })), "无法核验")]
#[case::forged(Says { signing: Signing::Forged, ..Says::default() }, "无法核验")]
#[case::unpublished(Says { signing: Signing::Unpublished, ..Says::default() }, "无法核验")]
#[case::shared(Says { signing: Signing::Shared, ..Says::default() }, "无法核验")]
#[case::unsigned(Says { signing: Signing::None, ..Says::default() }, "无法核验")]
#[case::neither(says(json!({ "id_number": null })), "不能确定您的身份")]
#[case::both(says(json!({ "staff_no": "handler1" })), "不能确定您的身份")]
#[case::nobody(says(json!({ "id_number": "371000199001011232" })), "没有找到您的账号")]
#[case::no_number(says(json!({ "id_number": "12345" })), "没有找到您的账号")]
#[case::no_staff(says(json!({ "id_number": null, "staff_no": "nobody" })), "没有找到您的账号")]
#[case::staff_by_a_residents_name(says(json!({ "id_number": null, "staff_no": "resident1" })), "没有找到您的账号")]
fn an_answer_that_is_not_good_lets_nobody_in(#[case] mut said: Says, #[case] words: &str) {
    let provider = Provider::start();
    let world = world(Kind::Sqlite, provider.settings());
    let before = world.harness.read(accounts::count);
    if said.claims.get("id_number").is_none() {
        said.claims["id_number"] = json!(number(1));
    }
    let user = TestUser::stranger(&world.harness);
    let page = comes_back(&user, &provider, "/my", said).expect(422);
    assert!(page.text.contains(words), "{}", page.text);
    assert!(page.text.contains("/login?next=%2Fmy"), "the way is kept");
    user.get("/my").expect(303);
    assert_eq!(world.harness.read(accounts::count), before);
}

#[rstest]
fn a_closed_login_stays_closed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    world.harness.write(|conn| {
        for name in ["resident1", "handler1"] {
            let found = accounts::credentials(conn, name, "")?.unwrap();
            accounts::set_disabled(conn, found.account, Some(Clock::real()))?;
        }
        Ok(())
    });
    let user = TestUser::stranger(&world.harness);
    for claims in [
        json!({ "id_number": number(1) }),
        json!({ "staff_no": "handler1" }),
    ] {
        let page = comes_back(&user, &provider, "", says(claims)).expect(422);
        assert!(page.text.contains("没有找到您的账号"));
    }
}

#[rstest]
fn an_answer_is_taken_once_and_by_its_own_browser(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let provider = Provider::start();
    let world = world(kind, provider.settings());
    let told = || says(json!({ "id_number": number(1) }));
    let (user, other) = (
        TestUser::stranger(&world.harness),
        TestUser::stranger(&world.harness),
    );
    let away = user.get("/login/platform").expect(303);
    let cookie = away.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let back = provider.signs_in(away.location(), told());
    // Somebody else's browser, with no sign-in under way and with one of its own.
    assert!(other.get(&back).expect(409).text.contains("登录已失效"));
    other.get("/login/platform").expect(303);
    other.get(&back).expect(409);
    user.get(&back).expect(303);
    user.get("/my").expect(200);
    // With the same cookie again, as if it had been copied.
    let copied = user
        .request(reqwest::Method::GET, &back)
        .header("Cookie", cookie.split(';').next().unwrap());
    user.send(copied).expect(409);
    // What was sealed for something else is no ticket.
    let foreign = other
        .request(
            reqwest::Method::GET,
            "/login/platform/callback?code=x&state=y",
        )
        .header("Cookie", "platform=AAAA");
    other.send(foreign).expect(409);
}

#[test]
fn whoever_gives_up_at_the_platform_reads_what_to_do() {
    let provider = Provider::start();
    let world = world(Kind::Sqlite, provider.settings());
    let user = TestUser::stranger(&world.harness);
    let away = user.get("/login/platform?next=%2Fmy").expect(303);
    let state = query(away.location(), "state");
    let callback = format!("/login/platform/callback?error=access_denied&state={state}");
    let page = user.get(&callback).expect(422);
    assert!(page.text.contains("登录已取消") && page.text.contains("/login?next=%2Fmy"));
    // Targets elsewhere are never kept.
    let away = user
        .get("/login/platform?next=https%3A%2F%2Fevil.example")
        .expect(303);
    let back = provider.signs_in(away.location(), says(json!({ "id_number": number(1) })));
    assert_eq!(user.get(&back).expect(303).location(), "/workplace");
}

#[test]
fn a_platform_that_hangs_or_is_gone_keeps_nobody_waiting() {
    for platform in [provider::silent(), provider::settings("http://127.0.0.1:1")] {
        let world = world(Kind::Sqlite, platform);
        let user = TestUser::stranger(&world.harness);
        let page = user.get("/login/platform?next=%2Fmy").expect(503);
        assert!(page.text.contains("暂时不可用") && page.text.contains("/login?next=%2Fmy"));
        assert!(!page.header("retry-after").is_empty());
        // The other way in is still open.
        user.try_sign_in("resident1", crate::harness::world::PASSWORD, "")
            .expect(303);
    }
}

#[test]
fn made_up_keys_do_not_make_the_platform_be_asked_again_and_again() {
    let provider = Provider::start();
    let world = world(Kind::Sqlite, provider.settings());
    let user = TestUser::stranger(&world.harness);
    for _ in 0..3 {
        let told = Says {
            signing: Signing::Unpublished,
            ..says(json!({ "id_number": number(1) }))
        };
        comes_back(&user, &provider, "", told).expect(422);
    }
    assert_eq!(provider.key_reads(), 1);
}

#[test]
fn without_a_platform_there_is_no_way_to_one() {
    let world = World::start(Kind::Sqlite);
    let user = TestUser::stranger(&world.harness);
    assert!(
        !user
            .get("/login")
            .expect(200)
            .text
            .contains("/login/platform")
    );
    let page = user.get("/login/platform").expect(422);
    assert!(page.text.contains("没有接入统一身份认证平台"));
}
