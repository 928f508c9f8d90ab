//! Pages of signing in and out. Nothing here checks a password or knows why a sign-in was refused:
//! there is one answer for all reasons.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::data::texts::text_with;
use crate::domain::locale::Locale;
use crate::usecases::accounts::Opened;
use crate::usecases::app::DemoInfo;
use crate::usecases::{App, Error, accounts};
use crate::web::components::{ErrorSummary, InputKind, TextField};
use crate::web::csrf::{self, Nothing, PublicForm, Sent};
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::passing::Passing;
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, MaybeSignedIn, http, put, role_key};
use crate::web::urls;

/// The sign-in page; in the demo with a button for each account.
#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    chrome: Chrome,
    form_token: String,
    next: String,
    errors: Option<ErrorSummary>,
    username: TextField,
    password: TextField,
    /// The way to the identity platform, with its name.
    platform: Option<Link>,
    demo: Vec<DemoPool>,
}

/// The demo's accounts of one pool.
struct DemoPool {
    heading: String,
    roles: Vec<DemoRole>,
}

/// Those of one role.
struct DemoRole {
    words: String,
    accounts: Vec<DemoButton>,
}

/// One account to try.
struct DemoButton {
    username: String,
    name: String,
    words: String,
}

/// Where to go on after signing in.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    pub(super) next: String,
}

