//! Pages of filing for somebody else (CAS-8): by phone at the desk, for a relative, by a community worker; and the
//! authorisations between people. Who may do what is asked of the use cases; an ID number stands in no address.

pub mod authorisations;
mod controls;
mod filing;
mod receipt;

use crate::web::table::table;

table! {
    // Handlers
    "/desk/file" => get filing::ask_at_desk, post filing::open_at_desk;
    "/desk/file/submit" => post filing::submit_at_desk;
    "/desk/filed" => get receipt::receipt;
    // Relatives and community workers
    "/behalf" => get filing::ask, post filing::open;
    "/behalf/submit" => post filing::submit;
    "/account/authorisations" => get authorisations::list, post authorisations::grant;
    "/account/authorisations/accept" => post authorisations::accept;
    "/account/authorisations/revoke" => post authorisations::revoke;
}
