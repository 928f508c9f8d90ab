//! The embedded packs, tested: their figures, and every way in which a pack is refused.

use super::*;

mod figures;
mod refusals;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
