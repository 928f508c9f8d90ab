//! Policy packs: the dated figures and options of a pool, each with the clause, choice or sample it rests on.
//! A national default pack is the base; a pool's own pack overrides it value by value and day by day.
//! Nothing here reads a file or a clock, and no rule of an item is decided here: packs only say figures.
//!
//! [`PolicySet::on`] gives the [`Policy`] of a pool and a day. What the engine needs on every day has a typed
//! accessor ([`terms`]); everything else is read by its key of [`keys`] through [`Policy::value`].

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use self::fault::{Fault, Reason};
use self::terms::Terms;
use self::value::{Source, Stated, Value, WorkingDays};
use crate::domain::place::Pool;
use crate::domain::time::Day;

pub mod fault;
pub mod keys;
pub mod raw;
mod read;
pub mod show;
pub mod terms;
pub mod value;

/// From this day on the default pack must have every value that has an accessor. Cases began later; costs of
/// 2019 can still be claimed (RB-4).
const FIRST_DAY: Day = match NaiveDate::from_ymd_opt(2019, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Whose pack it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The national default pack.
    Default,
    /// A pool's own pack.
    Pool(Pool),
}

/// A checked pack.
#[derive(Clone, Debug)]
pub struct PolicyPack {
    owner: Owner,
    name_zh: String,
    name_en: String,
    sources: BTreeMap<String, Arc<Source>>,
    /// By key, then by first day; no two on one day.
    values: BTreeMap<String, Vec<Stated<Value>>>,
}

impl PolicyPack {
    /// Whose pack it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Its documents.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values().map(Arc::as_ref)
    }

    fn on(&self, key: &str, day: Day) -> Option<&Stated<Value>> {
        self.values
            .get(key)?
            .iter()
            .find(|stated| stated.window.holds(day))
    }

    fn fault(&self, key: &str, reason: Reason) -> Fault {
        let pack = match self.owner {
            Owner::Default => "default".to_owned(),
            Owner::Pool(pool) => pool.to_string(),
        };
        Fault {
            pack,
            key: key.to_owned(),
            reason,
        }
    }
}

/// All packs, checked together.
#[derive(Clone, Debug)]
pub struct PolicySet {
    general: PolicyPack,
    pools: BTreeMap<Pool, PolicyPack>,
    terms: Terms,
}

impl PolicySet {
    /// Puts the default pack and the pools' packs together.
    ///
    /// # Errors
    /// Two packs of one pool; a value with an accessor that the default pack does not state for every day;
    /// a limit that lengthens the one day of CLK-1 (CLK-10).
    pub fn new(general: PolicyPack, packs: Vec<PolicyPack>) -> Result<Self, Fault> {
        let mut pools = BTreeMap::new();
        if let Owner::Pool(_) = general.owner {
            return Err(general.fault("pool", Reason::MalformedPool));
        }
        for pack in packs {
            let Owner::Pool(pool) = pack.owner else {
                return Err(pack.fault("pool", Reason::PoolTwice));
            };
            if let Some(other) = pools.insert(pool, pack) {
                return Err(other.fault("pool", Reason::PoolTwice));
            }
        }
        let terms = Terms::gather(&general, &pools)?;
        let set = Self {
            general,
            pools,
            terms,
        };
        set.keep_the_one_day()?;
        Ok(set)
    }

    /// CLK-10: no pack lengthens the one working day of the items that the default pack binds to it, and the
    /// default pack states it for each of them, so that no general lengthening reaches them.
    fn keep_the_one_day(&self) -> Result<(), Fault> {
        for item in self.bound_items() {
            for family in ["limits.first-answer", "limits.whole-case"] {
                let key = format!("{family}.{item}");
                if !self.general.values.contains_key(&key) {
                    return Err(self.general.fault(&key, Reason::Gap(FIRST_DAY)));
                }
                for pack in self.packs() {
                    let stated = pack.values.get(&key).into_iter().flatten();
                    let long =
                        |one: &Stated<Value>| one.value != Value::WorkingDays(WorkingDays(1));
                    if stated.into_iter().any(long) {
                        return Err(pack.fault(&key, Reason::FixedLimit));
                    }
                }
            }
        }
        Ok(())
    }

