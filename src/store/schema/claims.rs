//! Claims for money and what comes of them. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    claim (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        care -> Text,
        institution_id -> Nullable<Uid>,
        institution_name -> Text,
        level -> Integer,
        region -> Text,
        managed_by -> Text,
        designated -> Bool,
        from_day -> Date,
        to_day -> Date,
        diagnoses -> Binary,
        covid -> Text,
        account -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    claim_invoice (pool, case_id, place) {
        pool -> Text,
        case_id -> Uid,
        place -> Integer,
        number -> Text,
        issued_on -> Date,
        total -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    claim_line (pool, case_id, number) {
        pool -> Text,
        case_id -> Uid,
        number -> Integer,
        day -> Date,
        name -> Text,
        code -> Nullable<Text>,
        class -> Nullable<Text>,
        own_share -> Nullable<Integer>,
        protocol -> Bool,
        amount -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    invoice (number_hash) {
        number_hash -> Binary,
        pool -> Text,
        case_id -> Uid,
        held_at -> Instant,
    }
}
