//! Pool-owned tables of the supervisor's work: finished cases, ratings, samples. The columns are described in the
//! migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    turnaround (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        agency -> Text,
        item -> Text,
        receipt_no -> Text,
        ended_at -> Instant,
        ended_on -> Date,
        decided -> Bool,
        handler -> Nullable<Uid>,
        minutes -> Integer,
        in_time -> Bool,
        cause -> Nullable<Text>,
        second_supplement -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    rating (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        agency -> Text,
        stars -> Integer,
        remark -> Nullable<Binary>,
        rated_by -> Uid,
        rated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    follow_up (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        agency -> Text,
        due_at -> Instant,
        told_at -> Nullable<Instant>,
        closed_at -> Nullable<Instant>,
        closed_by -> Nullable<Uid>,
        words -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    sample (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        drawn_by -> Uid,
        drawn_at -> Instant,
        from_day -> Date,
        to_day -> Date,
        seed -> BigInt,
        wanted -> Integer,
        population -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    sample_case (pool, sample_id, case_id) {
        pool -> Text,
        sample_id -> Uid,
        case_id -> Uid,
        place -> Integer,
        outcome -> Nullable<Text>,
        words -> Nullable<Binary>,
        looked_by -> Nullable<Uid>,
        looked_at -> Nullable<Instant>,
    }
}
