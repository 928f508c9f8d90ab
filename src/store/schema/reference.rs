//! The catalogue of drugs and services. The columns are described in the migrations.
#![expect(missing_docs, reason = "described in the migrations")]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Instant;

    catalogue_version (version) {
        version -> Integer,
        source -> Text,
        entries -> Integer,
        imported_at -> Instant,
    }
}

diesel::table! {
    catalogue_entry (number) {
        number -> Integer,
        code -> Text,
        list -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        name_zh -> Text,
        name_en -> Text,
        sort -> Text,
        unit -> Text,
        class -> Text,
        own_share -> Nullable<Integer>,
        words -> Text,
    }
}
