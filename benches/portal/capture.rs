//! What one request makes the service send to the database, taken from PostgreSQL's log: the source of everything
//! that the database alone is measured with, so that the two can't drift apart.

use std::collections::BTreeMap;

use crate::client::Client;
use crate::people::{self, Login, Numbered};
use crate::postgres::{Cluster, Logged};
use crate::service::Jobs;
use crate::stage::{DATABASE, Stage};
use crate::work::{self, World};

/// What stands in a parameter's place when the statement is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// The same again, as PostgreSQL writes it.
    Same(String),
    /// A new identifier; those of one number are the same within one run.
    NewId(usize),
    /// A new text; likewise.
    NewText(usize),
    /// An identifier of the resident whose turn it is.
    Resident(Part),
    /// An identifier of the handler at this connection.
    Handler(Part),
    /// A column of a row that was read before.
    Read(Row, &'static str),
}

/// A row whose columns later statements need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The case that is served next.
    Case,
    /// The registration that its filing made.
    Registration,
}

impl Row {
    /// As variables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Registration => "registration",
        }
    }

    /// Which of them a statement reads.
    fn read_by(sql: &str) -> Option<Self> {
        let registration = sql.contains("FROM \"registration\"") && sql.contains("\"case_id\" = $");
        match sql {
            sql if sql.contains("SKIP LOCKED") => Some(Self::Case),
            sql if sql.starts_with("SELECT") && registration => Some(Self::Registration),
            _ => None,
        }
    }
}

/// What is known of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The login.
    Account,
    /// The person.
    Person,
    /// The session.
    Session,
}

/// A statement as it is sent again.
#[derive(Clone, Debug)]
pub enum Again {
    /// BEGIN.
    Begin,
    /// COMMIT.
    Commit,
    /// With its parameters and their types.
    Statement {
        /// With `$1`, `$2` …
        sql: String,
        /// In order.
        values: Vec<(String, Value)>,
        /// Its one row is kept under this name.
        keeps: Option<Row>,
    },
}

/// One operation, to be sent again.
pub type Operation = Vec<Again>;

/// Statements behind one request.
#[derive(Clone, Debug)]
pub struct Request {
    /// What was asked.
    pub name: &'static str,
    /// What it took, seen from outside, in milliseconds, with everything logged.
    pub milliseconds: f64,
    /// In order.
    pub statements: Vec<Logged>,
}

/// What was captured.
pub struct Captured {
    /// One request of each kind.
    pub requests: Vec<Request>,
    /// A filing.
    pub file: Operation,
    /// Taking the next case and approving it.
    pub decide: Operation,
    /// The rows of the queue page.
    pub queue: Operation,
}

/// Makes one request of each kind on a service that does nothing else. Each was made once before, so that what is
/// read once only (keys, blocks of receipt numbers) is read.
pub fn capture(stage: &Stage) -> Captured {
    let cluster = stage.cluster.as_ref().expect("PostgreSQL");
    let service = stage.serve(Jobs::Off);
    let world = stage.world(people::sign_in_residents(service.address, 1), &service);
    let mut watch = Watch {
        cluster,
        client: Client::new(service.address),
        requests: vec![],
    };
    let file = watch.filing(&world);
    let decide = watch.deciding(&world.handlers[0]);
    watch.pages(&world);
    let queue = watch.queue_rows();
    Captured {
        requests: watch.requests,
        file,
        decide,
        queue,
    }
}

struct Watch<'s> {
    cluster: &'s Cluster,
    client: Client,
    requests: Vec<Request>,
}

/// Values of one request by what they are.
type Names = BTreeMap<String, Value>;

