//! Licences and sources of everything that is built in, and of what only tests and pages use. Asked of Cargo's and
//! npm's lock files and of what Cargo has fetched already, so that it takes no network and a second.
//!
//! Crates of other systems (`windows-sys`, `wasm-bindgen`, …) stand in the lock file and are never fetched, built or
//! shipped here: their source and checksum are checked, their licence isn't.

use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

use crate::tree;

/// Licences whose terms this project can meet. `0BSD`, `Unlicense` and `Zlib` ask for nothing or next to it.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OpenSSL",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Licences of tools that tests run beside the program and nobody is given.
const ALLOWED_FOR_TEST_TOOLS: &[&str] = &["MPL-2.0"];

/// Crates that must not be built in, each with its reason.
const DENIED: &[(&str, &str)] = &[
    ("actix-governor", "GPL"),
    ("native-tls", "a second TLS beside rustls"),
    (
        "openssl",
        "a second TLS beside rustls; libpq's own comes with the feature pg-tls",
    ),
    ("openssl-sys", "needed by the feature pg-tls only"),
    ("ring", "a second crypto provider beside aws-lc-rs"),
    ("rsa", "RUSTSEC-2023-0071: timing tells the private key"),
    ("serde_yml", "RUSTSEC-2025-0068: unsound"),
    (
        "h2",
        "HTTP/2 is the proxy's; the release that actix brings has advisories",
    ),
    ("atty", "RUSTSEC-2021-0145: unmaintained"),
    ("paste", "RUSTSEC-2024-0436: unmaintained"),
    ("proc-macro-error", "RUSTSEC-2024-0370: unmaintained"),
    ("rustls-pemfile", "RUSTSEC-2025-0134: unmaintained"),
];

/// The lowest release without a known advisory, of crates that have had one in the last years: an older one must not
/// come back. The whole lock file was compared with the state of 2026-08-21 of the public advisory database; no
/// entry applied to a version in it, so there is no exception to list.
const FLOORS: &[(&str, &str, &str)] = &[
    ("aws-lc-sys", "0.39.0", "RUSTSEC-2026-0044 to 0048"),
    ("bytes", "1.11.1", "RUSTSEC-2026-0007"),
    ("cmov", "0.4.4", "RUSTSEC-2026-0003"),
    ("crossbeam-channel", "0.5.15", "RUSTSEC-2025-0024"),
    ("crossbeam-epoch", "0.9.20", "RUSTSEC-2026-0204"),
    ("diesel", "2.3.10", "RUSTSEC-2026-0111, 0134 to 0137, 0172"),
    ("lettre", "0.11.22", "RUSTSEC-2026-0141"),
    ("rand", "0.9.3", "RUSTSEC-2026-0097"),
    ("rustls", "0.23.18", "RUSTSEC-2024-0399"),
    (
        "rustls-webpki",
        "0.103.13",
        "RUSTSEC-2026-0049, 0098, 0099, 0104",
    ),
    ("slab", "0.4.11", "RUSTSEC-2025-0047"),
    ("time", "0.3.47", "RUSTSEC-2026-0009"),
    ("tokio", "1.44.2", "RUSTSEC-2025-0023"),
    ("tracing-subscriber", "0.3.20", "RUSTSEC-2025-0055"),
];

/// What is wrong with a package: no licence of the list, or not from the registry.
pub fn faults(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or("?");
    let mut faults = vec![];
    let licence = package["license"].as_str().unwrap_or_default();
    if !is_allowed(licence) {
        faults.push(format!("{name}: licence {licence:?}"));
    }
    match package["source"].as_str() {
        // This package itself.
        None => {}
        Some(source) if source.starts_with("registry+") => {}
        Some(source) => faults.push(format!("{name}: from {source}")),
    }
    faults
}

/// An SPDX expression is allowed when each part joined by AND offers, by OR or a slash, one licence of the list.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|one| ALLOWED.contains(&one.trim())))
}

/// Why a crate of this name and version must not be built in.
fn objections(name: &str, version: &str) -> Vec<String> {
    let denied = DENIED
        .iter()
        .filter(|(denied, _)| *denied == name)
        .map(|(_, why)| format!("{name}: {why}"));
    let outdated = FLOORS
        .iter()
        .filter(|(crate_name, lowest, _)| *crate_name == name && numbers(version) < numbers(lowest))
        .map(|(_, lowest, advisory)| format!("{name} {version}: below {lowest}, {advisory}"));
    denied.chain(outdated).collect()
}

fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').map(|part| part.parse().unwrap()).collect()
}

/// Packages of Cargo's lock file that come from elsewhere than the registry or whose content isn't pinned.
fn lock_faults(lock: &toml::Table) -> Vec<String> {
    let mut faults = vec![];
    for package in lock["package"].as_array().unwrap() {
        let of = |key: &str| package.get(key).and_then(toml::Value::as_str);
        let name = of("name").unwrap();
        match (of("source"), of("checksum")) {
            (None, None) if name == env!("CARGO_PKG_NAME") => {}
            (Some(source), Some(sum)) if source.starts_with("registry+") && sum.len() == 64 => {}
            (source, sum) => faults.push(format!("{name}: source {source:?}, checksum {sum:?}")),
        }
    }
    faults
}

