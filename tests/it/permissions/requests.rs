//! One request of the permission matrix: the address with its parameters and a body that is good in everything but
//! who sends it, so that only the right stands between the request and its effect. To what somebody may do, an old
//! version or something of their own just made is sent, so that the scene stays as it is.

use bujianmian::domain::actor::Role;
use bujianmian::domain::ids::MessageId;
use diesel::prelude::*;
use serde_json::json;

use super::expectations::{Line, Object, Outcome};
use super::scene::{Body, Scene, Visitor, Whose, stranger, unknown_number};
use crate::harness::service::NOW;
use crate::harness::world::{CITY, PASSWORD};

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";
/// A version that no case has.
const OLD: u32 = 999;

/// What is sent.
pub struct Ready {
    pub visitor: Visitor,
    pub path: String,
    pub body: Body,
    /// What stands in the path for the object, to be taken out of answers before they are compared.
    pub names: Vec<String>,
}

impl Scene {
    /// The request of `visitor` to `line` about a thing of `whose`; `outcome` is what is expected of it.
    pub fn ready(&self, line: &Line, visitor: &Visitor, whose: Whose, outcome: Outcome) -> Ready {
        let mut visitor = visitor.clone();
        if ends_the_session(line) && visitor.role.is_some() {
            let kept = visitor.csrf.clone();
            let own = self.visitor(visitor.role.unwrap()).csrf == kept;
            visitor = self.sign_in(visitor.role.unwrap().as_str());
            // A form that is not its own stays so.
            if !own {
                visitor.csrf = kept;
            }
        }
        let mut names = vec![];
        let mut path = String::new();
        let mut rest = line.path.as_str();
        let things = self.object(line, &visitor, whose, outcome);
        let mut objects = things.iter();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            path.push_str(before);
            path.push_str(&match (name, line.object) {
                (_, Object::Nothing) => plain(line, name),
                ("field" | "action" | "pool", _) => plain(line, name),
                _ => {
                    let name = objects.next().unwrap().clone();
                    names.push(name.clone());
                    name
                }
            });
            rest = after;
        }
        path.push_str(rest);
        let body = self.body(line, &visitor, whose, outcome, objects.next());
        Ready {
            visitor,
            path,
            body,
            names,
        }
    }

    /// The identifiers of what the address names, in its order.
    fn object(
        &self,
        line: &Line,
        visitor: &Visitor,
        whose: Whose,
        outcome: Outcome,
    ) -> Vec<String> {
        let malformed = whose == Whose::Malformed;
        let text = |id: &str| vec![id.to_owned()];
        let nonsense = || "nonsense".to_owned();
        match line.object {
            Object::Nothing => vec![],
            Object::Letter | Object::Message | Object::Authorisation if whose == Whose::Missing => {
                text(NOBODY)
            }
            Object::PatientCost if malformed => vec![nonsense(), nonsense()],
            // Some addresses name a file of it too.
            Object::Contact if malformed => vec![nonsense(), nonsense()],
            Object::Contact => vec![NOBODY.to_owned(), NOBODY.to_owned()],
            // A batch, and a task of it.
            Object::Batch if malformed => vec![nonsense(), nonsense()],
            Object::Batch => vec![NOBODY.to_owned(), NOBODY.to_owned()],
            _ if malformed && !matches!(line.object, Object::Paper | Object::DraftPaper) => {
                text("nonsense")
            }
            Object::Letter | Object::Message => text(&self.message(line.object, whose)),
            Object::Login if whose == Whose::Missing => text(NOBODY),
            Object::Login if whose == Whose::OtherPool => text("supervisor-pool"),
            Object::Login => text("supervisor-second"),
            Object::Authorisation | Object::Closure => text(NOBODY),
            Object::Approval => match (whose, outcome) {
                (Whose::Missing, _) => text(NOBODY),
                (Whose::SelfAsked, _) => text(&self.asked(Whose::Another, "supervisor", OLD)),
                // Nothing moves, but it is reached.
                (Whose::Own, _) => text(&self.asked(Whose::Another, "supervisor-second", OLD)),
                (Whose::County, _) => {
                    text(&self.asked(whose, "supervisor-county", self.version(whose)))
                }
                (Whose::OtherPool, _) => {
                    text(&self.asked(whose, "supervisor-pool", self.version(whose)))
                }
                (whose, _) => text(&self.asked(whose, "supervisor-second", self.version(whose))),
            },
            Object::Case | Object::Outline if whose == Whose::Missing => vec![unknown_number()],
            Object::Case | Object::Outline => text(&self.things[&whose].receipt_no),
            Object::Paper => {
                let own = self.own_of(visitor);
                match whose {
                    Whose::Malformed => vec![self.things[&own].receipt_no.clone(), nonsense()],
                    Whose::Missing => vec![self.things[&own].receipt_no.clone(), NOBODY.to_owned()],
                    Whose::ForeignPaper => vec![
                        self.things[&own].receipt_no.clone(),
                        self.things[&Whose::OtherPool].paper.clone(),
                    ],
                    _ => {
                        let thing = &self.things[&whose];
                        vec![thing.receipt_no.clone(), thing.paper.clone()]
                    }
                }
            }
            Object::Draft | Object::DraftPaper => self.draft_of(visitor, whose, outcome),
            Object::Patient | Object::PatientCost => match self.patients.get(&whose) {
                Some((patient, cost)) => vec![patient.clone(), cost.clone()],
                None => vec![NOBODY.to_owned(), NOBODY.to_owned()],
            },
        }
    }

    /// A case that the visitor sees, if there is one.
    fn own_of(&self, visitor: &Visitor) -> Whose {
        match visitor.role {
            Some(Role::Proxy) => Whose::Authorised,
            _ => Whose::Own,
        }
    }

    fn draft_of(&self, visitor: &Visitor, whose: Whose, outcome: Outcome) -> Vec<String> {
        let (own, own_paper) = match outcome {
            // Used up by the request.
            Outcome::Reached => self.draft(visitor),
            _ => self.drafts[0].clone(),
        };
        let (another, foreign_paper) = self.drafts[1].clone();
        match whose {
            Whose::Another => vec![another, foreign_paper],
            Whose::Missing => vec![NOBODY.to_owned(), own_paper],
            Whose::Malformed => vec!["nonsense".to_owned(), "nonsense".to_owned()],
            Whose::ForeignPaper => vec![own, foreign_paper],
            _ => vec![own, own_paper],
        }
    }

    fn version(&self, whose: Whose) -> u32 {
        self.case(&self.things[&whose].receipt_no).version
    }

    /// A letter that was sent, or a message that was not, of the own or the other pool.
    fn message(&self, object: Object, whose: Whose) -> String {
        use bujianmian::store::schema::outbox;
        let pool = pool_of(whose);
        let state = if object == Object::Letter {
            "sent"
        } else {
            "dead"
        };
        let id: MessageId = self.harness.read(|conn| {
            Ok(outbox::table
                .filter(outbox::pool.eq(pool).and(outbox::state.eq(state)))
                .select(outbox::id)
                .first(conn.sql)?)
        });
        id.to_string()
    }

    fn body(
        &self,
        line: &Line,
        visitor: &Visitor,
        whose: Whose,
        outcome: Outcome,
        named: Option<&String>,
    ) -> Body {
        if line.method == "get" {
            return Body::Nothing;
        }
        // The true version where only the right is in the way; else an old one, so that nothing moves.
        let version = match self.things.get(&whose) {
            _ if line.object == Object::Patient && outcome != Outcome::Reached => 1,
            Some(thing) if outcome != Outcome::Reached => self.case(&thing.receipt_no).version,
            _ => OLD,
        };
        let own = match line.object {
            Object::Message => self.own_of_message(whose, named),
            _ => fields(line, version),
        };
        match line.path.as_str() {
            "/api/v1/cases/{receipt_no}/materials" => Body::File(vec![
                ("material", "referral-slip".to_owned()),
                ("consent", "1".to_owned()),
            ]),
            "/api/v1/contacts/{id}/files" => Body::File(vec![]),
            "/api/v1/batches" => Body::File(vec![("item", "cross-region-registration".to_owned())]),
            "/employer/batches/new" => Body::File(vec![("csrf", visitor.csrf.clone())]),
            path if path.starts_with("/api/") => Body::Json(json(path, version)),
            path if path.ends_with("/papers")
                || path.ends_with("/files")
                || path.contains("/patients/import") =>
            {
                Body::File([vec![("csrf", visitor.csrf.clone())], own].concat())
            }
            "/login" | "/login/demo" | "/login/code" | "/progress" => {
                Body::Form([vec![("csrf", self.public.0.clone())], own].concat())
            }
            _ => Body::Form([vec![("csrf", visitor.csrf.clone())], own].concat()),
        }
    }

    fn own_of_message(&self, whose: Whose, named: Option<&String>) -> Vec<(&'static str, String)> {
        let pool = pool_of(whose);
        vec![
            ("pool", pool.to_owned()),
            ("id", named.cloned().unwrap_or_default()),
        ]
    }
}

