//! Evening out how many cases handlers hold: a proposal with the fewest moves, in which the most urgent cases stay
//! where they are and nobody gets the own or a relative's case (CAS-10). It moves nothing.

use super::ids::{AccountId, CaseId, PersonId};
use super::time::Ts;

/// A case that could be given to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The case.
    pub case: CaseId,
    /// When it is due.
    pub due: Ts,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
}

/// A handler who is there, with what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The login.
    pub account: AccountId,
    /// They and their relatives in the registry.
    pub kin: Vec<PersonId>,
    /// What they hold.
    pub cases: Vec<Held>,
}

/// A case that should change hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The case.
    pub case: CaseId,
    /// Who holds it.
    pub from: AccountId,
    /// Who should.
    pub to: AccountId,
}

/// Moves that even the hands out as far as they can be. Each case moves once at most.
pub fn propose(hands: &[Hand]) -> Vec<Move> {
    let mut hands: Vec<Hand> = hands.to_vec();
    for hand in &mut hands {
        // What is due last goes first.
        hand.cases.sort_by_key(|held| (held.due, held.case));
    }
    let mut counts: Vec<usize> = hands.iter().map(|hand| hand.cases.len()).collect();
    let mut moves = vec![];
    while let Some((from, to, at)) = next_move(&hands, &counts) {
        let (Some(giver), Some(taker)) = (hands.get(from), hands.get(to).map(|hand| hand.account))
        else {
            break;
        };
        let giver_account = giver.account;
        let Some(held) = hands.get_mut(from).map(|hand| hand.cases.remove(at)) else {
            break;
        };
        moves.push(Move {
            case: held.case,
            from: giver_account,
            to: taker,
        });
        if let Some(count) = counts.get_mut(from) {
            *count -= 1;
        }
        if let Some(count) = counts.get_mut(to) {
            *count += 1;
        }
    }
    moves
}

/// From the fullest hand to the emptiest, as long as that makes them more alike.
fn next_move(hands: &[Hand], counts: &[usize]) -> Option<(usize, usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = vec![];
    for (from, full) in counts.iter().enumerate() {
        for (to, empty) in counts.iter().enumerate() {
            let gap = full.saturating_sub(*empty);
            if gap >= 2 {
                pairs.push((gap, from, to));
            }
        }
    }
    pairs.sort_by_key(|(gap, from, to)| (usize::MAX - gap, *from, *to));
    pairs.into_iter().find_map(|(_, from, to)| {
        let (giver, taker) = (hands.get(from)?, hands.get(to)?);
        let at = giver.cases.iter().rposition(|held| may_get(taker, held))?;
        Some((from, to, at))
    })
}

fn may_get(taker: &Hand, held: &Held) -> bool {
    taker.account != held.filed_by && !taker.kin.contains(&held.person)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn hands(sizes: &[(usize, usize)]) -> Vec<Hand> {
        let mut number = 1_000;
        let start = Ts::parse("2026-11-24T17:30:00+08:00").unwrap();
        (1..)
            .zip(sizes)
            .map(|(account, (size, kin))| Hand {
                account: AccountId::from(Uuid::from_u128(account)),
                kin: (0..*kin)
                    .map(|n| PersonId::from(Uuid::from_u128(1 + n as u128)))
                    .collect(),
                cases: (0..*size)
                    .map(|n| {
                        number += 1;
                        Held {
                            case: CaseId::from(Uuid::from_u128(number)),
                            due: start.plus(chrono::TimeDelta::hours(n as i64)),
                            person: PersonId::from(Uuid::from_u128(1 + number % 7)),
                            filed_by: AccountId::from(Uuid::from_u128(99)),
                        }
                    })
                    .collect(),
            })
            .collect()
    }

    fn after(hands: &[Hand], moves: &[Move]) -> Vec<usize> {
        hands
            .iter()
            .map(|hand| {
                let gone = moves.iter().filter(|m| m.from == hand.account).count();
                let come = moves.iter().filter(|m| m.to == hand.account).count();
                hand.cases.len() + come - gone
            })
            .collect()
    }

    #[test]
    fn the_fullest_hand_gives_what_is_due_last() {
        let before = hands(&[(5, 0), (1, 0), (3, 0)]);
        let moves = propose(&before);
        assert_eq!(after(&before, &moves), [3, 3, 3]);
        let last: Vec<_> = before[0]
            .cases
            .iter()
            .rev()
            .take(2)
            .map(|held| held.case)
            .collect();
        assert_eq!(moves.iter().map(|m| m.case).collect::<Vec<_>>(), last);
    }

    #[test]
    fn even_hands_stay_as_they_are() {
        assert!(propose(&hands(&[(2, 0), (3, 0), (2, 0)])).is_empty());
        assert!(propose(&hands(&[(9, 0)])).is_empty());
        assert!(propose(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn never_worse_and_never_to_a_relative(
            sizes in proptest::collection::vec((0_usize..12, 0_usize..7), 1..6),
        ) {
            let before = hands(&sizes);
            let moves = propose(&before);
            let (old, new) = (after(&before, &[]), after(&before, &moves));
            let spread = |counts: &[usize]| counts.iter().max().unwrap() - counts.iter().min().unwrap();
            prop_assert!(spread(&new) <= spread(&old));
            prop_assert_eq!(new.iter().sum::<usize>(), old.iter().sum::<usize>());
            // Without kin in the way the hands differ by one at most, with as few moves as that takes.
            if sizes.iter().all(|(_, kin)| *kin == 0) {
                prop_assert!(spread(&new) <= 1);
                let gone: usize = old.iter().zip(&new).map(|(o, n)| o.saturating_sub(*n)).sum();
                prop_assert_eq!(gone, moves.len());
            }
            let mut moved: Vec<_> = moves.iter().map(|m| m.case).collect();
            moved.sort_unstable();
            moved.dedup();
            prop_assert_eq!(moved.len(), moves.len());
            for one in &moves {
                let giver = before.iter().find(|hand| hand.account == one.from).unwrap();
                let taker = before.iter().find(|hand| hand.account == one.to).unwrap();
                let held = giver.cases.iter().find(|held| held.case == one.case).unwrap();
                prop_assert!(!taker.kin.contains(&held.person));
                // What stays with the giver and could have gone is at least as urgent.
                let later = giver.cases.iter().filter(|other| other.due > held.due && may_get(taker, other));
                for other in later {
                    prop_assert!(moves.iter().any(|m| m.case == other.case));
                }
            }
        }
    }
}
