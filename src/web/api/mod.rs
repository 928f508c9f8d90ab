//! The API for apps and mini-programs: the same use cases as the pages, as JSON. Failures become problem details
//! (RFC 9457). No rule of the office lives here.

pub mod accounts;
pub mod batches;
pub mod behalf;
pub mod cases;
pub mod catalogue;
pub mod clock;
pub mod closures;
pub mod commands;
pub mod contact_views;
pub mod contacts;
pub mod desk;
pub mod notifications;
pub mod openapi;
pub mod oversight;
pub mod own;
pub mod papers;
pub mod patients;
pub mod reading;
pub mod views;
pub mod writing;

use crate::web::table::table;

table! {
    // Everybody
    "/api/v1/token" => post accounts::issue;
    "/api/v1/items" => get catalogue::list;
    "/api/v1/items/{slug}" => get catalogue::guide;
    "/api/v1/progress" => post own::look_up;
    "/api/v1/hotline" => get behalf::hotline;
    "/api/v1/closures" => get closures::list, post closures::enter;
    "/api/v1/closures/{id}/end" => post closures::end;
    "/api/v1/closures/{id}/withdraw" => post closures::withdraw;
    "/api/v1/openapi.json" => get openapi::document;
    "/api/v1/statistics/turnaround" => get oversight::turnaround;
    "/api/v1/demo/accounts" => get accounts::demo;
    "/api/v1/demo/clock" => post clock::set;
    // Whoever is signed in
    "/api/v1/token/revoke" => post accounts::revoke;
    "/api/v1/me" => get accounts::me;
    "/api/v1/me/notifications" => get notifications::read, put notifications::switch;
    "/api/v1/cases" => get cases::list, post cases::create;
    "/api/v1/cases/{receipt_no}" => get cases::read;
    "/api/v1/cases/{receipt_no}/events" => get cases::events;
    "/api/v1/cases/{receipt_no}/clock" => get clock::read;
    "/api/v1/cases/{receipt_no}/actions/{action}" => post cases::act;
    "/api/v1/cases/{receipt_no}/materials" => get cases::materials, post papers::upload;
    "/api/v1/cases/{receipt_no}/materials/{id}" => get papers::download;
    "/api/v1/cases/{receipt_no}/rating" => post oversight::rate;
    "/api/v1/registrations" => get own::registrations;
    "/api/v1/inbox" => get own::inbox;
    "/api/v1/authorisations" => get behalf::list, post behalf::grant;
    "/api/v1/authorisations/{id}/accept" => post behalf::accept;
    "/api/v1/authorisations/{id}/revoke" => post behalf::revoke;
    // The patient ledger
    "/api/v1/patients" => get patients::list, post patients::enter;
    "/api/v1/patients/{id}" => get patients::read;
    "/api/v1/patients/{id}/status" => post patients::set_status;
    "/api/v1/patients/{id}/discharge" => post patients::discharge;
    "/api/v1/patients/{id}/costs" => get patients::costs, post patients::add_cost;
    // Employers and their agencies
    "/api/v1/batches" => get batches::list, post batches::create;
    "/api/v1/batches/{id}" => get batches::read;
    "/api/v1/batches/{id}/report.csv" => get batches::report;
    "/api/v1/batches/{id}/tasks" => get batches::tasks;
    "/api/v1/batches/{id}/tasks/{task}" => get batches::results;
    "/api/v1/batches/{id}/withdraw" => post batches::withdraw;
    "/api/v1/batches/{id}/decide" => post batches::decide;
    "/api/v1/employer/staff" => get batches::staff;
    // The desk
    "/api/v1/queue" => get desk::queue;
    "/api/v1/queue/next" => post desk::take_next;
    "/api/v1/staff" => get desk::handlers;
    "/api/v1/breach-causes" => get desk::breach_causes;
    "/api/v1/breaches" => get oversight::breaches;
    "/api/v1/contacts" => get contacts::list;
    "/api/v1/contacts/{id}" => get contacts::read;
    "/api/v1/contacts/{id}/answer" => post contacts::answer;
    "/api/v1/contacts/{id}/files" => post contacts::add_file;
    "/api/v1/contacts/{id}/files/{file}" => get contacts::download;
    "/api/v1/patients/{id}/contact" => post contacts::ask;
    "/api/v1/approvals/{id}/confirm" => post cases::confirm;
    "/api/v1/approvals/{id}/decline" => post cases::decline;
}
