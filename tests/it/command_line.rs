//! The commands that scripts rely on, as the program itself prints them.

use std::process::{Command, Output};

use rstest::rstest;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bujianmian"));
    // Days are Beijing days wherever the machine stands.
    command
        .args(arguments)
        .env("TZ", "America/New_York")
        .output()
        .unwrap()
}

fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[rstest]
#[case("2020-01-23T10:00:00+08:00", "1", "2020-02-03T17:30:00+08:00\n")]
#[case("2020-01-23T02:00:00Z", "1", "2020-02-03T17:30:00+08:00\n")]
#[case("2020-01-18T10:00:00+08:00", "1", "2020-01-19T17:30:00+08:00\n")]
#[case("2022-09-30T23:59:59+08:00", "1", "2022-10-08T17:30:00+08:00\n")]
#[case("2026-02-13T10:00:00+08:00", "1", "2026-02-14T17:30:00+08:00\n")]
#[case("2026-11-23T10:00:00+08:00", "20", "2026-12-21T17:30:00+08:00\n")]
#[case(
    "2026-12-31T10:00:00+08:00",
    "1",
    "2027-01-01T17:30:00+08:00 provisional\n"
)]
#[case(
    "2027-03-01T10:00:00+08:00",
    "1",
    "2027-03-02T17:30:00+08:00 provisional\n"
)]
fn workday_due_prints_the_deadline_clk_3(
    #[case] from: &str,
    #[case] days: &str,
    #[case] line: &str,
) {
    let output = run(&["workday", "due", "--from", from, "--days", days]);
    assert_eq!(printed(&output), line);
    assert!(output.status.success());
    let output = run(&[
        "workday", "due", "--from", from, "--days", days, "--pool", "371000",
    ]);
    assert_eq!(printed(&output), line);
}

#[rstest]
#[case(&["workday", "due", "--from", "2020-01-23", "--days", "1"])]
#[case(&["workday", "due", "--from", "2020-01-23T10:00:00", "--days", "1"])]
#[case(&["workday", "due", "--from", "2020-01-23T10:00:00+08:00", "--days", "0"])]
#[case(&["workday", "due", "--from", "2020-01-23T10:00:00+08:00", "--days", "-1"])]
#[case(&["workday", "due", "--from", "2020-01-23T10:00:00+08:00", "--days", "1", "--pool", "371002"])]
#[case(&["workday", "list", "last"])]
#[case(&["workday", "list", "0"])]
#[case(&["id", "check"])]
fn arguments_that_make_no_sense_are_refused(#[case] arguments: &[&str]) {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(printed(&output).is_empty() && !output.stderr.is_empty());
}

#[test]
fn workday_list_prints_each_day_of_a_year_clk_2() {
    let output = run(&["workday", "list", "2020"]);
    let lines: Vec<_> = printed(&output).lines().collect();
    assert_eq!(lines.len(), 366);
    assert_eq!(
        (lines[0], lines[365]),
        ("2020-01-01 holiday", "2020-12-31 workday")
    );
    for line in [
        "2020-01-19 workday",
        "2020-01-31 holiday",
        "2020-02-01 holiday",
        "2020-02-03 workday",
    ] {
        assert!(lines.contains(&line), "{line}");
    }
    assert!(
        lines
            .iter()
            .all(|line| line.ends_with(" workday") || line.ends_with(" holiday"))
    );
}

#[test]
fn workday_list_says_when_a_year_is_unknown_clk_2() {
    let output = run(&["workday", "list", "2027"]);
    let lines: Vec<_> = printed(&output).lines().collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (365, "2027-01-01 workday provisional")
    );
    assert!(lines.iter().all(|line| line.ends_with(" provisional")));
    assert!(output.status.success());
}

#[rstest]
#[case("11010519491231002X", "valid")]
#[case("１１０１０５１９４９１２３１００２ｘ", "valid")]
#[case("110105194912310021", "invalid: checksum")]
#[case("110105491231002", "invalid: 15 digits")]
#[case("11010519490229002X", "invalid: date")]
#[case("99010519491231002X", "invalid: province")]
#[case("", "invalid: length")]
#[case("11010520991231002X", "invalid: date: the birth lies in the future")]
fn id_check_prints_valid_or_the_reason(#[case] number: &str, #[case] line: &str) {
    let output = run(&["id", "check", number]);
    assert!(printed(&output).starts_with(line), "{output:?}");
    assert_eq!(output.status.code(), Some(i32::from(line != "valid")));
}

#[rstest]
#[case("91350100M000100Y43", "valid")]
#[case("91350100M000100Y44", "invalid: checksum")]
#[case("91350100m000100Y43", "invalid: lower case")]
#[case("91350100I000100Y43", "invalid: letter")]
#[case("91350100M000100Y43 ", "invalid: space")]
#[case("91350100M000100Y4", "invalid: length")]
fn uscc_check_prints_valid_or_the_reason(#[case] code: &str, #[case] line: &str) {
    let output = run(&["uscc", "check", code]);
    assert!(printed(&output).starts_with(line), "{output:?}");
    assert_eq!(output.status.code(), Some(i32::from(line != "valid")));
}
