//! Duty roster, leave, and filing for somebody else. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    duty_shift (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        account_id -> Uid,
        day -> Date,
        starts -> Text,
        ends -> Text,
        phone -> Bool,
        made_by -> Uid,
        made_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    staff_leave (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        account_id -> Uid,
        from_day -> Date,
        to_day -> Date,
        stand_in -> Uid,
        asked_by -> Uid,
        asked_at -> Instant,
        granted_at -> Nullable<Instant>,
        begun_at -> Nullable<Instant>,
        cancelled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    authorisation (id) {
        id -> Uid,
        kind -> Text,
        principal -> Uid,
        grantee -> Nullable<Uid>,
        grantee_account -> Nullable<Uid>,
        items -> Nullable<Text>,
        from_day -> Date,
        to_day -> Date,
        signed_on -> Nullable<Date>,
        paper -> Nullable<Binary>,
        granted_by -> Uid,
        granted_at -> Instant,
        accepted_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    on_behalf (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        authorisation_id -> Nullable<Uid>,
        called -> Nullable<Binary>,
        call_result -> Nullable<Text>,
        called_at -> Nullable<Instant>,
    }
}
