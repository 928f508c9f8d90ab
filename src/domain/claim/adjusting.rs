//! What the review allows of the lines of a claim (RB-6): what was asked, what is allowed of it, in which class, and why. An
//! adjustment is said of one line as it was; when the line is another one by now, it says nothing any more. No payment is
//! computed here.

use super::{Class, Line};
use crate::domain::form::FieldError;
use crate::domain::ids::AccountId;
use crate::domain::money::Fen;
use crate::domain::policy::value::BasisPoints;
use crate::domain::text::cleaned;
use crate::domain::time::{Day, Ts};

/// What the review says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Number of the line, from 1.
    pub line: u32,
    /// What is allowed of it.
    pub allowed: Fen,
    /// Its class.
    pub class: Option<Class>,
    /// What the person bears of class B.
    pub own_share: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment (SET-3).
    pub protocol: bool,
    /// Why.
    pub reason: String,
}

/// What is said of a line; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Number of the line, from 1.
    pub line: u32,
    /// What is allowed of it.
    pub allowed: Option<Fen>,
    /// Its class.
    pub class: Option<Class>,
    /// What the person bears of class B.
    pub own_share: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment.
    pub protocol: Option<bool>,
    /// Why.
    pub reason: String,
}

/// A ruling as it was recorded: append-only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// The case's event that says it.
    pub event: u32,
    /// Day of the line it was said of.
    pub day: Day,
    /// Name of that line.
    pub name: String,
    /// What was asked for it.
    pub asked: Fen,
    /// What was said.
    pub ruling: Ruling,
    /// Who said it.
    pub by: AccountId,
    /// When.
    pub at: Ts,
}

impl Adjustment {
    /// Whether it was said of this line.
    fn is_of(&self, line: &Line) -> bool {
        self.ruling.line == line.number
            && self.day == line.day
            && self.name == line.name
            && self.asked == line.amount
    }
}

/// A line with what counts of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// As asked for.
    pub asked: Line,
    /// What is allowed of it.
    pub allowed: Fen,
    /// The class that counts; a settlement needs it.
    pub class: Option<Class>,
    /// What the person bears of class B.
    pub own_share: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment.
    pub protocol: bool,
    /// The last that was said of it.
    pub adjusted: Option<Adjustment>,
}

impl Reviewed {
    /// The ruling that something said of the line makes.
    pub fn ruled(&self, said: &Said) -> Ruling {
        let class = said.class.or(self.class);
        Ruling {
            line: self.asked.number,
            allowed: said.allowed.unwrap_or(self.allowed),
            class,
            own_share: (said.own_share.or(self.own_share)).filter(|_| class == Some(Class::B)),
            protocol: said.protocol.unwrap_or(self.protocol),
            reason: cleaned(&said.reason),
        }
    }
}

/// The lines with what counts of them: the last adjustment, else what was asked.
pub fn reviewed(lines: &[Line], adjustments: &[Adjustment]) -> Vec<Reviewed> {
    let counted = |line: &Line| {
        let said = adjustments.iter().filter(|one| one.is_of(line));
        let adjusted = said.max_by_key(|one| one.event).cloned();
        match adjusted {
            None => Reviewed {
                asked: line.clone(),
                allowed: line.amount,
                class: line.class,
                own_share: line.own_share,
                protocol: line.protocol,
                adjusted: None,
            },
            Some(one) => Reviewed {
                asked: line.clone(),
                allowed: one.ruling.allowed,
                class: one.ruling.class,
                own_share: one.ruling.own_share,
                protocol: one.ruling.protocol,
                adjusted: Some(one),
            },
        }
    };
    lines.iter().map(counted).collect()
}

/// What is wrong with a ruling on a line, each at its field.
pub fn faults(line: &Line, ruling: &Ruling) -> Vec<FieldError> {
    let mut faults = vec![];
    if ruling.allowed > line.amount || ruling.allowed < Fen::default() {
        faults.push(FieldError::new("allowed", "allowed-beyond").with("asked", line.amount));
    }
    if ruling.reason.trim().is_empty() {
        faults.push(FieldError::new("reason", "required"));
    }
    match (ruling.class, ruling.own_share) {
        (None, _) => faults.push(FieldError::new("class", "choice-required")),
        (Some(Class::B), None) => faults.push(FieldError::new("own_share", "share-needed")),
        (Some(_), _) => {}
    }
    faults
}

/// Why lines cannot be settled yet, each at its line: none there, a class or a share missing, nothing allowed at all.
pub fn unsettled(lines: &[Reviewed]) -> Vec<FieldError> {
    if lines.is_empty() {
        return vec![FieldError::new("lines", "lines-missing")];
    }
    let mut faults = vec![];
    for line in lines.iter().filter(|line| !line.allowed.is_zero()) {
        let at = |column: &str| format!("lines.{}.{column}", line.asked.number);
        match (line.class, line.own_share) {
            (None, _) => faults.push(
                FieldError::new(&at("class"), "class-missing").with("line", line.asked.number),
            ),
            (Some(Class::B), None) => faults.push(
                FieldError::new(&at("own_share"), "share-missing").with("line", line.asked.number),
            ),
            (Some(_), _) => {}
        }
    }
    if lines.iter().all(|line| line.allowed.is_zero()) {
        faults.push(FieldError::new("lines", "lines-nothing-allowed"));
    }
    faults
}

/// A share as people write it: `10%`, `10`, `12.5％`; at most the whole.
pub fn share(typed: &str) -> Option<BasisPoints> {
    let typed = typed.trim().trim_end_matches(['%', '％']).trim();
    // Percent have two decimals as yuan have: both are read as hundredths.
    let hundredths = Fen::parse(typed).ok()?.fen();
    u16::try_from(hundredths)
        .ok()
        .map(BasisPoints)
        .filter(|share| *share <= BasisPoints::WHOLE)
}

#[cfg(test)]
mod tests;
