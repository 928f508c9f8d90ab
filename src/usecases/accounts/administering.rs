//! What administrators do with logins of their pool: find them, close and open them, take a lost second factor away.
//! Never here: residents and whoever acts for them (CAS-10: administrators see no personal data).

use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::place::Pool;
use crate::store::logins::{self, Login};
use crate::store::{Conn, accounts, pending, second_factors, sessions};
use crate::usecases::{App, Error};

/// Logins of a page.
const PAGE: i64 = 50;

/// Some logins, by user name.
#[derive(Clone, Debug)]
pub struct Logins {
    /// Those of this page.
    pub rows: Vec<Login>,
    /// The user name after which the next page begins.
    pub next: Option<String>,
}

/// The logins of the administrator's pool whose user name or name holds `part`, from after `after` on.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn list(app: &App, actor: &Actor, part: &str, after: &str) -> Result<Logins, Error> {
    let pool = pool(actor)?;
    let (part, after) = (part.trim().to_owned(), after.to_owned());
    let mut rows = app
        .db
        .read(move |conn| logins::list(conn, pool, &part, &after, PAGE + 1).map_err(Error::from))
        .await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.username.clone());
    Ok(Logins { rows, next })
}

/// A login of the pool, with its recovery codes that are left.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for logins elsewhere.
pub async fn show(app: &App, actor: &Actor, username: &str) -> Result<(Login, i64), Error> {
    let pool = pool(actor)?;
    let username = username.to_owned();
    app.db
        .read(move |conn| -> Result<_, Error> {
            let login = logins::find(conn, pool, &username)?.ok_or(Error::NotFound)?;
            let left = second_factors::recovery_codes_left(conn, login.account)?;
            Ok((login, left))
        })
        .await
}

/// Whether a login can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can.
    Open,
    /// It can't; its sessions have ended.
    Closed,
}

/// Closes a login of the administrator's own pool, or opens it again. Closing ends its sessions at their next
/// request.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for logins elsewhere and for the own one.
pub async fn set_access(
    app: &App,
    actor: &Actor,
    username: &str,
    access: Access,
) -> Result<(), Error> {
    let now = Clock::real();
    let (account, by) = on_other(app, actor, username, move |conn, login| {
        match access {
            Access::Open => accounts::set_disabled(conn, login.account, None)?,
            Access::Closed => {
                accounts::set_disabled(conn, login.account, Some(now))?;
                sessions::end_all(conn, login.account, None, now)?;
                pending::end_all(conn, login.account)?;
            }
        }
        Ok(())
    })
    .await?;
    tracing::warn!(%account, %by, ?access, "the access of a login was set");
    Ok(())
}

/// Takes the second factor of a login away, after its owner lost phone and recovery codes; its sessions end.
///
/// # Errors
/// As [`set_access`].
pub async fn reset_second_factor(app: &App, actor: &Actor, username: &str) -> Result<(), Error> {
    let now = Clock::real();
    let (account, by) = on_other(app, actor, username, move |conn, login| {
        second_factors::remove(conn, login.account)?;
        pending::end_all(conn, login.account)?;
        sessions::end_all(conn, login.account, None, now)?;
        Ok(())
    })
    .await?;
    tracing::warn!(%account, %by, "a second factor was taken away");
    Ok(())
}

/// Does something to a login of the pool that is not the administrator's own; names both for the log.
async fn on_other(
    app: &App,
    actor: &Actor,
    username: &str,
    work: impl Fn(&mut Conn<'_>, &Login) -> Result<(), Error> + Clone + Send + 'static,
) -> Result<(String, String), Error> {
    let pool = pool(actor)?;
    let (own, username) = (actor.account, username.to_owned());
    let account = app
        .db
        .write(move |conn| -> Result<_, Error> {
            let login = logins::find(conn, pool, &username)?.ok_or(Error::NotFound)?;
            if login.account == own {
                return Err(Error::NotFound);
            }
            work(conn, &login)?;
            Ok(login.account)
        })
        .await?;
    Ok((account.to_string(), own.to_string()))
}

/// Administrators only; the pool they administer.
fn pool(actor: &Actor) -> Result<Pool, Error> {
    actor.require(&[Role::Administrator])?;
    actor.pool.ok_or(Error::NotFound)
}
