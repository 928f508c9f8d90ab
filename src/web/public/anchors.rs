//! The lines that tell, day by day, what the journals were: published so that nobody can change a past event
//! unnoticed, the agency included. They name nobody.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{frame, pool_name};
use crate::domain::anchor::Anchor;
use crate::store::{Conn, StoreError, seals};
use crate::usecases::App;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::MaybeSignedIn;

/// Days shown of each pool; earlier lines come from `audit anchor` and from whoever kept them.
const SHOWN: i64 = 14;

/// The lines of one pool, the last day first, as `audit verify --anchors` takes them.
struct Group {
    name: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "public/anchors.html")]
struct AnchorsPage {
    chrome: Chrome,
    groups: Vec<Group>,
}

/// `GET /anchors`.
pub async fn latest(_: MaybeSignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, "anchors-title");
    let pools = app.db.read(read).await?;
    let groups = pools.iter().filter_map(|lines| {
        let first = lines.first()?;
        Some(Group {
            name: pool_name(&app, chrome.locale, first.pool),
            lines: lines.iter().map(Anchor::to_string).collect(),
        })
    });
    let groups = groups.collect();
    Ok(page(StatusCode::OK, &AnchorsPage { chrome, groups }))
}

fn read(conn: &mut Conn<'_>) -> Result<Vec<Vec<Anchor>>, StoreError> {
    let (mut pools, mut last) = (vec![], None);
    while let Some(pool) = seals::next_sealed(conn, last)? {
        pools.push(seals::anchors(conn, pool, None, SHOWN)?);
        last = Some(pool);
    }
    Ok(pools)
}
