//! Who sends a request. Pages know people by the session cookie, the API by `Authorization: Bearer` and, for
//! reading only, the cookie too. One look at the database a request, kept with the request. Never here: what
//! somebody may do, which is [`Actor`](crate::domain::actor::Actor)'s.
//!
//! ```ignore
//! async fn queue(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
//!     user.actor.require(&[Role::Handler, Role::Supervisor])?;
//!     let chrome = session::frame(&request, "desk-title");
//!     …
//! }
//! ```

use std::future::Future;
use std::net::IpAddr;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use tracing_actix_web::RequestId;

use crate::clock::Clock;
use crate::config::Http;
use crate::domain::actor::Role;
use crate::domain::device::Device;
use crate::store::sessions::Presence;
use crate::usecases::{App, Error, accounts};
use crate::web::chrome::{Chrome, Link, SignedIn as Shown};
use crate::web::observe::GivenId;
use crate::web::preferences::Preferences;
use crate::web::problem::{Failure, is_api};
use crate::web::urls;

/// Name of the cookie over TLS; the prefix makes browsers refuse it from elsewhere.
const SECURE_COOKIE: &str = "__Host-session";
/// Its name on loopback over plain HTTP, where `Secure` is impossible.
const LOOPBACK_COOKIE: &str = "session";

/// What is open to staff before they have set up their second factor.
const STILL_OPEN: &[&str] = &[
    "/account/second-factor",
    "/account/second-factor/begin",
    "/account/second-factor/confirm",
    "/logout",
    "/session/keep-alive",
];

/// Somebody who is signed in: extractor, and the guard of everything that needs it. It holds `actor`,
/// `session` (with the form token `csrf`), `username` and `locale`. Without a session a page leads to the
/// sign-in page, the API answers 401.
#[derive(Clone, Debug)]
pub struct SignedIn(Arc<Presence>);

impl Deref for SignedIn {
    type Target = Presence;
    fn deref(&self) -> &Presence {
        &self.0
    }
}

/// The same where a stranger is welcome too. Fails only when the database does.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

/// What was found out about this request: who, and of a page how many messages they have not read.
#[derive(Clone)]
struct Known(Option<SignedIn>, usize);

/// Unread messages are counted up to one more than this.
const UNREAD: u16 = 99;

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let user = visitor(&request)
                .await?
                .ok_or(Failure::UseCase(Error::NotSignedIn))?;
            // One place for all routes: whoever must set up a second factor does that, or leaves.
            let stays = STILL_OPEN.contains(&request.path());
            match !stays && accounts::must_enrol(app(&request)?, &user) {
                true => Err(Failure::UseCase(Error::EnrolmentWanted)),
                false => Ok(user),
            }
        })
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = Failure;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { visitor(&request).await.map(Self) })
    }
}

/// Who sends the request, if anybody is signed in; asks the database once a request.
///
/// # Errors
/// The database's.
pub async fn visitor(request: &HttpRequest) -> Result<Option<SignedIn>, Failure> {
    let known = request.extensions().get::<Known>().cloned();
    if let Some(Known(visitor, _)) = known {
        return Ok(visitor);
    }
    let known = match token(request) {
        Some(token) => match look(request, &token).await {
            Ok((presence, unread)) => Known(Some(SignedIn(Arc::new(presence))), unread),
            Err(Failure::UseCase(Error::NotSignedIn)) => Known(None, 0),
            Err(error) => return Err(error),
        },
        None => Known(None, 0),
    };
    request.extensions_mut().insert(known.clone());
    Ok(known.0)
}

async fn look(request: &HttpRequest, token: &str) -> Result<(Presence, usize), Failure> {
    let app = app(request)?;
    Ok(match is_api(request.path()) {
        true => (accounts::authenticate(app, token).await?, 0),
        false => accounts::authenticate_reader(app, token, i64::from(UNREAD) + 1).await?,
    })
}

/// Forgets who sent the request, after its session ended within it.
pub fn forget(request: &HttpRequest) {
    request.extensions_mut().insert(Known(None, 0));
}

/// Logs that somebody asked for what is not theirs to see, another agency's case for example (CAS-10): within the
/// request's span, which has route and request id. Who it was is found by that id in the audit, not in the log.
pub fn note_not_theirs(request: &HttpRequest) {
    let role = match request.extensions().get::<Known>() {
        Some(Known(Some(user), _)) => user.actor.role.as_str(),
        Some(Known(None, _)) | None => "stranger",
    };
    tracing::warn!(role, "refused: what is not theirs was asked for");
}

fn token(request: &HttpRequest) -> Option<String> {
    let cookie = || {
        let name = cookie_name(settings(request)?);
        Some(request.cookie(name)?.value().to_owned())
    };
    if !is_api(request.path()) {
        return cookie();
    }
    match request.headers().get(header::AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| token.trim().to_owned())
        }
        // Never for writing: a cookie comes along with requests that a foreign page sends.
        None if request.method().is_safe() => cookie(),
        None => None,
    }
}

