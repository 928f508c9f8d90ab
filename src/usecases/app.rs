//! Everything a use case works with, made once at start.

use std::sync::Arc;

use crate::clock::Clock;
use crate::domain::calendar::Calendar;
use crate::store::Db;

/// The running service.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Its parts.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Business time.
    pub clock: Clock,
    /// Working days.
    pub calendar: Calendar,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
