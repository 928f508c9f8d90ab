//! The form of a route table. Every address of the service stands in such a table and nowhere else, so that what
//! is served can be listed: the permission matrix goes through [`all`] and fails for a route without an entry.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Route};

use super::session::MaybeSignedIn;

/// The table of one audience.
pub struct Table {
    /// Method (`get`, `post`) and path of every route.
    pub routes: &'static [(&'static str, &'static str)],
    /// Mounts them.
    pub mount: fn(&mut ServiceConfig),
}

/// Method and path of everything that is served.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    super::TABLES
        .iter()
        .flat_map(|table| table.routes.iter().copied())
}

/// Path by path, method by method: makes `ROUTES` and `routes` of one table and answers other methods with 405.
/// The first path that fits is taken.
macro_rules! table {
    ($($path:literal => $($method:ident $handler:path),+;)+) => {
        /// Method and path of every route.
        pub const ROUTES: &[(&str, &str)] = &[$($((stringify!($method), $path)),+),+];

        /// Mounts them.
        pub fn routes(config: &mut actix_web::web::ServiceConfig) {
            $(config.service(
                actix_web::web::resource($path)
                    $(.route(actix_web::web::$method().to($handler)))+
                    .default_service($crate::web::table::other_method(&[$(stringify!($method)),+])),
            );)+
        }
    };
}
pub(super) use table;

/// The answer to methods that a path does not know, with those it knows.
pub(super) fn other_method(known: &[&'static str]) -> Route {
    let allowed = known.join(", ").to_uppercase();
    web::route().to(move |_: MaybeSignedIn| {
        let allowed = allowed.clone();
        async move {
            HttpResponse::build(StatusCode::METHOD_NOT_ALLOWED)
                .insert_header((header::ALLOW, allowed))
                .finish()
        }
    })
}