fn pool_of(whose: Whose) -> &'static str {
    match whose {
        Whose::OtherPool => "320600",
        _ => CITY,
    }
}

/// Of these a session is used up by each request.
fn ends_the_session(line: &Line) -> bool {
    matches!(
        (line.method.as_str(), line.path.as_str()),
        (
            "post",
            "/logout" | "/login" | "/login/demo" | "/api/v1/token/revoke"
        )
    )
}

/// A parameter that names nobody's.
fn plain(line: &Line, name: &str) -> String {
    if let Some((fixed, value)) = &line.fixed
        && fixed == name
    {
        return value.clone();
    }
    match name {
        "version" => "0",
        "name:.*" => "app.css",
        "tag" => "zh-CN",
        "size" => "large",
        "slug" => "cross-region-registration",
        "pool" => CITY,
        "year" => "2026",
        "field" => "destination",
        "action" => "claim",
        other => panic!("no value for {{{other}}}"),
    }
    .to_owned()
}

fn fields(line: &Line, version: u32) -> Vec<(&'static str, String)> {
    let text = |name, value: &str| (name, value.to_owned());
    let versioned = ("version", version.to_string());
    match line.path.as_str() {
        "/login" => vec![
            text("username", "administrator"),
            text("password", PASSWORD),
        ],
        "/login/demo" => vec![text("username", "administrator")],
        "/login/code" => vec![text("code", "000000")],
        "/account/end-session" => vec![text("session", NOBODY)],
        "/account/second-factor/confirm" | "/account/second-factor/recovery-codes" => {
            vec![text("code", "000000")]
        }
        "/admin/accounts/{username}/access" => vec![text("access", "open")],
        "/progress" => vec![("receipt_no", unknown_number()), text("last_six", "000000")],
        "/inbox/read" => vec![text("last", NOBODY)],
        "/account/language" | "/account/notifications" => vec![text("locale", "zh-CN")],
        "/admin/outbox/retry-all" => vec![text("channel", "sms"), text("reason", "none")],
        "/account/password" => vec![
            text("old_password", "not it"),
            text("new_password", "another good password"),
            text("repeat_password", "another good password"),
        ],
        "/desk/cases/{receipt_no}/reveal" => {
            vec![text("what", "id-number"), text("reason", "示例：核对")]
        }
        "/desk/cases/{receipt_no}/actions/{action}" => {
            vec![versioned, text("reason", "示例：先办")]
        }
        "/apply/draft/{id}/{field}" | "/apply/draft/{id}/autosave" => {
            vec![text("destination", "110200")]
        }
        "/apply/draft/{id}/submit" => vec![],
        "/desk/leave/grant" | "/desk/leave/cancel" => vec![text("id", NOBODY)],
        "/desk/file/submit" | "/behalf/submit" => vec![
            text("item", "cross-region-registration"),
            text("person", NOBODY),
        ],
        "/apply/draft/{id}/papers" | "/my/cases/{receipt_no}/papers" => vec![
            text("material", "referral-slip"),
            text("consent_version", "1"),
            text("consent", "yes"),
        ],
        "/institution/patients/new" | "/institution/patients/{patient}/correct" => vec![
            versioned,
            text("name", "示例新患者"),
            text("id_number", crate::harness::world::id_number(75).as_str()),
            text("status", "suspected"),
            text("admitted_on", "2026-11-22"),
            text("place_of_insurance", "110100"),
            text("reason", "示例：录错"),
        ],
        "/institution/patients/{patient}/status" => vec![versioned, text("status", "confirmed")],
        "/institution/patients/{patient}/discharge" => {
            vec![versioned, text("discharged_on", "2026-11-23")]
        }
        "/institution/patients/{patient}/costs" => vec![
            text("incurred_on", "2026-11-22"),
            text("kind", "bed"),
            text("amount", "12.50"),
        ],
        "/institution/patients/{patient}/costs/{cost}/take-back" => {
            vec![text("reason", "示例：记错")]
        }
        "/employer/staff/reveal" => vec![text("person", NOBODY), text("reason", "示例：核对")],
        "/desk/batches/{id}/decide" => vec![text("action", "approve")],
        "/my/cases/{receipt_no}/object" => vec![versioned, text("reason", "示例：不同意")],
        "/my/cases/{receipt_no}/withdraw" | "/my/cases/{receipt_no}/supplement" => vec![versioned],
        _ => vec![],
    }
}

