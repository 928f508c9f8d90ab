//! The catalogue and the guides (CAT-1, CAT-2), from the same definitions that drive the forms. No login.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::reading::{List, Query};
use crate::data::texts::{has_text, text};
use crate::domain::case::Channel;
use crate::domain::form::{Field, FieldError, FormSpec, Kind, Need};
use crate::domain::item::{Basis, Material, ServiceItem};
use crate::domain::locale::Locale;
use crate::domain::place::Pool;
use crate::domain::policy::Policy;
use crate::items::{self, offline};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure, api_locale};

/// An item of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// Name in addresses and bodies.
    pub slug: &'static str,
    /// Name in the request's language.
    pub name: String,
    /// It can be filed here; else the other channels are the way (CAT-2).
    pub online: bool,
    /// Ways to have it done.
    pub channels: Vec<Named>,
    /// Hotline of the pool.
    pub hotline: String,
}

/// A code with its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The code.
    pub code: &'static str,
    /// In the request's language.
    pub name: String,
}

/// The guide of an item (CAT-1).
#[derive(Debug, Serialize, ToSchema)]
pub struct Guide {
    /// What the catalogue says.
    #[serde(flatten)]
    pub item: ItemView,
    /// Who may file.
    pub audience: Vec<Named>,
    /// The clauses it rests on.
    pub basis: Vec<BasisView>,
    /// Urgency class (CAT-4).
    pub urgency: Option<Named>,
    /// Papers it takes; none where it is zero-material.
    pub materials: Vec<MaterialGuide>,
    /// Time limits.
    pub limits: Option<LimitsView>,
    /// JSON Schema of `answers`.
    #[schema(value_type = Option<Object>)]
    pub form: Option<Value>,
}

/// A clause.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasisView {
    /// Number of the source document.
    pub source: &'static str,
    /// Place in it.
    pub clause: &'static str,
    /// Rule of this service that follows from it.
    pub rule: &'static str,
}

/// A paper that an item takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialGuide {
    /// Name in uploads.
    pub material: &'static str,
    /// In the request's language.
    pub name: String,
    /// May follow later under pledge (CAS-4).
    pub deferrable: bool,
    /// Needs the separate consent of CAS-13.
    pub health: bool,
}

/// Time limits of an item in working days (CLK-1), by the pool's pack.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsView {
    /// To the first answer.
    pub first_answer: u32,
    /// To the end, from the same start.
    pub whole_case: u32,
}

/// The catalogue: what can be filed here, and what can't yet.
#[utoipa::path(get, path = "/api/v1/items", tag = "catalogue", security(()),
    params(("pool" = Option<String>, Query, description = "Whose hotline; the national default without")),
    responses((status = 200, body = List<ItemView>)))]
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Answer {
    let locale = api_locale(&request);
    let policy = policy(&request, &app)?;
    let here = items::ALL.iter().map(|item| online(item, locale, &policy));
    let elsewhere = offline::ALL
        .iter()
        .map(|item| offline_item(item, locale, &policy));
    Ok(HttpResponse::Ok().json(List::whole(here.chain(elsewhere).collect())))
}

/// The guide of an item, with the JSON Schema of its form.
#[utoipa::path(get, path = "/api/v1/items/{slug}", tag = "catalogue", security(()),
    params(("slug" = String, Path), ("pool" = Option<String>, Query, description = "Whose limits and hotline")),
    responses((status = 200, body = Guide)))]
pub async fn guide(request: HttpRequest, app: web::Data<App>, slug: web::Path<String>) -> Answer {
    let locale = api_locale(&request);
    let policy = policy(&request, &app)?;
    let guide = match items::find(&slug) {
        Some(item) => full_guide(item, locale, &policy),
        None => offline::ALL
            .iter()
            .find(|item| item.slug == slug.as_str())
            .map(|item| Guide {
                item: offline_item(item, locale, &policy),
                audience: vec![],
                basis: vec![basis(&item.basis)],
                urgency: None,
                materials: vec![],
                limits: None,
                form: None,
            })
            .ok_or_else(Failure::not_found)?,
    };
    Ok(HttpResponse::Ok().json(guide))
}

