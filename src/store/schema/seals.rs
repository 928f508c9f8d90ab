//! Pool-owned tables: what attests the journal. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    unsealed_event (pool, case_id, number) {
        pool -> Text,
        case_id -> Uid,
        number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    seal (pool, number) {
        pool -> Text,
        number -> Integer,
        sealed_at -> Instant,
        entries -> Integer,
        total -> BigInt,
        hash_version -> SmallInt,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    seal_entry (pool, seal, case_id) {
        pool -> Text,
        seal -> Integer,
        case_id -> Uid,
        number -> Integer,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    anchor (pool, day) {
        pool -> Text,
        day -> Date,
        events -> BigInt,
        seal -> Integer,
        hash -> Binary,
    }
}
