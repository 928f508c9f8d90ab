//! Counters, their places, bookings, and what was seen at a counter. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    counter (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        number -> Integer,
        name -> Text,
        made_by -> Uid,
        made_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    counter_opening (pool, counter_id, weekdays, starts) {
        pool -> Text,
        counter_id -> Uid,
        weekdays -> Text,
        starts -> Text,
        ends -> Text,
        minutes -> Integer,
        capacity -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    closed_day (pool, agency, day) {
        pool -> Text,
        agency -> Text,
        day -> Date,
        reason -> Text,
        made_by -> Uid,
        made_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    slot (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        counter_id -> Uid,
        day -> Date,
        starts_at -> Instant,
        ends_at -> Instant,
        capacity -> Integer,
        taken -> Integer,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    appointment (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        slot_id -> Uid,
        day -> Date,
        person_id -> Uid,
        item -> Text,
        state -> Text,
        code -> Nullable<Text>,
        booked_by -> Uid,
        booked_at -> Instant,
        remind_at -> Nullable<Instant>,
        ends_at -> Instant,
        settled_by -> Nullable<Uid>,
        settled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    seen_at_counter (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        document -> Text,
    }
}
