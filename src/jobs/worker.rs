//! Calls every job again and again until the service stops. A run that fails is logged and counted and never ends
//! the loop; when told to stop, runs under way are finished first. Instances may run side by side: rows are claimed
//! in the database, nothing here elects a leader.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::outbox::{Post, behind};
use super::{
    batch_tasks, batches, contacts, follow_ups, housekeeping, leave, outbox, seals, timers,
    warnings,
};
use crate::clock::{Clock, Stopwatch};
use crate::store::figures::queues;
use crate::store::timers::oldest_due;
use crate::telemetry::COUNTED_AT_MOST;
use crate::usecases::{App, Error, posting};

/// How often timers and messages are looked at.
const OFTEN: Duration = Duration::from_secs(1);
/// How often is looked for leave that begins.
const LEAVE: Duration = Duration::from_secs(10);
/// How often the figures for operators are taken and overdue tasks are looked for.
const FIGURES: Duration = Duration::from_secs(15);
/// How often the journal is sealed and is looked for messages that were given up.
const EACH_MINUTE: Duration = Duration::from_secs(60);
/// How often is cleaned up.
const SELDOM: Duration = Duration::from_secs(600);
/// How often the whole folder of files is looked through.
const RARELY: Duration = Duration::from_secs(6 * 3600);

/// Starts all jobs; they end when `shutdown` says true or its sender is gone, and the handle with them.
pub fn spawn(app: App, post: Post, shutdown: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(
            often(&app, post, &shutdown),
            now_and_then(&app, &shutdown),
            seldom(&app, &shutdown)
        );
    })
}

/// What somebody waits for.
async fn often(app: &App, post: Post, shutdown: &watch::Receiver<bool>) {
    let (stop, for_outbox) = (|| shutdown.clone(), (app.clone(), post));
    tokio::join!(
        repeat("timers", OFTEN, stop(), app.clone(), |app| async move {
            timers::run(&app).await.map(drop)
        }),
        repeat(
            "batches",
            OFTEN,
            stop(),
            (app.clone(), stop()),
            |(app, shutdown)| async move { batches::run(&app, &shutdown).await.map(drop) }
        ),
        repeat(
            "outbox",
            OFTEN,
            stop(),
            for_outbox,
            |(app, post)| async move { outbox::run(&app, &post, Clock::real()).await.map(drop) }
        ),
        repeat(
            "batch-tasks",
            OFTEN,
            stop(),
            app.clone(),
            |app| async move { batch_tasks::run(&app).await.map(drop) }
        ),
    );
}

/// What may come some seconds later.
async fn now_and_then(app: &App, shutdown: &watch::Receiver<bool>) {
    let stop = || shutdown.clone();
    tokio::join!(
        repeat("leave", LEAVE, stop(), app.clone(), |app| async move {
            leave::run(&app).await.map(drop)
        }),
        repeat(
            "follow-ups",
            FIGURES,
            stop(),
            app.clone(),
            |app| async move { follow_ups::run(&app).await.map(drop) }
        ),
        repeat("contacts", OFTEN, stop(), app.clone(), |app| async move {
            contacts::run(&app).await.map(drop)
        }),
        repeat("figures", FIGURES, stop(), app.clone(), |app| async move {
            figures(&app).await
        }),
        repeat(
            "batches-settled",
            EACH_MINUTE,
            stop(),
            app.clone(),
            |app| async move { batch_tasks::look(&app).await.map(drop) }
        ),
        repeat(
            "seals",
            EACH_MINUTE,
            stop(),
            app.clone(),
            |app| async move { seals::run(&app).await.map(drop) }
        ),
        repeat(
            "warnings",
            EACH_MINUTE,
            stop(),
            app.clone(),
            |app| async move { warnings::run(&app, Clock::real()).await.map(drop) }
        ),
    );
}

/// Cleaning up.
async fn seldom(app: &App, shutdown: &watch::Receiver<bool>) {
    let stop = || shutdown.clone();
    tokio::join!(
        repeat(
            "housekeeping",
            SELDOM,
            stop(),
            app.clone(),
            |app| async move { housekeeping::run(&app, Clock::real()).await.map(drop) }
        ),
        repeat("files", RARELY, stop(), app.clone(), |app| async move {
            housekeeping::files(&app, Clock::real()).await.map(drop)
        }),
    );
}

/// Runs `job` every `period`; never two of it at once, and none is made up for later.
async fn repeat<C, F>(
    name: &'static str,
    period: Duration,
    mut shutdown: watch::Receiver<bool>,
    context: C,
    job: impl Fn(C) -> F,
) where
    C: Clone,
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = shutdown.wait_for(|stopped| *stopped) => return,
            _ = ticks.tick() => {}
        }
        let watch = Stopwatch::start();
        // On a task of its own, so that a panic ends the run only.
        let outcome = tokio::spawn(job(context.clone())).await;
        metrics::histogram!("bujianmian_job_seconds", "job" => name)
            .record(watch.elapsed().as_secs_f64());
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => failed(name, &error),
            Err(error) => failed(name, &error),
        }
    }
}

fn failed(job: &'static str, error: &dyn std::fmt::Display) {
    tracing::error!(job, %error, "a job failed");
    metrics::counter!("bujianmian_jobs_failed_total", "job" => job).increment(1);
}

/// Gauges: cases by queue, messages waiting and dead, and how far timers and messages are behind, in seconds.
async fn figures(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let messages = posting::figures(app).await?;
    let (timer, queues) = app
        .db
        .read(move |conn| -> Result<_, Error> {
            Ok((oldest_due(conn, now)?, queues(conn, COUNTED_AT_MOST)?))
        })
        .await?;
    for (name, cases) in queues {
        metrics::gauge!("bujianmian_queue_cases", "waiting_for" => name).set(f64::from(cases));
    }
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    for (channel, waiting) in &messages.waiting {
        metrics::gauge!("bujianmian_messages_waiting", "channel" => channel.as_str())
            .set(count(*waiting));
    }
    for (channel, dead) in &messages.dead {
        metrics::gauge!("bujianmian_messages_dead", "channel" => channel.as_str())
            .set(count(*dead));
    }
    let late = behind(messages.next, Clock::real()).as_seconds_f64();
    metrics::gauge!("bujianmian_messages_behind_seconds").set(late);
    metrics::gauge!("bujianmian_timers_behind_seconds").set(behind(timer, now).as_seconds_f64());
    let dead = messages.all_dead();
    if dead > 0 {
        tracing::warn!(dead, "messages were given up");
    }
    Ok(())
}
