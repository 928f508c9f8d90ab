//! What the demo holds before any case: agencies, institutions, employers, people and logins. Drawn up whole and
//! the same at every start (identifiers apart), then written in one transaction.

use chrono::Days;

use super::closures::{self, Entered};
use super::people;
use super::places::{self, EMPLOYERS, HOSPITALS, PHARMACIES, SITES, Site, code};
use super::roster::{self, Login};
use crate::clock::Clock;
use crate::domain::ids::{AccountId, EmployerId, InstitutionId, PersonId};
use crate::domain::locale::Locale;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::proxy::{Authorisation, Kind, Terms};
use crate::domain::region::{RegionCode, Regions};
use crate::domain::time::{Day, Ts};
use crate::store::accounts::{self, NewAccount};
use crate::store::registry::{
    self, Agency, Coverage, Employer, Institution, NewCoverage, NewPerson,
};
use crate::store::{Conn, StoreError, authorisations, closures as kept_closures};
use crate::usecases::Error;
use crate::usecases::app::DemoAccount;

/// First day of everybody's coverage; it has no last day, so that the demo may start at any date after it.
const COVERED_SINCE: (i32, u32, u32) = (2019, 1, 1);

/// Everything but the cases.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    agencies: Vec<Agency>,
    institutions: Vec<Institution>,
    employers: Vec<Employer>,
    people: Vec<(NewPerson, NewCoverage)>,
    relatives: Vec<(PersonId, PersonId)>,
    authorisations: Vec<Authorisation>,
    closures: Vec<Entered>,
    /// The logins, those to try and the others.
    pub logins: Vec<Login>,
}

/// How somebody is insured.
#[derive(Clone, Debug)]
pub(super) struct Insured<'a> {
    /// By which agency.
    pub agency: AgencyCode,
    /// `employee` or `resident`.
    pub scheme: &'a str,
    /// Category (SET-6).
    pub category: &'a str,
    /// Who pays.
    pub employer: Option<EmployerId>,
    /// E-mail address.
    pub email: Option<String>,
}

/// The pool that is being drawn up.
pub(super) struct Draft<'a> {
    pub world: &'a mut World,
    /// Place of the pool in [`SITES`].
    pub index: usize,
    pub site: Site,
    pub pool: Pool,
    pub region: RegionCode,
    pub hospitals: Vec<InstitutionId>,
    pub pharmacies: Vec<InstitutionId>,
    pub employers: Vec<Employer>,
    /// People so far.
    pub count: usize,
    now: Ts,
}

impl World {
    /// Draws everything up; `now` is business time.
    pub(super) fn draw(regions: &Regions, now: Ts) -> Result<Self, Error> {
        let mut world = Self {
            agencies: places::agencies(regions)?,
            ..Self::default()
        };
        for (index, site) in SITES.into_iter().enumerate() {
            let mut draft = Draft {
                world: &mut world,
                index,
                site,
                pool: code(site.pool)?,
                region: code(site.pool)?,
                hospitals: vec![],
                pharmacies: vec![],
                employers: vec![],
                count: 0,
                now,
            };
            draft.institutions(places::region_name(regions, draft.region)?);
            draft.employers(places::region_name(regions, draft.region)?)?;
            roster::draw(&mut draft)?;
        }
        world.closures = closures::draw(&world, now)?;
        Ok(world)
    }

    /// The accounts to try.
    pub(super) fn offered(&self) -> Vec<DemoAccount> {
        let shown = self.logins.iter().filter_map(|login| login.shown.clone());
        shown.collect()
    }

    /// Writes it; `open` is the hash of the demo's password, `closed` one that nobody knows the password of.
    pub(super) fn write(
        &self,
        conn: &mut Conn<'_>,
        open: &str,
        closed: &str,
        real: Ts,
    ) -> Result<(), StoreError> {
        for agency in &self.agencies {
            registry::insert_agency(conn, agency)?;
        }
        for institution in &self.institutions {
            registry::insert_institution(conn, institution)?;
        }
        for employer in &self.employers {
            registry::insert_employer(conn, employer)?;
        }
        for (person, coverage) in &self.people {
            registry::insert_person(conn, person)?;
            registry::insert_coverage(conn, coverage)?;
        }
        for (one, other) in &self.relatives {
            registry::insert_relatives(conn, *one, *other)?;
        }
        for login in &self.logins {
            // All accounts to try have one password, so one hash does for all: hashing 150 times takes seconds.
            let hash = if login.shown.is_some() { open } else { closed };
            accounts::insert(conn, &login.account(hash, real))?;
        }
        for one in &self.authorisations {
            if let Some(account) = one.account {
                authorisations::insert(conn, one, None, account)?;
            }
        }
        for (pool, closure, by, at) in &self.closures {
            kept_closures::insert(conn, *pool, closure, *by, *at)?;
        }
        Ok(())
    }
}