/// The service behind a request.
///
/// # Errors
/// A fault when the server was put together without it.
pub fn app(request: &HttpRequest) -> Result<&App, Failure> {
    request
        .app_data::<web::Data<App>>()
        .map(|app| app.get_ref())
        .ok_or_else(|| Failure::UseCase(Error::Fault("no service".to_owned())))
}

/// How the service is reached.
pub fn settings(request: &HttpRequest) -> Option<&Http> {
    request
        .app_data::<web::Data<Http>>()
        .map(|settings| settings.get_ref())
}

/// The same for handlers that can't do without.
///
/// # Errors
/// A fault when the server was put together without it.
pub fn http(request: &HttpRequest) -> Result<&Http, Failure> {
    settings(request).ok_or_else(|| Failure::UseCase(Error::Fault("no settings".to_owned())))
}

/// Puts a cookie on an answer.
///
/// # Errors
/// A fault when it can't be written.
pub fn put(response: &mut HttpResponse, cookie: Cookie<'static>) -> Result<(), Failure> {
    response
        .add_cookie(&cookie)
        .map_err(|e| Failure::UseCase(Error::Fault(e.to_string())))
}

fn cookie_name(http: &Http) -> &'static str {
    if http.is_secure() {
        SECURE_COOKIE
    } else {
        LOOPBACK_COOKIE
    }
}

/// The cookie that carries a session's token; it ends with the browser.
pub fn cookie(http: &Http, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(http), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(http.is_secure())
        .finish()
}

/// The cookie that takes it away again.
pub fn no_cookie(http: &Http) -> Cookie<'static> {
    let mut cookie = cookie(http, String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The frame of a page, with what the session says: name, role, form token. Sync: it shows what an extractor of
/// this request has found out, and nobody when none was asked for.
pub fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = Chrome::new(Preferences::of(request), request, title);
    let app = app(request).ok();
    if let Some(app) = app
        && app.demo.is_some()
    {
        chrome.demo = Some(app.clock.now());
    }
    if let Some(app) = app {
        let policy = app.office.policies.default_on(app.clock.now().day());
        chrome.hotline = Some(policy.hotline().value.clone());
    }
    let known = request.extensions().get::<Known>().cloned();
    if let (Some(Known(Some(user), unread)), Some(app)) = (known, app) {
        chrome.user = Some(Shown {
            name: user.actor.name.clone(),
            role: role_key(user.actor.role),
            session_seconds: seconds_left(&user, app),
            unread,
        });
        chrome.csrf = Some(user.session.csrf.clone());
        chrome.nav = own_pages(&chrome, user.actor.role, request.path());
    }
    chrome
}

/// The pages somebody works with, on every page that has no navigation of its own.
fn own_pages(chrome: &Chrome, role: Role, here: &str) -> Vec<Link> {
    let first = match role {
        Role::Resident => vec![
            (urls::resident::mine(), "nav-mine"),
            (urls::items(), "nav-items"),
            (urls::resident::registrations(), "nav-registrations"),
        ],
        Role::Handler | Role::Reviewer | Role::Supervisor | Role::Auditor => {
            vec![
                (urls::desk::desk(), "nav-desk"),
                (urls::items(), "nav-items"),
            ]
        }
        Role::InstitutionClerk | Role::InstitutionDoctor => {
            vec![
                (urls::institution::home(), "institution-nav-home"),
                (urls::items(), "nav-items"),
            ]
        }
        Role::ProvincialHandler => vec![
            (urls::desk::workplace(), "nav-workplace"),
            (urls::contacts::list("", ""), "contacts-nav"),
            (urls::items(), "nav-items"),
        ],
        Role::EmployerAgent => vec![
            (urls::employer::home(), "employer-title"),
            (urls::employer::upload(), "employer-do-upload"),
            (urls::employer::batches(""), "employer-do-history"),
            (urls::employer::staff(""), "employer-do-staff"),
        ],
        Role::Proxy
        | Role::Pharmacist
        | Role::MailroomClerk
        | Role::FinanceOfficer
        | Role::TaxLiaison
        | Role::Administrator => {
            vec![
                (urls::desk::workplace(), "nav-workplace"),
                (urls::items(), "nav-items"),
            ]
        }
    };
    let link = |(url, key): (String, &str)| Link::to(url, chrome.t(key)).marked(here);
    let account = (urls::account(), "nav-account");
    first
        .into_iter()
        .map(link)
        .chain([to_inbox(chrome, here), link(account)])
        .collect()
}

