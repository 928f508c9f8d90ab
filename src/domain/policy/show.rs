//! A resolved policy in the form of `policy show`: every value in force with its basis, as data for JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::value::{Basis, Ground, Source, Value};
use super::{Owner, Policy, keys};
use crate::domain::place::Pool;
use crate::domain::time::Day;

/// The policy of a pool on a day.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    /// Pool code, or `default`.
    pub pool: String,
    /// Name of the pack.
    pub name: ShownName<'a>,
    /// The day asked for.
    pub on: Day,
    /// Whose pack it is: the code, or `default`.
    pub pack: String,
    /// Said when the pool has no pack of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// Values by key.
    pub values: BTreeMap<&'a str, ShownValue<'a>>,
    /// The documents cited, by id.
    pub sources: BTreeMap<&'a str, &'a Source>,
}

/// A name in both languages.
#[derive(Debug, Serialize)]
pub struct ShownName<'a> {
    /// Chinese.
    pub zh: &'a str,
    /// English.
    pub en: &'a str,
}

/// A value with its window and basis.
#[derive(Debug, Serialize)]
pub struct ShownValue<'a> {
    /// Kind of [`keys`]; it names the unit.
    pub kind: &'static str,
    /// The value.
    pub value: &'a Value,
    /// First day.
    pub from: Day,
    /// Last day; null when open.
    pub to: Option<Day>,
    /// The pack that states it.
    pub pack: String,
    /// What it rests on.
    pub basis: ShownBasis<'a>,
}

/// A basis.
#[derive(Debug, Serialize)]
pub struct ShownBasis<'a> {
    /// `clause`, `choice` or `sample`.
    pub kind: &'static str,
    /// Rule id.
    pub rule: &'a str,
    /// Number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'a str>,
    /// Its short name, as in `sources`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<&'a str>,
    /// Its clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'a str>,
    /// Reason of a choice or sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
}

/// Lays a policy out for printing.
pub fn show<'a>(policy: &Policy<'a>) -> Shown<'a> {
    let values = policy.values();
    let cited = values
        .values()
        .filter_map(|(_, stated)| stated.basis.citation());
    let sources = cited
        .map(|citation| (citation.source.id.as_str(), citation.source.as_ref()))
        .collect();
    let pack = policy.pack();
    Shown {
        pool: policy
            .pool()
            .map_or_else(|| owner(Owner::Default), |pool: Pool| pool.to_string()),
        name: ShownName {
            zh: &pack.name_zh,
            en: &pack.name_en,
        },
        on: policy.day(),
        pack: owner(pack.owner),
        note: match (policy.pool(), pack.owner) {
            (Some(_), Owner::Default) => {
                Some("this pool has no pack of its own; the default pack applies")
            }
            (None, _) | (_, Owner::Pool(_)) => None,
        },
        values: values
            .into_iter()
            .map(|(key, (from, stated))| {
                let value = ShownValue {
                    kind: keys::kind(key).map_or("", keys::Kind::name),
                    value: &stated.value,
                    from: stated.window.from,
                    to: stated.window.to,
                    pack: owner(from),
                    basis: basis(&stated.basis),
                };
                (key, value)
            })
            .collect(),
        sources,
    }
}

fn owner(owner: Owner) -> String {
    match owner {
        Owner::Default => "default".to_owned(),
        Owner::Pool(pool) => pool.to_string(),
    }
}

fn basis(basis: &Basis) -> ShownBasis<'_> {
    let (kind, reason) = match &basis.ground {
        Ground::Clause(_) => ("clause", None),
        Ground::Choice { reason, .. } => ("choice", Some(reason.as_str())),
        Ground::Sample { reason, .. } => ("sample", reason.as_deref()),
    };
    let citation = basis.citation();
    ShownBasis {
        kind,
        rule: &basis.rule,
        source: citation.map(|citation| citation.source.number.as_str()),
        source_id: citation.map(|citation| citation.source.id.as_str()),
        clause: citation.map(|citation| citation.clause.as_str()),
        reason,
    }
}
