//! Rows as they lie in the tables, their closed sets as text.

use diesel::prelude::*;

use crate::domain::event::Event;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::time::{Day, Ts};
use crate::store::chain::{EventParts, event_hash};
use crate::store::schema::{anchor, case_event, seal};

/// An event as it lies in the table.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_event)]
#[expect(missing_docs, reason = "described in the migrations")]
pub struct EventRow {
    pub pool: String,
    pub case_id: CaseId,
    pub number: i32,
    pub at: Ts,
    pub actor: Option<AccountId>,
    pub role: Option<String>,
    pub action: String,
    pub from_state: String,
    pub to_state: String,
    pub change: String,
    pub words: Option<Vec<u8>>,
    pub hash_version: i16,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

impl EventRow {
    /// The hash that an event of these contents has as number `number` of its case.
    pub fn hash_as(&self, number: i32) -> Vec<u8> {
        event_hash(&EventParts {
            version: self.hash_version,
            previous_hash: &self.previous_hash,
            pool: &self.pool,
            case: self.case_id,
            number,
            at: self.at,
            actor: self.actor,
            role: self.role.as_deref().unwrap_or_default(),
            action: &self.action,
            from: &self.from_state,
            to: &self.to_state,
            change: &self.change,
            words: self.words.as_deref().unwrap_or_default(),
        })
    }

    /// The event these columns tell of.
    ///
    /// # Errors
    /// What can't be read.
    pub fn event(&self) -> Result<Event, String> {
        Ok(Event {
            number: u32::try_from(self.number).map_err(|e| e.to_string())?,
            at: self.at,
            actor: self.actor,
            role: self
                .role
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_| unknown("role"))?,
            action: self.action.parse().map_err(|_| unknown("action"))?,
            from: self.from_state.parse().map_err(|_| unknown("state"))?,
            to: self.to_state.parse().map_err(|_| unknown("state"))?,
            change: serde_json::from_str(&self.change).map_err(|e| e.to_string())?,
        })
    }
}

/// A seal as it lies in the table.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = seal)]
#[expect(missing_docs, reason = "described in the migrations")]
pub struct SealRow {
    pub pool: String,
    pub number: i32,
    pub sealed_at: Ts,
    pub entries: i32,
    pub total: i64,
    pub hash_version: i16,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// An anchor as it lies in the table.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = anchor)]
#[expect(missing_docs, reason = "described in the migrations")]
pub struct AnchorRow {
    pub pool: String,
    pub day: Day,
    pub events: i64,
    pub seal: i32,
    pub hash: Vec<u8>,
}

fn unknown(what: &str) -> String {
    format!("unknown {what}")
}
