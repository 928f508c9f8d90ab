//! The tables as diesel sees them; the migrations are what they are made from.

mod casework;
mod cross_region;
mod duty;
mod oversight;
mod people;
mod seals;

pub use casework::*;
pub use cross_region::*;
pub use duty::*;
pub use oversight::*;
pub use people::*;
pub use seals::*;

/// The tables that belong to no pool, each with its reason: small, looked up without knowing a pool, and the same for
/// all. On a distributed engine they are copied to every node or spread by hash. Every other table begins each key with
/// `pool`, refers to others with it, and can be spread by it; a test asks the catalogues of both databases.
pub const GLOBAL: &[&str] = &[
    // Reference data: whom the country's rules and lists name.
    "agency",
    "institution",
    "employer",
    "reference_data",
    // By which calendar all deadlines were counted last: one row.
    "redating",
    // The registry of persons: somebody may be insured in one pool after another, and has one row.
    "person",
    "coverage",
    "relative",
    // Who may file for whom: the two may be insured in different pools.
    "authorisation",
    // Logins: found by name, before a pool is known.
    "account",
    "session",
    "signing_key",
    "failed_attempt",
    // What a login does not want by SMS or mail.
    "notification_choice",
    "second_factor",
    "recovery_code",
    "pending_sign_in",
    "spent_state",
    // Which case a submission token became: found by account and token, which know no pool until they are answered.
    "submission",
    // The demo's one row each.
    "demo_clock",
    "demo_world",
];

diesel::allow_tables_to_appear_in_same_query!(
    agency,
    approval,
    authorisation,
    duty_shift,
    on_behalf,
    staff_leave,
    breach,
    breach_cause,
    turnaround,
    rating,
    follow_up,
    sample,
    sample_case,
    person,
    coverage,
    account,
    session,
    second_factor,
    recovery_code,
    pending_sign_in,
    sensitive_read,
    cases,
    case_event,
    case_key,
    unsealed_event,
    seal,
    seal_entry,
    anchor,
    registration,
    inbox,
    outbox,
    notification_choice,
    relative,
    employer,
    institution,
    patient,
    patient_change,
    patient_cost,
    case_patient,
    contact,
    contact_file,
    batch,
    batch_row,
    batch_task,
    batch_task_row,
    closure,
);
