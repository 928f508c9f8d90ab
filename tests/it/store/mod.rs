//! The store on both databases: the same tables, the same promises.

mod migrations;
mod spread;
mod writing;

use std::collections::BTreeMap;

use bujianmian::store::vault::{KEY_LEN, Vault};
use bujianmian::store::{Db, Location, migrations as schema};
use zeroize::Zeroizing;

use crate::harness::postgres::{TestDatabase, fresh_database};

/// An empty database of one kind, gone when dropped.
pub struct Empty {
    pub db: Db,
    _server: Option<TestDatabase>,
    _folder: Option<tempfile::TempDir>,
}

pub fn sqlite() -> Empty {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::File(folder.path().join("test.db"));
    Empty {
        db: open(&location),
        _server: None,
        _folder: Some(folder),
    }
}

pub fn postgres() -> Empty {
    let server = fresh_database();
    let location = Location::Server(server.url.clone());
    Empty {
        db: open(&location),
        _server: Some(server),
        _folder: None,
    }
}

pub fn migrated(empty: Empty) -> Empty {
    schema::up(&empty.db).unwrap();
    empty
}

pub fn open(location: &Location) -> Db {
    let keys = BTreeMap::from([(1, Zeroizing::new([1; KEY_LEN]))]);
    let vault = Vault::new(&keys, &Zeroizing::new([2; KEY_LEN])).unwrap();
    Db::open(location, 4, vault).unwrap()
}