/// The same of npm's lock file; licences too, which it tells.
fn node_faults(lock: &Value) -> Vec<String> {
    let mut faults = vec![];
    for (place, package) in lock["packages"].as_object().unwrap() {
        if place.is_empty() {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) && !ALLOWED_FOR_TEST_TOOLS.contains(&licence) {
            faults.push(format!("{place}: licence {licence:?}"));
        }
        let pinned = package["integrity"].as_str().unwrap_or_default();
        if !pinned.starts_with("sha512-") {
            faults.push(format!("{place}: content not pinned"));
        }
        // Without a place it is the registry's; with one it may be anybody's.
        if !package["resolved"].is_null() || package["link"] == true {
            faults.push(format!("{place}: from {}", package["resolved"]));
        }
    }
    faults
}

/// Folders of `static/` with work of others, and no licence beside it.
fn unlicensed_folders(files: &[String]) -> Vec<String> {
    let mut folders: Vec<&str> = files
        .iter()
        .filter_map(|file| file.strip_prefix("static/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| *folder != "pictures")
        .collect();
    folders.dedup();
    folders
        .into_iter()
        .filter(|folder| !files.contains(&format!("static/{folder}/LICENSE.txt")))
        .map(|folder| format!("static/{folder}: no LICENSE.txt"))
        .collect()
}

/// The packages of a build on this machine.
pub fn built_in() -> Vec<Value> {
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap()
        .to_owned();
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            &host,
        ])
        .output()
        .unwrap();
    assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Name and version of what is compiled here for program and tests. Cargo's metadata also name crates of features
/// that nobody turned on.
fn compiled() -> BTreeSet<(String, String)> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none"])
        .args(["--edges", "normal,build,dev", "--format", "{p}"])
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    String::from_utf8(tree.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
        })
        .collect()
}

#[test]
fn a_licence_or_source_that_is_not_allowed_is_found() {
    let package = |licence: &str, source: Option<&str>| serde_json::json!({"name": "x", "license": licence, "source": source});
    let registry = Some("registry+https://index.example");
    assert_eq!(
        faults(&package("MIT OR Apache-2.0", registry)),
        Vec::<String>::new()
    );
    assert_eq!(
        faults(&package("MIT/Apache-2.0", registry)),
        Vec::<String>::new()
    );
    assert_eq!(
        faults(&package("(MIT OR GPL-3.0) AND Unicode-3.0", registry)),
        Vec::<String>::new()
    );
    assert_eq!(faults(&package("GPL-3.0", registry)).len(), 1);
    assert_eq!(faults(&package("MIT AND GPL-3.0", registry)).len(), 1);
    assert_eq!(faults(&package("", registry)).len(), 1);
    assert_eq!(
        faults(&package("MIT", Some("git+https://example.com/x"))).len(),
        1
    );
}

#[test]
fn the_lock_file_pins_everything_to_the_registry() {
    let lock: toml::Table = tree::text("Cargo.lock").unwrap().parse().unwrap();
    assert!(lock["package"].as_array().unwrap().len() > 300);
    assert_eq!(lock_faults(&lock), Vec::<String>::new());
    let odd = r#"
        [[package]]
        name = "from-git"
        source = "git+https://example.com/x"
        [[package]]
        name = "unpinned"
        source = "registry+https://index.example"
    "#;
    assert_eq!(lock_faults(&odd.parse().unwrap()).len(), 2);
}

#[test]
fn nothing_denied_or_outdated_is_built_in() {
    let crates = compiled();
    assert!(crates.len() > 200, "{}", crates.len());
    let objections: Vec<String> = crates
        .iter()
        .flat_map(|(name, version)| self::objections(name, version))
        .collect();
    assert_eq!(objections, Vec::<String>::new());
    assert_eq!(self::objections("ring", "0.17.14").len(), 1);
    assert_eq!(self::objections("lettre", "0.11.21").len(), 1);
    assert_eq!(self::objections("lettre", "0.12.0"), Vec::<String>::new());
}

/// A floor under a crate that is no longer used says nothing.
#[test]
fn every_floor_is_under_something() {
    let lock = tree::text("Cargo.lock").unwrap();
    for (name, ..) in FLOORS {
        assert!(lock.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
}

#[test]
fn what_the_browser_tests_use_is_pinned_and_licensed() {
    let lock = tree::text("tests/browser/package-lock.json").unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    assert!(lock["packages"].as_object().unwrap().len() > 1);
    assert_eq!(node_faults(&lock), Vec::<String>::new());
    let odd = serde_json::json!({"packages": {"": {}, "node_modules/x": {"license": "SSPL-1.0", "resolved": "https://example.com/x.tgz"}}});
    assert_eq!(node_faults(&odd).len(), 3);
}

#[test]
fn what_pages_carry_of_others_has_its_licence_beside_it() {
    let files = tree::tracked_files();
    assert!(files.contains(&"static/govuk/LICENSE.txt".to_owned()));
    assert_eq!(unlicensed_folders(&files), Vec::<String>::new());
    let odd = ["static/a.css", "static/lib/lib.js", "static/pictures/a.png"];
    assert_eq!(unlicensed_folders(&odd.map(str::to_owned)).len(), 1);
}
