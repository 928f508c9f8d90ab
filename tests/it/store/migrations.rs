//! Both databases have the same tables and columns, and down undoes up.

use std::collections::BTreeSet;

use bujianmian::store::{Db, StoreError, migrations};
use diesel::RunQueryDsl;
use diesel::sql_types::{Bool, Text};
use rstest::rstest;

use super::{Empty, postgres, sqlite};

#[derive(diesel::QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    needed: bool,
}

fn columns(db: &Db) -> BTreeSet<Column> {
    let query = match db.kind() {
        "sqlite" => {
            "SELECT m.name AS of_table, c.name AS name, c.\"notnull\" AS needed FROM sqlite_master m, \
             pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        }
        _ => {
            "SELECT table_name::text AS of_table, column_name::text AS name, is_nullable = 'NO' AS needed \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'"
        }
    };
    let rows =
        db.read_blocking(|c| Ok::<_, StoreError>(diesel::sql_query(query).load::<Column>(c.sql)?));
    rows.unwrap().into_iter().collect()
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (a, b) = (sqlite(), postgres());
    migrations::up(&a.db).unwrap();
    migrations::up(&b.db).unwrap();
    let (on_sqlite, on_postgres) = (columns(&a.db), columns(&b.db));
    assert!(on_sqlite.len() > 200, "{}", on_sqlite.len());
    assert_eq!(
        on_sqlite.difference(&on_postgres).collect::<Vec<_>>(),
        Vec::<&Column>::new()
    );
    assert_eq!(
        on_postgres.difference(&on_sqlite).collect::<Vec<_>>(),
        Vec::<&Column>::new()
    );
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn down_undoes_up_and_up_does_it_again(#[case] empty: Empty) {
    assert!(!migrations::are_current(&empty.db).unwrap());
    let applied = migrations::up(&empty.db).unwrap();
    assert!(!applied.is_empty());
    let before = columns(&empty.db);
    assert!(migrations::are_current(&empty.db).unwrap());
    assert_eq!(
        migrations::up(&empty.db).unwrap(),
        Vec::<String>::new(),
        "a second start changes nothing"
    );
    migrations::down(&empty.db).unwrap();
    assert_eq!(columns(&empty.db), BTreeSet::new());
    migrations::up(&empty.db).unwrap();
    assert_eq!(columns(&empty.db), before);
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn a_database_newer_than_the_program_is_refused(#[case] empty: Empty) {
    migrations::up(&empty.db).unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')";
    empty
        .db
        .write_blocking(move |c| Ok::<_, StoreError>(diesel::sql_query(newer).execute(c.sql)?))
        .unwrap();
    let refusal = migrations::up(&empty.db).unwrap_err().to_string();
    assert!(refusal.contains("99991231000000"), "{refusal}");
}
