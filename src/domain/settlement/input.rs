//! What a settlement is computed from, as `bujianmian settle` reads it (field names are stable). Whether it makes sense is
//! asked when it is settled; nothing is computed here.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::domain::claim::{Care, Class, Covid, ManagedBy};
use crate::domain::patient::Scheme;
use crate::domain::place::Pool;
use crate::domain::policy::value::BasisPoints;
use crate::domain::time::Day;

/// Gives a closed set of a settlement its derives and its name for files, database and texts.
macro_rules! snake_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, EnumString,
            IntoStaticStr, Display,
        )]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// The name in files, the database and the texts' keys.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }
    };
}

pub(super) use snake_set;

snake_set! {
    /// Categories of persons that medical aid goes by (SET-6); texts `category-<name>`.
    Category {
        /// 特困人员
        Destitute,
        /// 孤儿
        Orphan,
        /// 事实无人抚养儿童
        DeFactoOrphan,
        /// 低保对象
        MinimumLiving,
        /// 返贫致贫人口
        ReturnedToPoverty,
        /// 低收入人口
        LowIncome,
        /// 防止返贫监测对象
        AtRisk,
    }
}

impl Category {
    /// The category that the registry of insured persons names, if it is one that aid goes by.
    pub fn of_registry(name: &str) -> Option<Self> {
        match name {
            // As the notices call it (低保).
            "minimum-allowance" => Some(Self::MinimumLiving),
            name => name.replace('-', "_").parse().ok(),
        }
    }
}

snake_set! {
    /// Who manages the finances of the county that bears a share (SET-8).
    CountyFinance {
        /// 市管县
        City,
        /// 省直管县
        Province,
    }
}

snake_set! {
    /// Where the person is insured, seen from the pool (SET-8).
    InsuredAt {
        /// 市本级
        City,
        /// 县区
        County,
        /// 异地
        Elsewhere,
    }
}

snake_set! {
    /// Whether the treatment was elsewhere, and registered (XR-7).
    CrossRegion {
        /// At home, or without a reduction.
        None,
        /// 已备案
        Registered,
        /// 未备案
        Unregistered,
    }
}

/// The treating institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// 0 not graded, 1, 2, 3.
    pub level: u8,
    /// County or prefecture code.
    pub region: String,
    /// Whose hospital it is.
    pub managed_by: ManagedBy,
    /// Whether it is a designated institution.
    pub designated: bool,
}

/// A line of the costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Day of the service, Beijing.
    pub date: Day,
    /// Class of the ordinary catalogue.
    pub class: Class,
    /// Amount, fen.
    pub fen: i64,
    /// What the person bears of class B, basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_share_bp: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment (SET-3).
    #[serde(default)]
    pub protocol: bool,
    /// What it is, where that decides about a temporary window (SET-3); a drug when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// The temporary list it stands on beside the protocol, if any (SET-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Listed>,
}

snake_set! {
    /// What a line is for (SET-3): windows of the temporary catalogue tell them apart.
    Sort {
        /// 药品
        Drug,
        /// 诊疗项目
        Service,
        /// 抗原检测
        AntigenTest,
        /// 新冠门诊复查
        FollowUp,
    }
}

snake_set! {
    /// Temporary lists of drugs beside the protocol's (SET-3).
    Listed {
        /// 省临时增补药品
        ProvincialTemporary,
        /// 第三批省级增补药品
        ThirdSupplementary,
    }
}

/// What the person used of the year before (SET-7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Used {
    /// Stays so far: the deductible goes by their count.
    pub admissions: u32,
    /// Paid by basic insurance for stays, which have a yearly cap, fen.
    pub basic_fen: i64,
    /// Burden counted by serious-illness insurance, fen.
    pub serious_burden_fen: i64,
    /// Paid by medical aid, fen.
    pub aid_fen: i64,
    /// Paid by basic insurance by the ordinary outpatient rules, which have a yearly cap of their own, fen.
    #[serde(skip_serializing_if = "is_nothing")]
    pub outpatient_fen: i64,
    /// Borne as the yearly deductible of the ordinary outpatient rules, fen.
    #[serde(skip_serializing_if = "is_nothing")]
    pub outpatient_deducted_fen: i64,
}

/// Most years nobody uses the outpatient rules: then they are not spoken of.
fn is_nothing(fen: &i64) -> bool {
    *fen == 0
}

/// Everything a settlement is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The pool that pays.
    pub pool: Pool,
    /// Scheme of insurance.
    pub scheme: Scheme,
    /// Day of birth.
    pub birth: Day,
    /// Categories of the person.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Kind of care.
    pub kind: Care,
    /// COVID status.
    pub covid: Covid,
    /// Where they were treated.
    pub institution: Institution,
    /// Who manages the finances of the county that bears it.
    pub county_finance: CountyFinance,
    /// Where they are insured.
    pub insured_at: InsuredAt,
    /// Treatment elsewhere.
    pub cross_region: CrossRegion,
    /// Admission, or day of the service.
    pub from: Day,
    /// Discharge, or day of the service.
    pub to: Day,
    /// The costs.
    pub lines: Vec<Line>,
    /// What was used of the year before.
    #[serde(default)]
    pub used: Used,
}
