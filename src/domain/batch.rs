//! Filings of an employer for many at once (XR-9): one file is one batch, its good rows become cases of their own.

use super::actor::Identified;
use super::ids::{AccountId, BatchId, CaseId, EmployerId, TaskId};
use super::patient::closed_set;
use super::place::{AgencyCode, Pool};
use super::time::Ts;
use super::workflow::Command;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

closed_set! {
    /// What a file is; texts `batch-kind-<name>`.
    Kind {
        /// A full list: ID number, destination, start, end, phone.
        List,
        /// A list under pledge: name, ID number, destination; completed afterwards.
        Pledge,
    }
}

closed_set! {
    /// Whether rows still wait.
    State {
        /// Rows are being filed.
        Running,
        /// Every row has its result.
        Done,
    }
}

closed_set! {
    /// What came of a row; texts `batch-outcome-<name>`.
    Outcome {
        /// It became a case.
        Filed,
        /// It came back.
        Rejected,
        /// It repeats what was filed before.
        Duplicate,
    }
}

closed_set! {
    /// What is done to all cases of a batch; texts `batch-task-<name>`.
    TaskKind {
        /// The employer takes all back.
        Withdraw,
        /// A handler approves.
        Approve,
        /// A handler refuses.
        Refuse,
    }
}

closed_set! {
    /// What came of a task in one case; texts `batch-result-<name>`.
    TaskOutcome {
        /// It is done.
        Done,
        /// It is done, and waits for a second person (CAS-3).
        SecondReview,
        /// The case has ended or was decided before.
        Over,
        /// The case waits for somebody outside, or for a second person.
        Waits,
        /// Somebody else holds it, or the supervisor has it to give out (CLK-7).
        Held,
        /// It is the own case or a relative's (CAS-10).
        Relative,
        /// Its deadline has passed and no cause was stated (CLK-7).
        CauseWanted,
        /// One may not hold more cases.
        HandsFull,
        /// It moved at the same moment.
        Moved,
        /// A rule stands against it.
        Refused,
    }
}

impl TaskOutcome {
    /// Whether the task was done to the case.
    pub fn is_done(self) -> bool {
        match self {
            Self::Done | Self::SecondReview => true,
            Self::Over
            | Self::Waits
            | Self::Held
            | Self::Relative
            | Self::CauseWanted
            | Self::HandsFull
            | Self::Moved
            | Self::Refused => false,
        }
    }
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Identifier.
    pub id: BatchId,
    /// Pool of the employer.
    pub pool: Pool,
    /// Agency of the employer.
    pub agency: AgencyCode,
    /// The employer.
    pub employer: EmployerId,
    /// Its agent who uploaded the file.
    pub filed_by: AccountId,
    /// How they had signed in (CAS-14).
    pub identified: Identified,
    /// Slug of the item.
    pub item: String,
    /// What the file is.
    pub kind: Kind,
    /// Name of the file.
    pub file_name: String,
    /// Whether rows still wait.
    pub state: State,
    /// Rows of the file.
    pub total: u32,
    /// Rows that have their result.
    pub counts: Counts,
    /// When it was uploaded.
    pub created_at: Ts,
    /// When the last row had its result.
    pub finished_at: Option<Ts>,
}

/// Results of the rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Number of the last row that has its result, as in the spreadsheet; 1 is the heading.
    pub reached: u32,
    /// Cases.
    pub filed: u32,
    /// Came back.
    pub rejected: u32,
    /// Repeated what was filed before.
    pub duplicates: u32,
}

/// The result of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// Number in the spreadsheet.
    pub number: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// Of a row that came back: the column's name in the API, if one is at fault.
    pub column: Option<String>,
    /// Why, in kebab-case; words `error-<code>`.
    pub code: Option<String>,
    /// Values for the words.
    pub values: Vec<(String, String)>,
    /// The case it became, or repeats.
    pub case: Option<(CaseId, String)>,
}

/// Something done to all cases of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Identifier.
    pub id: TaskId,
    /// The batch.
    pub batch: BatchId,
    /// What.
    pub kind: TaskKind,
    /// Who asked for it.
    pub asked_by: AccountId,
    /// When.
    pub asked_at: Ts,
    /// Number of the last row it was done to.
    pub reached: u32,
    /// Done so far.
    pub done: u32,
    /// Could not be done.
    pub failed: u32,
    /// When the last was done.
    pub finished_at: Option<Ts>,
}

/// What a task did to one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskResult {
    /// Number of the row in the spreadsheet.
    pub number: u32,
    /// What came of it.
    pub outcome: TaskOutcome,
    /// The case.
    pub receipt_no: String,
}

/// What a task does to each case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The withdrawal or the decision.
    pub command: Command,
    /// Why the cases are taken together, for those that are not next in the queue (CLK-7).
    pub why_taken: Option<String>,
}
