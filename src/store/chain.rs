//! What the hashes of the journal and of the seals cover, byte by byte. No statements here: writers and auditors
//! hash with the same functions, and `src/data/audit/FORMAT.txt` tells outsiders the same.

use super::vault::PartsHash;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::time::Ts;

/// Version of the bytes under an event's hash.
pub const EVENT_VERSION: i16 = 1;
/// Version of the bytes under a seal's hash.
pub const SEAL_VERSION: i16 = 1;

/// An event as its hash covers it: everything stored of it but the hash.
#[derive(Clone, Copy, Debug)]
pub struct EventParts<'a> {
    /// Version of the bytes.
    pub version: i16,
    /// Hash of the event before it in the same case; empty for the first.
    pub previous_hash: &'a [u8],
    /// Pool.
    pub pool: &'a str,
    /// Case.
    pub case: CaseId,
    /// Number within the case.
    pub number: i32,
    /// When.
    pub at: Ts,
    /// Who; nobody is the service itself.
    pub actor: Option<AccountId>,
    /// In which role; empty for the service itself.
    pub role: &'a str,
    /// What was done.
    pub action: &'a str,
    /// State before.
    pub from: &'a str,
    /// State after.
    pub to: &'a str,
    /// What changed, as JSON text.
    pub change: &'a str,
    /// Free words as ciphertext, so that destroying a case's key leaves the chain intact; empty without any.
    pub words: &'a [u8],
}

/// Hash of an event.
pub fn event_hash(event: &EventParts<'_>) -> Vec<u8> {
    let mut hash = PartsHash::new();
    hash.put(&event.version.to_be_bytes());
    hash.put(event.previous_hash);
    hash.put(event.pool.as_bytes());
    hash.put(event.case.to_string().as_bytes());
    hash.put(&event.number.to_be_bytes());
    hash.put(&event.at.micros().to_be_bytes());
    let actor = event.actor.map(|actor| actor.to_string());
    hash.put(actor.unwrap_or_default().as_bytes());
    hash.put(event.role.as_bytes());
    hash.put(event.action.as_bytes());
    hash.put(event.from.as_bytes());
    hash.put(event.to.as_bytes());
    hash.put(event.change.as_bytes());
    hash.put(event.words);
    hash.finish()
}

/// A seal as its hash covers it, but for its entries.
#[derive(Clone, Copy, Debug)]
pub struct SealParts<'a> {
    /// Version of the bytes.
    pub version: i16,
    /// Hash of the seal before it in the same pool; empty for the first.
    pub previous_hash: &'a [u8],
    /// Pool.
    pub pool: &'a str,
    /// Number within the pool.
    pub number: i32,
    /// When it was made.
    pub sealed_at: Ts,
    /// Events covered by it and all before it.
    pub total: i64,
}

/// The head of a case in a seal: its last event then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Case.
    pub case: CaseId,
    /// Number of its last event.
    pub number: i32,
    /// That event's hash.
    pub hash: Vec<u8>,
}

/// Hash of a seal over its heads, which come in the order of their cases.
pub fn seal_hash<'a>(
    seal: &SealParts<'_>,
    heads: impl ExactSizeIterator<Item = &'a Head>,
) -> Vec<u8> {
    let mut hash = PartsHash::new();
    hash.put(&seal.version.to_be_bytes());
    hash.put(seal.previous_hash);
    hash.put(seal.pool.as_bytes());
    hash.put(&seal.number.to_be_bytes());
    hash.put(&seal.sealed_at.micros().to_be_bytes());
    hash.put(&seal.total.to_be_bytes());
    let count = u32::try_from(heads.len()).unwrap_or(u32::MAX);
    hash.put(&count.to_be_bytes());
    for head in heads {
        hash.put(head.case.to_string().as_bytes());
        hash.put(&head.number.to_be_bytes());
        hash.put(&head.hash);
    }
    hash.finish()
}
