//! What is taken from one request or one sender, before any handler sees it: size of the head, packed bodies, slow
//! bodies, number of requests. Which sizes of bodies and files are taken is said where they are read. Numbers of
//! requests are counted in this process only; with several instances each has its own budget.

use std::cell::Cell;
use std::io;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::time::{Sleep, sleep};

use crate::clock::Stopwatch;
use crate::config::{Http, HttpLimits, Rate, RequestRates};
use crate::domain::ids::AccountId;
use crate::usecases::accounts::network;
use crate::web::problem::Failure;
use crate::web::{assets, session, status};

/// Middleware: refuses heads that are too large, and packed bodies: those can unpack to any size.
///
/// # Errors
/// Those of the services behind it.
pub async fn fitting(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let limits = session::settings(request.request()).map(|http| http.limits);
    match limits.and_then(|limits| misfit(&request, limits)) {
        Some(failure) => Ok(request.error_response(failure)),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

fn misfit(request: &ServiceRequest, limits: HttpLimits) -> Option<Failure> {
    let url = request
        .uri()
        .path_and_query()
        .map_or(0, |url| url.as_str().len());
    if url > limits.url_bytes {
        return Some(Failure::Request(
            StatusCode::URI_TOO_LONG,
            "address-too-long",
        ));
    }
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers > limits.header_bytes {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Some(Failure::Request(status, "headers-too-large"));
    }
    let packed = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    packed.then_some(Failure::Request(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-encoding",
    ))
}

/// Middleware: gives up a request (408) whose body comes too slowly. The handler sees a body that broke off and
/// clears up as after any.
///
/// # Errors
/// Those of the services behind it.
pub async fn steady(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let limits = session::settings(request.request()).map(|http| http.limits);
    let (payload, limits) = match (request.take_payload(), limits) {
        (Payload::None, _) | (_, None) => {
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
        (payload, Some(limits)) => (payload, limits),
    };
    let gave_up = Rc::new(Cell::new(false));
    request.set_payload(Payload::Stream {
        payload: Box::pin(Steady {
            payload,
            watch: Stopwatch::start(),
            allowed: limits.body,
            rate: limits.body_rate,
            alarm: Box::pin(sleep(limits.body)),
            gave_up: Rc::clone(&gave_up),
        }),
    });
    let response = next.call(request).await?.map_into_boxed_body();
    if !gave_up.get() {
        return Ok(response);
    }
    metrics::counter!("bujianmian_http_slow_bodies_total").increment(1);
    let (request, _) = response.into_parts();
    let failure = Failure::Request(StatusCode::REQUEST_TIMEOUT, "timeout");
    Ok(ServiceResponse::from_err(failure, request))
}

/// A body that ends with an error when it falls behind its rate.
struct Steady {
    payload: Payload,
    watch: Stopwatch,
    /// Time for what has come so far.
    allowed: Duration,
    /// Bytes a second.
    rate: u32,
    alarm: Pin<Box<Sleep>>,
    gave_up: Rc<Cell<bool>>,
}

impl Stream for Steady {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        match Pin::new(&mut this.payload).poll_next(task) {
            Poll::Ready(Some(Ok(bytes))) => {
                let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                this.allowed += Duration::from_secs(size.into()) / this.rate.max(1);
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Pending => match this.is_late(task) {
                true => {
                    this.gave_up.set(true);
                    let late = io::Error::from(io::ErrorKind::TimedOut);
                    Poll::Ready(Some(Err(PayloadError::Io(late))))
                }
                false => Poll::Pending,
            },
            other @ Poll::Ready(_) => other,
        }
    }
}

impl Steady {
    /// Whether time is up; if not, `task` is woken when it is.
    fn is_late(&mut self, task: &mut Context<'_>) -> bool {
        while self.alarm.as_mut().poll(task).is_ready() {
            let left = self.allowed.saturating_sub(self.watch.elapsed());
            if left.is_zero() {
                return true;
            }
            self.alarm = Box::pin(sleep(left));
        }
        false
    }
}

/// Middleware: counts requests of whoever is signed in by account and those of strangers by network address; too
/// many get 429 with the time to wait. Nothing is counted where the settings give no budget.
///
/// # Errors
/// Those of the services behind it.
pub async fn rated(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match spend(&request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(failure) => Ok(request.error_response(failure)),
    }
}

async fn spend(request: &ServiceRequest) -> Result<(), Failure> {
    let free = assets::is_asset(request.path()) || status::is_for_machines(request.path());
    let budgets = match request.app_data::<Data<Option<Budgets>>>() {
        Some(budgets) if !free => budgets.get_ref().as_ref(),
        Some(_) | None => None,
    };
    let Some(budgets) = budgets else {
        return Ok(());
    };
    let (wait, counted_by) = match session::visitor(request.request()).await? {
        Some(user) => (budgets.accounts.spend(user.actor.account), "account"),
        None => {
            let address = network(session::address(request.request()));
            (budgets.addresses.spend(address), "address")
        }
    };
    match wait {
        Some(seconds) => {
            metrics::counter!("bujianmian_http_limited_total", "by" => counted_by).increment(1);
            Err(Failure::TooFast { seconds })
        }
        None => Ok(()),
    }
}

/// What everybody may still send.
pub struct Budgets {
    accounts: Budget<AccountId>,
    addresses: Budget<String>,
}

impl Budgets {
    /// Full ones, of these settings; nothing where there is no limit.
    pub fn of(http: &Http) -> Option<Self> {
        let RequestRates { account, address } = http.rates?;
        Some(Self {
            accounts: Budget::new(account),
            addresses: Budget::new(address),
        })
    }
}

/// A key that has been idle until its budget was full again is forgotten at the next look; one look comes with
/// every so many requests, so that there are never many more keys than requests in the time of a refill.
const LOOK_EVERY: u32 = 4096;

struct Budget<K: std::hash::Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    spent: AtomicU32,
}

impl<K: std::hash::Hash + Eq + Clone> Budget<K> {
    fn new(rate: Rate) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::per_minute(at_least_one(rate.per_minute)).allow_burst(at_least_one(rate.burst));
        Self {
            limiter: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            spent: AtomicU32::new(0),
        }
    }

    /// Takes one request off the budget of `key`, or tells the seconds to wait for the next.
    fn spend(&self, key: K) -> Option<u64> {
        if self.spent.fetch_add(1, Ordering::Relaxed) % LOOK_EVERY == LOOK_EVERY - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&key) {
            Ok(()) => None,
            Err(early) => {
                let wait = early.wait_time_from(self.clock.now());
                Some(wait.as_secs().saturating_add(1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_used_up_by_its_own_key_only() {
        let budget = Budget::new(Rate {
            per_minute: 1,
            burst: 3,
        });
        assert_eq!([1, 2, 3].map(|_| budget.spend("one")), [None; 3]);
        let wait = budget.spend("one").unwrap();
        assert!((59..=61).contains(&wait), "{wait}");
        assert_eq!(budget.spend("other"), None);
    }

    #[test]
    fn keys_with_a_full_budget_are_forgotten() {
        let budget = Budget::new(Rate {
            per_minute: u32::MAX,
            burst: 1,
        });
        for key in 0..LOOK_EVERY * 4 {
            assert_eq!(budget.spend(key), None);
        }
        assert!(budget.limiter.len() <= usize::try_from(LOOK_EVERY).unwrap());
    }
}
