//! The API for apps and mini-programs: the same use cases as the pages, as JSON. Failures become problem details
//! (RFC 9457). No rule of the office lives here.

pub mod accounts;
pub mod appointments;
pub mod batches;
pub mod behalf;
pub mod cases;
pub mod catalogue;
pub mod claim_view;
pub mod clock;
pub mod closures;
pub mod commands;
pub mod contact_views;
pub mod contacts;
pub mod desk;
pub mod drugs;
pub mod fiscal;
pub mod notifications;
pub mod openapi;
pub mod oversight;
pub mod own;
pub mod papers;
pub mod parcels;
pub mod patients;
pub mod payment_views;
pub mod payments;
pub mod reading;
pub mod settling;
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
    "/api/v1/slots" => get appointments::slots;
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
    "/api/v1/cases/{receipt_no}/lines" => get settling::lines;
    "/api/v1/cases/{receipt_no}/lines/{line}/adjust" => post settling::adjust;
    "/api/v1/cases/{receipt_no}/amend" => post settling::amend;
    "/api/v1/cases/{receipt_no}/settlement" => get settling::versions;
    "/api/v1/cases/{receipt_no}/settlement/what-if" => get settling::what_if;
    "/api/v1/cases/{receipt_no}/mailings" => get parcels::mail, post parcels::announce;
    "/api/v1/cases/{receipt_no}/cover-sheet.pdf" => get parcels::cover_sheet;
    "/api/v1/cases/{receipt_no}/rating" => post oversight::rate;
    "/api/v1/registrations" => get own::registrations;
    "/api/v1/drugs" => get drugs::search;
    "/api/v1/inbox" => get own::inbox;
    "/api/v1/authorisations" => get behalf::list, post behalf::grant;
    "/api/v1/authorisations/{id}/accept" => post behalf::accept;
    "/api/v1/authorisations/{id}/revoke" => post behalf::revoke;
    "/api/v1/cases/{receipt_no}/account" => post payments::correct;
    // Finance officers
    "/api/v1/payments" => get payments::waiting;
    "/api/v1/payments/{id}" => get payments::order;
    "/api/v1/payments/{id}/returned" => post payments::returned;
    "/api/v1/payments/{id}/recovered" => post payments::recovered;
    "/api/v1/payment-batches" => get payments::batches, post payments::make;
    "/api/v1/payment-batches/{id}" => get payments::batch;
    "/api/v1/payment-batches/{id}/file.csv" => get payments::file;
    "/api/v1/payment-batches/{id}/sent" => post payments::sent;
    "/api/v1/payment-batches/{id}/results" => post payments::take_in;
    "/api/v1/fiscal-shares" => get fiscal::shares;
    "/api/v1/fiscal-shares/sums" => get fiscal::sums;
    "/api/v1/fiscal-grants" => get fiscal::grants, post fiscal::grant;
    "/api/v1/treasury-claims" => get fiscal::claims, post fiscal::claim;
    "/api/v1/treasury-claims/{id}/paid" => post fiscal::paid;
    "/api/v1/appointments" => get appointments::list, post appointments::book;
    "/api/v1/appointments/{id}/move" => post appointments::move_to;
    "/api/v1/appointments/{id}/cancel" => post appointments::cancel;
    // The mailroom
    "/api/v1/parcels" => get parcels::list, post parcels::register;
    "/api/v1/parcels/{id}" => get parcels::read;
    "/api/v1/parcels/{id}/checklist" => post parcels::check;
    "/api/v1/parcels/{id}/returns" => post parcels::send_back;
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
