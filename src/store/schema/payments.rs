//! Payments and fiscal shares. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    payment_batch (pool, id) {
        pool -> Text,
        id -> Uid,
        number -> Integer,
        state -> Text,
        count -> Integer,
        waiting -> Integer,
        sum -> BigInt,
        sha256 -> Binary,
        made_by -> Uid,
        made_at -> Instant,
        sent_by -> Nullable<Uid>,
        sent_at -> Nullable<Instant>,
        done_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    payment_order (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        case_id -> Uid,
        settlement -> Integer,
        payable -> BigInt,
        attempt -> Integer,
        amount -> BigInt,
        account -> Binary,
        state -> Text,
        batch_id -> Nullable<Uid>,
        ordered_at -> Instant,
        paid_on -> Nullable<Date>,
        changed_at -> Instant,
        failure -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    payment_event (pool, order_id, number) {
        pool -> Text,
        order_id -> Uid,
        number -> Integer,
        at -> Instant,
        by_account -> Nullable<Uid>,
        state -> Text,
        reason -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    treasury_claim (pool, id) {
        pool -> Text,
        id -> Uid,
        payer -> Text,
        from_day -> Date,
        to_day -> Date,
        amount -> BigInt,
        made_by -> Uid,
        made_at -> Instant,
        paid_on -> Nullable<Date>,
        paid_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    fiscal_share (pool, case_id, settlement, payer) {
        pool -> Text,
        case_id -> Uid,
        settlement -> Integer,
        payer -> Text,
        amount -> BigInt,
        advanced_by -> Text,
        booked_on -> Date,
        claim_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    fiscal_grant (pool, id) {
        pool -> Text,
        id -> Uid,
        payer -> Text,
        amount -> BigInt,
        granted_on -> Date,
        document -> Text,
        booked_by -> Uid,
        booked_at -> Instant,
    }
}
