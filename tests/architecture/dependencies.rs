//! Licences and sources of everything that is built in.

use serde_json::Value;
use std::process::Command;

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
