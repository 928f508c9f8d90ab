//! Filing for somebody else (CAS-8): authorisations, and whom a filing is for; and the hotline (CAT-3).

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List};
use crate::domain::actor::{Actor, Role};
use crate::domain::form::{FieldError, Need};
use crate::domain::ids::{AuthorisationId, PatientId, PersonId};
use crate::domain::time::{Day, Ts};
use crate::items::cross_region_registration_covid::ITEM;
use crate::store::authorisations::Paper;
use crate::usecases::behalf::{self, Call, Whom};
use crate::usecases::entrusting::{self, Asked, Held, Named, SIDES, Side};
use crate::usecases::hotline::{self, Spell};
use crate::usecases::zero_material::{self, For};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure, api_locale};
use crate::web::public::hotline::officer;
use crate::web::session::SignedIn;

/// Items that one authorisation can name.
const MOST_ITEMS: usize = 50;

/// For whom a case is filed: `id_number` or `patient`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct ForBody {
    /// Whole ID number of the person concerned.
    id_number: Option<String>,
    /// Clerks of institutions and handlers: entry of the patient ledger (XR-3).
    patient: Option<String>,
}

/// The call back of a filing by phone.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct CallBody {
    /// The number that was called back.
    number: String,
    /// `confirmed` lets the handler file; `not-reached` and `denied` do not.
    result: String,
    /// When; now where it is left out.
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// Body of an authorisation.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewAuthorisation {
    /// Residents: whole ID number of who shall file. Community workers: of the person to file for.
    id_number: String,
    /// Their name.
    name: String,
    /// Slugs of items; all when left out.
    items: Option<Vec<String>>,
    /// First day; today when left out.
    #[schema(format = Date)]
    from: Option<String>,
    /// Last day, at most a year on; a year when left out.
    #[schema(format = Date)]
    to: Option<String>,
    /// Community workers: when the paper was signed.
    #[schema(format = Date)]
    signed_on: Option<String>,
    /// Community workers: where the paper is kept.
    kept: Option<String>,
}

/// An authorisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorisationView {
    /// Identifier.
    id: String,
    /// `family` or `community`.
    kind: &'static str,
    /// On whose side the caller is: `principal` or `grantee`.
    side: &'static str,
    /// Name of the person it is filed for.
    principal: String,
    /// Name of who files.
    grantee: String,
    /// Slugs of items; null for all.
    items: Option<Vec<String>>,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day.
    #[schema(format = Date)]
    to: String,
    /// `offered`, `coming`, `valid`, `over` or `revoked`.
    state: &'static str,
}

/// A spell at the phone.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpellView {
    /// As on a sign on the counter.
    who: String,
    /// When it begins.
    #[schema(format = DateTime)]
    from: String,
    /// When it is over.
    #[schema(format = DateTime)]
    to: String,
}

/// The hotline of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct HotlineView {
    /// Code of the agency.
    agency: String,
    /// Its name.
    name: String,
    /// Its number.
    phone: String,
    /// Whether it is open now.
    open: bool,
    /// When it opens next; null while it is open.
    #[schema(format = DateTime)]
    opens_at: Option<String>,
    /// Who answers now.
    now: Vec<SpellView>,
    /// Who answers next.
    next: Option<SpellView>,
    /// The week from Monday on.
    week: Vec<SpellView>,
}

/// The hotlines of all agencies that take cases.
#[utoipa::path(get, path = "/api/v1/hotline", tag = "catalogue", security(()),
    responses((status = 200, body = List<HotlineView>)))]
pub async fn hotline(request: HttpRequest, app: web::Data<App>) -> Answer {
    let locale = api_locale(&request);
    let (_, lines) = hotline::lines(&app).await?;
    let spelt = |spell: &Spell| SpellView {
        who: officer(locale, spell),
        from: spell.from.rfc3339(),
        to: spell.to.rfc3339(),
    };
    let views = lines.iter().map(|line| HotlineView {
        agency: line.agency.code.to_string(),
        name: crate::web::public::agency_name(&line.agency, locale).to_owned(),
        phone: line.agency.phone.clone(),
        open: line.open,
        opens_at: (!line.open).then(|| line.opens_at.rfc3339()),
        now: line.now.iter().map(spelt).collect(),
        next: line.next.as_ref().map(spelt),
        week: line.week.values().flatten().map(spelt).collect(),
    });
    Ok(HttpResponse::Ok().json(List::whole(views.collect())))
}

