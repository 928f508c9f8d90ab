//! Files and their places: top level, migrations, machine paths, unfinished marks.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Entries of the top level (design: "Nothing else").
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    ".gitattributes",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "benches",
    "build.rs",
    "migrations",
    "src",
    "static",
    "templates",
    "tests",
];

/// Pieces, joined here so that this file holds none of them.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "wt"),
    concat!("cra", "tes.io"),
    concat!("py", "pi.org"),
    concat!("npm", "js.org"),
    concat!("deb", "ian.org"),
];

const UNFINISHED: &[&str] = &[
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
];

/// Paths from the repository's root: what git tracks, and what it would track if added.
pub fn tracked_files() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "git: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let mut files: Vec<String> = names
        .split_terminator('\0')
        .filter(|name| root().join(name).exists())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    files
}

/// The file's text; `None` for what is no text (images, fonts).
pub fn text(path: &str) -> Option<String> {
    String::from_utf8(
        std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")),
    )
    .ok()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Entries beside the agreed ones.
pub fn unexpected_top_level(files: &[String]) -> Vec<String> {
    let entries: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.split('/').next())
        .collect();
    entries
        .into_iter()
        .filter(|entry| !TOP_LEVEL.contains(entry))
        .map(|entry| format!("{entry}: not an agreed top-level entry"))
        .collect()
}

/// Files that one database has and the other lacks, and migrations without both directions.
pub fn migration_differences(files: &[String]) -> Vec<String> {
    let of = |database: &str| -> BTreeSet<&str> {
        files
            .iter()
            .filter_map(|file| file.strip_prefix(&format!("migrations/{database}/")))
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let one_sided = sqlite
        .symmetric_difference(&postgres)
        .map(|file| format!("{file}: for one database only"));
    let all: BTreeSet<&str> = sqlite.union(&postgres).copied().collect();
    let names: BTreeSet<&str> = all
        .iter()
        .filter_map(|file| file.split('/').next())
        .collect();
    let one_way = names.into_iter().flat_map(|name| {
        ["up.sql", "down.sql"]
            .map(|end| format!("{name}/{end}"))
            .into_iter()
            .filter(|file| !all.contains(file.as_str()))
    });
    one_sided
        .chain(one_way.map(|file| format!("{file}: missing")))
        .collect()
}

/// Lines that name a place on somebody's machine or a package registry's host.
pub fn foreign_places(file: &str, text: &str) -> Vec<String> {
    lines_with(file, text, PLACES)
}

/// Lines with a mark of unfinished work, or a test switched off.
pub fn unfinished_marks(file: &str, text: &str) -> Vec<String> {
    lines_with(file, text, UNFINISHED)
}

fn lines_with(file: &str, text: &str, marks: &[&str]) -> Vec<String> {
    let hit = |line: &str| {
        marks
            .iter()
            .find(|mark| line.contains(**mark))
            .map(|mark| format!("contains `{mark}`"))
    };
    (1..)
        .zip(text.lines())
        .filter_map(|(at, line)| Some(format!("{file}:{at}: {}", hit(line)?)))
        .collect()
}

fn owned(files: &[&str]) -> Vec<String> {
    files.iter().map(|file| (*file).to_owned()).collect()
}

#[test]
fn a_stray_top_level_entry_is_found() {
    assert_eq!(
        unexpected_top_level(&owned(&["src/lib.rs", "README.md"])),
        Vec::<String>::new()
    );
    assert_eq!(
        unexpected_top_level(&owned(&["docs/a.md", "docs/b.md", "notes.txt"])).len(),
        2
    );
}

#[rstest::rstest]
#[case(&["sqlite/1_a/up.sql", "sqlite/1_a/down.sql", "postgres/1_a/up.sql", "postgres/1_a/down.sql"], 0)]
#[case(&["sqlite/1_a/up.sql", "postgres/1_a/up.sql", "postgres/1_a/down.sql"], 1)]
#[case(&["sqlite/1_a/up.sql", "postgres/1_a/up.sql"], 1)]
#[case(&["sqlite/1_a/up.sql", "sqlite/1_a/down.sql", "postgres/1_b/up.sql", "postgres/1_b/down.sql"], 4)]
fn a_migration_for_one_database_or_one_way_is_found(
    #[case] files: &[&str],
    #[case] expected: usize,
) {
    let files: Vec<String> = files
        .iter()
        .map(|file| format!("migrations/{file}"))
        .collect();
    assert_eq!(
        migration_differences(&files).len(),
        expected,
        "{:?}",
        migration_differences(&files)
    );
}

#[test]
fn machine_paths_hosts_and_marks_are_found() {
    for place in PLACES {
        assert_eq!(
            foreign_places("a.md", &format!("one\nsee https:/{place}x")).len(),
            1,
            "{place}"
        );
    }
    for mark in UNFINISHED {
        assert_eq!(
            unfinished_marks("a.rs", &format!("fn f() {{ {mark} }}")).len(),
            1,
            "{mark}"
        );
    }
    assert_eq!(
        foreign_places("a.md", "the workday is long"),
        Vec::<String>::new()
    );
}
