//! Places in lists as addresses carry them, so that a page of a list can be kept and sent.

use uuid::Uuid;

use crate::domain::ids::Identifier;
use crate::domain::time::Ts;
use crate::store::queue::Place;

/// A place of the queue in an address: rank, due time in microseconds, identifier.
pub(super) fn written_place(place: Place) -> String {
    format!(
        "{}.{}.{}",
        place.rank,
        place.due.micros(),
        place.id.uuid().simple()
    )
}

/// Reads one; nothing for what is none.
pub(super) fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(3, '.');
    Some(Place {
        rank: parts.next()?.parse().ok()?,
        due: Ts::from_micros(parts.next()?.parse().ok()?)?,
        id: read_id(parts.next()?)?,
    })
}

/// A place of the other lists: an instant and an identifier.
pub(in crate::web) fn written_due(at: Ts, id: impl Identifier) -> String {
    format!("{}.{}", at.micros(), id.uuid().simple())
}

/// Reads one; nothing for what is none.
pub(in crate::web) fn read_due<I: Identifier>(text: &str) -> Option<(Ts, I)> {
    let (at, id) = text.split_once('.')?;
    Some((Ts::from_micros(at.parse().ok()?)?, read_id(id)?))
}

fn read_id<I: Identifier>(text: &str) -> Option<I> {
    Uuid::parse_str(text).ok().map(I::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::CaseId;

    #[test]
    fn places_survive_the_address() {
        let id = CaseId::from(Uuid::from_u128(7));
        let due = Ts::from_micros(1_700_000_000_123_456).unwrap();
        let place = Place { rank: 2, due, id };
        assert_eq!(read_place(&written_place(place)), Some(place));
        assert_eq!(read_due(&written_due(due, id)), Some((due, id)));
        assert_eq!(read_place("1.2.x"), None);
        assert_eq!(read_due::<CaseId>("nonsense"), None);
    }
}
