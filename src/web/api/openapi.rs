//! The description of the API (OpenAPI 3.1), made from the handlers it describes.

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::web::api::{
    accounts, batches, behalf, cases, catalogue, clock, closures, contacts, desk, notifications,
    oversight, own, papers, patients,
};
use crate::web::problem::Answer;

/// What failures say (RFC 9457).
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ProblemDetails {
    /// Always `about:blank`; `code` tells problems apart.
    #[serde(rename = "type")]
    kind: String,
    /// In the request's language.
    title: String,
    /// Status.
    status: u16,
    /// What went wrong, for programs: `not-found`, `stale-version`, `wrong-state`, `overlap`, `invalid` …
    code: String,
    /// In the request's language.
    detail: String,
    /// By which the request is found in the log.
    request_id: Option<String>,
    /// 409: the state of the case now.
    state: Option<String>,
    /// 409: the version of the case now.
    version: Option<u32>,
    /// 422: every fault at its field.
    errors: Option<Vec<FieldProblem>>,
    /// 422: the rule that stands against it.
    rule: Option<String>,
}

/// One fault of one field.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Name of the field.
    field: String,
    /// What is wrong, for programs.
    code: String,
    /// In the request's language.
    message: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "不见面 bujianmian",
        description = "Medical-insurance service items without a counter: filing, progress, handling. Messages \
                       follow Accept-Language (zh-CN by default). Instants are RFC 3339 with +08:00, days Beijing \
                       days. Lists are {items, next}.",
    ),
    paths(
        accounts::issue, accounts::revoke, accounts::me, accounts::demo,
        notifications::read, notifications::switch,
        catalogue::list, catalogue::guide, document,
        cases::list, cases::create, cases::read, cases::events, cases::act, cases::confirm, cases::decline,
        clock::read, clock::set,
        closures::list, closures::enter, closures::end, closures::withdraw,
        own::registrations,
        own::inbox,
        own::look_up,
        behalf::hotline, behalf::list, behalf::grant, behalf::accept, behalf::revoke,
        cases::materials,
        papers::upload,
        papers::download,
        patients::enter, patients::list, patients::read, patients::set_status, patients::discharge,
        patients::costs, patients::add_cost,
        desk::queue, desk::take_next, desk::handlers, desk::breach_causes,
        contacts::list, contacts::read, contacts::answer, contacts::add_file, contacts::download, contacts::ask,
        oversight::breaches, oversight::turnaround, oversight::rate,
        batches::list, batches::create, batches::read, batches::report, batches::tasks, batches::results,
        batches::withdraw, batches::decide, batches::staff,
    ),
    components(schemas(ProblemDetails, FieldProblem)),
    security(("bearer" = [])),
    modifiers(&Bearer, &Problems),
)]
struct Document;

/// How callers sign in.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Every operation can fail, and all failures look alike.
struct Problems;

impl utoipa::Modify for Problems {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let content: Content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("ProblemDetails")))
            .build();
        let failure = ResponseBuilder::new()
            .description("Problem details (RFC 9457)")
            .content("application/problem+json", content)
            .build();
        for path in openapi.paths.paths.values_mut() {
            for operation in [&mut path.get, &mut path.post, &mut path.put]
                .into_iter()
                .flatten()
            {
                operation
                    .responses
                    .responses
                    .insert("default".to_owned(), RefOr::T(failure.clone()));
            }
        }
    }
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "catalogue", security(()),
    responses((status = 200, body = Object)))]
pub async fn document() -> Answer {
    Ok(HttpResponse::Ok().json(Document::openapi()))
}
