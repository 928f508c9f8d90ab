//! An export is checked by a program that shares nothing with this one (`tests/audit/verify.mjs`, made by the
//! description that goes with every export), and every way of tampering with it is noticed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bujianmian::domain::anchor::Anchor;
use rstest::rstest;
use serde_json::{Value, json};

use super::{History, printed};
use crate::harness::service::Kind;
use crate::jobs::world::{ID_NUMBER, NAME, PHONE};

struct Export {
    folder: tempfile::TempDir,
    lines: Vec<Value>,
}

impl Export {
    fn of(history: &History, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut all = vec!["export", folder.path().to_str().unwrap()];
        all.extend(arguments);
        let output = history.run(&all);
        assert!(output.status.success(), "{output:?}");
        let text = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        Self {
            lines: lines.collect(),
            folder,
        }
    }

    /// Writes the lines as they are now and has them checked.
    fn check(&self, published: Option<&Path>) -> Output {
        let file = self.folder.path().join("checked.jsonl");
        let lines: Vec<String> = self.lines.iter().map(Value::to_string).collect();
        fs::write(&file, lines.join("\n")).unwrap();
        let checker = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/audit/verify.mjs");
        let mut command = Command::new("node");
        command.arg(checker).arg(file).args(published);
        command.output().expect("node runs")
    }

    /// Where the n-th line of a kind stands.
    fn at(&self, kind: &str, n: usize) -> usize {
        let of_kind = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line["kind"] == kind);
        of_kind.map(|(at, _)| at).nth(n).unwrap()
    }

    /// Where the event of a number of the first case with three events stands.
    fn event(&self, number: usize) -> usize {
        let third = self
            .lines
            .iter()
            .position(|line| line["kind"] == "event" && line["number"] == 3);
        third.unwrap() + number - 3
    }

    /// Makes the last line's counts right again, as somebody careful would.
    fn recount(&mut self) {
        let count = |kind: &str| {
            self.lines
                .iter()
                .filter(|line| line["kind"] == kind)
                .count()
        };
        let end = json!({
            "kind": "end", "events": count("event"), "seals": count("seal"), "anchors": count("anchor"),
        });
        *self.lines.last_mut().unwrap() = end;
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_export_is_checked_without_this_program(#[case] kind: Kind) {
    let history = History::on(kind);
    let export = Export::of(&history, &[]);
    let kept = export.folder.path().join("kept");
    let lines: Vec<String> = history.published().iter().map(Anchor::to_string).collect();
    fs::write(&kept, lines.join("\n")).unwrap();
    let output = export.check(Some(&kept));
    assert_eq!(
        printed(&output),
        "OK 8 events, 4 seals, 2 anchors, 1 not sealed yet\n",
        "{output:?}"
    );
    let part = Export::of(&history, &["--from", "2026-11-25", "--to", "2026-11-25"]);
    let output = part.check(Some(&kept));
    assert!(
        printed(&output).starts_with("OK 1 events, 4 seals"),
        "{output:?}"
    );
    let format = fs::read_to_string(export.folder.path().join("FORMAT.txt")).unwrap();
    assert!(format.contains("audit.jsonl"));
    // Nothing in clear that tells of a person, though the supplement request and the filing held it.
    let text = fs::read_to_string(export.folder.path().join("audit.jsonl")).unwrap();
    for canary in [ID_NUMBER, PHONE, NAME, "the end"] {
        assert!(!text.contains(canary), "{canary}");
    }
    assert!(export.lines.iter().any(|line| line["words"].is_string()));
}

fn an_event_is_changed(export: &mut Export) {
    let at = export.event(2);
    export.lines[at]["at"] = json!("1");
}

fn an_event_is_removed(export: &mut Export) {
    let at = export.event(2);
    export.lines.remove(at);
    export.recount();
}

fn the_last_event_is_removed(export: &mut Export) {
    let at = export.event(3);
    export.lines.remove(at);
    export.recount();
}

fn an_event_is_added(export: &mut Export) {
    let at = export.event(3);
    let mut added = export.lines[at].clone();
    added["previous_hash"] = added["hash"].clone();
    added["number"] = json!(4);
    export.lines.insert(at + 1, added);
    export.recount();
}

fn two_events_are_swapped(export: &mut Export) {
    let (second, third) = (export.event(2), export.event(3));
    export.lines.swap(second, third);
}

fn a_case_is_deleted(export: &mut Export) {
    let case = export.lines[export.event(1)]["case"].clone();
    export
        .lines
        .retain(|line| line["kind"] != "event" || line["case"] != case);
    export.recount();
}

fn a_seal_is_dropped(export: &mut Export) {
    let at = export.at("seal", 1);
    export.lines.remove(at);
    export.recount();
}

fn a_sealed_event_is_called_waiting_and_removed(export: &mut Export) {
    let at = export.at("seal", 3);
    export.lines.remove(at);
    export.recount();
}

fn a_seal_is_changed(export: &mut Export) {
    let at = export.at("seal", 2);
    export.lines[at]["total"] = json!(7);
}

fn a_line_is_changed(export: &mut Export) {
    let at = export.at("anchor", 0);
    export.lines[at]["events"] = json!(5);
}

fn the_file_is_cut_off(export: &mut Export) {
    export.lines.pop();
}

#[rstest]
#[case(
    an_event_is_changed,
    "event 2: its contents are not what its hash says: changed"
)]
#[case(
    an_event_is_removed,
    "event 3: event 2 expected: removed, added or reordered"
)]
#[case(
    the_last_event_is_removed,
    "event 3: sealed by pool 371000 seal 2 and gone: removed"
)]
#[case(
    an_event_is_added,
    "event 4: its contents are not what its hash says: changed"
)]
#[case(
    two_events_are_swapped,
    "event 3: event 2 expected: removed, added or reordered"
)]
#[case(
    a_case_is_deleted,
    "event 1: sealed by pool 371000 seal 1 and gone: removed"
)]
#[case(a_seal_is_dropped, "seal 3: seal 2 expected: removed or reordered")]
#[case(
    a_sealed_event_is_called_waiting_and_removed,
    "day 2026-11-25 (anchor): seal 4 is gone: cut off"
)]
#[case(
    a_seal_is_changed,
    "seal 3: its contents are not what its hash says: changed"
)]
#[case(a_line_is_changed, "day 2026-11-24 (anchor): seal 3 is another one")]
#[case(the_file_is_cut_off, "end: the file is cut off")]
fn a_tampered_export_is_noticed(#[case] tamper: fn(&mut Export), #[case] words: &str) {
    let history = History::on(Kind::Sqlite);
    let mut export = Export::of(&history, &[]);
    tamper(&mut export);
    let output = export.check(None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = printed(&output);
    assert!(text.starts_with("WRONG "), "{text}");
    assert!(text.trim_end().ends_with(words), "{text}");
}