impl Login {
    fn account(&self, hash: &str, created_at: Ts) -> NewAccount {
        NewAccount {
            id: self.id,
            username: self.username.clone(),
            password_hash: hash.to_owned(),
            role: self.role,
            name: self.name.clone(),
            pool: self.pool,
            agency: self.agency,
            person: self.person,
            employer: self.employer,
            institution: self.institution,
            locale: Locale::Zh,
            email: None,
            created_at,
        }
    }
}

impl Draft<'_> {
    fn institutions(&mut self, city: &str) {
        let hospitals = HOSPITALS
            .into_iter()
            .map(|(name, level)| (name, "hospital", level));
        let pharmacies = PHARMACIES.into_iter().map(|name| (name, "pharmacy", 0));
        for (number, (name, kind, level)) in (1..).zip(hospitals.chain(pharmacies)) {
            let id = Clock::new_id();
            match kind {
                "hospital" => self.hospitals.push(id),
                _ => self.pharmacies.push(id),
            }
            let letter = if kind == "hospital" { 'H' } else { 'P' };
            self.world.institutions.push(Institution {
                id,
                code: format!("{letter}{}{number:05}", self.pool),
                name: format!("{city}{name}"),
                kind: kind.to_owned(),
                level,
                pool: self.pool,
                region: self.region,
            });
        }
    }

    fn employers(&mut self, city: &str) -> Result<(), Error> {
        for (number, name) in (1..).zip(EMPLOYERS) {
            let employer = Employer {
                id: Clock::new_id(),
                uscc: places::uscc(self.pool, number)?,
                name: format!("{city}{name}"),
                pool: self.pool,
                agency: self.pool.city_agency(),
                region: self.region,
            };
            self.employers.push(employer.clone());
            self.world.employers.push(employer);
        }
        Ok(())
    }

    /// Adds a person born in `year`; answers identifier, name and ID number.
    pub(super) fn person(
        &mut self,
        year: i32,
        insured: Insured<'_>,
    ) -> Result<(PersonId, String, String), Error> {
        self.count += 1;
        let number = self.count;
        let id: PersonId = Clock::new_id();
        let name = people::name(self.index, number);
        let id_number = people::id_number(self.region, year, number)?;
        let (y, m, d) = COVERED_SINCE;
        let from = Day::from_ymd_opt(y, m, d)
            .unwrap_or_default()
            .max(id_number.birth());
        let text = id_number.as_str().to_owned();
        let person = NewPerson {
            id,
            id_number,
            name: name.clone(),
            region: self.region,
            phone: Some(people::mobile(self.index, number)?),
            email: insured.email,
            institution: self.hospitals.first().copied(),
            created_at: self.now,
        };
        let coverage = NewCoverage {
            id: Clock::new_id(),
            person: id,
            coverage: Coverage {
                pool: self.pool,
                agency: insured.agency,
                scheme: insured.scheme.to_owned(),
                category: insured.category.to_owned(),
                from,
                to: None,
            },
            employer: insured.employer,
        };
        self.world.people.push((person, coverage));
        Ok((id, name, text))
    }

    /// Lets a login file for a person, accepted and in force for most of a year (CAS-8).
    pub(super) fn entrust(
        &mut self,
        principal: PersonId,
        kind: Kind,
        grantee: Option<PersonId>,
        account: AccountId,
    ) {
        let today = self.now.day();
        self.world.authorisations.push(Authorisation {
            id: Clock::new_id(),
            kind,
            principal,
            grantee,
            account: Some(account),
            terms: Terms {
                items: None,
                from: today,
                to: today + Days::new(300),
            },
            granted_at: self.now,
            accepted_at: Some(self.now),
            revoked_at: None,
        });
    }

    /// Makes two people relatives (CAS-10).
    pub(super) fn relate(&mut self, one: PersonId, other: PersonId) {
        self.world.relatives.push((one, other));
    }
}
