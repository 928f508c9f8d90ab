//! One run over the messages to be sent (CAS-12). Each goes alone, several at once; how one ends concerns no other,
//! and no request ever waits for any. What is acknowledged twice carries the same message id.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::domain::time::Ts;
use crate::notify::mail::{MailError, Outgoing, Sender};
use crate::store::outbox::{Settled, Taken};
use crate::usecases::posting::{after_failure, letter_of, settle, take};
use crate::usecases::{App, Error};

/// Messages under way at once.
const AT_ONCE: i64 = 8;

/// Where messages go and what they link to.
#[derive(Clone)]
pub struct Post {
    /// Where they go.
    pub channel: Channel,
    /// What stands before every link, such as `https://yibao.example`.
    pub origin: String,
    /// The address of the progress page of a receipt number, without the origin.
    pub progress: fn(&str) -> String,
}

/// Where messages go.
#[derive(Clone)]
pub enum Channel {
    /// Nowhere: they count as sent, and the demo shows what they say.
    Keep,
    /// To a mail server.
    Smtp(Box<Sender>),
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Taken by the server, or kept.
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    /// Given up.
    pub dead: usize,
}

/// Tries every message that is to be tried at `now`, on the machine's clock.
///
/// # Errors
/// [`Error::Store`] when messages can't be taken; those under way are still settled.
pub async fn run(app: &App, post: &Post, now: Ts) -> Result<Posted, Error> {
    let mut posted = Posted::default();
    loop {
        let batch = take(app, now, AT_ONCE).await?;
        if batch.is_empty() {
            return Ok(posted);
        }
        let mut under_way = JoinSet::new();
        for taken in batch {
            let (app, post) = (app.clone(), post.clone());
            under_way.spawn(async move {
                let settled = attempt(&app, &post, &taken, now).await;
                let outcome = settled.clone();
                settle(&app, taken, settled, now).await.map(|()| outcome)
            });
        }
        while let Some(outcome) = under_way.join_next().await {
            match outcome {
                Ok(Ok(settled)) => posted.count(&settled),
                // The lease ends by itself; the message is tried again then.
                Ok(Err(error)) => tracing::error!(%error, "an attempt could not be settled"),
                Err(error) => tracing::error!(%error, "an attempt broke off"),
            }
        }
    }
}

async fn attempt(app: &App, post: &Post, taken: &Taken, now: Ts) -> Settled {
    let Some(content) = &taken.content else {
        tracing::error!(message = %taken.id, "a message can't be read and is given up");
        return Settled::Dead("the stored message can't be read".to_owned());
    };
    let sender = match &post.channel {
        Channel::Keep => return Settled::Sent,
        Channel::Smtp(sender) => sender.clone(),
    };
    let outgoing = Outgoing {
        id: taken.id,
        at: taken.created_at,
        to: content.address.clone(),
        letter: letter_of(app, taken.pool, taken.created_at, content, |receipt_no| {
            format!("{}{}", post.origin, (post.progress)(receipt_no))
        }),
    };
    let sent = tokio::task::spawn_blocking(move || sender.send(&outgoing)).await;
    match sent.unwrap_or(Err(MailError::Message)) {
        Ok(()) => Settled::Sent,
        Err(error) => {
            let settled = after_failure(taken.attempt, now, error.to_string());
            match &settled {
                Settled::Dead(_) => {
                    tracing::error!(message = %taken.id, %error, "a message is given up");
                }
                Settled::Later(..) | Settled::Sent => {
                    tracing::warn!(message = %taken.id, attempt = taken.attempt, %error, "a message was not taken");
                }
            }
            settled
        }
    }
}

impl Posted {
    fn count(&mut self, settled: &Settled) {
        let outcome = match settled {
            Settled::Sent => {
                self.sent += 1;
                "sent"
            }
            Settled::Later(..) => {
                self.later += 1;
                "later"
            }
            Settled::Dead(_) => {
                self.dead += 1;
                "dead"
            }
        };
        metrics::counter!("bujianmian_messages_total", "outcome" => outcome).increment(1);
    }
}

/// How far the oldest untried message is behind, for the gauge; zero when none is.
pub(super) fn behind(next: Option<Ts>, now: Ts) -> TimeDelta {
    next.map_or(TimeDelta::zero(), |next| {
        now.since(next).max(TimeDelta::zero())
    })
}
