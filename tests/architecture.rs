//! The shape of the tree, tested: who may use whom, where the clock and the environment are read, how long
//! files and functions are, what lies at the top level. Every check is a function of (place, text) that
//! lists what is wrong, and stands beside examples on which it must find something.
//! Nothing here builds or starts the service.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that fails may panic"
)]

#[path = "architecture/borders.rs"]
mod borders;
#[path = "architecture/dependencies.rs"]
mod dependencies;
#[path = "architecture/routes.rs"]
mod routes;
#[path = "architecture/rust_source.rs"]
mod rust_source;
#[path = "architecture/size.rs"]
mod size;
#[path = "architecture/templates.rs"]
mod templates;
#[path = "architecture/tree.rs"]
mod tree;

/// Runs `check` over every file that `wanted` picks and fails with all findings at once.
#[track_caller]
fn no_findings(wanted: impl Fn(&str) -> bool, check: impl Fn(&str, &str) -> Vec<String>) {
    let files: Vec<_> = tree::tracked_files()
        .into_iter()
        .filter(|path| wanted(path))
        .collect();
    let findings: Vec<String> = files
        .iter()
        .filter_map(|path| Some(check(path, &tree::text(path)?)))
        .flatten()
        .collect();
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

fn is_source(path: &str) -> bool {
    path.starts_with("src/") && path.ends_with(".rs")
}

/// Source beside the files that hold a module's unit tests.
fn ships(path: &str) -> bool {
    is_source(path) && !path.ends_with("/tests.rs") && !path.contains("/tests/")
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") && [".rs", ".mjs", ".sh"].iter().any(|end| path.ends_with(end))
}

#[test]
fn the_tree_is_seen_at_all() {
    let files = tree::tracked_files();
    assert!(
        files.iter().any(|path| path == "src/lib.rs"),
        "src/lib.rs is not among {} files",
        files.len()
    );
}

#[test]
fn layers_use_only_what_lies_below_them() {
    no_findings(is_source, borders::layers);
}

#[test]
fn diesel_actix_askama_clock_and_environment_stay_in_their_modules() {
    no_findings(is_source, borders::homes);
}

#[test]
fn pages_never_write() {
    no_findings(
        |path| path.starts_with("src/web/") && is_source(path),
        borders::writes,
    );
}

#[test]
fn routes_stand_in_the_tables() {
    no_findings(is_source, routes::beside_the_tables);
}

#[test]
fn files_are_short() {
    no_findings(ships, size::long_file);
}

#[test]
fn functions_are_short() {
    no_findings(ships, size::long_functions);
}

#[test]
fn every_module_says_what_lives_there() {
    no_findings(
        |path| is_source(path) || (is_test(path) && path.ends_with(".rs")),
        size::missing_head,
    );
}

#[test]
fn templates_hold_no_addresses() {
    no_findings(|path| path.starts_with("templates/"), templates::raw_urls);
}

#[test]
fn templates_hold_no_script_and_no_style() {
    no_findings(
        |path| path.starts_with("templates/"),
        templates::inline_code,
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    let findings = tree::migration_differences(&tree::tracked_files());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_top_level_holds_the_agreed_entries_only() {
    let findings = tree::unexpected_top_level(&tree::tracked_files());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    no_findings(|path| path != "Cargo.lock", tree::foreign_places);
}

#[test]
fn nothing_is_left_unfinished() {
    no_findings(
        |path| is_source(path) || is_test(path),
        tree::unfinished_marks,
    );
}

#[test]
fn everything_built_in_has_a_licence_that_can_be_met_and_comes_from_the_registry() {
    let packages = dependencies::built_in();
    assert!(packages.len() > 100, "{}", packages.len());
    let faults: Vec<String> = packages.iter().flat_map(dependencies::faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
