//! Pool-owned tables: cases and what hangs on them. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    draft (pool, id) {
        pool -> Text,
        id -> Uid,
        account_id -> Uid,
        item -> Text,
        form_version -> Integer,
        answers -> Binary,
        created_at -> Instant,
        updated_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    cases (pool, id) {
        pool -> Text,
        id -> Uid,
        receipt_no -> Text,
        agency -> Text,
        item -> Text,
        form_version -> Integer,
        answers -> Binary,
        person_id -> Uid,
        person_name -> Text,
        filed_by -> Uid,
        channel -> Text,
        urgency -> Text,
        filed_at -> Instant,
        state -> Text,
        stage -> Nullable<Text>,
        version -> Integer,
        holder -> Nullable<Uid>,
        first_reviewer -> Nullable<Uid>,
        proposed -> Nullable<Text>,
        sampled -> Bool,
        supplements -> Integer,
        front -> Bool,
        queue_rank -> SmallInt,
        limits -> Text,
        answered -> Bool,
        clock -> Text,
        due_at -> Nullable<Instant>,
        breached_at -> Nullable<Instant>,
        escalated -> Bool,
        decision -> Nullable<Text>,
        closed_at -> Nullable<Instant>,
        turn_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    case_event (pool, case_id, number) {
        pool -> Text,
        case_id -> Uid,
        number -> Integer,
        at -> Instant,
        actor -> Nullable<Uid>,
        role -> Nullable<Text>,
        action -> Text,
        from_state -> Text,
        to_state -> Text,
        change -> Text,
        words -> Nullable<Binary>,
        hash_version -> SmallInt,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    case_key (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    case_fact (pool, case_id, name) {
        pool -> Text,
        case_id -> Uid,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    material (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Uid,
        name -> Text,
        file_key -> Text,
        file_name -> Binary,
        content_type -> Text,
        size -> BigInt,
        sha256 -> Binary,
        consent -> Nullable<Text>,
        uploaded_by -> Uid,
        uploaded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    obligation (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Uid,
        material -> Text,
        due_on -> Date,
        met_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    timer (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Uid,
        term -> Integer,
        kind -> Text,
        fire_at -> Instant,
        fired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    outbox (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Nullable<Uid>,
        event_number -> Nullable<Integer>,
        account_id -> Uid,
        channel -> Text,
        address -> Binary,
        notice -> Text,
        locale -> Text,
        particulars -> Text,
        created_at -> Instant,
        state -> Text,
        attempts -> Integer,
        next_at -> Instant,
        sent_at -> Nullable<Instant>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Instant;

    dead_letters (pool) {
        pool -> Text,
        untold -> Integer,
        told_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    inbox (pool, id) {
        pool -> Text,
        id -> Uid,
        account_id -> Uid,
        case_id -> Nullable<Uid>,
        receipt_no -> Nullable<Text>,
        event_number -> Nullable<Integer>,
        notice -> Text,
        particulars -> Text,
        created_at -> Instant,
        read_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    submission (account_id, token) {
        account_id -> Uid,
        token -> Text,
        body_hash -> Binary,
        pool -> Text,
        case_id -> Uid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    registration (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Uid,
        person_id -> Uid,
        kind -> Text,
        destination -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        state -> Text,
        replaces -> Nullable<Uid>,
        claimed_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    guard (pool, kind, subject) {
        pool -> Text,
        kind -> Text,
        subject -> Uid,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    receipt_block (pool, agency, day) {
        pool -> Text,
        agency -> Text,
        day -> Date,
        next_number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    approval (pool, id) {
        pool -> Text,
        id -> Uid,
        case_id -> Uid,
        case_version -> Integer,
        action -> Text,
        asked_by -> Uid,
        asked_at -> Instant,
        command -> Binary,
        state -> Text,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    sensitive_read (pool, id) {
        pool -> Text,
        id -> Uid,
        at -> Instant,
        account_id -> Uid,
        person_id -> Uid,
        case_id -> Nullable<Uid>,
        what -> Text,
        reason -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    breach (pool, case_id, term) {
        pool -> Text,
        case_id -> Uid,
        term -> Integer,
        agency -> Text,
        item -> Text,
        receipt_no -> Text,
        due_at -> Instant,
        breached_at -> Instant,
        holder -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    breach_cause (pool, case_id, term) {
        pool -> Text,
        case_id -> Uid,
        term -> Integer,
        cause -> Text,
        stated_by -> Uid,
        stated_at -> Instant,
        event_number -> Integer,
    }
}
