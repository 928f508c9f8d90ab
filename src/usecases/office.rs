//! What the office knows by heart: policy packs, regions, agencies, and the numbers it hands out.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::NaiveTime;

use super::error::Error;
use super::keeping::Kept;
use super::statistics::{Question, Statistics};
use super::supervising::DayDone;
use crate::data;
use crate::domain::deadline::BusinessHours;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::policy::PolicySet;
use crate::domain::receipt::ReceiptNo;
use crate::domain::region::Regions;
use crate::domain::time::Day;
use crate::store::registry::Agency;
use crate::store::{Db, receipts, registry};

/// Numbers taken from the counter at once; what is left when the process ends is never used.
const BLOCK: i32 = 50;

/// What the office knows by heart.
pub struct Office {
    /// Policy packs of all pools.
    pub policies: PolicySet,
    /// Region codes and names.
    pub regions: Regions,
    /// How many cases a handler may hold; `None` for no limit.
    pub hold_limit: Option<u32>,
    agencies: RwLock<Arc<BTreeMap<AgencyCode, Agency>>>,
    /// Business hours of each, read once: lists ask for them in every row.
    hours: RwLock<HashMap<AgencyCode, BusinessHours>>,
    numbers: Mutex<HashMap<AgencyCode, Block>>,
    /// Charts of past days, of the supervisor's desk.
    pub(super) days: Kept<(AgencyCode, Day), Vec<DayDone>>,
    /// Public figures.
    pub(super) statistics: Kept<Question, Statistics>,
    /// What items can be expected to take, in working minutes.
    pub(super) expected: Kept<(Pool, &'static str, Day), Option<i32>>,
}

/// Receipt numbers this process may still hand out.
#[derive(Clone, Copy, Debug)]
struct Block {
    day: Day,
    next: i32,
    end: i32,
}

impl Office {
    /// Reads the data that come with the program.
    ///
    /// # Errors
    /// [`Error::Fault`] names the file and what is wrong with it.
    pub fn load(hold_limit: Option<u32>) -> Result<Self, Error> {
        let fault = |e: &dyn std::fmt::Display| Error::Fault(e.to_string());
        Ok(Self {
            policies: data::policies::load().map_err(|e| fault(&e))?,
            regions: Regions::parse(data::REGIONS).map_err(|e| fault(&e))?,
            hold_limit,
            agencies: RwLock::default(),
            hours: RwLock::default(),
            numbers: Mutex::default(),
            days: Kept::seconds(300),
            statistics: Kept::seconds(60),
            expected: Kept::seconds(300),
        })
    }

    /// Reads the agencies anew; at start and whenever they were edited.
    pub async fn refresh(&self, db: &Db) -> Result<(), Error> {
        let all = db.read(registry::agencies).await?;
        let hours = all
            .iter()
            .map(|agency| (agency.code, hours_of(agency)))
            .collect();
        let map = all
            .into_iter()
            .map(|agency| (agency.code, agency))
            .collect();
        *self.hours.write().unwrap_or_else(PoisonError::into_inner) = hours;
        *self
            .agencies
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(map);
        Ok(())
    }

    /// All agencies by code.
    pub fn agencies(&self) -> Arc<BTreeMap<AgencyCode, Agency>> {
        Arc::clone(&self.agencies.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Business hours of an agency (CLK-3): its own, else the standard ones.
    pub fn hours(&self, agency: AgencyCode) -> BusinessHours {
        let hours = self.hours.read().unwrap_or_else(PoisonError::into_inner);
        hours.get(&agency).copied().unwrap_or_default()
    }

    /// The next receipt number of an agency's day; asks the counter once a block.
    pub async fn next_receipt(
        &self,
        db: &Db,
        agency: AgencyCode,
        day: Day,
    ) -> Result<ReceiptNo, Error> {
        if let Some(number) = self.in_hand(agency, day) {
            return Ok(ReceiptNo::new(agency, day, number));
        }
        let first = db
            .write(move |c| receipts::take_block(c, agency, day, BLOCK))
            .await?;
        let block = Block {
            day,
            next: first + 1,
            end: first + BLOCK,
        };
        self.numbers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(agency, block);
        Ok(ReceiptNo::new(
            agency,
            day,
            u32::try_from(first).unwrap_or_default(),
        ))
    }

    fn in_hand(&self, agency: AgencyCode, day: Day) -> Option<u32> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let block = numbers
            .get_mut(&agency)
            .filter(|block| block.day == day && block.next < block.end)?;
        let number = block.next;
        block.next += 1;
        u32::try_from(number).ok()
    }
}

fn hours_of(agency: &Agency) -> BusinessHours {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    match (
        time(&agency.opens),
        time(&agency.lunch_from),
        time(&agency.lunch_to),
        time(&agency.closes),
    ) {
        (Some(opens), Some(from), Some(to), Some(closes)) => {
            BusinessHours::new(opens, from, to, closes).unwrap_or_default()
        }
        _ => BusinessHours::default(),
    }
}
