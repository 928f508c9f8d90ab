//! How domain types are bound and read on both databases. No tables, no queries.
//!
//! Identifiers are `uuid` on PostgreSQL and 16 bytes on SQLite, instants `timestamptz` and integer
//! microseconds; closed enums are text on both.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, SqlType};
use diesel::sqlite::Sqlite;
use std::io::Write;
use uuid::Uuid;

use super::conn::MultiBackend;
use crate::domain::ids::Identifier;
use crate::domain::time::Ts;

/// SQL type of every identifier.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 2950, array_oid = 2951),
    sqlite_type(name = "Binary")
)]
pub struct Uid;

/// SQL type of every instant.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(
    postgres_type(oid = 1184, array_oid = 1185),
    sqlite_type(name = "Long")
)]
pub struct Instant;

/// Microseconds from 1970-01-01 (ours) to 2000-01-01 (PostgreSQL's).
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Gives a domain type the expression impls of an SQL type, and the impls of the combined backend that
/// hand over to the single ones.
macro_rules! bind {
    ($sql:ident: $($rust:ty),+ $(,)?) => {$(
        const _: () = {
            #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
            #[diesel(foreign_derive, sql_type = $sql)]
            #[expect(dead_code, reason = "only carries the derives to the domain's type")]
            struct Proxy($rust);
        };

        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(raw: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                raw.from_sql::<Self, $sql>()
            }
        }
    )+};
}

/// The same for text newtypes and enums that have `as_str` and `FromStr`.
macro_rules! bind_text {
    ($($rust:ty),+ $(,)?) => {$(
        const _: () = {
            #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
            #[diesel(foreign_derive, sql_type = diesel::sql_types::Text)]
            #[expect(dead_code, reason = "only carries the derives to the domain's type")]
            struct Proxy($rust);
        };

        impl<DB: diesel::backend::Backend> ToSql<Text, DB> for $rust
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB: diesel::backend::Backend> FromSql<Text, DB> for $rust
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(raw: <DB as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text = <String as FromSql<Text, DB>>::from_sql(raw)?;
                text.parse().map_err(|_| format!("{text} is not a {}", stringify!($rust)).into())
            }
        }
    )+};
}

impl diesel::sql_types::HasSqlType<Uid> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Uid>(lookup)
    }
}

impl diesel::sql_types::HasSqlType<Instant> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Instant>(lookup)
    }
}

macro_rules! bind_ids {
    ($($rust:ty),+ $(,)?) => {
        bind!(Uid: $($rust),+);
        $(
            impl ToSql<Uid, Pg> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    out.write_all(self.uuid().as_bytes())?;
                    Ok(IsNull::No)
                }
            }

            impl ToSql<Uid, Sqlite> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.uuid().as_bytes().to_vec());
                    Ok(IsNull::No)
                }
            }

            impl FromSql<Uid, Pg> for $rust {
                fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(Uuid::from_slice(raw.as_bytes())?.into())
                }
            }

            impl FromSql<Uid, Sqlite> for $rust {
                fn from_sql(raw: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                    let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(raw)?;
                    Ok(Uuid::from_slice(&bytes)?.into())
                }
            }
        )+
    };
}

use crate::domain::ids::{
    AccountId, ApprovalId, AuthorisationId, BatchId, CaseId, ClosureId, ContactFileId, ContactId,
    CostId, CoverageId, EmployerId, InstitutionId, LeaveId, MaterialId, MessageId, ObligationId,
    PatientId, PersonId, ReadId, RegistrationId, SampleId, SessionId, ShiftId, TaskId, TimerId,
};

bind_ids!(
    AccountId,
    ApprovalId,
    AuthorisationId,
    BatchId,
    ClosureId,
    ContactFileId,
    ContactId,
    CostId,
    PatientId,
    TaskId,
    LeaveId,
    ReadId,
    ShiftId,
    CaseId,
    CoverageId,
    EmployerId,
    InstitutionId,
    MaterialId,
    MessageId,
    ObligationId,
    PersonId,
    RegistrationId,
    SampleId,
    SessionId,
    TimerId,
);

bind!(Instant: Ts);

impl ToSql<Instant, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self
            .micros()
            .checked_sub(PG_EPOCH_MICROS)
            .ok_or("instant out of range")?;
        out.write_all(&micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Instant, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Pg> for Ts {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Pg>>::from_sql(raw)?;
        micros
            .checked_add(PG_EPOCH_MICROS)
            .and_then(Self::from_micros)
            .ok_or_else(|| "instant out of range".into())
    }
}

impl FromSql<Instant, Sqlite> for Ts {
    fn from_sql(raw: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(raw)?;
        Self::from_micros(micros).ok_or_else(|| "instant out of range".into())
    }
}

use crate::domain::actor::{Identified, Role};
use crate::domain::batch;
use crate::domain::case::{BreachCause, Channel, Decision, State, Urgency};
use crate::domain::closure;
use crate::domain::contact;
use crate::domain::locale::Locale;
use crate::domain::notice;
use crate::domain::patient;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::proxy;
use crate::domain::registration::Standing;
use crate::domain::sample::Finding;
use crate::domain::timer;
use crate::domain::workflow::Action;
use diesel::sql_types::Text;

bind_text!(
    Action,
    AgencyCode,
    BreachCause,
    Channel,
    Decision,
    Identified,
    Finding,
    Locale,
    Pool,
    proxy::Kind,
    Role,
    Standing,
    State,
    notice::Channel,
    timer::Kind,
    Urgency,
    batch::Kind,
    batch::State,
    batch::Outcome,
    batch::TaskKind,
    batch::TaskOutcome,
    closure::Kind,
    contact::Answer,
    contact::Outcome,
    contact::Purpose,
    contact::ReachedBy,
    contact::Side,
    patient::Status,
    patient::Scheme,
    patient::Progress,
    patient::cost::CostKind,
    patient::course::ChangeKind
);
