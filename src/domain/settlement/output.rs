//! What a settlement says: who pays what, who bears the subsidy, and how each amount came about. Field names are stable.

use serde::{Deserialize, Serialize};

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::input::{Used, snake_set};

/// Who pays what, in the order of SET-1; fen. They sum to the total, none is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// 基本医保
    pub basic: i64,
    /// 大病保险
    pub serious: i64,
    /// 医疗救助
    pub aid: i64,
    /// 财政补助
    pub subsidy: i64,
    /// 个人
    pub person: i64,
}

impl Parts {
    /// What is paid out to the person who paid everything before (RB-6); fen.
    pub fn payable(&self) -> i64 {
        self.basic
            .saturating_add(self.serious)
            .saturating_add(self.aid)
            .saturating_add(self.subsidy)
    }
}

/// Who bears the fiscal subsidy (SET-8); fen. They sum to the subsidy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// 中央
    pub centre: i64,
    /// 省级（含中央补助）
    pub province: i64,
    /// 市级
    pub city: i64,
    /// 县级
    pub county: i64,
    /// No notice says who.
    pub unallocated: i64,
}

snake_set! {
    /// What a step of the computation does; texts `settlement-step-<name>`.
    Step {
        /// A line of the costs: what of it is eligible.
        Line,
        /// Sum of the eligible amounts.
        Eligible,
        /// The deductible.
        Deductible,
        /// The ratio less the reduction for treatment elsewhere, or that it is not reduced.
        Ratio,
        /// The yearly cap.
        Cap,
        /// Outpatient care of COVID at primary institutions.
        CovidOutpatient,
        /// The ordinary part of outpatient care.
        OrdinaryOutpatient,
        /// 基本医保
        Basic,
        /// In-policy burden of the year.
        Burden,
        /// 大病保险
        Serious,
        /// Which of several categories counts for medical aid.
        AidCategory,
        /// Points for children.
        AidChild,
        /// The yearly limit of medical aid.
        AidLimit,
        /// 医疗救助
        Aid,
        /// What insurance pays of the protocol's lines.
        Allocation,
        /// 财政补助
        Subsidy,
        /// A treasury's share of the subsidy.
        Share,
        /// Costs kept apart from the hospital's budget.
        KeptApart,
        /// 个人
        Person,
    }
}

snake_set! {
    /// What a step rests on; pages say so.
    Ground {
        /// The clause says it.
        Clause,
        /// This project's choice.
        Choice,
        /// An invented figure.
        Sample,
    }
}

/// A step of the computation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traced {
    /// What it does.
    pub step: Step,
    /// Rule id, for instance `SET-4`.
    pub rule: String,
    /// What it rests on.
    pub ground: Ground,
    /// Document and clause, or that it is a choice or a sample.
    pub clause: String,
    /// The formula with its inputs, in figures.
    pub formula: String,
    /// What came of it, fen.
    pub fen: i64,
    /// The line of the costs it is about, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Sum of the lines, fen.
    pub total_fen: i64,
    /// Who pays what.
    pub parts: Parts,
    /// Who bears the subsidy.
    pub shares: Shares,
    /// How it came about, in order.
    pub trail: Vec<Traced>,
    /// What it takes of the year (SET-7); to be added to what was used.
    pub takes: Used,
}
