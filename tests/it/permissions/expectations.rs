//! Reads `routes.txt`, the readable half of the permission matrix, and says from it what somebody is to get. It
//! knows no request and no database.

use std::collections::BTreeSet;

use bujianmian::domain::actor::Role;
use strum::IntoEnumIterator;

const TABLE: &str = include_str!("routes.txt");

/// For whom a route is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Strangers too.
    Everybody,
    /// These roles, signed in.
    Roles(BTreeSet<Role>),
}

/// What a route's address or form names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Object {
    Nothing,
    Letter,
    Message,
    Login,
    Approval,
    Authorisation,
    Closure,
    Contact,
    Case,
    Outline,
    Paper,
    Draft,
    DraftPaper,
    Patient,
    PatientCost,
    Batch,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    pub method: String,
    /// As in the route table.
    pub path: String,
    /// A parameter with a fixed value.
    pub fixed: Option<(String, String)>,
    pub audience: Audience,
    pub object: Object,
    /// Who may do it to what they see.
    pub may: BTreeSet<Role>,
}

/// How somebody stands to what a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Theirs to see.
    Seen,
    /// There, but not for them.
    Hidden,
    /// At their agency, but of a relative or asked for by themselves (CAS-1, CAS-10).
    Barred,
    /// Not there, or nothing that could be.
    Missing,
}

/// What somebody is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The route does its work, or says why the work can't be done now (409, 422).
    Reached,
    /// To the sign-in page; the API answers 401.
    SignIn,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
}

impl Line {
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// For people and messages: with the fixed parameter.
    pub fn name(&self) -> String {
        let path = match &self.fixed {
            Some((name, value)) => self.path.replace(&format!("{{{name}}}"), value),
            None => self.path.clone(),
        };
        format!("{:<4} {path}", self.method)
    }

    pub fn outcome(&self, role: Option<Role>, standing: Standing) -> Outcome {
        if let Audience::Roles(roles) = &self.audience {
            match role {
                None => return Outcome::SignIn,
                Some(role) if !roles.contains(&role) => return Outcome::Forbidden,
                Some(_) => {}
            }
        }
        let may = role.is_none_or(|role| self.may.contains(&role));
        match standing {
            Standing::Hidden | Standing::Missing => Outcome::NotFound,
            Standing::Barred if self.object == Object::Outline => Outcome::Reached,
            Standing::Barred => Outcome::Forbidden,
            Standing::Seen if may => Outcome::Reached,
            Standing::Seen => Outcome::Forbidden,
        }
    }
}

/// All lines.
pub fn lines() -> Vec<Line> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(read)
        .collect()
}

fn read(line: &str) -> Line {
    let columns: Vec<&str> = line
        .split("  ")
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .collect();
    let [method, path, audience, rest @ ..] = columns.as_slice() else {
        panic!("columns are missing: {line}");
    };
    let (path, fixed) = without_value(path);
    let all: BTreeSet<Role> = Role::iter().collect();
    Line {
        method: (*method).to_owned(),
        path,
        fixed,
        audience: match *audience {
            "everybody" => Audience::Everybody,
            named => Audience::Roles(roles(named)),
        },
        object: rest.first().map_or(Object::Nothing, |name| {
            name.parse()
                .unwrap_or_else(|_| panic!("no such object: {line}"))
        }),
        may: rest.get(1).map_or(all, |named| roles(named)),
    }
}

/// `/a/{b=c}` is the route `/a/{b}` with `c`.
fn without_value(path: &str) -> (String, Option<(String, String)>) {
    let Some((front, rest)) = path.split_once('=') else {
        return (path.to_owned(), None);
    };
    let (value, back) = rest.split_once('}').unwrap();
    let (_, name) = front.rsplit_once('{').unwrap();
    let fixed = (name.to_owned(), value.to_owned());
    (format!("{front}}}{back}"), Some(fixed))
}

fn roles(named: &str) -> BTreeSet<Role> {
    named.split(',').flat_map(group).collect()
}

fn group(name: &str) -> Vec<Role> {
    let desk = [Role::Handler, Role::Reviewer, Role::Supervisor];
    match name {
        "somebody" => Role::iter().collect(),
        "staff" => [
            desk.as_slice(),
            &[
                Role::MailroomClerk,
                Role::FinanceOfficer,
                Role::TaxLiaison,
                Role::ProvincialHandler,
                Role::Auditor,
                Role::Administrator,
            ],
        ]
        .concat(),
        "desk" => desk.to_vec(),
        "readers" => [desk.as_slice(), &[Role::Auditor]].concat(),
        role => vec![role.parse().unwrap_or_else(|_| panic!("no role {role}"))],
    }
}

/// What is wrong between a route table and these lines: routes without a line, lines without a route.
pub fn differences<'a>(
    routes: impl Iterator<Item = (&'a str, &'a str)>,
    lines: &[Line],
) -> Vec<String> {
    let served: BTreeSet<(String, String)> = routes
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    let listed: BTreeSet<(String, String)> = lines
        .iter()
        .map(|line| (line.method.clone(), line.path.clone()))
        .collect();
    let without_line = served
        .difference(&listed)
        .map(|(method, path)| format!("{method} {path} has no line in routes.txt"));
    let without_route = listed
        .difference(&served)
        .map(|(method, path)| format!("{method} {path} stands in routes.txt and is not served"));
    without_line.chain(without_route).collect()
}

#[test]
fn every_route_has_a_line_and_every_line_a_route() {
    let found = differences(bujianmian::web::table::all(), &lines());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_new_route_and_a_route_that_is_gone_are_noticed() {
    let with_one_more = bujianmian::web::table::all().chain([("post", "/new")]);
    assert_eq!(
        differences(with_one_more, &lines()),
        ["post /new has no line in routes.txt"]
    );
    let with_one_less = bujianmian::web::table::all().filter(|route| *route != ("get", "/my"));
    assert_eq!(
        differences(with_one_less, &lines()),
        ["get /my stands in routes.txt and is not served"]
    );
}

#[test]
fn a_line_says_who_gets_what() {
    let line = read("post  /x/{id}/{do=act}  readers  case  handler");
    assert_eq!(
        (line.path.as_str(), line.name().as_str()),
        ("/x/{id}/{do}", "post /x/{id}/act")
    );
    let outcome = |role, standing| line.outcome(role, standing);
    assert_eq!(outcome(None, Standing::Seen), Outcome::SignIn);
    assert_eq!(
        outcome(Some(Role::Resident), Standing::Seen),
        Outcome::Forbidden
    );
    assert_eq!(
        outcome(Some(Role::Handler), Standing::Seen),
        Outcome::Reached
    );
    assert_eq!(
        outcome(Some(Role::Auditor), Standing::Seen),
        Outcome::Forbidden
    );
    assert_eq!(
        outcome(Some(Role::Handler), Standing::Barred),
        Outcome::Forbidden
    );
    assert_eq!(
        outcome(Some(Role::Auditor), Standing::Hidden),
        Outcome::NotFound
    );
}
