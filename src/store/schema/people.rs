//! Global tables: people, logins, reference data. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    agency (code) {
        code -> Text,
        pool -> Text,
        kind -> Text,
        name_zh -> Text,
        name_en -> Text,
        phone -> Text,
        address -> Text,
        opens -> Text,
        lunch_from -> Text,
        lunch_to -> Text,
        closes -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    institution (id) {
        id -> Uid,
        code -> Text,
        name -> Text,
        kind -> Text,
        level -> Integer,
        pool -> Text,
        region -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    employer (id) {
        id -> Uid,
        uscc -> Text,
        name -> Text,
        pool -> Text,
        agency -> Text,
        region -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    person (id) {
        id -> Uid,
        id_number -> Binary,
        id_hash -> Binary,
        last_six_hash -> Binary,
        name -> Text,
        sex -> Text,
        born -> Date,
        region -> Text,
        phone -> Nullable<Binary>,
        phone_hash -> Nullable<Binary>,
        email -> Nullable<Binary>,
        institution_id -> Nullable<Uid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    coverage (id) {
        id -> Uid,
        person_id -> Uid,
        pool -> Text,
        agency -> Text,
        scheme -> Text,
        category -> Text,
        employer_id -> Nullable<Uid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    relative (person_id, relative_id) {
        person_id -> Uid,
        relative_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    account (id) {
        id -> Uid,
        username -> Text,
        password_hash -> Text,
        role -> Text,
        name -> Text,
        pool -> Nullable<Text>,
        agency -> Nullable<Text>,
        person_id -> Nullable<Uid>,
        employer_id -> Nullable<Uid>,
        institution_id -> Nullable<Uid>,
        locale -> Text,
        email -> Nullable<Binary>,
        epoch -> Integer,
        disabled_at -> Nullable<Instant>,
        created_at -> Instant,
        second_factor_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    session (id) {
        id -> Uid,
        account_id -> Uid,
        epoch -> Integer,
        csrf -> Text,
        created_at -> Instant,
        seen_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        device -> Nullable<Text>,
        identified -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    second_factor (account_id) {
        account_id -> Uid,
        secret -> Binary,
        last_step -> BigInt,
        begun_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    recovery_code (account_id, code_hash) {
        account_id -> Uid,
        code_hash -> Binary,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    pending_sign_in (token_hash) {
        token_hash -> Binary,
        account_id -> Uid,
        epoch -> Integer,
        attempts -> Integer,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    spent_state (state_hash) {
        state_hash -> Binary,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    signing_key (kid) {
        kid -> Text,
        secret -> Binary,
        created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    failed_attempt (subject) {
        subject -> Binary,
        failures -> Integer,
        last_at -> Instant,
        locked_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    demo_clock (id) {
        id -> Integer,
        offset_micros -> BigInt,
        epoch -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    reference_data (kind, version) {
        kind -> Text,
        version -> Integer,
        body -> Text,
        source -> Text,
        imported_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    demo_world (id) {
        id -> Integer,
        begun_at -> Instant,
        filled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Instant;

    redating (id) {
        id -> Integer,
        calendar -> Binary,
        done_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    notification_choice (account_id) {
        account_id -> Uid,
        switched_off -> Text,
        changed_at -> Instant,
    }
}