    fn bound_items(&self) -> impl Iterator<Item = &str> {
        let lists = self
            .packs()
            .filter_map(|pack| pack.values.get("limits.fixed-items"))
            .flatten();
        lists
            .filter_map(|stated| match &stated.value {
                Value::List(items) => Some(items.iter().map(String::as_str)),
                _ => None,
            })
            .flatten()
    }

    fn packs(&self) -> impl Iterator<Item = &PolicyPack> {
        std::iter::once(&self.general).chain(self.pools.values())
    }

    /// The pool's own pack, if it has one.
    pub fn own(&self, pool: Pool) -> Option<&PolicyPack> {
        self.pools.get(&pool)
    }

    /// The pools that have a pack of their own.
    pub fn pools(&self) -> impl Iterator<Item = Pool> + '_ {
        self.pools.keys().copied()
    }

    /// What is in force in a pool on a Beijing day. A pool without a pack of its own has the default one.
    pub fn on(&self, pool: Pool, day: Day) -> Policy<'_> {
        Policy {
            set: self,
            pool: Some(pool),
            day,
        }
    }

    /// What the default pack says on a Beijing day.
    pub fn default_on(&self, day: Day) -> Policy<'_> {
        Policy {
            set: self,
            pool: None,
            day,
        }
    }

    /// The items that some pack names a limit for; a test over the items holds them against the catalogue.
    pub fn items_with_limits(&self) -> std::collections::BTreeSet<&str> {
        let keys = self.packs().flat_map(|pack| pack.values.keys());
        keys.filter_map(|key| {
            key.strip_prefix("limits.first-answer.")
                .or_else(|| key.strip_prefix("limits.whole-case."))
        })
        .filter(|item| *item != "default")
        .collect()
    }
}

/// The values in force in one pool on one day.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    set: &'a PolicySet,
    pool: Option<Pool>,
    day: Day,
}

impl<'a> Policy<'a> {
    /// The day, Beijing time.
    pub fn day(&self) -> Day {
        self.day
    }

    /// The pool asked for; none for the default pack itself.
    pub fn pool(&self) -> Option<Pool> {
        self.pool
    }

    /// The value of a key of [`keys::KEYS`], if one is in force.
    pub fn value(&self, key: &str) -> Option<&'a Stated<Value>> {
        self.own_pack()
            .and_then(|pack| pack.on(key, self.day))
            .or_else(|| self.set.general.on(key, self.day))
    }

    /// Conditions of COVID patients who are registered without any paper (XR-3); none before the first notice.
    pub fn zero_material(&self) -> &'a [String] {
        match self
            .value("registration.zero-material")
            .map(|stated| &stated.value)
        {
            Some(Value::List(conditions)) => conditions,
            Some(_) | None => &[],
        }
    }

    /// Every value in force, with its key and the pack that states it.
    pub fn values(&self) -> BTreeMap<&'a str, (Owner, &'a Stated<Value>)> {
        let packs = std::iter::once(&self.set.general).chain(self.own_pack());
        packs
            .flat_map(|pack| pack.values.keys().map(move |key| (pack, key.as_str())))
            .filter_map(|(pack, key)| Some((key, (pack.owner, pack.on(key, self.day)?))))
            .collect()
    }

    fn own_pack(&self) -> Option<&'a PolicyPack> {
        self.pool.and_then(|pool| self.set.pools.get(&pool))
    }

    fn pack(&self) -> &'a PolicyPack {
        self.own_pack().unwrap_or(&self.set.general)
    }
}

#[cfg(test)]
mod tests;
