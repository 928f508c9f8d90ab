//! One run over the messages to be sent (CAS-12). Each goes alone, several at once; how one ends concerns no other,
//! and no request ever waits for any. What is acknowledged twice carries the same message id.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::domain::notice::{Channel, Kind};
use crate::domain::time::Ts;
use crate::notify::failure::Failure;
use crate::notify::mail::{Outgoing, Sender};
use crate::notify::sms::{Gateway, Short};
use crate::store::outbox::{Content, Settled, Taken};
use crate::usecases::posting::{after_failure, letter_of, quiet, settle, short_of, take};
use crate::usecases::{App, Error};

/// Messages under way at once.
const AT_ONCE: i64 = 8;

/// Where messages go and what they link to.
#[derive(Clone)]
pub struct Post {
    /// The mail server; without one letters are kept.
    pub mail: Option<Box<Sender>>,
    /// The SMS gateway; without one short messages are kept.
    pub sms: Option<Box<Gateway>>,
    /// What stands before every link, such as `https://yibao.example`.
    pub origin: String,
    /// The address of the page that a kind of notice about a receipt number leads to, without the origin.
    pub link: fn(Kind, &str) -> String,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Taken by the server or the gateway.
    pub sent: usize,
    /// Kept, because nothing is set up to send them by.
    pub kept: usize,
    /// Not tried, because they may not ring now.
    pub quiet: usize,
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
                let outcome = (taken.channel, settled.clone());
                settle(&app, taken, settled, now).await.map(|()| outcome)
            });
        }
        while let Some(outcome) = under_way.join_next().await {
            match outcome {
                Ok(Ok((channel, settled))) => posted.count(channel, &settled),
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
        return after_failure(taken.attempt, now, Failure::Unreadable);
    };
    if let Some(until) = quiet(app, taken, content, now) {
        return Settled::Quiet(until);
    }
    let sent = match taken.channel {
        Channel::Email => by_mail(app, post, taken, content).await,
        Channel::Sms => by_sms(post, taken, content, now).await,
    };
    match sent {
        None => Settled::Kept,
        Some(Ok(())) => Settled::Sent,
        Some(Err(error)) => {
            let settled = after_failure(taken.attempt, now, error);
            let (message, channel) = (taken.id, taken.channel);
            match &settled {
                Settled::Dead(_) => {
                    tracing::error!(%message, %channel, %error, "a message is given up");
                }
                Settled::Later(..) | Settled::Sent | Settled::Kept | Settled::Quiet(_) => {
                    tracing::warn!(%message, %channel, attempt = taken.attempt, %error, "a message was not taken");
                }
            }
            settled
        }
    }
}

/// `None` without a mail server.
async fn by_mail(
    app: &App,
    post: &Post,
    taken: &Taken,
    content: &Content,
) -> Option<Result<(), Failure>> {
    let sender = post.mail.clone()?;
    let outgoing = Outgoing {
        id: taken.id,
        at: taken.created_at,
        to: content.address.clone(),
        letter: letter_of(
            app,
            taken.pool,
            taken.created_at,
            content,
            |kind, number| format!("{}{}", post.origin, (post.link)(kind, number)),
        ),
    };
    let sent = tokio::task::spawn_blocking(move || sender.send(&outgoing)).await;
    Some(sent.unwrap_or(Err(Failure::Message)))
}

/// `None` without a gateway.
async fn by_sms(
    post: &Post,
    taken: &Taken,
    content: &Content,
    now: Ts,
) -> Option<Result<(), Failure>> {
    let gateway = post.sms.clone()?;
    let short = Short {
        id: taken.id,
        to: content.address.clone(),
        text: short_of(content),
        sent_at: now,
    };
    let sent = tokio::task::spawn_blocking(move || gateway.send(&short)).await;
    Some(sent.unwrap_or(Err(Failure::Message)))
}

impl Posted {
    fn count(&mut self, channel: Channel, settled: &Settled) {
        let (number, outcome) = match settled {
            Settled::Sent => (&mut self.sent, "sent"),
            Settled::Kept => (&mut self.kept, "kept"),
            Settled::Quiet(_) => (&mut self.quiet, "quiet"),
            Settled::Later(..) => (&mut self.later, "later"),
            Settled::Dead(_) => (&mut self.dead, "dead"),
        };
        *number += 1;
        metrics::counter!("bujianmian_messages_total", "channel" => channel.as_str(), "outcome" => outcome)
            .increment(1);
    }
}

/// How far the oldest untried message is behind, for the gauge; zero when none is.
pub(super) fn behind(next: Option<Ts>, now: Ts) -> TimeDelta {
    next.map_or(TimeDelta::zero(), |next| {
        now.since(next).max(TimeDelta::zero())
    })
}
