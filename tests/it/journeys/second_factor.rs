//! One-time codes of staff: setting them up, signing in with them, losing the phone, and the administrator who helps.

use bujianmian::clock::Clock;
use bujianmian::config::{SignInLimits, StaffTotp};
use bujianmian::domain::ids::AccountId;
use bujianmian::store::{accounts, second_factors};
use bujianmian::usecases::accounts::totp;
use rstest::rstest;
use serde_json::json;

use crate::harness::service::{Kind, Settings};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

const PAGE: &str = "/account/second-factor";

fn world(kind: Kind, limits: SignInLimits) -> World {
    let settings = Settings {
        staff_totp: Some(StaffTotp::Required),
        limits: Some(limits),
        ..Settings::default()
    };
    World::with(kind, settings)
}

fn account(world: &World, username: &str) -> AccountId {
    let name = username.to_owned();
    let found = world
        .harness
        .read(move |conn| accounts::credentials(conn, &name, ""));
    found.unwrap().account
}

/// What the phone shows: now, or so many steps later.
fn code(world: &World, username: &str, steps: i64) -> String {
    let account = account(world, username);
    let factor = world
        .harness
        .read(move |conn| second_factors::find(conn, account))
        .unwrap();
    let now = Clock::real().utc().timestamp();
    totp::code_at(&factor.secret, now + 30 * steps)
}

/// Another code than the phone's.
fn wrong(right: &str) -> String {
    let first = if right.starts_with('0') { "1" } else { "0" };
    format!("{first}{}", &right[1..])
}

