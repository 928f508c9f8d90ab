//! What a backup must not contain, and what backup and restore refuse: each with its own words, and nothing left
//! behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use bujianmian::clock::Clock;
use bujianmian::config::{
    Config, Database, Http, Log, LogFormat, Sessions, SignInLimits, StaffTotp, UploadLimits,
};
use bujianmian::documents::files::Files;
use bujianmian::domain::actor::Role;
use bujianmian::domain::ids::PersonId;
use bujianmian::domain::locale::Locale;
use bujianmian::store::accounts::{self, NewAccount};
use bujianmian::store::papers::{Material, insert_material};
use bujianmian::store::schema::{agency, person};
use bujianmian::store::vault::{Vault, sha256};
use bujianmian::store::{Conn, Db, StoreError, blind};
use bujianmian::usecases::opening;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::program::{failed, program, run, succeeded};
use crate::harness::world::id_number;

const NAME: &str = "示例金丝雀";
const PHONE: &str = "13800007788";
const MAIL: &str = "canary@example.com";
const CONTENT: &[u8] = b"CANARY-OF-THE-PAPER";
/// Where the chunks of a backup begin, and how long a whole one is (documented in the sealed stream's module).
const CHUNKS: usize = 12 + 2 + 32 + 32;
const WHOLE: usize = 4 + 256 * 1024 + 16;

/// An installation with one person, one account and one large paper.
struct Installation {
    folder: tempfile::TempDir,
    paper: PathBuf,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let config = Config {
            http: Http::loopback(0),
            database: Database {
                url: None,
                connections: 2,
            },
            data: data.clone(),
            keys: None,
            sessions: Sessions::default(),
            limits: SignInLimits::Off,
            staff_totp: StaffTotp::Required,
            platform: None,
            uploads: UploadLimits::default(),
            hold_limit: None,
            mail: None,
            sms: None,
            demo_password: None,
            log: Log {
                format: LogFormat::Text,
                filter: String::new(),
            },
            settings: vec![],
        };
        let (db, _) = opening::database(&config).unwrap();
        let files = data.join("files");
        let key: Uuid = Clock::new_id();
        let content = [CONTENT.repeat(40_000), CONTENT.to_vec()].concat();
        keep(
            &Files::in_folder(&files, UploadLimits::default()).unwrap(),
            key,
            &db,
            &content,
        );
        db.write_blocking(move |conn| fill(conn, key, &content))
            .unwrap();
        Self {
            paper: files.join(key.to_string()),
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn backup(&self, name: &str) -> Command {
        let mut command = program();
        command.arg("backup").arg(self.path(name));
        command.arg("--data").arg(self.path("data"));
        command
    }

    fn restore(&self, name: &str) -> Command {
        let mut command = program();
        command.arg("restore").arg(self.path(name));
        command.arg("--data").arg(self.path("restored"));
        command
    }

    fn restore_with_keys(&self, name: &str) -> Command {
        let mut command = self.restore(name);
        command.arg("--keys").arg(self.path("data/keys.toml"));
        command
    }

    fn backed_up(&self) -> Vec<u8> {
        succeeded(&run(&mut self.backup("backup")));
        fs::read(self.path("backup")).unwrap()
    }

    /// Names in the folder of everything, but for the data.
    fn beside(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "data")
            .collect();
        names.sort();
        names
    }
}

fn keep(files: &Files, key: Uuid, db: &Db, content: &[u8]) {
    let sealed = db.vault().seal(content).unwrap();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(files.put(key, sealed))
        .unwrap();
}

