//! Commands whose words and arguments are longer than a line, and what running the service needs around it: each
//! reads its arguments, calls the library and says what came of it. No rules here.

pub mod audit;
pub mod backup;
pub mod check;
pub mod log;
pub mod service;

use std::error::Error;
use std::time::Duration;

/// Runs a command that waits for files, on this thread.
fn block_on<T, E: Error + 'static>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(work)?)
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

/// Bytes in the largest unit of which there is at least one.
fn bytes(count: u64) -> String {
    [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
        .into_iter()
        .find(|(_, unit)| count >= *unit)
        .map_or_else(
            || format!("{count} bytes"),
            |(name, unit)| format!("{}.{} {name}", count / unit, count % unit * 10 / unit),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "0 bytes")]
    #[case(999, "999 bytes")]
    #[case(1_000, "1.0 kB")]
    #[case(1_250_000, "1.2 MB")]
    #[case(12_990_000_000, "12.9 GB")]
    fn sizes_are_told_in_units_that_can_be_read(#[case] count: u64, #[case] expected: &str) {
        assert_eq!(bytes(count), expected);
    }
}
