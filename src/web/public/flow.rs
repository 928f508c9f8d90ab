//! The way of a case as a picture and as text, both made from the item's transition table (CAS-1), so that a
//! guide never shows another way than the one the engine goes.

use askama::Template;
use askama::filters::HtmlSafe;
use strum::IntoEnumIterator;

use crate::data::texts::{text, text_with};
use crate::domain::case::State;
use crate::domain::item::ServiceItem;
use crate::domain::locale::Locale;
use crate::domain::workflow::table::Clock;
use crate::domain::workflow::{Action, Next, Transition, Who};

/// What can happen in one state, in words.
pub(super) struct Station {
    /// The state.
    pub(super) state: String,
    /// One sentence each: who may do what, what it leads to, what the clock does.
    pub(super) moves: Vec<String>,
}

/// The text alternative of the picture: every move that concerns the applicant.
pub(super) fn stations(locale: Locale, item: &ServiceItem) -> Vec<Station> {
    State::iter()
        .map(|state| Station {
            state: text(locale, &format!("state-{state}")),
            moves: moves(locale, item, state),
        })
        .filter(|station| !station.moves.is_empty())
        .collect()
}

fn moves(locale: Locale, item: &ServiceItem, state: State) -> Vec<String> {
    let rows = item.table.iter().filter(|row| row.from == state);
    rows.filter(|row| concerns_applicant(row.action))
        .map(|row| sentence(locale, item, row))
        .collect()
}

/// How staff share out the work among themselves is no step of the applicant's way.
fn concerns_applicant(action: Action) -> bool {
    !matches!(
        action,
        Action::Claim
            | Action::Assign
            | Action::Release
            | Action::HandOver
            | Action::Breach
            | Action::Redate
    )
}

fn sentence(locale: Locale, item: &ServiceItem, row: &Transition) -> String {
    let names: Vec<String> = after(item, row)
        .into_iter()
        .map(|state| text(locale, &format!("state-{state}")))
        .collect();
    let next = names.join(&text(locale, "flow-or"));
    let clock = match row.clock {
        Clock::Starts => "flow-clock-starts",
        Clock::Runs => "",
        Clock::Answers => "flow-clock-answers",
        Clock::Pauses => "flow-clock-pauses",
        Clock::Restarts => "flow-clock-restarts",
        Clock::Stops => "flow-clock-stops",
    };
    let values = [
        ("who", text(locale, who(row.by)).into()),
        ("action", text(locale, &action_key(row)).into()),
        ("next", next.into()),
    ];
    let mut sentence = text_with(locale, "flow-sentence", &values);
    // Where nothing happens to the clock nothing is said of it.
    if !clock.is_empty() {
        if locale == Locale::En {
            sentence.push(' ');
        }
        sentence.push_str(&text(locale, clock));
    }
    sentence
}

/// What a second person still has to look at is proposed, not decided.
fn action_key(row: &Transition) -> String {
    match (row.action, row.next) {
        (Action::Refuse | Action::NotAccept, Next::To(State::SecondReview)) => {
            format!("flow-action-{}-proposed", row.action)
        }
        _ => format!("flow-action-{}", row.action),
    }
}

fn who(by: Who) -> &'static str {
    match by {
        Who::Applicant => "flow-who-applicant",
        Who::Concerned => "flow-who-concerned",
        Who::Handler | Who::Holder => "flow-who-handler",
        Who::Officer => "flow-who-officer",
        Who::Dispatcher => "flow-who-dispatcher",
        Who::Reviewer => "flow-who-reviewer",
        Who::Supervisor => "flow-who-supervisor",
        Who::Timer => "flow-who-timer",
        Who::OtherAgency => "flow-who-other-agency",
    }
}

/// The states a row can lead to.
fn after(item: &ServiceItem, row: &Transition) -> Vec<State> {
    let approved = match item.first_stage {
        Some(_) => State::Fulfilling,
        None => State::Closed,
    };
    let decided = match row.action {
        Action::Refuse => State::Refused,
        Action::NotAccept => State::NotAccepted,
        _ => approved,
    };
    match row.next {
        Next::To(state) => vec![state],
        Next::DecidedOrSecondReview => vec![decided, State::SecondReview],
        Next::Decided => vec![decided],
        Next::HandlerOrQueue => vec![State::InReview, State::Submitted],
    }
}

