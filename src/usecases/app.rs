//! Everything a use case works with, made once at start.

use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Clock;
use crate::documents::files::Files;
use crate::domain::actor::Role;
use crate::domain::calendar::Calendar;
use crate::domain::place::Pool;
use crate::identity::Platform;
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
    /// The working days in force; ask [`App::calendar`].
    pub working_days: RwLock<WorkingDays>,
    /// Policy packs, regions, agencies, receipt numbers.
    pub office: Office,
    /// Sessions, keys of tokens and turns at checking passwords.
    pub sign_in: SignIn,
    /// The identity platform people may sign in at, if there is one (CAS-14).
    pub platform: Option<Arc<Platform>>,
    /// Uploaded papers.
    pub files: Files,
    /// The demo's accounts; there in the demo only.
    pub demo: Option<DemoInfo>,
}

/// The calendar of working days as this process knows it.
#[derive(Clone, Debug)]
pub struct WorkingDays {
    /// The imported arrangement that was read last; 0 when none was.
    pub version: i32,
    /// The program's arrangements and the imported ones.
    pub calendar: Calendar,
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

    /// The calendar in force. One question asks it once: an arrangement may be imported at any moment (CLK-2).
    pub fn calendar(&self) -> Calendar {
        self.working_days().calendar
    }

    /// The calendar in force and where it comes from.
    pub fn working_days(&self) -> WorkingDays {
        self.0
            .working_days
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on these are the working days.
    pub fn set_working_days(&self, working_days: WorkingDays) {
        *self
            .0
            .working_days
            .write()
            .unwrap_or_else(PoisonError::into_inner) = working_days;
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
