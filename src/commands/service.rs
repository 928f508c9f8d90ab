//! What `serve` and `demo` run until they are told to stop: pages, the address for machines that watch, and jobs.
//! At the first signal nothing new is taken and what is under way is finished; a second signal, or the end of the
//! time that is given for it, ends the process at once and says what was cut off.

use std::error::Error;
use std::io;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use bujianmian::config::{Config, Http};
use bujianmian::jobs::outbox::Post;
use bujianmian::jobs::worker;
use bujianmian::notify::mail::Sender;
use bujianmian::notify::sms::Gateway;
use bujianmian::usecases::{App, redating};
use bujianmian::web::server::{self, StoppedBy};
use bujianmian::web::{observe, urls};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::sleep;

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Pages, API and jobs.
    All,
    /// Pages and API.
    Pages,
    /// Timers and messages.
    Jobs,
}

/// What it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Order {
    Run,
    /// Take nothing new, finish what is under way.
    Finish,
    /// End.
    End,
}

/// Does its work until it is told to stop and everything is finished.
///
/// # Errors
/// When an address is taken, mail can't be set up, or something had to be cut off.
pub async fn run(app: App, config: &Config, work: Work) -> Result<(), Box<dyn Error>> {
    let (orders, told) = watch::channel(Order::Run);
    let signals = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let watchers = watchers(&app, &config.http)?;
    let followed = app.clone();
    let jobs = match work {
        Work::Pages => None,
        Work::All | Work::Jobs => Some(jobs(app.clone(), config, told.clone())?),
    };
    let pages = match work {
        Work::Jobs => None,
        Work::All | Work::Pages => Some(pages(app, &config.http)?),
    };
    let arrangements = actix_web::rt::spawn(redating::follow_arrangements(followed));
    actix_web::rt::spawn(give_orders(signals, config.http.limits.grace, orders));
    let finished = async {
        if let Some(pages) = pages {
            let handle = pages.handle();
            actix_web::rt::spawn(stop_with(told.clone(), handle));
            pages.await?;
        }
        if let Some(jobs) = jobs {
            jobs.await?;
        }
        Ok::<(), Box<dyn Error>>(())
    };
    let outcome = tokio::select! {
        outcome = finished => outcome,
        cut_off = under_way_at_end(told.clone()) => {
            Err(format!("stopped before everything was finished: {cut_off} requests cut off").into())
        }
    };
    arrangements.abort();
    if let Some((handle, served)) = watchers {
        // Its threads end before the process does: one that is cut off in its own ending aborts it.
        handle.stop(true).await;
        served.await??;
    }
    outcome
}

/// The requests under way when the end is ordered, counted before what serves them is dropped.
async fn under_way_at_end(told: watch::Receiver<Order>) -> u32 {
    heard(told, Order::End).await;
    observe::in_flight()
}

/// Turns signals and time into orders.
async fn give_orders(
    (mut terminate, mut interrupt): (Signal, Signal),
    grace: Duration,
    orders: watch::Sender<Order>,
) {
    either(&mut terminate, &mut interrupt).await;
    tracing::info!(
        requests = observe::in_flight(),
        "told to stop; what is under way is finished"
    );
    orders.send_replace(Order::Finish);
    tokio::select! {
        () = either(&mut terminate, &mut interrupt) => tracing::warn!("told to stop again"),
        () = sleep(grace) => tracing::warn!("the time to finish is over"),
    }
    orders.send_replace(Order::End);
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

/// Waits for an order or a later one; for ever when there are none any more.
async fn heard(mut told: watch::Receiver<Order>, order: Order) {
    if told.wait_for(|now| *now >= order).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn stop_with(told: watch::Receiver<Order>, server: ServerHandle) {
    heard(told, Order::Finish).await;
    server.stop(true).await;
}

fn pages(app: App, http: &Http) -> io::Result<Server> {
    let listener = server::listen(http.bind, http.limits.backlog)?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    server::build(app, http.clone(), listener, StoppedBy::Handle)
}

/// How the server for machines that watch is told to stop, and its end.
type Watchers = (ServerHandle, tokio::task::JoinHandle<io::Result<()>>);

/// The server for machines that watch, if it has an address. It answers until everything else is finished.
fn watchers(app: &App, http: &Http) -> io::Result<Option<Watchers>> {
    let Some(address) = http.metrics_bind else {
        return Ok(None);
    };
    let listener = server::listen(address, http.limits.backlog)?;
    tracing::info!(address = %listener.local_addr()?, "measures are served");
    let server = server::watched(app.clone(), listener)?;
    let handle = server.handle();
    Ok(Some((handle, actix_web::rt::spawn(server))))
}

/// Starts the jobs; runs under way are finished before the handle ends.
fn jobs(
    app: App,
    config: &Config,
    told: watch::Receiver<Order>,
) -> Result<tokio::task::JoinHandle<()>, Box<dyn Error>> {
    // The demo never writes to anybody: it shows what would have been sent.
    let (mail, sms) = match app.demo {
        Some(_) => (None, None),
        None => (config.mail.as_ref(), config.sms.as_ref()),
    };
    let post = Post {
        mail: mail.map(Sender::new).transpose()?.map(Box::new),
        sms: sms.map(Gateway::new).transpose()?.map(Box::new),
        origin: config.http.origin.clone(),
        link: urls::of_notice,
    };
    tracing::info!("doing jobs");
    let (stop, stopped) = watch::channel(false);
    actix_web::rt::spawn(async move {
        heard(told, Order::Finish).await;
        stop.send_replace(true);
    });
    Ok(worker::spawn(app, post, stopped))
}