/// The recovery codes on a page.
fn recovery_codes(page: &Reply) -> Vec<String> {
    page.text
        .split("<li><span class=\"mb-code\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

/// Sets up one-time codes with the present code; what is typed later is of the next step, which a phone may be early by.
fn sets_up(world: &World, username: &str) -> (String, Vec<String>) {
    let user = TestUser::sign_in(&world.harness, username, PASSWORD);
    user.submit(PAGE, "/account/second-factor/begin", &[])
        .expect(303);
    let before = code(world, username, 0);
    let page = user
        .submit(PAGE, "/account/second-factor/confirm", &[("code", &before)])
        .expect(200);
    (before, recovery_codes(&page))
}

/// Types a user name and password, then the code.
fn types(user: &TestUser<'_>, username: &str, field: &str, code: &str) -> Reply {
    let asked = user
        .try_sign_in(username, PASSWORD, "/desk/mine")
        .expect(303);
    assert_eq!(asked.location(), "/login/code?next=%2Fdesk%2Fmine");
    user.submit(
        asked.location(),
        "/login/code",
        &[(field, code), ("next", "/desk/mine")],
    )
}

#[rstest]
fn staff_do_nothing_before_they_have_a_second_factor(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let world = world(kind, SignInLimits::Off);
    let user = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    for path in [
        "/desk",
        "/workplace",
        "/account",
        "/inbox",
        "/account/password",
    ] {
        assert_eq!(user.get(path).expect(303).location(), PAGE, "{path}");
    }
    let refused = user.get("/api/v1/me").expect(403).json();
    assert_eq!(refused["code"], "second-factor-enrolment-required");
    let refused = user.ask_token("handler1", PASSWORD).expect(403).json();
    assert_eq!(refused["code"], "second-factor-enrolment-required");
    let page = user.get(PAGE).expect(200);
    assert!(page.text.contains("工作人员须先设置动态验证码"));

    let elsewhere = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    user.submit(PAGE, "/account/second-factor/begin", &[])
        .expect(303);
    let page = user.get(PAGE).expect(200);
    let right = code(&world, "handler1", 0);
    let account = account(&world, "handler1");
    let secret = world
        .harness
        .read(move |conn| second_factors::find(conn, account))
        .unwrap()
        .secret;
    let letters = totp::base32(&secret);
    assert!(page.text.contains("<svg") && page.text.contains(&letters[..4]));
    assert!(!page.text.contains(&letters), "in groups for typing");
    let confirm =
        |code: &str| user.submit(PAGE, "/account/second-factor/confirm", &[("code", code)]);
    let page = confirm(&wrong(&right)).expect(422);
    assert!(page.text.contains("验证码不正确"));
    user.get("/desk").expect(303);
    let page = confirm(&right).expect(200);
    assert_eq!(recovery_codes(&page).len(), 10);
    user.get("/desk").expect(200);
    elsewhere.get(PAGE).expect(303);
    let page = user.get(PAGE).expect(200);
    assert!(page.text.contains("该账号已启用动态验证码"));
    assert!(!page.text.contains(&recovery_codes_of(&page)), "shown once");
}

/// Something that looks like a recovery code on a page that must not have any.
fn recovery_codes_of(page: &Reply) -> String {
    recovery_codes(page)
        .first()
        .cloned()
        .unwrap_or_else(|| "none".to_owned())
}

#[rstest]
fn the_password_alone_opens_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = world(kind, SignInLimits::Off);
    let (before, _) = sets_up(&world, "handler1");
    let user = TestUser::stranger(&world.harness);
    let asked = user
        .try_sign_in("handler1", PASSWORD, "/desk/mine")
        .expect(303);
    user.get("/desk/mine").expect(303);
    let send = |code: &str| {
        let fields = [("code", code), ("next", "/desk/mine")];
        user.submit(asked.location(), "/login/code", &fields)
    };
    let right = code(&world, "handler1", 1);
    send(&wrong(&right)).expect(422);
    send(&before).expect(422);
    assert_eq!(send(&right).expect(303).location(), "/desk/mine");
    user.get("/desk/mine").expect(200);
    // The same code once more, from another browser.
    let again = TestUser::stranger(&world.harness);
    types(&again, "handler1", "code", &right).expect(422);
    again.get("/desk/mine").expect(303);
}

#[rstest]
fn a_lost_phone_is_replaced_by_a_recovery_code_once(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let world = world(kind, SignInLimits::Off);
    let (_, codes) = sets_up(&world, "handler1");
    let user = TestUser::stranger(&world.harness);
    let typed = codes[0].to_uppercase();
    types(&user, "handler1", "recovery_code", &typed).expect(303);
    user.get("/desk/mine").expect(200);
    assert!(user.get(PAGE).expect(200).text.contains("9"));
    let again = TestUser::stranger(&world.harness);
    types(&again, "handler1", "recovery_code", &codes[0]).expect(422);
    // Those of somebody else are none.
    sets_up(&world, "handler2");
    types(&again, "handler2", "recovery_code", &codes[1]).expect(422);
    // New ones end the old ones.
    let now = code(&world, "handler1", 1);
    let renew = "/account/second-factor/recovery-codes";
    user.submit(PAGE, renew, &[("code", &wrong(&now))])
        .expect(422);
    let new = recovery_codes(&user.submit(PAGE, renew, &[("code", &now)]).expect(200));
    assert_eq!(new.len(), 10);
    types(&again, "handler1", "recovery_code", &codes[1]).expect(422);
    types(&again, "handler1", "recovery_code", &new[0]).expect(303);
}

#[rstest]
fn programs_send_the_code_beside_the_password(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = world(kind, SignInLimits::Off);
    sets_up(&world, "handler1");
    let program = TestUser::stranger(&world.harness);
    let asked = program.ask_token("handler1", PASSWORD).expect(401).json();
    assert_eq!(asked["code"], "second-factor-required");
    let ask = |password: &str, code: &str| {
        let body = json!({ "username": "handler1", "password": password, "code": code });
        program.post_json("/api/v1/token", &body)
    };
    let right = code(&world, "handler1", 1);
    let refused = ask(PASSWORD, &wrong(&right)).expect(401).json();
    assert_eq!(refused["code"], "bad-credentials");
    ask("wrong", &right).expect(401);
    ask(PASSWORD, &right).expect(200);
    ask(PASSWORD, &right).expect(401);
    // Whoever has no second factor needs none.
    world.user("resident1");
}

#[rstest]
fn wrong_codes_lock_like_wrong_passwords(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let limits = SignInLimits::On {
        per_account: 4,
        per_address: 100,
    };
    let world = world(kind, limits);
    sets_up(&world, "handler1");
    let program = TestUser::stranger(&world.harness);
    let right = code(&world, "handler1", 1);
    let ask = |code: &str| {
        let body = json!({ "username": "handler1", "password": PASSWORD, "code": code });
        program.post_json("/api/v1/token", &body)
    };
    for _ in 0..4 {
        // The right password in between forgets nothing.
        program.ask_token("handler1", PASSWORD).expect(401);
        ask(&wrong(&right)).expect(401);
    }
    let locked = ask(&right).expect(429);
    assert_eq!(locked.json()["code"], "too-many-attempts");
    program.try_sign_in("handler1", PASSWORD, "").expect(429);
}

#[rstest]
fn a_sign_in_waits_for_five_codes_at_most(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = world(kind, SignInLimits::Off);
    sets_up(&world, "handler1");
    let user = TestUser::stranger(&world.harness);
    let page = user.get("/login/code").expect(409);
    assert!(
        page.text.contains("这次登录已失效"),
        "nobody typed a password"
    );
    let right = code(&world, "handler1", 1);
    let wrong = wrong(&right);
    types(&user, "handler1", "code", &wrong).expect(422);
    let token = user
        .get("/login/code")
        .expect(200)
        .form_token("/login/code");
    let send = |code: &str| user.post("/login/code", &[("csrf", &token), ("code", code)]);
    for _ in 0..4 {
        send(&wrong).expect(422);
    }
    send(&right).expect(409);
    user.get("/desk").expect(303);
    // A login that is closed meanwhile is closed.
    let asked = user.try_sign_in("handler1", PASSWORD, "").expect(303);
    let token = user
        .get(asked.location())
        .expect(200)
        .form_token("/login/code");
    let account = account(&world, "handler1");
    world
        .harness
        .write(move |conn| accounts::set_disabled(conn, account, Some(Clock::real())));
    user.post("/login/code", &[("csrf", &token), ("code", &right)])
        .expect(409);
}

#[rstest]
fn an_administrator_takes_a_lost_second_factor_away(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let world = world(kind, SignInLimits::Off);
    sets_up(&world, "admin1");
    sets_up(&world, "handler1");
    let handler = TestUser::stranger(&world.harness);
    let now = code(&world, "handler1", 1);
    types(&handler, "handler1", "code", &now).expect(303);
    let admin = TestUser::stranger(&world.harness);
    let now = code(&world, "admin1", 1);
    types(&admin, "admin1", "code", &now).expect(303);

    let list = admin.get("/admin/accounts").expect(200).text;
    assert!(list.contains("reviewer1") && !list.contains("resident1"));
    let found = admin.get("/admin/accounts?q=handler1").expect(200).text;
    assert!(found.contains("handler1") && !found.contains("reviewer1"));
    let found = admin.get("/admin/accounts?q=%25").expect(200).text;
    assert!(
        found.contains("没有符合条件的账号"),
        "a sign is no wildcard"
    );

    let one = "/admin/accounts/handler1";
    assert!(admin.get(one).expect(200).text.contains("已启用，"));
    let reset = "/admin/accounts/handler1/reset-second-factor";
    admin.submit(one, reset, &[]).expect(303);
    handler.get("/desk/mine").expect(303);
    let user = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    assert_eq!(user.get("/desk").expect(303).location(), PAGE);

    let access = "/admin/accounts/handler1/access";
    admin
        .submit(one, access, &[("access", "closed")])
        .expect(303);
    user.get(PAGE).expect(303);
    user.try_sign_in("handler1", PASSWORD, "").expect(401);
    assert!(admin.get(one).expect(200).text.contains("已停用"));
    admin.submit(one, access, &[("access", "open")]).expect(303);
    user.try_sign_in("handler1", PASSWORD, "").expect(303);
    // The own login can't be shut out.
    assert!(
        admin
            .get("/admin/accounts/admin1")
            .expect(200)
            .text
            .contains("您自己的账号")
    );
    let token = admin.get(one).form_token(access);
    let own = "/admin/accounts/admin1/reset-second-factor";
    admin.post(own, &[("csrf", &token)]).expect(404);
}

#[rstest]
fn where_it_is_optional_nobody_is_stopped() {
    let world = World::start(Kind::Sqlite);
    let user = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    user.get("/desk").expect(200);
    assert!(!user.get(PAGE).expect(200).text.contains("工作人员须先设置"));
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    resident.get(PAGE).expect(403);
    assert!(!resident.get("/account").expect(200).text.contains(PAGE));
}