fn json(path: &str, version: u32) -> serde_json::Value {
    match path {
        "/api/v1/token" => json!({ "username": "administrator", "password": PASSWORD }),
        // The time that it is, so that nothing falls due.
        "/api/v1/demo/clock" => json!({ "at": NOW }),
        "/api/v1/me/notifications" => json!({ "switches": [] }),
        "/api/v1/progress" => json!({ "receipt_no": unknown_number(), "last_six": "000000" }),
        // An overlap for the resident of the scene.
        "/api/v1/cases" => json!({ "item": "cross-region-registration", "answers": {
            "kind": "referral", "destination": "110100", "start": "2026-11-24", "end": "2026-12-24",
            "phone": "13800000000", "pledge": true } }),
        "/api/v1/closures/{id}/end" => {
            json!({ "version": 1, "to": "2026-11-30", "notice": "示例通告" })
        }
        "/api/v1/patients" => json!({ "name": "示例新患者", "status": "suspected",
            "id_number": crate::harness::world::id_number(76).as_str(), "admitted_on": "2026-11-22",
            "place_of_insurance": "110100" }),
        "/api/v1/patients/{id}/status" => json!({ "version": version, "status": "confirmed" }),
        "/api/v1/patients/{id}/discharge" => {
            json!({ "version": version, "discharged_on": "2026-11-23" })
        }
        "/api/v1/patients/{id}/costs" => {
            json!({ "incurred_on": "2026-11-22", "kind": "bed", "amount": 1_250 })
        }
        "/api/v1/contacts/{id}/answer" => json!({ "result": "done" }),
        "/api/v1/patients/{id}/contact" => json!({}),
        "/api/v1/batches/{id}/decide" => json!({ "action": "approve" }),
        _ => json!({ "version": version, "reason": "示例：先办" }),
    }
}

/// A stranger who has the visitor's form token.
pub fn without_session(visitor: &Visitor) -> Visitor {
    Visitor {
        csrf: visitor.csrf.clone(),
        ..stranger()
    }
}
