//! HTTP only: pages and API in front of the use cases. Nothing here holds a rule of the office or any SQL;
//! what a person may do is asked of the domain, what is shown comes from use cases and reports.

pub mod accounts;
pub mod admin_accounts;
pub mod admin_closures;
pub mod admin_outbox;
pub mod api;
pub mod assets;
pub mod batch_parts;
pub mod batch_report;
pub mod behalf;
pub mod chrome;
pub mod clockline;
pub mod components;
pub mod contacts;
pub mod csrf;
pub mod csv;
pub mod delivery;
pub mod demo_mail;
pub mod desk;
pub mod employer;
pub mod errors;
pub mod inbox;
pub mod institution;
pub mod limits;
pub mod login;
pub mod login_code;
pub mod login_platform;
pub mod notifications;
pub mod observe;
pub mod page;
pub mod passing;
pub mod patient_registration;
pub mod preferences;
pub mod problem;
pub mod public;
pub mod resident;
pub mod second_factor;
pub mod server;
pub mod session;
pub mod sheet_upload;
pub mod status;
pub mod table;
pub mod urls;
pub mod words;

use actix_web::web::{ServiceConfig, route};

use problem::Failure;
use table::{Table, table};

table! {
    // Machines that watch
    "/healthz" => get status::alive;
    "/readyz" => get status::ready;
    "/metrics" => get status::metrics;
    // Everybody
    "/static/{version}/{name:.*}" => get assets::serve;
    "/preferences/language/{tag}" => get preferences::set_language;
    "/preferences/print/{size}" => get preferences::set_print;
    "/" => get public::home::home;
    "/items" => get public::catalogue::catalogue;
    "/items/{slug}" => get public::guide::guide;
    "/agencies" => get public::agencies::list;
    "/hotline" => get public::hotline::show;
    "/closures" => get public::closures::show;
    "/progress" => get public::progress::ask, post public::progress::look_up;
    "/policy/{pool}" => get public::policy::policy;
    "/working-days/{year}" => get public::calendar::year;
    "/anchors" => get public::anchors::latest;
    "/statistics" => get public::statistics::show;
    "/statistics.csv" => get public::statistics::file;
    "/help" => get public::statements::help;
    "/accessibility" => get public::statements::accessibility;
    "/privacy" => get public::statements::privacy;
    "/login" => get login::login_page, post login::login;
    "/login/demo" => post login::login_demo;
    "/login/code" => get login_code::ask, post login_code::enter;
    "/login/platform" => get login_platform::depart;
    "/login/platform/callback" => get login_platform::arrive;
    // Whoever is signed in
    "/logout" => post login::logout;
    "/session/keep-alive" => post login::keep_alive;
    "/inbox" => get inbox::inbox;
    "/inbox/read" => post inbox::mark_read;
    "/account" => get accounts::account;
    "/account/notifications" => get notifications::show, post notifications::save;
    "/account/language" => post accounts::save_language;
    "/account/end-session" => post accounts::end_session;
    "/account/end-others" => post accounts::end_others;
    "/account/second-factor" => get second_factor::show;
    "/account/second-factor/begin" => post second_factor::begin;
    "/account/second-factor/confirm" => post second_factor::confirm;
    "/account/second-factor/recovery-codes" => post second_factor::renew_codes;
    "/account/password" => get accounts::password_page, post accounts::change_password;
    // Administrators
    "/admin/accounts" => get admin_accounts::list;
    "/admin/accounts/{username}" => get admin_accounts::show;
    "/admin/accounts/{username}/access" => post admin_accounts::set_access;
    "/admin/accounts/{username}/reset-second-factor" => post admin_accounts::reset;
    "/admin/closures" => get admin_closures::list, post admin_closures::enter;
    "/admin/closures/end" => post admin_closures::end;
    "/admin/closures/withdraw" => post admin_closures::withdraw;
    "/admin/outbox" => get admin_outbox::list;
    "/admin/outbox/retry" => post admin_outbox::retry;
    "/admin/outbox/retry-all" => post admin_outbox::retry_all;
    // Visitors of the demo
    "/demo/mail" => get demo_mail::list;
    "/demo/mail/{pool}/{id}" => get demo_mail::show;
}

/// All tables: what is not in one of them is not served.
pub const TABLES: &[Table] = &[
    Table {
        routes: ROUTES,
        mount: routes,
    },
    Table {
        routes: desk::ROUTES,
        mount: desk::routes,
    },
    Table {
        routes: contacts::ROUTES,
        mount: contacts::routes,
    },
    Table {
        routes: resident::ROUTES,
        mount: resident::routes,
    },
    Table {
        routes: behalf::ROUTES,
        mount: behalf::routes,
    },
    Table {
        routes: patient_registration::ROUTES,
        mount: patient_registration::routes,
    },
    Table {
        routes: institution::ROUTES,
        mount: institution::routes,
    },
    Table {
        routes: employer::ROUTES,
        mount: employer::routes,
    },
    Table {
        routes: api::ROUTES,
        mount: api::routes,
    },
];

/// Mounts everything; the rest is 404.
pub fn configure(config: &mut ServiceConfig) {
    for table in TABLES {
        config.configure(table.mount);
    }
    config.default_service(route().to(nothing_there));
}

async fn nothing_there(_: session::MaybeSignedIn) -> problem::Answer {
    Err(Failure::not_found())
}
