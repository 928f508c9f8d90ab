//! Reading requests: bodies field by field, so that every fault is told at once at its field; limits and
//! cursors of lists. No rule of an item lives here.

use std::collections::HashMap;

use actix_web::{HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::form::{Field, FieldError, Kind, Need, read_day};
use crate::domain::time::Day;
use crate::usecases::Error;
use crate::usecases::listing::Rest;

/// A JSON body; anything but an object is refused as unreadable.
pub type Body = web::Json<Map<String, Value>>;

/// Entries of a page when nothing is asked for.
const USUAL_LIMIT: u16 = 50;
/// Entries of a page at most.
const HIGHEST_LIMIT: u16 = 500;
/// Characters of free words at most.
pub const LONGEST_WORDS: usize = 2_000;

/// A page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is never longer than one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// The fields of a body, read one by one; what is wrong is collected.
#[derive(Debug)]
pub struct Fields<'a> {
    body: &'a Map<String, Value>,
    /// What was wrong so far.
    pub errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// The fields of an object.
    pub fn of(body: &'a Map<String, Value>) -> Self {
        Self {
            body,
            errors: vec![],
        }
    }

    /// The raw value; `null` is as good as none.
    pub fn raw(&self, name: &str) -> Option<&'a Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }

    /// Notes a fault at a field.
    pub fn fault(&mut self, name: &str, code: &str) {
        self.errors.push(FieldError::new(name, code));
    }

    /// Free words that must be there.
    pub fn words(&mut self, name: &'static str) -> String {
        self.text(name, Need::Always).unwrap_or_default()
    }

    /// Free words that may be left out; empty then.
    pub fn words_if_any(&mut self, name: &'static str) -> String {
        self.text(name, Need::Optional).unwrap_or_default()
    }

    /// Free words, cleaned as those of forms are.
    pub fn text(&mut self, name: &'static str, need: Need) -> Option<String> {
        let field = Field {
            name,
            kind: Kind::Text(LONGEST_WORDS),
            need,
            prefill: None,
        };
        match field.read(self.body.get(name)) {
            Ok(value) => value.and_then(|value| value.as_str().map(str::to_owned)),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// A day.
    pub fn day(&mut self, name: &'static str, need: Need) -> Option<Day> {
        let field = Field {
            name,
            kind: Kind::Day,
            need,
            prefill: None,
        };
        match field.read(self.body.get(name)) {
            Ok(value) => value.as_ref().and_then(Value::as_str).and_then(read_day),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// A whole number from 1 on.
    pub fn number(&mut self, name: &str) -> u32 {
        let Some(value) = self.raw(name) else {
            self.fault(name, "required");
            return 0;
        };
        match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
            Some(number) => number,
            None => {
                self.fault(name, "wrong-type");
                0
            }
        }
    }

    /// An object; an absent one is empty.
    pub fn object(&mut self, name: &str) -> Map<String, Value> {
        match self.raw(name) {
            None => Map::new(),
            Some(Value::Object(map)) => map.clone(),
            Some(_) => {
                self.fault(name, "wrong-type");
                Map::new()
            }
        }
    }

    /// All faults at once.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are any.
    pub fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.errors))
        }
    }
}

/// The query of a list.
#[derive(Debug)]
pub struct Query(HashMap<String, String>);

impl Query {
    /// Reads it; a value that is no text is as good as none.
    pub fn of(request: &HttpRequest) -> Self {
        let read = web::Query::<HashMap<String, String>>::from_query(request.query_string());
        Self(read.map(web::Query::into_inner).unwrap_or_default())
    }

    /// A value, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    /// One of a closed set, as `read` knows its names.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `name` when it is none of them.
    pub fn chosen<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let chosen = self.get(name).map(|typed| {
            let unknown = || Error::Invalid(vec![FieldError::new(name, "choice-unknown")]);
            read(typed).ok_or_else(unknown)
        });
        chosen.transpose()
    }

    /// How many entries a page has: 1 to 500. More is refused, not cut: a caller who counts on more would
    /// miss the rest in silence.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `limit`.
    pub fn limit(&self) -> Result<u16, Error> {
        let Some(typed) = self.get("limit") else {
            return Ok(USUAL_LIMIT);
        };
        typed
            .parse()
            .ok()
            .filter(|limit| (1..=HIGHEST_LIMIT).contains(limit))
            .ok_or_else(|| {
                Error::Invalid(vec![
                    FieldError::new("limit", "limit-out-of-range").with("highest", HIGHEST_LIMIT),
                ])
            })
    }

    /// Where the page begins.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `cursor` when this list never gave it.
    pub fn cursor<P: DeserializeOwned>(&self) -> Result<Option<P>, Error> {
        self.cursor_in("cursor")
    }

    /// The same under another name.
    ///
    /// # Errors
    /// [`Error::Invalid`] at that name when this list never gave it.
    pub fn cursor_in<P: DeserializeOwned>(&self, name: &str) -> Result<Option<P>, Error> {
        let Some(typed) = self.get(name) else {
            return Ok(None);
        };
        URL_SAFE_NO_PAD
            .decode(typed)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .map(Some)
            .ok_or_else(|| Error::Invalid(vec![FieldError::new(name, "cursor-malformed")]))
    }
}

/// The cursor behind the last entry of a page.
pub fn next<P: Serialize>(rest: Rest, last: Option<P>) -> Option<String> {
    match (rest, last) {
        (Rest::More, Some(place)) => serde_json::to_vec(&place)
            .ok()
            .map(|bytes| URL_SAFE_NO_PAD.encode(bytes)),
        (Rest::More, None) | (Rest::Nothing, _) => None,
    }
}
