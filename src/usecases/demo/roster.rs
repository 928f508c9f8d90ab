//! Who is who in a pool of the demo: residents, staff of employers, people with cases, and the logins of all
//! roles (CAS-10). Which accounts are offered to try is said here and nowhere else.

use super::places::code;
use super::world::{Draft, Insured};
use crate::clock::Clock;
use crate::domain::actor::Role;
use crate::domain::ids::{AccountId, EmployerId, InstitutionId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::proxy::Kind;
use crate::store::registry::Employer;
use crate::usecases::Error;
use crate::usecases::app::DemoAccount;

/// A login of the demo.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub id: AccountId,
    pub username: String,
    pub role: Role,
    pub name: String,
    pub pool: Option<Pool>,
    pub agency: Option<AgencyCode>,
    pub person: Option<PersonId>,
    pub employer: Option<EmployerId>,
    pub institution: Option<InstitutionId>,
    /// How it is offered to try; people with cases are not.
    pub shown: Option<DemoAccount>,
}

/// The pool whose accounts have no code in their names.
const FIRST: &str = "371000";

/// Years of birth of resident1 to resident9, with scheme; those who work do so at the third employer.
const RESIDENTS: [(i32, &str); 9] = [
    (1985, "employee"),
    (1978, "employee"),
    (1991, "employee"),
    (1969, "employee"),
    (1995, "employee"),
    (1954, "resident"),
    (1972, "resident"),
    (1929, "resident"),
    (1988, "resident"),
];

/// Staff of employer1 and employer2.
const STAFF: [usize; 2] = [42, 8];

/// Staff that employer2 of the first pool has beside those, so that a list of a thousand can be tried (XR-9).
const MANY: usize = 992;

/// People with cases, or just there: year of birth, category (SET-6), and the county that insures them.
pub(super) const OTHERS: [(i32, &str, Option<usize>); 26] = [
    (1968, "ordinary", None),
    (1952, "ordinary", None),
    (1975, "ordinary", None),
    (1983, "minimum-allowance", None),
    (1990, "ordinary", None),
    (1947, "ordinary", None),
    (1962, "low-income", None),
    (1958, "ordinary", None),
    (1979, "ordinary", None),
    (1986, "ordinary", None),
    (1993, "ordinary", None),
    (1941, "destitute", None),
    (1966, "ordinary", None),
    (1971, "at-risk", None),
    (1955, "ordinary", None),
    (1981, "ordinary", None),
    (1974, "ordinary", None),
    (1988, "ordinary", None),
    (1970, "ordinary", Some(0)),
    (1964, "ordinary", Some(0)),
    (1977, "ordinary", Some(1)),
    (1984, "returned-to-poverty", Some(1)),
    // Old people and children, without cases.
    (1930, "ordinary", None),
    (2008, "ordinary", None),
    (2014, "orphan", None),
    (2019, "ordinary", None),
];

/// Agency staff with accounts to try, in the order in which they are offered.
const DESK: [(&str, Role); 9] = [
    ("handler1", Role::Handler),
    ("handler2", Role::Handler),
    ("handler3", Role::Handler),
    ("reviewer1", Role::Reviewer),
    ("reviewer2", Role::Reviewer),
    ("supervisor1", Role::Supervisor),
    // What one supervisor asks for another confirms (CAS-1).
    ("supervisor2", Role::Supervisor),
    ("mailroom1", Role::MailroomClerk),
    ("finance1", Role::FinanceOfficer),
];

/// The name of a demo account in a pool: `handler1`, `handler1-320600`.
pub(super) fn username(name: &str, pool: &str) -> String {
    if pool == FIRST {
        name.to_owned()
    } else {
        format!("{name}-{pool}")
    }
}

/// The login of the `number`-th of [`OTHERS`] in a pool.
pub(super) fn other(number: usize, pool: &str) -> String {
    format!("person-{pool}-{:04}", number + 1)
}

/// Draws up everybody of a pool.
pub(super) fn draw(draft: &mut Draft<'_>) -> Result<(), Error> {
    residents(draft)?;
    employers(draft)?;
    let others = others(draft)?;
    institutions(draft);
    let desk = desk(draft)?;
    // handler1 is a relative of somebody whose case waits (CAS-10).
    if let (Some(handler), Some(applicant)) = (desk.first(), others.first()) {
        draft.relate(*handler, *applicant);
    }
    above(draft)?;
    counties(draft)?;
    entrusted(draft)?;
    // The last, so that everybody else keeps name and number.
    many(draft)
}

