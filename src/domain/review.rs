//! Which approvals a second person looks at although nothing asks for it (CAS-3).

use super::policy::value::BasisPoints;

/// Whether a case falls into the sample: random-looking, yet the same whenever it is asked. `digest` is the
/// SHA-256 of its receipt number.
pub fn sampled(digest: &[u8], share: BasisPoints) -> bool {
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    number % 10_000 < u64::from(share.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_the_share_is_sampled() {
        let chosen = (0..20_000_u64)
            .filter(|n| {
                let digest = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
                sampled(&digest, BasisPoints(500))
            })
            .count();
        assert!((900..1100).contains(&chosen), "{chosen} of 20,000");
        assert!(!sampled(&[0; 8], BasisPoints(0)));
        assert!(sampled(&[255; 8], BasisPoints(10_000)));
    }
}