/// What the caller granted or may use, the latest first.
#[utoipa::path(get, path = "/api/v1/authorisations", tag = "own",
    responses((status = 200, body = List<AuthorisationView>)))]
pub async fn list(user: SignedIn, app: web::Data<App>) -> Answer {
    let found = entrusting::list(&app, &user.actor).await?;
    Ok(HttpResponse::Ok().json(List::whole(found.iter().map(view).collect())))
}

fn view(held: &Held) -> AuthorisationView {
    let one = &held.authorisation;
    AuthorisationView {
        id: one.id.to_string(),
        kind: one.kind.as_str(),
        side: match held.side {
            Side::Principal => "principal",
            Side::Grantee => "grantee",
        },
        principal: held.principal.clone(),
        grantee: held.grantee.clone(),
        items: one.terms.items.clone(),
        from: one.terms.from.to_string(),
        to: one.terms.to.to_string(),
        state: held.standing.into(),
    }
}

/// A resident authorises a relative; a community worker records an authorisation on paper.
#[utoipa::path(post, path = "/api/v1/authorisations", tag = "own", request_body = NewAuthorisation,
    responses((status = 201, body = AuthorisationView)))]
pub async fn grant(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    let actor = &user.actor;
    actor.require(SIDES)?;
    let (named, asked, paper) = read(&body)?;
    let id = match paper {
        Some(paper) => entrusting::record(&app, actor, named, asked, paper).await?,
        None => entrusting::grant(&app, actor, named, asked).await?,
    };
    let one = shown(&app, actor, id).await?;
    Ok(HttpResponse::Created().json(one))
}

async fn shown(
    app: &App,
    actor: &Actor,
    id: AuthorisationId,
) -> Result<AuthorisationView, Failure> {
    let found = entrusting::list(app, actor).await?;
    let one = found.iter().find(|held| held.authorisation.id == id);
    one.map(view).ok_or_else(Failure::not_found)
}

fn read(body: &Map<String, Value>) -> Result<(Named, Asked, Option<Paper>), Error> {
    let mut fields = Fields::of(body);
    let named = Named {
        id_number: fields.words("id_number"),
        name: fields.words("name"),
    };
    let asked = Asked {
        items: items(&mut fields),
        from: day(&mut fields, "from"),
        to: day(&mut fields, "to"),
    };
    let signed_on = day(&mut fields, "signed_on");
    let kept = fields.words_if_any("kept");
    fields.finish()?;
    let paper = signed_on.map(|signed_on| Paper { signed_on, kept });
    Ok((named, asked, paper))
}

fn day(fields: &mut Fields<'_>, name: &'static str) -> Option<Day> {
    let text = fields.text(name, Need::Optional)?;
    let day = text.parse().ok();
    if day.is_none() {
        fields.fault(name, "day-impossible");
    }
    day
}

fn items(fields: &mut Fields<'_>) -> Vec<String> {
    let list = match fields.raw("items") {
        None => return vec![],
        Some(Value::Array(list)) if list.len() <= MOST_ITEMS => list,
        Some(_) => {
            fields.fault("items", "wrong-type");
            return vec![];
        }
    };
    list.iter()
        .map(|slug| slug.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The relative accepts.
#[utoipa::path(post, path = "/api/v1/authorisations/{id}/accept", tag = "own",
    params(("id" = String, Path)), responses((status = 200, body = AuthorisationView)))]
pub async fn accept(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(SIDES)?;
    let id = path.parse().map_err(|_| Failure::not_found())?;
    entrusting::accept(&app, &user.actor, id).await?;
    Ok(HttpResponse::Ok().json(shown(&app, &user.actor, id).await?))
}

