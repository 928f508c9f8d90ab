//! HTTP only: pages and API in front of the use cases. Nothing here holds a rule of the office or any SQL;
//! what a person may do is asked of the domain, what is shown comes from use cases and reports.

pub mod accounts;
pub mod admin_outbox;
pub mod api;
pub mod assets;
pub mod chrome;
pub mod components;
pub mod csrf;
pub mod demo_mail;
pub mod desk;
pub mod errors;
pub mod inbox;
pub mod limits;
pub mod login;
pub mod observe;
pub mod page;
pub mod preferences;
pub mod problem;
pub mod public;
pub mod resident;
pub mod server;
pub mod session;
pub mod status;
pub mod urls;
pub mod words;

use actix_web::web::{ServiceConfig, get, post, route};

use problem::Failure;

/// The route table, grouped by audience.
pub fn configure(config: &mut ServiceConfig) {
    // Machines that watch
    config
        .route("/healthz", get().to(status::alive))
        .route("/readyz", get().to(status::ready))
        .route("/metrics", get().to(status::metrics));
    config
        .configure(everybody)
        .configure(signed_in)
        .configure(desk::routes)
        .configure(resident::routes)
        .configure(administrators)
        .configure(demo_visitors)
        .configure(api::routes)
        .default_service(route().to(nothing_there));
}

fn everybody(config: &mut ServiceConfig) {
    config
        .service(assets::serve)
        .configure(preferences::routes)
        .route("/", get().to(public::home::home))
        .route("/items", get().to(public::catalogue::catalogue))
        .route("/items/{slug}", get().to(public::guide::guide))
        .route("/agencies", get().to(public::agencies::list))
        .route("/progress", get().to(public::progress::ask))
        .route("/progress", post().to(public::progress::look_up))
        .route("/policy/{pool}", get().to(public::policy::policy))
        .route("/working-days/{year}", get().to(public::calendar::year))
        .route("/help", get().to(public::statements::help))
        .route(
            "/accessibility",
            get().to(public::statements::accessibility),
        )
        .route("/privacy", get().to(public::statements::privacy))
        .route("/login", get().to(login::login_page))
        .route("/login", post().to(login::login))
        .route("/login/demo", post().to(login::login_demo));
}

fn signed_in(config: &mut ServiceConfig) {
    config
        .route("/logout", post().to(login::logout))
        .route("/session/keep-alive", post().to(login::keep_alive))
        .route("/inbox", get().to(inbox::inbox))
        .route("/inbox/read", post().to(inbox::mark_read))
        .route("/account", get().to(accounts::account))
        .route("/account/language", post().to(accounts::save_language))
        .route("/account/end-others", post().to(accounts::end_others))
        .route("/account/password", get().to(accounts::password_page))
        .route("/account/password", post().to(accounts::change_password));
}

fn administrators(config: &mut ServiceConfig) {
    config
        .route("/admin/outbox", get().to(admin_outbox::list))
        .route("/admin/outbox/retry", post().to(admin_outbox::retry));
}

fn demo_visitors(config: &mut ServiceConfig) {
    config
        .route("/demo/mail", get().to(demo_mail::list))
        .route("/demo/mail/{pool}/{id}", get().to(demo_mail::show));
}

async fn nothing_there(_: session::MaybeSignedIn) -> problem::Answer {
    Err(Failure::not_found())
}