/// The pack of the pool that was asked for, of today.
fn policy<'a>(request: &HttpRequest, app: &'a App) -> Result<Policy<'a>, Error> {
    let today = app.clock.now().day();
    let query = Query::of(request);
    match query.get("pool") {
        None => Ok(app.office.policies.default_on(today)),
        Some(code) => {
            let pool: Pool = code
                .parse()
                .map_err(|_| Error::Invalid(vec![FieldError::new("pool", "region-unknown")]))?;
            Ok(app.office.policies.on(pool, today))
        }
    }
}

fn online(item: &ServiceItem, locale: Locale, policy: &Policy<'_>) -> ItemView {
    ItemView {
        slug: item.slug,
        name: text(locale, &format!("item-{}", item.slug)),
        online: true,
        channels: channels(item.channels, locale),
        hotline: policy.hotline().value.clone(),
    }
}

fn offline_item(item: &offline::OfflineItem, locale: Locale, policy: &Policy<'_>) -> ItemView {
    ItemView {
        slug: item.slug,
        name: text(locale, &format!("item-{}", item.slug)),
        online: false,
        channels: channels(item.ways, locale),
        hotline: policy.hotline().value.clone(),
    }
}

fn channels(channels: &[Channel], locale: Locale) -> Vec<Named> {
    channels
        .iter()
        .map(|channel| named(channel.as_str(), "channel", locale))
        .collect()
}

fn named(code: &'static str, family: &str, locale: Locale) -> Named {
    Named {
        code,
        name: text(locale, &format!("{family}-{code}")),
    }
}

fn full_guide(item: &ServiceItem, locale: Locale, policy: &Policy<'_>) -> Guide {
    Guide {
        item: online(item, locale, policy),
        audience: item
            .audience
            .iter()
            .map(|role| named(role.as_str(), "role", locale))
            .collect(),
        basis: item.basis.iter().map(basis).collect(),
        urgency: Some(named(item.urgency.as_str(), "urgency", locale)),
        materials: item.materials.iter().map(|m| paper(m, locale)).collect(),
        limits: Some(LimitsView {
            first_answer: policy.first_answer(item.slug).value.0,
            whole_case: policy.whole_case(item.slug).value.0,
        }),
        form: Some(schema(item.slug, item.form, locale)),
    }
}

fn basis(basis: &Basis) -> BasisView {
    BasisView {
        source: basis.source,
        clause: basis.clause,
        rule: basis.rule,
    }
}

fn paper(material: &Material, locale: Locale) -> MaterialGuide {
    MaterialGuide {
        material: material.name,
        name: text(locale, &format!("material-{}", material.name)),
        deferrable: material.deferrable,
        health: material.health,
    }
}

/// JSON Schema (2020-12) of the answers to a form.
fn schema(slug: &str, form: &FormSpec, locale: Locale) -> Value {
    let properties: Map<String, Value> = form
        .fields
        .iter()
        .map(|field| (field.name.to_owned(), property(slug, field, locale)))
        .collect();
    let required: Vec<&str> = form
        .fields
        .iter()
        .filter(|field| field.need == Need::Always)
        .map(|field| field.name)
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "version": form.version,
        "properties": properties,
        "required": required,
    })
}

fn property(slug: &str, field: &Field, locale: Locale) -> Value {
    let key = format!("field-{slug}-{}", field.name);
    let mut property = match &field.kind {
        Kind::Choice(options) => {
            let described: Vec<Value> = options
                .iter()
                .map(|option| {
                    let words = text(locale, &format!("choice-{slug}-{}-{option}", field.name));
                    json!({ "const": option, "title": words })
                })
                .collect();
            json!({ "type": "string", "enum": options, "oneOf": described })
        }
        Kind::Region => json!({ "type": "string", "pattern": "^[0-9]{6}$" }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Phone => json!({ "type": "string" }),
        Kind::Text(longest) => json!({ "type": "string", "maxLength": longest }),
        Kind::Pledge => json!({ "type": "boolean", "const": true }),
        Kind::Registration => json!({ "type": "string", "format": "uuid" }),
    };
    if let Value::Object(members) = &mut property {
        members.insert("title".to_owned(), text(locale, &key).into());
        let hint = format!("{key}-hint");
        if has_text(locale, &hint) {
            members.insert("description".to_owned(), text(locale, &hint).into());
        }
    }
    property
}