fn fill(conn: &mut Conn<'_>, key: Uuid, content: &[u8]) -> Result<(), StoreError> {
    diesel::insert_into(agency::table)
        .values((
            agency::code.eq("371000"),
            agency::pool.eq("371000"),
            agency::kind.eq("city"),
            agency::name_zh.eq("示例市经办机构"),
            agency::name_en.eq("Sample agency"),
            agency::phone.eq("12393"),
            agency::address.eq("示例路 1 号"),
            agency::opens.eq("08:30"),
            agency::lunch_from.eq("12:00"),
            agency::lunch_to.eq("13:30"),
            agency::closes.eq("17:30"),
        ))
        .execute(conn.sql)?;
    let (id, number): (PersonId, _) = (Clock::new_id(), id_number(7));
    diesel::insert_into(person::table)
        .values((
            person::id.eq(id),
            person::id_number.eq(conn.vault.seal_text(number.as_str())?),
            person::id_hash.eq(conn.vault.blind(blind::ID_NUMBER, number.as_str())),
            person::last_six_hash.eq(conn.vault.blind(blind::LAST_SIX, number.last_six())),
            person::name.eq(NAME),
            person::sex.eq("female"),
            person::born.eq(number.birth()),
            person::region.eq("371000"),
            person::phone.eq(conn.vault.seal_text(PHONE)?),
            person::created_at.eq(Clock::real()),
        ))
        .execute(conn.sql)?;
    let account = NewAccount {
        id: Clock::new_id(),
        username: "canary".to_owned(),
        password_hash: "none".to_owned(),
        role: Role::Resident,
        name: NAME.to_owned(),
        pool: None,
        agency: None,
        person: Some(id),
        employer: None,
        institution: None,
        locale: Locale::Zh,
        email: Some(MAIL.to_owned()),
        created_at: Clock::real(),
    };
    accounts::insert(conn, &account)?;
    let paper = Material {
        id: Clock::new_id(),
        name: "referral-slip".to_owned(),
        file_key: key.to_string(),
        file_name: "slip.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        size: i64::try_from(content.len()).expect("a size"),
        sha256: sha256(content),
        consent: None,
        uploaded_by: account.id,
        uploaded_at: Clock::real(),
    };
    let pool = "371000".parse().expect("a pool");
    insert_material(conn, pool, Clock::new_id(), &paper)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn nothing_sensitive_stands_in_a_backup_in_clear() {
    let there = Installation::new();
    let backup = there.backed_up();
    let number = id_number(7);
    let keys = fs::read_to_string(there.path("data/keys.toml")).unwrap();
    let secret = keys.split('"').nth(1).unwrap();
    assert_eq!(secret.len(), 64);
    let canaries = [NAME, PHONE, MAIL, number.as_str(), secret, "referral-slip"];
    for canary in canaries.map(str::as_bytes).iter().chain([&CONTENT]) {
        assert!(
            !contains(&backup, canary),
            "{}",
            String::from_utf8_lossy(canary)
        );
    }
    // The search finds what is in clear: names are, in the database itself.
    let database = fs::read(there.path("data/bujianmian.db")).unwrap();
    let log = fs::read(there.path("data/bujianmian.db-wal")).unwrap_or_default();
    assert!(contains(&[database, log].concat(), NAME.as_bytes()));
}

#[test]
fn what_was_backed_up_is_restored_byte_by_byte_and_nothing_else_is_left() {
    let there = Installation::new();
    there.backed_up();
    let told = succeeded(&run(&mut there.restore_with_keys("backup")));
    assert!(
        told.contains("1 papers") && told.contains("nothing is wrong"),
        "{told}"
    );
    let name = there.paper.file_name().unwrap();
    let restored = fs::read(there.path("restored/files").join(name)).unwrap();
    assert_eq!(restored, fs::read(&there.paper).unwrap());
    assert_eq!(there.beside(), ["backup", "restored"]);
    let mut left: Vec<_> = fs::read_dir(there.path("restored"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("bujianmian.db"))
        .collect();
    left.sort();
    assert_eq!(left, ["files"]);
    assert!(!there.path("data/.backup").exists());
    // Both are the owner's alone.
    use std::os::unix::fs::PermissionsExt;
    for (name, mode) in [("backup", 0o600), ("restored", 0o700)] {
        let found = fs::metadata(there.path(name)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
}

fn flip(backup: &mut [u8], at: usize) {
    backup[at] ^= 1;
}

#[rstest]
#[case::another_file(|b: &mut Vec<u8>| flip(b, 0), "this is no backup")]
#[case::nothing(|b: &mut Vec<u8>| b.clear(), "this is no backup")]
#[case::newer_format(|b: &mut Vec<u8>| b[11] = 2, "the backup has format 2")]
#[case::newer_algorithm(|b: &mut Vec<u8>| b[12] = 9, "algorithm 9, which this program does not know")]
#[case::retired_key(|b: &mut Vec<u8>| b[13] = 7, "key 7, which is not in the keys file")]
#[case::salt(|b: &mut Vec<u8>| flip(b, 14), "another key 1 than the one in the keys file")]
#[case::proof(|b: &mut Vec<u8>| flip(b, 77), "another key 1 than the one in the keys file")]
#[case::length(|b: &mut Vec<u8>| flip(b, CHUNKS + 1), "it was altered")]
#[case::first_chunk(|b: &mut Vec<u8>| flip(b, CHUNKS + 4), "it was altered")]
#[case::second_chunk(|b: &mut Vec<u8>| flip(b, CHUNKS + WHOLE + 1000), "it was altered")]
#[case::last_byte(|b: &mut Vec<u8>| { let end = b.len() - 1; flip(b, end) }, "it was altered")]
#[case::more(|b: &mut Vec<u8>| b.push(0), "it was altered")]
#[case::order(|b: &mut Vec<u8>| {
    let second = b[CHUNKS + WHOLE..CHUNKS + 2 * WHOLE].to_vec();
    b.copy_within(CHUNKS..CHUNKS + WHOLE, CHUNKS + WHOLE);
    b[CHUNKS..CHUNKS + WHOLE].copy_from_slice(&second);
}, "it was altered")]
#[case::left_out(|b: &mut Vec<u8>| drop(b.drain(CHUNKS + WHOLE..CHUNKS + 2 * WHOLE)), "it was altered")]
#[case::head_only(|b: &mut Vec<u8>| b.truncate(40), "it is cut off")]
#[case::no_chunk(|b: &mut Vec<u8>| b.truncate(CHUNKS), "it is cut off")]
#[case::at_a_chunk(|b: &mut Vec<u8>| b.truncate(CHUNKS + 2 * WHOLE), "it is cut off")]
#[case::in_a_chunk(|b: &mut Vec<u8>| b.truncate(CHUNKS + 2 * WHOLE + 500), "it is cut off")]
#[case::one_byte(|b: &mut Vec<u8>| b.truncate(b.len() - 1), "it is cut off")]
fn a_backup_that_is_not_as_it_was_is_refused(
    #[case] damage: fn(&mut Vec<u8>),
    #[case] expected: &str,
) {
    let there = Installation::new();
    let mut backup = there.backed_up();
    assert!(backup.len() > CHUNKS + 3 * WHOLE, "{}", backup.len());
    damage(&mut backup);
    fs::write(there.path("backup"), backup).unwrap();
    let told = failed(&run(&mut there.restore_with_keys("backup")));
    assert!(told.contains(expected), "{told}");
    assert_eq!(there.beside(), ["backup"], "nothing half-restored");
}

#[test]
fn a_restore_into_a_folder_that_holds_its_keys_leaves_only_them_when_it_fails() {
    let there = Installation::new();
    let mut backup = there.backed_up();
    let end = backup.len() - 1;
    flip(&mut backup, end);
    fs::write(there.path("damaged"), backup).unwrap();
    fs::create_dir(there.path("restored")).unwrap();
    fs::copy(
        there.path("data/keys.toml"),
        there.path("restored/keys.toml"),
    )
    .unwrap();
    failed(&run(&mut there.restore("damaged")));
    let left: Vec<_> = fs::read_dir(there.path("restored")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    succeeded(&run(&mut there.restore("backup")));
}

#[test]
fn keys_of_another_installation_and_no_keys_are_told_apart() {
    let (there, other) = (Installation::new(), Installation::new());
    there.backed_up();
    let none = failed(&run(&mut there.restore("backup")));
    assert!(none.contains("a backup holds no keys"), "{none}");
    let wrong = failed(&run(there
        .restore("backup")
        .arg("--keys")
        .arg(other.path("data/keys.toml"))));
    assert!(
        wrong.contains("another key 1 than the one in the keys file"),
        "{wrong}"
    );
    assert_eq!(there.beside(), ["backup"]);
}

#[test]
fn a_folder_with_data_is_never_restored_into() {
    let there = Installation::new();
    there.backed_up();
    succeeded(&run(&mut there.restore_with_keys("backup")));
    let before = fs::read(there.path("restored/bujianmian.db")).unwrap();
    let told = failed(&run(&mut there.restore_with_keys("backup")));
    assert!(told.contains("restore into an empty folder"), "{told}");
    assert_eq!(
        fs::read(there.path("restored/bujianmian.db")).unwrap(),
        before
    );
    fs::remove_file(there.path("restored/bujianmian.db")).unwrap();
    let told = failed(&run(&mut there.restore_with_keys("backup")));
    assert!(told.contains("restore into an empty folder"), "{told}");
}

#[test]
fn a_backup_of_a_newer_schema_is_refused() {
    let there = Installation::new();
    let config = fs::read_to_string(there.path("data/keys.toml")).unwrap();
    let keys: toml_keys::File = toml_keys::parse(&config);
    let vault = Vault::new(&keys.sealing, &keys.index).unwrap();
    let manifest = serde_json::json!({
        "program": "9.9.9", "schema": ["99991231000000"], "rows": [], "papers": 0,
        "taken_at": "2026-11-26T08:00:00+08:00", "business_at": "2026-11-26T08:00:00+08:00",
        "database": { "size": 0, "sha256": "" },
    })
    .to_string();
    let mut out = vault.seal_stream(vec![], b"bujianmian\0\x01").unwrap();
    out.write_all(&u32::try_from(manifest.len()).unwrap().to_be_bytes())
        .unwrap();
    out.write_all(manifest.as_bytes()).unwrap();
    fs::write(there.path("backup"), out.finish().unwrap()).unwrap();
    let told = failed(&run(&mut there.restore_with_keys("backup")));
    assert!(told.contains("migration 99991231000000"), "{told}");
    assert_eq!(there.beside(), ["backup"]);
}

/// The keys file, read the way an operator's script could.
mod toml_keys {
    use super::BTreeMap;
    use bujianmian::store::vault::Secret;

    pub struct File {
        pub index: Secret,
        pub sealing: BTreeMap<u8, Secret>,
    }

    pub fn parse(text: &str) -> File {
        let secrets: Vec<Secret> = text
            .split('"')
            .filter(|part| part.len() == 64)
            .map(|part| Secret::new(hex::decode(part).unwrap().try_into().unwrap()))
            .collect();
        File {
            index: secrets[0].clone(),
            sealing: BTreeMap::from([(1, secrets[1].clone())]),
        }
    }
}

#[test]
fn a_database_of_a_newer_program_is_not_backed_up() {
    let there = Installation::new();
    alter(
        &there,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')",
    );
    let told = failed(&run(&mut there.backup("backup")));
    assert!(told.contains("migration 99991231000000"), "{told}");
    assert_eq!(there.beside(), Vec::<String>::new());
}

#[test]
fn a_database_that_waits_for_its_migrations_is_backed_up_unchecked_and_brought_up_to_date_when_restored()
 {
    let there = Installation::new();
    alter(
        &there,
        "DROP INDEX material_by_file; DELETE FROM __diesel_schema_migrations WHERE version = '20261126000400'",
    );
    let told = succeeded(&run(&mut there.backup("backup")));
    assert!(told.contains("Not checked"), "{told}");
    let told = succeeded(&run(&mut there.restore_with_keys("backup")));
    assert!(
        told.contains("20261126000400") && told.contains("nothing is wrong"),
        "{told}"
    );
}

fn alter(there: &Installation, sql: &str) {
    let file = there.path("data/bujianmian.db");
    let mut database = diesel::SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    // The service that made it may still be working its log in.
    let patient = format!("PRAGMA busy_timeout = 15000; {sql}");
    database.batch_execute(&patient).unwrap();
}

#[test]
fn a_paper_without_its_file_is_named_and_no_backup_is_made() {
    let there = Installation::new();
    fs::remove_file(&there.paper).unwrap();
    let told = failed(&run(&mut there.backup("backup")));
    let name = there.paper.file_name().unwrap().to_string_lossy();
    assert!(told.contains("no backup was made"), "{told}");
    assert!(
        told.contains(&format!("its file {name} is missing")),
        "{told}"
    );
    assert_eq!(there.beside(), Vec::<String>::new());
}

#[test]
fn other_places_and_names_are_refused_with_what_to_do() {
    let there = Installation::new();
    there.backed_up();
    let before = fs::read(there.path("backup")).unwrap();
    let told = failed(&run(&mut there.backup("backup")));
    assert!(told.contains("choose another name"), "{told}");
    assert_eq!(fs::read(there.path("backup")).unwrap(), before);
    let server = "postgres://nobody@127.0.0.1:1/none";
    let told = failed(&run(there.backup("other").env("DATABASE_URL", server)));
    assert!(told.contains("pg_dump -Fc"), "{told}");
    let told = failed(&run(program()
        .arg("backup")
        .arg(there.path("other"))
        .arg("--data")
        .arg(there.path("nowhere"))));
    assert!(told.contains("there is no database here"), "{told}");
    assert_eq!(there.beside(), ["backup"]);
}

/// The limit of a file's size stands for a full disk: both end a write with an error, part of it written.
#[test]
fn a_disk_without_room_ends_the_backup_and_leaves_nothing() {
    let there = Installation::new();
    let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" backup \"$1\" --data \"$2\"";
    let output = run(Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_bujianmian")])
        .arg(there.path("backup"))
        .arg(there.path("data"))
        .env_remove("DATABASE_URL"));
    let told = failed(&output);
    assert!(told.contains("backup.partial"), "{told}");
    assert_eq!(there.beside(), Vec::<String>::new());
    assert!(!there.path("data/.backup").exists());
    succeeded(&run(&mut there.backup("backup")));
}

#[test]
fn a_database_without_its_keys_does_not_get_new_ones() {
    let there = Installation::new();
    fs::remove_file(there.path("data/keys.toml")).unwrap();
    let told = failed(&run(program()
        .arg("migrate")
        .env("BUJIANMIAN_DATA", there.path("data"))));
    assert!(told.contains("put the keys file back"), "{told}");
    assert!(!there.path("data/keys.toml").exists());
}