/// A box of the picture.
struct Node {
    x: u16,
    y: u16,
    width: u16,
    height: u16,
    lines: Vec<Line>,
    class: &'static str,
}

/// One line of words in a box.
struct Line {
    x: u16,
    y: u16,
    words: String,
}

/// An arrow as an SVG path.
struct Arrow {
    path: String,
}

/// Where a state of the main way was drawn.
struct Place {
    state: State,
    middle: u16,
    bottom: u16,
}

/// The picture: the main way downwards, what leaves it to the right of it.
#[derive(Template)]
#[template(path = "public/flow.html")]
pub(super) struct Flow {
    title: String,
    description: String,
    height: u16,
    nodes: Vec<Node>,
    arrows: Vec<Arrow>,
}

impl HtmlSafe for Flow {}

/// Left edges and widths of the left and right boxes, where arrows pass them, height of a line, gap of rows.
const LEFT: (u16, u16) = (26, 134);
const RIGHT: (u16, u16) = (196, 160);
const EDGE: u16 = 8;
const LINE: u16 = 22;
const GAP: u16 = 30;

impl Flow {
    /// The picture of an item's way.
    pub(super) fn of(locale: Locale, item: &ServiceItem) -> Self {
        let mut flow = Self {
            title: text(locale, "flow-title"),
            description: stations(locale, item)
                .into_iter()
                .flat_map(|station| station.moves)
                .collect::<Vec<_>>()
                .join(" "),
            height: 0,
            nodes: vec![],
            arrows: vec![],
        };
        let mut drawn = vec![];
        let mut y = 6;
        let mut places: Vec<Place> = vec![];
        for state in main_way(item) {
            if let Some(above) = places.last() {
                let x = LEFT.0 + LEFT.1 / 2;
                flow.arrows.push(arrow((x, above.bottom), (x, y - 3)));
            }
            let (height, left) = flow.row(locale, item, state, y, &mut drawn);
            places.push(Place {
                state,
                middle: y + left / 2,
                bottom: y + left,
            });
            y += height + GAP;
        }
        flow.bypasses(item, &places);
        flow.height = y - GAP + 6;
        flow
    }

    /// Arrows that leave out a part of the main way, such as an approval that needs no second person.
    fn bypasses(&mut self, item: &ServiceItem, places: &[Place]) {
        for (at, from) in places.iter().enumerate() {
            let rows = item.table.iter().filter(|row| row.from == from.state);
            let next: Vec<State> = rows
                .filter(|row| concerns_applicant(row.action))
                .flat_map(|row| after(item, row))
                .collect();
            let further = places.iter().skip(at + 2);
            for to in further.filter(|place| next.contains(&place.state)) {
                self.arrows.push(bypass(from.middle, to.middle));
            }
        }
    }

    /// Draws a state and what leaves the main way from it; returns the heights of the row and of the state's box.
    fn row(
        &mut self,
        locale: Locale,
        item: &ServiceItem,
        state: State,
        y: u16,
        drawn: &mut Vec<State>,
    ) -> (u16, u16) {
        let right = leaving(item, state, drawn);
        let class = if state.is_final() {
            "mb-flow__end"
        } else {
            "mb-flow__main"
        };
        let name = |state: &State| text(locale, &format!("state-{state}"));
        let left = node(LEFT, y, vec![name(&state)], class);
        let middle = left.y + left.height / 2;
        let mut height = left.height;
        if !right.is_empty() {
            let aside = node(RIGHT, y, right.iter().map(name).collect(), "mb-flow__side");
            height = height.max(aside.height);
            let edge = LEFT.0 + LEFT.1;
            self.arrows
                .push(arrow((edge, middle), (RIGHT.0 - 3, middle)));
            if right.iter().any(|next| !next.is_final()) {
                self.arrows
                    .push(arrow((RIGHT.0, middle + 12), (edge + 3, middle + 12)));
            }
            self.nodes.push(aside);
        }
        let box_height = left.height;
        self.nodes.push(left);
        drawn.extend(right);
        (height, box_height)
    }
}

