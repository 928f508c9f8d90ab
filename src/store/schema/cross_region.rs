//! Pool-owned tables of cross-region treatment: patient ledger, contacts between agencies, batches of employers, closures.
//! The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    patient (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        institution_id -> Uid,
        name -> Text,
        id_number -> Binary,
        id_hash -> Binary,
        person_id -> Nullable<Uid>,
        sex -> Text,
        age -> Integer,
        status -> Text,
        admitted_on -> Date,
        discharged_on -> Nullable<Date>,
        scheme -> Nullable<Text>,
        insured_at -> Text,
        registration -> Text,
        version -> Integer,
        entered_by -> Uid,
        entered_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    patient_change (pool, patient_id, number) {
        pool -> Text,
        patient_id -> Uid,
        number -> Integer,
        at -> Instant,
        by_account -> Nullable<Uid>,
        kind -> Text,
        change -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    patient_cost (pool, id) {
        pool -> Text,
        id -> Uid,
        patient_id -> Uid,
        incurred_on -> Date,
        kind -> Text,
        amount -> BigInt,
        reverses -> Nullable<Uid>,
        note -> Nullable<Binary>,
        entered_by -> Uid,
        entered_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    case_patient (pool, case_id) {
        pool -> Text,
        case_id -> Uid,
        patient_pool -> Text,
        patient_id -> Uid,
        linked_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    contact (pool, id, side) {
        pool -> Text,
        id -> Uid,
        side -> Text,
        agency -> Text,
        sender -> Text,
        receiver -> Text,
        thread -> Uid,
        leg -> Integer,
        origin -> Text,
        target -> Text,
        purpose -> Text,
        case_pool -> Nullable<Text>,
        case_id -> Nullable<Uid>,
        receipt_no -> Nullable<Text>,
        patient_pool -> Nullable<Text>,
        patient_id -> Nullable<Uid>,
        person_id -> Nullable<Uid>,
        subject -> Binary,
        message -> Binary,
        sent_by -> Nullable<Uid>,
        sent_at -> Instant,
        term -> Text,
        due_at -> Nullable<Instant>,
        breached_at -> Nullable<Instant>,
        alarm_at -> Nullable<Instant>,
        reached_by -> Text,
        answer -> Nullable<Text>,
        remark -> Nullable<Binary>,
        answered_who -> Nullable<Binary>,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Instant>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    contact_file (pool, id) {
        pool -> Text,
        id -> Uid,
        thread -> Uid,
        file_key -> Text,
        file_name -> Binary,
        content_type -> Text,
        size -> BigInt,
        sha256 -> Binary,
        uploaded_by -> Uid,
        uploaded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    batch (pool, id) {
        pool -> Text,
        id -> Uid,
        agency -> Text,
        employer_id -> Uid,
        filed_by -> Uid,
        identified -> Text,
        item -> Text,
        kind -> Text,
        file_key -> Text,
        file_name -> Binary,
        sha256 -> Binary,
        size -> BigInt,
        state -> Text,
        total -> Integer,
        reached -> Integer,
        filed -> Integer,
        rejected -> Integer,
        duplicates -> Integer,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
        settled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    batch_row (pool, batch_id, number) {
        pool -> Text,
        batch_id -> Uid,
        number -> Integer,
        outcome -> Text,
        column_name -> Nullable<Text>,
        code -> Nullable<Text>,
        particulars -> Nullable<Text>,
        case_id -> Nullable<Uid>,
        receipt_no -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    batch_task (pool, id) {
        pool -> Text,
        id -> Uid,
        batch_id -> Uid,
        kind -> Text,
        command -> Binary,
        asked_by -> Uid,
        asked_at -> Instant,
        reached -> Integer,
        done -> Integer,
        failed -> Integer,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    batch_task_row (pool, task_id, number) {
        pool -> Text,
        task_id -> Uid,
        number -> Integer,
        outcome -> Text,
        receipt_no -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    closure (pool, id) {
        pool -> Text,
        id -> Uid,
        kind -> Text,
        area -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        notice -> Text,
        entered_by -> Uid,
        entered_at -> Instant,
        ended_by -> Nullable<Uid>,
        ended_at -> Nullable<Instant>,
        end_notice -> Nullable<Text>,
        withdrawn_by -> Nullable<Uid>,
        withdrawn_at -> Nullable<Instant>,
        withdrawn_reason -> Nullable<Text>,
        version -> Integer,
    }
}
