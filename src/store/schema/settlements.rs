//! What is allowed of claims, what they were settled at, what a person used of a year. The columns are described in the
//! migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    claim_adjustment (pool, case_id, event) {
        pool -> Text,
        case_id -> Uid,
        event -> Integer,
        line -> Integer,
        day -> Date,
        name -> Text,
        asked -> BigInt,
        allowed -> BigInt,
        class -> Nullable<Text>,
        own_share -> Nullable<Integer>,
        protocol -> Bool,
        reason -> Binary,
        by_account -> Uid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    settlement (pool, case_id, number) {
        pool -> Text,
        case_id -> Uid,
        number -> Integer,
        person_id -> Uid,
        computed_at -> Instant,
        computed_by -> Nullable<Uid>,
        policy_pool -> Text,
        policy_day -> Date,
        year -> Integer,
        input -> Binary,
        output -> Text,
        total -> BigInt,
        basic -> BigInt,
        serious -> BigInt,
        aid -> BigInt,
        subsidy -> BigInt,
        person -> BigInt,
        share_centre -> BigInt,
        share_province -> BigInt,
        share_city -> BigInt,
        share_county -> BigInt,
        share_unallocated -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    accumulator (pool, person_id, year) {
        pool -> Text,
        person_id -> Uid,
        year -> Integer,
        version -> Integer,
        admissions -> Integer,
        basic -> BigInt,
        serious_burden -> BigInt,
        aid -> BigInt,
        outpatient -> BigInt,
        outpatient_deducted -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    accumulator_entry (pool, person_id, year, number) {
        pool -> Text,
        person_id -> Uid,
        year -> Integer,
        number -> Integer,
        case_id -> Uid,
        settlement -> Integer,
        sign -> Integer,
        admissions -> Integer,
        basic -> BigInt,
        serious_burden -> BigInt,
        aid -> BigInt,
        outpatient -> BigInt,
        outpatient_deducted -> BigInt,
        at -> Instant,
    }
}
