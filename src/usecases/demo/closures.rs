//! The demo's closures (XR-8, DEF-6): in each pool a county that is closed, and one whose closure has ended. Their notices
//! say that they are samples.

use chrono::Days;

use super::places::{SITES, code};
use super::roster::username;
use super::world::World;
use crate::clock::Clock;
use crate::domain::closure::{Closure, Kind};
use crate::domain::ids::AccountId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::usecases::Error;

/// A closure with the pool, the administrator that entered it, and when.
pub(super) type Entered = (Pool, Closure, AccountId, Ts);

/// Draws them up, relative to the moment of the start.
pub(super) fn draw(world: &World, now: Ts) -> Result<Vec<Entered>, Error> {
    let (mut all, today) = (vec![], now.day());
    for site in SITES {
        let pool: Pool = code(site.pool)?;
        let admin = username("admin1", site.pool);
        let Some(admin) = world.logins.iter().find(|login| login.username == admin) else {
            continue;
        };
        let [closed, open_again] = site.counties;
        let ago = |days| today - Days::new(days);
        let closure = |area: &str, from, to, number| Closure {
            id: Clock::new_id(),
            kind: Kind::Closure,
            area: area.to_owned(),
            from,
            to,
            notice: format!("示范通告〔样例〕第{number}号"),
        };
        all.push((pool, closure(closed, ago(6), None, 2), admin.id, now));
        let over = closure(open_again, ago(40), Some(ago(18)), 1);
        all.push((pool, over, admin.id, now));
    }
    Ok(all)
}