impl Watch<'_> {
    fn filing(&mut self, world: &World) -> Operation {
        let resident = &world.residents[0];
        let mut names = person_names(self.cluster, Numbered::Resident, 0, Value::Resident);
        names.insert(
            Numbered::Person.id::<uuid::Uuid>(0).to_string(),
            Value::Resident(Part::Person),
        );
        let places = world.places.iter().rev().take(2);
        let mut operation = vec![];
        for place in places {
            let token = work::token();
            names.insert(token.clone(), Value::NewText(0));
            let (receipt_no, statements) = self.ask("file", |client| {
                let answer = work::file(client, resident, place, &token).expect("an answer");
                assert_eq!(answer.status, 201, "{}", answer.text());
                work::taken(&answer).expect("a case").0
            });
            names.insert(receipt_no, Value::NewText(1));
            operation = statements;
        }
        self.requests.remove(self.requests.len() - 2);
        again(self.cluster, &operation, &names)
    }

    fn deciding(&mut self, handler: &Login) -> Operation {
        let mut sampled = true;
        let (mut operation, mut names) = (vec![], Names::new());
        // The second one is looked at, unless CAS-3 chose it for a second review.
        for turn in 0.. {
            if turn > 1 && !sampled {
                break;
            }
            names = person_names(self.cluster, Numbered::Handler, 0, Value::Handler);
            names.extend(self.first_of_the_queue());
            self.requests
                .retain(|request| !request.name.starts_with("next") && request.name != "approve");
            let ((receipt_no, version), mut statements) = self.ask("next", |client| {
                let answer = client.post(
                    "/api/v1/queue/next",
                    &handler.bearer,
                    "application/json",
                    "",
                );
                let answer = answer.expect("an answer");
                assert_eq!(answer.status, 200, "{}", answer.text());
                work::taken(&answer).expect("a case")
            });
            let (state, more) = self.ask("approve", |client| {
                let answer =
                    work::approve(client, handler, &receipt_no, version).expect("an answer");
                assert_eq!(answer.status, 200, "{}", answer.text());
                answer.quoted(r#""state":""#).unwrap_or_default().to_owned()
            });
            sampled = state != "closed";
            statements.extend(more);
            operation = statements;
        }
        again(self.cluster, &operation, &names)
    }

    /// Columns of the case that is served next, by their values. Short words are left out: they may mean anything.
    fn first_of_the_queue(&self) -> Names {
        let columns: [&'static str; 8] = [
            "id",
            "receipt_no",
            "person_id",
            "person_name",
            "filed_by",
            "filed_at",
            "due_at",
            "turn_at",
        ];
        let first = "FROM cases WHERE pool = '371000' AND agency = '371000' AND state = 'submitted' \
                     AND NOT escalated ORDER BY queue_rank, due_at, id LIMIT 1";
        let value = |column: &str| {
            self.cluster
                .text(DATABASE, &format!("SELECT {column} {first}"))
        };
        let mut names: Names = columns
            .iter()
            .rev()
            .map(|column| (value(column), Value::Read(Row::Case, column)))
            .collect();
        let registration = format!(
            "SELECT id FROM registration WHERE case_id = '{}'",
            value("id")
        );
        let registration = self.cluster.text(DATABASE, &registration);
        names.insert(registration, Value::Read(Row::Registration, "id"));
        names
    }

    fn pages(&mut self, world: &World) {
        let handler = &world.handlers[0];
        let known = &world.known[0];
        let case = format!("/api/v1/cases/{}", known.receipt_no);
        let page = format!("/desk/cases/{}", known.receipt_no);
        let reads: [(&'static str, &str, &str); 4] = [
            ("queue page", "/desk/queue", &handler.cookie),
            ("one case (API)", &case, &handler.bearer),
            ("one case (HTML)", &page, &handler.cookie),
            ("progress form", "/progress", ""),
        ];
        for (name, path, headers) in reads {
            self.ask(name, |client| {
                let answer = client.get(path, headers).expect("an answer");
                assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            });
        }
        let form = people::Form::on(&mut self.client, "/progress");
        let fields = format!(
            "receipt_no={}&last_six={}",
            known.receipt_no, known.last_six
        );
        self.ask("progress answer", |client| {
            let answer = form.send(client, "/progress", &fields).expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
        });
    }

    /// The one statement of the queue page that reads its rows.
    fn queue_rows(&self) -> Operation {
        let page = self
            .requests
            .iter()
            .find(|request| request.name == "queue page")
            .expect("the queue page");
        let rows = page.statements.iter().filter(|logged| {
            logged.sql.contains("\"cases\"")
                && logged.sql.contains("queue_rank")
                && logged.sql.contains("LIMIT")
        });
        let rows: Vec<Logged> = rows.cloned().collect();
        assert_eq!(
            rows.len(),
            1,
            "the queue page reads its rows in one statement"
        );
        again(self.cluster, &rows, &Names::new())
    }

    fn ask<T>(
        &mut self,
        name: &'static str,
        ask: impl FnOnce(&mut Client) -> T,
    ) -> (T, Vec<Logged>) {
        let client = &mut self.client;
        let ((answer, milliseconds), statements) = self.cluster.watch(DATABASE, || {
            let begun = std::time::Instant::now();
            (ask(client), begun.elapsed().as_secs_f64() * 1000.0)
        });
        self.requests.push(Request {
            name,
            milliseconds,
            statements: statements.clone(),
        });
        (answer, statements)
    }
}

fn person_names(cluster: &Cluster, kind: Numbered, number: u32, value: fn(Part) -> Value) -> Names {
    let account = kind.id::<uuid::Uuid>(number).to_string();
    let sessions =
        format!("SELECT string_agg(id::text, ',') FROM session WHERE account_id = '{account}'");
    let sessions = cluster.text(DATABASE, &sessions);
    let mut names: Names = sessions
        .split(',')
        .map(|id| (id.to_owned(), value(Part::Session)))
        .collect();
    names.insert(account, value(Part::Account));
    names
}

/// Turns a log into an operation: known values by their names, other identifiers are new ones, the rest stays.
fn again(cluster: &Cluster, statements: &[Logged], names: &Names) -> Operation {
    let mut new: Vec<String> = vec![];
    statements
        .iter()
        .map(|logged| match logged.sql.as_str() {
            "BEGIN" => Again::Begin,
            "COMMIT" => Again::Commit,
            sql => Again::Statement {
                sql: sql.to_owned(),
                keeps: Row::read_by(sql),
                values: cluster
                    .types(DATABASE, sql)
                    .into_iter()
                    .zip(&logged.parameters)
                    .map(|(kind, value)| {
                        (kind.clone(), name(&kind, value.as_deref(), names, &mut new))
                    })
                    .collect(),
            },
        })
        .collect()
}

fn name(kind: &str, value: Option<&str>, names: &Names, new: &mut Vec<String>) -> Value {
    let Some(value) = value else {
        return Value::Null;
    };
    if let Some(name) = names.get(value) {
        return name.clone();
    }
    if kind != "uuid" {
        return Value::Same(value.to_owned());
    }
    let at = new
        .iter()
        .position(|known| known == value)
        .unwrap_or_else(|| {
            new.push(value.to_owned());
            new.len() - 1
        });
    Value::NewId(at)
}
