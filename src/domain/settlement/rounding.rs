//! Rounding (SET-1): exact fractions until the end, then half up to the fen, once. No floating point.

/// `numerator / denominator`, rounded half up; nothing of nothing.
///
/// Both are not negative. What would not fit is the largest amount there is: the input's bounds keep it from happening.
pub(super) fn half_up(numerator: i128, denominator: i128) -> i64 {
    let rounded = numerator
        .saturating_mul(2)
        .saturating_add(denominator)
        .checked_div(denominator.saturating_mul(2))
        .unwrap_or_default();
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// So many basis points of an amount, exact: over 10,000.
pub(super) fn parts(fen: i64, points: u16) -> i128 {
    i128::from(fen) * i128::from(points)
}

/// What basis points are parts of.
pub(super) const WHOLE: i128 = 10_000;

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 3, 0)]
    #[case(1, 3, 0)]
    #[case(1, 2, 1)]
    #[case(3, 2, 2)]
    #[case(2, 3, 1)]
    #[case(150_075_000, 10_000, 15_008)]
    #[case(150_074_999, 10_000, 15_007)]
    #[case(5, 0, 0)]
    fn halves_go_up(#[case] numerator: i128, #[case] denominator: i128, #[case] fen: i64) {
        assert_eq!(half_up(numerator, denominator), fen);
    }
}
