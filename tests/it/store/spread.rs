//! The schema can be spread by pool over a PostgreSQL-compatible distributed engine: every table is either global and
//! named so in [`GLOBAL`], or belongs to a pool and says so in every key. Shown on the catalogues of both databases,
//! so that a new table of neither kind fails.

use std::collections::{BTreeMap, BTreeSet};

use bujianmian::store::schema::GLOBAL;
use bujianmian::store::{Db, StoreError};
use diesel::RunQueryDsl;
use diesel::sql_types::{Bool, Text};
use rstest::rstest;

use super::{Empty, migrated, postgres, sqlite};

/// One unique key.
#[derive(diesel::QueryableByName, Debug)]
struct Key {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_primary: bool,
    /// Its columns with commas between.
    #[diesel(sql_type = Text)]
    columns: String,
}

/// One reference.
#[derive(diesel::QueryableByName, Debug)]
struct Reference {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    to_table: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Text)]
    to_columns: String,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

const SQLITE_TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
     AND name NOT LIKE 'sqlite%'";
const SQLITE_KEYS: &str = "SELECT m.name AS of_table, i.name AS name, i.origin = 'pk' AS is_primary, \
     (SELECT group_concat(name, ',') FROM (SELECT c.name AS name FROM pragma_index_info(i.name) c ORDER BY c.seqno)) AS columns \
     FROM sqlite_master m, pragma_index_list(m.name) i \
     WHERE m.type = 'table' AND i.\"unique\" AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
     UNION ALL SELECT m.name, 'rowid', 1, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND c.pk = 1 AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
     AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) i WHERE i.origin = 'pk')";
const SQLITE_REFERENCES: &str = "SELECT m.name AS of_table, f.\"table\" AS to_table, \
     group_concat(f.\"from\", ',') AS columns, group_concat(f.\"to\", ',') AS to_columns \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id, f.\"table\"";

const POSTGRES_TABLES: &str = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'";
const POSTGRES_KEYS: &str = "SELECT t.relname::text AS of_table, x.relname::text AS name, i.indisprimary AS is_primary, \
     (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' ORDER BY n) FROM generate_series(1, i.indnkeyatts) n) AS columns \
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
     JOIN pg_namespace s ON s.oid = t.relnamespace \
     WHERE i.indisunique AND s.nspname = 'public' AND t.relname NOT LIKE '\\_\\_%'";
const POSTGRES_REFERENCES: &str = "SELECT t.relname::text AS of_table, u.relname::text AS to_table, \
     (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n) \
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS columns, \
     (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(num, n) \
      JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS to_columns \
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class u ON u.oid = c.confrelid WHERE c.contype = 'f'";

struct Schema {
    tables: BTreeSet<String>,
    keys: Vec<Key>,
    references: Vec<Reference>,
}

fn schema(db: &Db) -> Schema {
    let (tables, keys, references) = match db.kind() {
        "sqlite" => (SQLITE_TABLES, SQLITE_KEYS, SQLITE_REFERENCES),
        _ => (POSTGRES_TABLES, POSTGRES_KEYS, POSTGRES_REFERENCES),
    };
    db.read_blocking(|conn| {
        let names: Vec<Name> = diesel::sql_query(tables).load(conn.sql)?;
        Ok::<_, StoreError>(Schema {
            tables: names.into_iter().map(|row| row.name).collect(),
            keys: diesel::sql_query(keys).load(conn.sql)?,
            references: diesel::sql_query(references).load(conn.sql)?,
        })
    })
    .unwrap()
}

fn begins_with_pool(columns: &str) -> bool {
    columns.split(',').next() == Some("pool")
}

/// Everything that would keep the schema from being spread.
fn hindrances(schema: &Schema) -> Vec<String> {
    let is_global = |table: &str| GLOBAL.contains(&table);
    let mut found = vec![];
    let mut primary: BTreeMap<&str, &str> = BTreeMap::new();
    for key in &schema.keys {
        if key.is_primary {
            primary.insert(&key.of_table, &key.columns);
        }
        if !is_global(&key.of_table) && !begins_with_pool(&key.columns) {
            found.push(format!(
                "{}: the key {} ({}) does not begin with pool",
                key.of_table, key.name, key.columns
            ));
        }
    }
    for table in &schema.tables {
        if !primary.contains_key(table.as_str()) {
            found.push(format!("{table}: no primary key"));
        }
    }
    for reference in &schema.references {
        let Reference {
            of_table,
            to_table,
            columns,
            to_columns,
        } = reference;
        match (is_global(of_table), is_global(to_table)) {
            (_, true) => {}
            (true, false) => found.push(format!(
                "{of_table}: global, and refers to {to_table} of a pool"
            )),
            (false, false) => {
                if !(begins_with_pool(columns) && begins_with_pool(to_columns)) {
                    found.push(format!(
                        "{of_table}: refers to {to_table} by ({columns}), without the pool"
                    ));
                }
            }
        }
    }
    for table in GLOBAL {
        if !schema.tables.contains(*table) {
            found.push(format!("{table}: named as global, and not there"));
        }
    }
    found
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn every_table_is_global_by_name_or_keyed_by_pool(#[case] empty: Empty) {
    let schema = schema(&migrated(empty).db);
    assert!(schema.tables.len() > 25, "{}", schema.tables.len());
    assert!(schema.keys.len() >= schema.tables.len());
    assert!(schema.references.len() > 30, "{}", schema.references.len());
    let found = hindrances(&schema);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn what_could_not_be_spread_is_found(#[case] empty: Empty) {
    let empty = migrated(empty);
    let statements = [
        "CREATE TABLE without_pool (id integer NOT NULL PRIMARY KEY)",
        "CREATE TABLE without_key (pool text NOT NULL)",
        "CREATE TABLE pool_last (id integer NOT NULL, pool text NOT NULL, PRIMARY KEY (id, pool))",
        "CREATE UNIQUE INDEX receipt_alone ON cases (receipt_no)",
        "CREATE TABLE crossing (pool text NOT NULL, id integer NOT NULL, token text REFERENCES receipt_token (token), PRIMARY KEY (pool, id))",
    ];
    empty
        .db
        .write_blocking(move |conn| {
            diesel::sql_query("CREATE TABLE receipt_token (token text NOT NULL PRIMARY KEY)")
                .execute(conn.sql)?;
            for statement in statements {
                diesel::sql_query(statement).execute(conn.sql)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let found = hindrances(&schema(&empty.db)).join("\n");
    for mark in [
        "without_pool: the key",
        "without_key: no primary key",
        "pool_last: the key",
        "cases: the key receipt_alone",
        "crossing: refers to receipt_token by (token)",
    ] {
        assert!(found.contains(mark), "{mark} in {found}");
    }
}
