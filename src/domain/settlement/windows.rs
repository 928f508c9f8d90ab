//! The lines of the costs, each by its own day: class and eligible amount after the temporary windows (SET-2, SET-3), whether
//! it has the outpatient ratio of COVID (SET-4), whether it is for the fiscal subsidy (SET-5). No payer is computed here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::input::{Input, Line, Listed, Sort};
use super::output::Step;
use super::pack::{Pack, need};
use super::rounding::{WHOLE, half_up, parts};
use super::trail::{Cited, Trail, cited, percent, yuan};
use crate::domain::claim::{Care, Class, Covid};
use crate::domain::form::FieldError;
use crate::domain::policy::PolicySet;
use crate::domain::policy::value::BasisPoints;
use crate::domain::time::Day;

/// What the lines come to, by what becomes of them; fen.
#[derive(Clone, Copy, Default)]
pub(super) struct Costs {
    /// All lines.
    pub(super) total: i64,
    /// What is eligible of them.
    pub(super) eligible: i64,
    /// What of the eligible has the outpatient ratio of COVID (SET-4).
    pub(super) covid_outpatient: i64,
    /// A day on which that ratio is in force.
    pub(super) covid_outpatient_on: Option<Day>,
    /// Lines of the protocol whose rest the subsidy bears (SET-5).
    pub(super) subsidised: i64,
    /// What is eligible of those.
    pub(super) subsidised_eligible: i64,
    /// The day by which the subsidy is given: admission, or the first service in its window.
    pub(super) subsidised_on: Option<Day>,
    /// Lines of the protocol of a COVID patient, subsidised or not (SET-9).
    pub(super) of_covid: i64,
}

/// What becomes of a line.
struct Judged {
    eligible: i64,
    formula: String,
    cited: Cited,
}

/// The care that packs tell apart: everything that is no stay is outpatient.
pub(super) fn care(kind: Care) -> &'static str {
    match kind {
        Care::Inpatient => "inpatient",
        Care::Outpatient | Care::Emergency | Care::Internet => "outpatient",
    }
}

/// The condition of a COVID patient.
pub(super) fn patient(covid: Covid) -> Option<&'static str> {
    match covid {
        Covid::Confirmed | Covid::Suspected => Some(covid.as_str()),
        Covid::None => None,
    }
}

/// Judges every line and sums them up.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn costs(
    input: &Input,
    policies: &PolicySet,
    trail: &mut Trail,
) -> Result<Costs, FieldError> {
    let mut days: BTreeMap<Day, Windows> = BTreeMap::new();
    let mut costs = Costs::default();
    for (number, line) in (1..).zip(&input.lines) {
        let windows = match days.entry(line.date) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Windows::on(input, policies, line.date)?),
        };
        let judged = windows.judge(line);
        costs.add(line, judged.eligible, windows);
        trail.line(number, &judged.cited, judged.formula, judged.eligible);
    }
    let first = |of: fn(&Windows) -> bool| {
        let found = days.iter().find(|(_, windows)| of(windows));
        found.map(|(day, _)| *day)
    };
    costs.covid_outpatient_on = first(|windows| windows.covid_outpatient);
    costs.subsidised_on = first(|windows| windows.subsidised).map(|day| subsidy_day(input, day));
    let basis = Pack(policies.on(input.pool, input.from)).basis("catalogue.ordinary")?;
    let formula = format!("{} lines", input.lines.len());
    trail.note(Step::Eligible, basis, formula, costs.eligible);
    Ok(costs)
}

/// The day by which a line's subsidy goes: admission for a stay, else the day of the service (SET-1).
fn subsidy_day(input: &Input, day: Day) -> Day {
    if input.kind.is_stay() {
        input.from
    } else {
        day
    }
}

impl Costs {
    fn add(&mut self, line: &Line, eligible: i64, windows: &Windows) {
        self.total += line.fen;
        self.eligible += eligible;
        if !(line.protocol && windows.patient) {
            return;
        }
        self.of_covid += line.fen;
        if windows.covid_outpatient {
            self.covid_outpatient += eligible;
        }
        if windows.subsidised {
            self.subsidised += line.fen;
            self.subsidised_eligible += eligible;
        }
    }
}