/// The many staff of employer2 in the first pool.
fn many(draft: &mut Draft<'_>) -> Result<(), Error> {
    let employer = draft.employers.get(1).cloned();
    match employer.filter(|_| draft.site.pool == FIRST) {
        Some(employer) => staff(draft, &employer, MANY),
        None => Ok(()),
    }
}

fn staff(draft: &mut Draft<'_>, employer: &Employer, count: usize) -> Result<(), Error> {
    for year in (1964..=1999).cycle().step_by(5).take(count) {
        let insured = Insured {
            agency: employer.agency,
            scheme: "employee",
            category: "ordinary",
            employer: Some(employer.id),
            email: None,
        };
        draft.person(year, insured)?;
    }
    Ok(())
}

/// Somebody who is filed for, the relative who does, and a community worker of the city's area (CAS-8).
fn entrusted(draft: &mut Draft<'_>) -> Result<(), Error> {
    let city = draft.pool.city_agency();
    let name = |name: &str| username(name, draft.site.pool);
    let (principal, proxy, worker) = (name("principal1"), name("proxy1"), name("community1"));
    let (for_whom, _) = draft.relative(&principal, Role::Resident, 1938)?;
    let (relative, login) = draft.relative(&proxy, Role::Proxy, 1966)?;
    let mut community = draft.login(&worker, Role::Proxy, "示范社区代办员".to_owned());
    community.agency = Some(city);
    let worker = community.id;
    draft.offer(community, None, None);
    draft.entrust(for_whom, Kind::Family, Some(relative), login);
    draft.entrust(for_whom, Kind::Community, None, worker);
    Ok(())
}

fn residents(draft: &mut Draft<'_>) -> Result<(), Error> {
    let shop = draft.employers.get(2).map(|employer| employer.id);
    for (number, (year, scheme)) in (1..).zip(RESIDENTS) {
        let username = username(&format!("resident{number}"), draft.site.pool);
        let (person, name, id_number) = draft.person(
            year,
            Insured {
                agency: draft.pool.city_agency(),
                scheme,
                category: "ordinary",
                employer: shop.filter(|_| scheme == "employee"),
                email: Some(format!("{username}@example.com")),
            },
        )?;
        let mut login = draft.login(&username, Role::Resident, name);
        login.person = Some(person);
        login.pool = None;
        draft.offer(login, Some(id_number), None);
    }
    Ok(())
}

fn employers(draft: &mut Draft<'_>) -> Result<(), Error> {
    for (number, (employer, count)) in (1..).zip(draft.employers.clone().into_iter().zip(STAFF)) {
        staff(draft, &employer, count)?;
        let username = username(&format!("employer{number}"), draft.site.pool);
        let mut login = draft.login(
            &username,
            Role::EmployerAgent,
            format!("{}经办人", employer.name),
        );
        login.employer = Some(employer.id);
        draft.offer(login, None, Some(employer.uscc.to_string()));
    }
    Ok(())
}

fn others(draft: &mut Draft<'_>) -> Result<Vec<PersonId>, Error> {
    let mut people = vec![];
    for (number, (year, category, county)) in OTHERS.into_iter().enumerate() {
        let agency = match county.and_then(|county| draft.site.counties.get(county)) {
            Some(county) => code(county)?,
            None => draft.pool.city_agency(),
        };
        let username = other(number, draft.site.pool);
        let (person, name, _) = draft.person(
            year,
            Insured {
                agency,
                scheme: "resident",
                category,
                employer: None,
                email: Some(format!("{username}@example.com")),
            },
        )?;
        let mut login = draft.login(&username, Role::Resident, name);
        login.person = Some(person);
        login.pool = None;
        draft.world.logins.push(login);
        people.push(person);
    }
    Ok(people)
}