/// The states by which a case leaves the main way from `state`, and the lapse behind a wait among them; those
/// that are drawn already are left out.
fn leaving(item: &ServiceItem, state: State, drawn: &[State]) -> Vec<State> {
    let main = main_way(item);
    let rows = || {
        let rows = item.table.iter();
        rows.filter(|row| concerns_applicant(row.action))
    };
    let mut aside: Vec<State> = rows()
        .filter(|row| row.from == state)
        .flat_map(|row| after(item, row))
        .filter(|next| *next != state && !main.contains(next))
        .collect();
    aside.retain(|next| !drawn.contains(next));
    let behind: Vec<State> = rows()
        .filter(|row| aside.contains(&row.from))
        .flat_map(|row| after(item, row))
        .filter(|next| *next == State::Lapsed && !drawn.contains(next))
        .collect();
    aside.extend(behind);
    aside.sort_unstable();
    aside.dedup();
    aside
}

/// The states between filing and a good end.
fn main_way(item: &ServiceItem) -> Vec<State> {
    let on_it = [
        State::Draft,
        State::AwaitingParcel,
        State::Submitted,
        State::InReview,
        State::SecondReview,
        State::Fulfilling,
        State::Closed,
    ];
    let in_table = |state: &State| {
        let rows = item.table.iter();
        rows.clone()
            .any(|row| row.from == *state && concerns_applicant(row.action))
            || rows.clone().any(|row| after(item, row).contains(state))
    };
    on_it.into_iter().filter(in_table).collect()
}

fn arrow((x1, y1): (u16, u16), (x2, y2): (u16, u16)) -> Arrow {
    Arrow {
        path: format!("M{x1} {y1}L{x2} {y2}"),
    }
}

/// From one box to another along the left edge, past what lies between.
fn bypass(from: u16, to: u16) -> Arrow {
    let (edge, left) = (EDGE, LEFT.0);
    Arrow {
        path: format!("M{left} {from}H{edge}V{to}H{}", left - 3),
    }
}

fn node((x, width): (u16, u16), y: u16, names: Vec<String>, class: &'static str) -> Node {
    let lines: Vec<String> = names
        .iter()
        .flat_map(|name| wrapped(name, width - 16))
        .collect();
    let count = u16::try_from(lines.len()).unwrap_or(1);
    let height = 22 + LINE * count;
    let lines = (1..)
        .zip(lines)
        .map(|(number, words)| Line {
            x: x + width / 2,
            y: y + 5 + LINE * number,
            words,
        })
        .collect();
    Node {
        x,
        y,
        width,
        height,
        lines,
        class,
    }
}

/// Words in lines that fit, as letters are wide: 16 for a Chinese character, 8 for a Latin one.
fn wrapped(words: &str, width: u16) -> Vec<String> {
    let wide = |text: &str| -> usize {
        text.chars()
            .map(|c| if c.is_ascii() { 8 } else { 16 })
            .sum()
    };
    let mut lines: Vec<String> = vec![];
    let pieces: Vec<String> = match words.is_ascii() {
        true => words.split(' ').map(str::to_owned).collect(),
        false => words.chars().map(String::from).collect(),
    };
    let space = if words.is_ascii() { " " } else { "" };
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if wide(line) + wide(&piece) + wide(space) <= usize::from(width) => {
                line.push_str(space);
                line.push_str(&piece);
            }
            _ => lines.push(piece),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::texts::has_text;
    use crate::items;

    #[test]
    fn every_move_of_every_item_has_words_in_both_languages() {
        for locale in Locale::ALL {
            for row in items::ALL.iter().flat_map(|item| item.table) {
                let key = action_key(row);
                assert!(
                    has_text(locale, &key) || !concerns_applicant(row.action),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn the_picture_shows_every_state_that_the_table_reaches() {
        for item in items::ALL {
            let svg = Flow::of(Locale::Zh, item).render().unwrap();
            for state in item.table.iter().flat_map(|row| after(item, row)) {
                let name = text(Locale::Zh, &format!("state-{state}"));
                assert!(svg.contains(&format!(">{name}<")), "{name} in {svg}");
            }
        }
    }

    #[test]
    fn long_words_are_put_in_lines() {
        assert_eq!(
            wrapped("Waiting for missing materials", 142),
            ["Waiting for", "missing materials"]
        );
        assert_eq!(
            wrapped("待外地经办机构答复", 128),
            ["待外地经办机构答", "复"]
        );
    }
}
