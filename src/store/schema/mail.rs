//! Parcels and what becomes of them. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    parcel (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        courier -> Text,
        tracking -> Text,
        posted_on -> Nullable<Date>,
        delivered_at -> Instant,
        sender -> Binary,
        person_id -> Nullable<Uid>,
        contents -> Binary,
        originals -> Integer,
        registered_by -> Uid,
        registered_at -> Instant,
        closed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    parcel_case (pool, parcel_id, case_id) {
        pool -> Text,
        parcel_id -> Uid,
        case_id -> Uid,
        taken_in -> Bool,
        added_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    parcel_paper (pool, parcel_id, case_id, material) {
        pool -> Text,
        parcel_id -> Uid,
        case_id -> Uid,
        material -> Text,
        found -> Text,
        checked_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    mailing (pool, case_id, courier, tracking) {
        pool -> Text,
        case_id -> Uid,
        courier -> Text,
        tracking -> Text,
        entered_by -> Uid,
        entered_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    parcel_return (pool, parcel_id, courier, tracking) {
        pool -> Text,
        parcel_id -> Uid,
        courier -> Text,
        tracking -> Text,
        sheets -> Integer,
        sent_on -> Date,
        entered_by -> Uid,
        entered_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    parcel_photo (pool, id) {
        pool -> Text,
        id -> Uid,
        parcel_id -> Uid,
        shows -> Text,
        file_key -> Text,
        content_type -> Text,
        size -> BigInt,
        sha256 -> Binary,
        uploaded_by -> Uid,
        uploaded_at -> Instant,
    }
}