/// The link to the own messages, with how many are unread (CAS-12); every navigation has it.
pub fn to_inbox(chrome: &Chrome, here: &str) -> Link {
    let unread = chrome.user.as_ref().map_or(0, |user| user.unread);
    let words = match u16::try_from(unread) {
        Ok(0) => chrome.t("nav-inbox"),
        Ok(unread) if unread <= UNREAD => chrome.t1("nav-inbox-unread", "count", unread),
        Ok(_) | Err(_) => chrome.t1("nav-inbox-unread-many", "count", UNREAD),
    };
    Link::to(urls::inbox(), words).marked(here)
}

fn seconds_left(user: &SignedIn, app: &App) -> u32 {
    let absolute = user.session.expires_at.since(Clock::real());
    let left = absolute.min(app.sign_in.sessions.idle).num_seconds();
    u32::try_from(left.max(0)).unwrap_or(u32::MAX)
}

/// Key of a role's words.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Resident => "role-resident",
        Role::Proxy => "role-proxy",
        Role::EmployerAgent => "role-employer-agent",
        Role::InstitutionClerk => "role-institution-clerk",
        Role::InstitutionDoctor => "role-institution-doctor",
        Role::Pharmacist => "role-pharmacist",
        Role::Handler => "role-handler",
        Role::Reviewer => "role-reviewer",
        Role::Supervisor => "role-supervisor",
        Role::MailroomClerk => "role-mailroom-clerk",
        Role::FinanceOfficer => "role-finance-officer",
        Role::TaxLiaison => "role-tax-liaison",
        Role::ProvincialHandler => "role-provincial-handler",
        Role::Auditor => "role-auditor",
        Role::Administrator => "role-administrator",
    }
}

/// Number by which the request is found in the log.
pub fn request_id(request: &HttpRequest) -> Option<String> {
    let notes = request.extensions();
    match notes.get::<GivenId>() {
        Some(GivenId(id)) => Some(id.clone()),
        None => notes.get::<RequestId>().map(ToString::to_string),
    }
}

/// Whether the peer is a proxy whose word counts.
pub fn is_from_trusted_proxy(request: &HttpRequest) -> bool {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let trusted = settings(request).map_or(&[][..], |http| http.trusted_proxies.as_slice());
    peer.is_some_and(|peer| trusted.contains(&peer))
}

/// From where and with what somebody signs in.
pub fn caller(request: &HttpRequest) -> accounts::Caller {
    let said = request.headers().get(header::USER_AGENT);
    let said = said.and_then(|value| value.to_str().ok());
    accounts::Caller {
        address: address(request),
        device: Device::of(said.unwrap_or_default()),
    }
}

/// The network address that asks: the peer, or what a trusted proxy says of it.
pub fn address(request: &HttpRequest) -> IpAddr {
    const NOWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    let peer = request.peer_addr().map_or(NOWHERE, |peer| peer.ip());
    let trusted = settings(request).map_or(&[][..], |http| http.trusted_proxies.as_slice());
    if !trusted.contains(&peer) {
        return peer;
    }
    let said: Vec<IpAddr> = request
        .headers()
        .get_all("X-Forwarded-For")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|part| part.trim().parse().ok())
        .collect();
    // From the right: the first that no proxy of ours is; what stands left of it anybody may have written.
    said.into_iter()
        .rev()
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use rstest::rstest;
    use strum::IntoEnumIterator;

    #[rstest]
    #[case("10.0.0.9", "1.1.1.1", "10.0.0.9")]
    #[case("10.0.0.1", "1.1.1.1", "1.1.1.1")]
    #[case("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1")]
    #[case("10.0.0.1", "nonsense", "10.0.0.1")]
    #[case("10.0.0.1", "10.0.0.2", "10.0.0.1")]
    fn only_trusted_proxies_are_believed(
        #[case] peer: &str,
        #[case] said: &str,
        #[case] expected: &str,
    ) {
        let mut http = Http::loopback(1);
        http.trusted_proxies = vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let request = TestRequest::default()
            .peer_addr((peer.parse::<IpAddr>().unwrap(), 4000).into())
            .insert_header(("X-Forwarded-For", said))
            .app_data(web::Data::new(http))
            .to_http_request();
        assert_eq!(address(&request).to_string(), expected);
    }

    #[test]
    fn over_tls_the_cookie_is_bound_to_the_host() {
        let mut http = Http::loopback(1);
        http.origin = "https://yibao.example".to_owned();
        assert_eq!(
            cookie(&http, "t".to_owned()).to_string(),
            "__Host-session=t; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
        assert_eq!(
            cookie(&Http::loopback(1), "t".to_owned()).to_string(),
            "session=t; HttpOnly; SameSite=Lax; Path=/"
        );
    }

    #[test]
    fn every_role_has_words() {
        for role in crate::domain::actor::Role::iter() {
            assert_eq!(role_key(role), format!("role-{role}"));
            for locale in crate::domain::locale::Locale::ALL {
                assert!(
                    crate::data::texts::has_text(locale, role_key(role)),
                    "{role}"
                );
            }
        }
    }
}
