//! Everything a use case works with, made once at start.

use std::sync::Arc;

use crate::clock::Clock;
use crate::documents::files::Files;
use crate::domain::actor::Role;
use crate::domain::calendar::Calendar;
use crate::domain::place::Pool;
use crate::store::Db;
use crate::usecases::accounts::SignIn;
use crate::usecases::office::Office;

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
    /// Policy packs, regions, agencies, receipt numbers.
    pub office: Office,
    /// Sessions, keys of tokens and turns at checking passwords.
    pub sign_in: SignIn,
    /// Uploaded papers.
    pub files: Files,
    /// The demo's accounts; there in the demo only.
    pub demo: Option<DemoInfo>,
}

/// What the demo offers on its sign-in page and at `GET /api/v1/demo/accounts`.
#[derive(Clone, Debug)]
pub struct DemoInfo {
    /// The named accounts, in the order they are offered.
    pub accounts: Vec<DemoAccount>,
    /// The password of all of them.
    pub password: String,
}

/// One account to try.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DemoAccount {
    /// Name to sign in with.
    pub username: String,
    /// What they are here as.
    pub role: Role,
    /// Their pool; of residents the one that insures them.
    pub pool: Pool,
    /// Name to show.
    pub name: String,
    /// ID number of residents, unmasked (demo persons are invented).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// Unified Social Credit Code of employers' agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
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