/// What is typed on the sign-in page.
#[derive(Deserialize)]
pub struct LoginForm {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Which account of the demo is tried.
#[derive(Deserialize)]
pub struct DemoForm {
    username: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub async fn login_page(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Next>,
) -> Answer {
    login_again(&request, &app, &query.next, "", None, StatusCode::OK)
}

/// `POST /login`: begins a session and leads on; every refusal looks the same.
pub async fn login(
    visitor: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    PublicForm(form): PublicForm<LoginForm>,
) -> Answer {
    let caller = session::caller(&request);
    let outcome = accounts::sign_in(&app, &form.username, &form.password, caller).await;
    enter(
        visitor,
        &request,
        &app,
        (&form.username, &form.next),
        outcome,
    )
    .await
}

/// `POST /login/demo`: the same with one press; 404 where there is no demo.
pub async fn login_demo(
    visitor: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    PublicForm(form): PublicForm<DemoForm>,
) -> Answer {
    let demo = app.demo.as_ref().ok_or_else(Failure::not_found)?;
    let account = demo
        .accounts
        .iter()
        .find(|account| account.username == form.username)
        .ok_or_else(Failure::not_found)?;
    let caller = session::caller(&request);
    let outcome = accounts::sign_in(&app, &account.username, &demo.password, caller).await;
    enter(
        visitor,
        &request,
        &app,
        (&form.username, &form.next),
        outcome,
    )
    .await
}

async fn enter(
    visitor: MaybeSignedIn,
    request: &HttpRequest,
    app: &App,
    (typed, next): (&str, &str),
    outcome: Result<Opened, Error>,
) -> Answer {
    let locale = session::frame(request, "sign-in-title").locale;
    match outcome {
        Ok(Opened::Session(entry)) => welcome(visitor, request, app, next, entry).await,
        Ok(Opened::CodeWanted(token)) => {
            let mut response = see_other(&urls::accounts::code(&urls::local_or_home(next)));
            put(&mut response, Passing::Code.cookie(http(request)?, token))?;
            Ok(response)
        }
        Err(Error::BadCredentials) => {
            let words = text_with(locale, "sign-in-refused", &[]);
            let status = StatusCode::UNAUTHORIZED;
            login_again(request, app, next, typed, Some(&words), status)
        }
        Err(Error::TooMany { seconds }) => {
            let words = wait_words(locale, seconds);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = login_again(request, app, next, typed, Some(&words), status)?;
            let wait = header::HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// How long to wait after too many failures, in words.
pub(super) fn wait_words(locale: Locale, seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    text_with(locale, "sign-in-wait", &[("minutes", minutes.into())])
}

/// Gives the browser its session and leads on to where its owner was going.
pub(super) async fn welcome(
    visitor: MaybeSignedIn,
    request: &HttpRequest,
    app: &App,
    next: &str,
    entry: accounts::Entry,
) -> Answer {
    // The session this browser had before is of no use to anybody any more; those elsewhere go on.
    if let MaybeSignedIn(Some(before)) = visitor {
        accounts::sign_out(app, before.actor.account, before.session.id).await?;
    }
    // Who was on the way to nowhere in particular arrives at the own work.
    let target = match urls::local_or_home(next) {
        home if home == urls::home() => urls::desk::workplace(),
        target => target,
    };
    let settings = http(request)?;
    let mut response = see_other(&target);
    put(&mut response, session::cookie(settings, entry.token))?;
    for passing in [Passing::Code, Passing::Platform] {
        if !passing.kept(request).is_empty() {
            put(&mut response, passing.no_cookie(settings))?;
        }
    }
    Ok(response)
}

fn login_again(
    request: &HttpRequest,
    app: &App,
    next: &str,
    typed: &str,
    refusal: Option<&str>,
    status: StatusCode,
) -> Answer {
    let mut chrome = session::frame(request, "sign-in-title");
    chrome.faulty = refusal.is_some();
    let locale = chrome.locale;
    let (form_token, cookie) = csrf::public_token(request)?;
    let content = LoginPage {
        form_token,
        next: urls::local_or_home(next),
        errors: ErrorSummary::of(locale, refusal.map(|words| ("username", words))),
        username: TextField::new(locale, "username", chrome.t("sign-in-name"))
            .hint(chrome.t("sign-in-name-hint"))
            .kind(InputKind::Username)
            .value(typed),
        password: TextField::new(locale, "password", chrome.t("sign-in-password"))
            .kind(InputKind::Password),
        platform: app.platform.as_ref().map(|platform| {
            let words = match platform.name() {
                Some(name) => chrome.t1("sign-in-platform-named", "name", name),
                None => chrome.t("sign-in-platform"),
            };
            Link::to(urls::accounts::platform(&urls::local_or_home(next)), words)
        }),
        demo: app
            .demo
            .as_ref()
            .map_or_else(Vec::new, |demo| demo_pools(&chrome, demo)),
        chrome,
    };
    let mut response = page(status, &content);
    put(&mut response, cookie)?;
    Ok(response)
}

fn demo_pools(chrome: &Chrome, demo: &DemoInfo) -> Vec<DemoPool> {
    let mut pools: Vec<DemoPool> = Vec::new();
    for account in &demo.accounts {
        let heading = chrome.t1("demo-accounts-pool", "pool", account.pool.as_str());
        let role = chrome.t(role_key(account.role));
        let button = DemoButton {
            username: account.username.clone(),
            name: account.name.clone(),
            words: chrome.t1("demo-sign-in-as", "username", account.username.as_str()),
        };
        if pools.iter().all(|pool| pool.heading != heading) {
            pools.push(DemoPool {
                heading: heading.clone(),
                roles: Vec::new(),
            });
        }
        let Some(pool) = pools.iter_mut().find(|pool| pool.heading == heading) else {
            continue;
        };
        match pool.roles.iter_mut().find(|group| group.words == role) {
            Some(group) => group.accounts.push(button),
            None => pool.roles.push(DemoRole {
                words: role,
                accounts: vec![button],
            }),
        }
    }
    pools
}

/// `POST /logout`: ends the session, in the database too. The cookies of the browser are taken away.
pub async fn logout(request: HttpRequest, app: web::Data<App>, sent: Sent<Nothing>) -> Answer {
    accounts::sign_out(&app, sent.user.actor.account, sent.user.session.id).await?;
    let mut response = see_other(&urls::home());
    put(&mut response, session::no_cookie(http(&request)?))?;
    Ok(response)
}

/// `POST /session/keep-alive`: being asked is enough; 204, or the way to the sign-in page.
pub async fn keep_alive(_: Sent<Nothing>) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}
