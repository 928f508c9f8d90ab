//! Answers that are worth keeping for a moment, because many ask the same and it costs to work them out. Kept on the
//! machine's clock; nothing that must be true to the second is kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::domain::time::Ts;

/// As many answers are kept; then it begins anew.
const MOST: usize = 1_000;

/// Answers by what was asked.
pub struct Kept<K, V> {
    answers: Mutex<HashMap<K, (Ts, V)>>,
    for_seconds: i64,
}

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    /// Answers that are good for so many seconds.
    pub fn seconds(for_seconds: i64) -> Self {
        Self {
            answers: Mutex::default(),
            for_seconds,
        }
    }

    /// The answer that was given to this a moment ago.
    pub fn get(&self, asked: &K) -> Option<V> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answer) = answers.get(asked)?;
        let age = Clock::real().since(*at);
        let is_good = age >= TimeDelta::zero() && age < TimeDelta::seconds(self.for_seconds);
        is_good.then(|| answer.clone())
    }

    /// Keeps an answer.
    pub fn put(&self, asked: K, answer: V) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(asked, (Clock::real(), answer));
    }
}
