//! Sealing of sensitive columns (AES-256-GCM), blind indexes (HMAC-SHA-256) and the keys for both.
//!
//! Every ciphertext begins with an algorithm id and a key id, so that other algorithms and rotated keys
//! can stand beside the present ones. Keys never leave this module. Layout of a sealed value:
//! `[algorithm][key id][12 bytes nonce][ciphertext and tag]`. What is too large for one value is sealed as a
//! [`stream`].

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac, rand};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

use super::error::StoreError;

pub mod stream;

/// Algorithm id of AES-256-GCM in a sealed value.
const AES_GCM: u8 = 1;
const NONCE_LEN: usize = 12;
/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// A secret of 32 bytes, wiped when dropped.
pub type Secret = Zeroizing<[u8; KEY_LEN]>;

/// The keys of one installation: sealing keys by id (the highest id seals, all open) and the index key.
pub struct Vault {
    sealing: BTreeMap<u8, SealingKey>,
    index: hmac::Key,
}

/// One sealing key: for values as it is, for streams as what keys of their own are derived from.
struct SealingKey {
    values: LessSafeKey,
    streams: hkdf::Prk,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({} keys)", self.sealing.len())
    }
}

/// A key of one case, for the personal parts of its journal; destroying it makes them unreadable while
/// the chain over the ciphertext still verifies.
pub struct CaseKey(LessSafeKey);

impl Vault {
    /// From sealing keys by id and the key of the blind indexes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is no sealing key.
    pub fn new(sealing: &BTreeMap<u8, Secret>, index: &Secret) -> Result<Self, StoreError> {
        if sealing.is_empty() {
            return Err(StoreError::Corrupt("no sealing key".to_owned()));
        }
        let sealing = sealing
            .iter()
            .map(|(id, key)| {
                let key = SealingKey {
                    values: aead_key(key.as_ref())?,
                    streams: stream::root(key),
                };
                Ok((*id, key))
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Self {
            sealing,
            index: hmac::Key::new(hmac::HMAC_SHA256, index.as_ref()),
        })
    }

    /// Seals bytes under the newest key.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (id, key) = self.newest()?;
        seal_with(&key.values, id, plain)
    }

    /// The key that seals, with its id.
    fn newest(&self) -> Result<(u8, &SealingKey), StoreError> {
        self.sealing
            .last_key_value()
            .map(|(id, key)| (*id, key))
            .ok_or_else(|| StoreError::Corrupt("no sealing key".to_owned()))
    }

    /// Opens what [`Vault::seal`] made, under whichever of the keys it was sealed with.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let id = sealed.get(1).ok_or_else(unreadable)?;
        let key = self.sealing.get(id).ok_or_else(unreadable)?;
        open_with(&key.values, sealed)
    }

    /// Seals text.
    pub fn seal_text(&self, plain: &str) -> Result<Vec<u8>, StoreError> {
        self.seal(plain.as_bytes())
    }

    /// Opens sealed text.
    pub fn open_text(&self, sealed: &[u8]) -> Result<String, StoreError> {
        String::from_utf8(self.open(sealed)?).map_err(|_| unreadable())
    }

    /// Blind index of a value: equal values of one `kind` have equal indexes, nothing else can be read
    /// from it.
    pub fn blind(&self, kind: &str, value: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.index);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// A new case key and its sealed form for the database.
    pub fn new_case_key(&self) -> Result<(CaseKey, Vec<u8>), StoreError> {
        let secret = random_secret()?;
        let sealed = self.seal(secret.as_ref())?;
        Ok((CaseKey(aead_key(secret.as_ref())?), sealed))
    }

    /// The case key from its sealed form.
    pub fn case_key(&self, sealed: &[u8]) -> Result<CaseKey, StoreError> {
        let secret = Zeroizing::new(self.open(sealed)?);
        Ok(CaseKey(aead_key(&secret)?))
    }
}

impl CaseKey {
    /// Seals the personal part of an event.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal_with(&self.0, 0, plain)
    }

    /// Opens the personal part of an event.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        open_with(&self.0, sealed)
    }
}

/// A fresh random secret.
pub fn random_secret() -> Result<Secret, StoreError> {
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    rand::fill(bytes.as_mut())
        .map_err(|_| StoreError::Unavailable("no random bytes".to_owned()))?;
    Ok(bytes)
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// SHA-256 of what comes in pieces.
#[derive(Clone)]
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all pieces.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

/// SHA-256 over parts, each preceded by its length (8 bytes, big-endian), so that no two lists of parts share
/// their bytes.
pub struct PartsHash(digest::Context);

impl PartsHash {
    /// Of no parts yet.
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Adds a part.
    pub fn put(&mut self, part: &[u8]) {
        self.0
            .update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(part);
    }

    /// The hash.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

impl Default for PartsHash {
    fn default() -> Self {
        Self::new()
    }
}

fn aead_key(bytes: &[u8]) -> Result<LessSafeKey, StoreError> {
    UnboundKey::new(&AES_256_GCM, bytes)
        .map(LessSafeKey::new)
        .map_err(|_| StoreError::Corrupt("bad key".to_owned()))
}

fn seal_with(key: &LessSafeKey, id: u8, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce).map_err(|_| StoreError::Unavailable("no random bytes".to_owned()))?;
    let mut text = plain.to_vec();
    let head = [AES_GCM, id];
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(head),
        &mut text,
    )
    .map_err(|_| StoreError::Corrupt("could not seal".to_owned()))?;
    let mut sealed = Vec::with_capacity(head.len() + NONCE_LEN + text.len());
    sealed.extend_from_slice(&head);
    sealed.extend_from_slice(&nonce);
    sealed.append(&mut text);
    Ok(sealed)
}

fn open_with(key: &LessSafeKey, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (head, rest) = sealed.split_first_chunk::<2>().ok_or_else(unreadable)?;
    let (nonce, text) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or_else(unreadable)?;
    if head.first() != Some(&AES_GCM) {
        return Err(unreadable());
    }
    let mut text = text.to_vec();
    let plain = key
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(*head),
            &mut text,
        )
        .map_err(|_| unreadable())?;
    Ok(plain.to_vec())
}

fn unreadable() -> StoreError {
    StoreError::Corrupt("sealed value can't be opened".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(ids: &[u8]) -> Vault {
        let keys = ids
            .iter()
            .map(|id| (*id, Zeroizing::new([*id; KEY_LEN])))
            .collect();
        Vault::new(&keys, &Zeroizing::new([9; KEY_LEN])).unwrap()
    }

    #[test]
    fn what_was_sealed_before_a_rotation_is_still_read_after_it() {
        let sealed = vault(&[1]).seal_text("371000199001011234").unwrap();
        assert_eq!(
            vault(&[1, 2]).open_text(&sealed).unwrap(),
            "371000199001011234"
        );
        assert!(vault(&[2]).open_text(&sealed).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut sealed = vault(&[1]).seal(b"x").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert!(vault(&[1]).open(&sealed).is_err());
        assert!(vault(&[1]).open(b"").is_err());
    }

    #[test]
    fn blind_indexes_differ_by_kind_and_agree_by_value() {
        let v = vault(&[1]);
        assert_eq!(v.blind("id", "1"), v.blind("id", "1"));
        assert_ne!(v.blind("id", "1"), v.blind("phone", "1"));
        assert_ne!(v.blind("id", "1"), v.blind("id", "2"));
    }
}
