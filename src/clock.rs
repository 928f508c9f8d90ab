//! The only place that reads the system's time and its random source.

use chrono::{TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use crate::domain::time::Ts;

/// Business time. `Real` everywhere but in the demo, which may start at another date, and in tests.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's time.
    Real,
    /// The system's time moved by an offset in microseconds, which may be set anew (demo only).
    Shifted(std::sync::Arc<std::sync::atomic::AtomicI64>),
    /// Stands still until it is set (tests only).
    Fixed(std::sync::Arc<std::sync::atomic::AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::set`].
    pub fn fixed(at: Ts) -> Self {
        Self::Fixed(std::sync::Arc::new(std::sync::atomic::AtomicI64::new(
            at.micros(),
        )))
    }

    /// A clock that is `offset` from the machine's, until [`Clock::shift`].
    pub fn shifted(offset: TimeDelta) -> Self {
        let micros = offset.num_microseconds().unwrap_or_default();
        Self::Shifted(std::sync::Arc::new(std::sync::atomic::AtomicI64::new(
            micros,
        )))
    }

    /// Business time now.
    pub fn now(&self) -> Ts {
        match self {
            Self::Real => Self::real(),
            Self::Shifted(micros) => Self::real().plus(TimeDelta::microseconds(
                micros.load(std::sync::atomic::Ordering::SeqCst),
            )),
            Self::Fixed(micros) => {
                Ts::from_micros(micros.load(std::sync::atomic::Ordering::SeqCst))
                    .unwrap_or_else(Self::real)
            }
        }
    }

    /// Sets a fixed clock; others do not move.
    pub fn set(&self, at: Ts) {
        if let Self::Fixed(micros) = self {
            micros.store(at.micros(), std::sync::atomic::Ordering::SeqCst);
        }
    }

    /// Moves a shifted clock to another offset; others do not move.
    pub fn shift(&self, offset: TimeDelta) {
        if let (Self::Shifted(micros), Some(new)) = (self, offset.num_microseconds()) {
            micros.store(new, std::sync::atomic::Ordering::SeqCst);
        }
    }

    /// The machine's own time: sign-in tokens, sessions, limits, leases and back-off run on it, so that no
    /// shift of the business clock ends a session.
    pub fn real() -> Ts {
        Ts::new(Utc::now())
    }

    /// A fresh identifier (UUIDv7 on the machine's time).
    pub fn new_id<I: From<Uuid>>() -> I {
        let at = Utc::now();
        let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
        I::from(Uuid::new_v7(Timestamp::from_unix(
            NoContext,
            seconds,
            at.timestamp_subsec_nanos(),
        )))
    }
}

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}