fn institutions(draft: &mut Draft<'_>) {
    let hospital = draft.hospitals.first().copied();
    let pharmacy = |at: usize| draft.pharmacies.get(at).copied();
    let staff = [
        ("clerk1", Role::InstitutionClerk, "医保办示一", hospital),
        ("doctor1", Role::InstitutionDoctor, "医师示一", hospital),
        ("pharmacist1", Role::Pharmacist, "药师示一", pharmacy(0)),
        ("pharmacist2", Role::Pharmacist, "药师示二", pharmacy(1)),
    ];
    for (name, role, shown, institution) in staff {
        let username = username(name, draft.site.pool);
        let mut login = draft.login(&username, role, shown.to_owned());
        login.institution = institution;
        draft.offer(login, None, None);
    }
}

/// Staff of the city agency; answers who they are in the registry.
fn desk(draft: &mut Draft<'_>) -> Result<Vec<PersonId>, Error> {
    let agency = draft.pool.city_agency();
    let mut people = vec![];
    for (name, role) in DESK {
        people.push(draft.officer(&username(name, draft.site.pool), role, agency)?);
    }
    Ok(people)
}

/// Tax liaison, provincial centre, auditor and administrator.
fn above(draft: &mut Draft<'_>) -> Result<(), Error> {
    let (city, centre) = (draft.pool.city_agency(), draft.pool.province());
    let name = |name: &str| username(name, draft.site.pool);
    let names = [
        name("tax1"),
        name("centre1"),
        name("auditor1"),
        name("admin1"),
    ];
    let [tax, provincial, auditor, admin] = names;
    draft.officer(&tax, Role::TaxLiaison, city)?;
    draft.officer(&provincial, Role::ProvincialHandler, centre.city_agency())?;
    draft.officer(&auditor, Role::Auditor, city)?;
    draft.officer(&admin, Role::Administrator, city)?;
    Ok(())
}

/// Each county agency has who is needed to bring a case to its end.
fn counties(draft: &mut Draft<'_>) -> Result<(), Error> {
    for county in draft.site.counties {
        let agency = code(county)?;
        for (name, role) in [
            ("handler", Role::Handler),
            ("reviewer", Role::Reviewer),
            ("supervisor", Role::Supervisor),
        ] {
            draft.officer(&format!("{name}-{county}"), role, agency)?;
        }
    }
    Ok(())
}

impl Draft<'_> {
    fn login(&self, username: &str, role: Role, name: String) -> Login {
        Login {
            id: Clock::new_id(),
            username: username.to_owned(),
            role,
            name,
            pool: Some(self.pool),
            agency: None,
            person: None,
            employer: None,
            institution: None,
            shown: None,
        }
    }

    /// Adds an official with a person record, so that the own case is known as such (CAS-10).
    fn officer(
        &mut self,
        username: &str,
        role: Role,
        agency: AgencyCode,
    ) -> Result<PersonId, Error> {
        let year = 1966 + i32::try_from(self.count % 30).unwrap_or_default();
        let (person, name, _) = self.person(
            year,
            Insured {
                agency: self.pool.city_agency(),
                scheme: "employee",
                category: "ordinary",
                employer: None,
                email: None,
            },
        )?;
        let mut login = self.login(username, role, name);
        login.person = Some(person);
        login.agency = Some(agency);
        login.pool = Some(agency.pool());
        self.offer(login, None, None);
        Ok(person)
    }

    /// Adds a person with a login of their own, insured as a resident.
    fn relative(
        &mut self,
        username: &str,
        role: Role,
        year: i32,
    ) -> Result<(PersonId, AccountId), Error> {
        let (person, name, id_number) = self.person(
            year,
            Insured {
                agency: self.pool.city_agency(),
                scheme: "resident",
                category: "ordinary",
                employer: None,
                email: Some(format!("{username}@example.com")),
            },
        )?;
        let mut login = self.login(username, role, name);
        login.person = Some(person);
        login.pool = None;
        let account = login.id;
        self.offer(login, Some(id_number), None);
        Ok((person, account))
    }

    /// Adds a login to try; it is listed with the pool that is being drawn up, a provincial centre's too.
    fn offer(&mut self, mut login: Login, id_number: Option<String>, uscc: Option<String>) {
        login.shown = Some(DemoAccount {
            username: login.username.clone(),
            role: login.role,
            pool: self.pool,
            name: login.name.clone(),
            id_number,
            uscc,
        });
        self.world.logins.push(login);
    }
}