/// What is in force on a line's day, for this patient.
struct Windows {
    /// Confirmed or suspected.
    patient: bool,
    /// The outpatient ratio of COVID (SET-4).
    covid_outpatient: bool,
    /// The fiscal subsidy (SET-5).
    subsidised: bool,
    /// The ordinary catalogue.
    ordinary: Cited,
    /// Why nothing is payable, where this kind of care is not (RB-5).
    not_payable: Option<Cited>,
    /// Temporary windows in force: key, what it says, what it rests on.
    temporary: Vec<(&'static str, String, Cited)>,
}

/// The windows of the protocol, which are for COVID patients.
const OF_PROTOCOL: [&str; 4] = [
    "catalogue.protocol-drugs",
    "catalogue.protocol-services",
    "catalogue.provincial-temporary-list",
    "catalogue.follow-up-checks",
];

/// The windows that are for everybody.
const OF_EVERYBODY: [&str; 2] = [
    "catalogue.antigen-tests",
    "catalogue.third-supplementary-list",
];

impl Windows {
    fn on(input: &Input, policies: &PolicySet, day: Day) -> Result<Self, FieldError> {
        let pack = Pack(policies.on(input.pool, day));
        let patient = patient(input.covid);
        let of_protocol =
            patient.is_some_and(|one| pack.lists("catalogue.protocol-statuses", one).is_some());
        let keys = OF_PROTOCOL.into_iter().filter(|_| of_protocol);
        let temporary = keys.chain(OF_EVERYBODY).filter_map(|key| {
            let (says, basis) = pack.text(key)?;
            Some((key, says.to_owned(), cited(basis)))
        });
        let (internet, basis) = need(
            pack.text("reimbursement.internet"),
            "reimbursement.internet",
        )?;
        let refused = input.kind == Care::Internet && internet != "payable";
        let by = Pack(policies.on(input.pool, subsidy_day(input, day)));
        Ok(Self {
            patient: patient.is_some(),
            covid_outpatient: patient.is_some_and(|one| covid_outpatient(pack, input, one)),
            subsidised: patient.is_some_and(|one| subsidised(by, input, one)),
            ordinary: cited(pack.basis("catalogue.ordinary")?),
            not_payable: refused.then(|| cited(basis)),
            temporary: temporary.collect(),
        })
    }

    /// Class, eligible amount (rounded half up once a line, SET-1) and why.
    fn judge(&self, line: &Line) -> Judged {
        if let Some(cited) = &self.not_payable {
            return Judged {
                eligible: 0,
                formula: format!("{} x 0 %", yuan(line.fen)),
                cited: cited.clone(),
            };
        }
        let (class, cited) = self
            .applicable(line)
            .find_map(|(says, cited)| Some((changed(line, says)?, cited)))
            .unwrap_or((line.class, &self.ordinary));
        let share = match class {
            Class::A => 0,
            Class::B => line.own_share_bp.unwrap_or(BasisPoints::WHOLE).0,
            Class::Outside => BasisPoints::WHOLE.0,
        };
        let ratio = BasisPoints::WHOLE.0.saturating_sub(share);
        let eligible = half_up(parts(line.fen, ratio), WHOLE);
        let class = match class == line.class {
            true => class.to_string(),
            false => format!("{} -> {class}", line.class),
        };
        let (amount, ratio, result) = (yuan(line.fen), percent(ratio), yuan(eligible));
        Judged {
            eligible,
            formula: format!("{class}: {amount} x {ratio} = {result}"),
            cited: cited.clone(),
        }
    }

    /// What the temporary windows in force say of a line.
    fn applicable(&self, line: &Line) -> impl Iterator<Item = (&str, &Cited)> {
        let reach = |key: &str| match (key, line.sort.unwrap_or(Sort::Drug)) {
            ("catalogue.protocol-drugs", sort) => line.protocol && sort == Sort::Drug,
            ("catalogue.protocol-services", sort) => line.protocol && sort != Sort::Drug,
            ("catalogue.follow-up-checks", sort) => sort == Sort::FollowUp,
            ("catalogue.antigen-tests", sort) => sort == Sort::AntigenTest,
            ("catalogue.provincial-temporary-list", _) => {
                line.list == Some(Listed::ProvincialTemporary)
            }
            (_, _) => line.list == Some(Listed::ThirdSupplementary),
        };
        let found = self.temporary.iter().filter(move |(key, ..)| reach(key));
        found.map(|(_, says, cited)| (says.as_str(), cited))
    }
}

/// The class by which a temporary window treats a line; `None` when it leaves it as it is (SET-3).
fn changed(line: &Line, says: &str) -> Option<Class> {
    match (says, line.class) {
        ("all-as-class-a", _) | ("outside-catalogue-as-class-a", Class::Outside) => Some(Class::A),
        // Payable as the list itself says: with an own share like class B, without one like class A.
        ("payable" | "payable-settled-directly", Class::Outside) => match line.own_share_bp {
            Some(_) => Some(Class::B),
            None => Some(Class::A),
        },
        (_, Class::A | Class::B | Class::Outside) => None,
    }
}

/// SET-4: this care, this condition, a designated institution of these levels.
fn covid_outpatient(pack: Pack<'_>, input: &Input, patient: &str) -> bool {
    let level = match input.institution.level {
        0 => "not-graded".to_owned(),
        graded => graded.to_string(),
    };
    let key = |part: &str| format!("settlement.covid-outpatient.{part}");
    input.institution.designated
        && pack.ratio(&key("ratio")).is_some()
        && pack.lists(&key("care"), input.kind.as_str()).is_some()
        && pack.lists(&key("statuses"), patient).is_some()
        && pack.lists(&key("levels"), &level).is_some()
}

/// SET-5: this condition and this care.
fn subsidised(pack: Pack<'_>, input: &Input, patient: &str) -> bool {
    let says = pack.text(&format!("subsidy.{patient}"));
    says.is_some_and(|(says, _)| says == "all-left-to-the-person")
        && pack.lists("subsidy.care", care(input.kind)).is_some()
}