/// Either side takes it back, at once.
#[utoipa::path(post, path = "/api/v1/authorisations/{id}/revoke", tag = "own",
    params(("id" = String, Path)), responses((status = 200, body = AuthorisationView)))]
pub async fn revoke(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(SIDES)?;
    let id = path.parse().map_err(|_| Failure::not_found())?;
    entrusting::revoke(&app, &user.actor, id).await?;
    Ok(HttpResponse::Ok().json(shown(&app, &user.actor, id).await?))
}

/// For whom a filing is.
pub enum Principal {
    /// For a person, with the call back of a handler.
    Person(PersonId, Option<Call>),
    /// For a patient of the ledger, without any call back (XR-3).
    Patient(PatientId),
}

/// Who names somebody to file for.
const FILERS: &[Role] = &[
    Role::Handler,
    Role::Resident,
    Role::Proxy,
    Role::InstitutionClerk,
];

/// Reads `for` and `call_back` of a filing; `None` for an own one.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field; whoever may not file for them learns nothing of the person.
pub async fn principal(
    app: &App,
    actor: &Actor,
    body: &Map<String, Value>,
) -> Result<Option<Principal>, Failure> {
    let mut fields = Fields::of(body);
    if fields.raw("for").is_none() {
        return Ok(None);
    }
    actor.require(FILERS)?;
    let whom = fields.object("for");
    let call = fields.raw("call_back").map(|_| fields.object("call_back"));
    fields.finish()?;
    let mut whom = Fields::of(&whom);
    if let Some(patient) = whom.text("patient", Need::Optional) {
        let patient = patient.parse().map_err(|_| not_in_ledger())?;
        let found = zero_material::find(app, actor, For::Patient(patient)).await?;
        return Ok(Some(Principal::Patient(found)));
    }
    let id_number = whom.words("id_number");
    let mut errors = whom.errors;
    let call = call.as_ref().map(|call| read_call(call, &mut errors));
    if !errors.is_empty() {
        return Err(Error::Invalid(errors).into());
    }
    if let Some(patient) = patient(app, actor, &id_number, body, call.is_some()).await? {
        return Ok(Some(Principal::Patient(patient)));
    }
    let person = behalf::find(app, actor, Whom::IdNumber(id_number)).await?;
    Ok(Some(Principal::Person(person.id, call)))
}

/// The entry of the ledger that stands for a call back: always the clerk's way, the handler's who called nobody.
async fn patient(
    app: &App,
    actor: &Actor,
    id_number: &str,
    body: &Map<String, Value>,
    called: bool,
) -> Result<Option<PatientId>, Error> {
    let without_papers = body.get("item").and_then(Value::as_str) == Some(ITEM.slug);
    let whom = For::IdNumber(id_number.to_owned());
    match actor.role {
        Role::InstitutionClerk => zero_material::find(app, actor, whom).await.map(Some),
        Role::Handler if without_papers && !called => {
            match zero_material::find(app, actor, whom).await {
                Ok(found) => Ok(Some(found)),
                // Without an entry it is a filing by phone like any other.
                Err(Error::Invalid(_)) => Ok(None),
                Err(error) => Err(error),
            }
        }
        _ => Ok(None),
    }
}

fn not_in_ledger() -> Error {
    Error::Invalid(vec![FieldError::new("for", "not-in-ledger")])
}

fn read_call(call: &Map<String, Value>, errors: &mut Vec<FieldError>) -> Call {
    let mut fields = Fields::of(call);
    let number = fields.words("number");
    let result = fields.words("result");
    let at = fields.text("at", Need::Optional).and_then(|text| {
        let at = Ts::parse(&text);
        if at.is_none() {
            fields.fault("at", "instant-malformed");
        }
        at
    });
    for mut error in fields.errors {
        error.field = format!("call_back.{}", error.field);
        errors.push(error);
    }
    Call { number, result, at }
}
