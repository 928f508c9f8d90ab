//! Cases whose agency has asked another one (XR-4): waiting, answered, without an answer in time, and through a provincial
//! centre. Each belongs to one pool, because it names another.

use super::{Deed, Script, When, claim, file};
use crate::domain::contact::Outcome;
use crate::domain::workflow::Command;

/// What a pool's agency has asked of others.
pub(super) fn asking(pool: &str) -> Vec<Script> {
    use When::{Ago, Working};
    match pool {
        "371000" => vec![
            file(
                "contact-open",
                1,
                Ago(150),
                ("other-temporary", "370600"),
                vec![claim(Ago(120), "handler2"), contact(Ago(90), "handler2")],
            ),
            file(
                "contact-answered",
                2,
                Working(1, 9, 5),
                ("other-temporary", "370600"),
                vec![
                    claim(Working(1, 9, 15), "handler1"),
                    contact(Working(1, 9, 40), "handler1"),
                    Deed::Answer(Working(1, 15, 20), "handler1-370600", Outcome::Done),
                ],
            ),
            file(
                "contact-overdue",
                3,
                Working(3, 9, 5),
                ("other-temporary", "370600"),
                vec![
                    claim(Working(3, 9, 30), "handler2"),
                    contact(Working(3, 10, 0), "handler2"),
                    Deed::Silence,
                ],
            ),
        ],
        "320600" => vec![file(
            "contact-centre",
            1,
            Working(1, 14, 0),
            ("other-temporary", "371000"),
            vec![
                claim(Working(1, 14, 10), "handler1"),
                contact(Working(1, 14, 30), "handler1"),
                Deed::Answer(Working(1, 16, 0), "centre1-320600", Outcome::Done),
            ],
        )],
        _ => vec![elsewhere()],
    }
}

/// One that waits, of the pools that are not told of above.
fn elsewhere() -> Script {
    file(
        "contact-elsewhere",
        1,
        When::Ago(150),
        ("other-temporary", "330100"),
        vec![
            claim(When::Ago(120), "handler2"),
            contact(When::Ago(90), "handler2"),
        ],
    )
}

fn contact(when: When, who: &'static str) -> Deed {
    let message = "示范：请核实该参保人在贵地的就医情况".to_owned();
    Deed::Act(when, who, Command::Contact { message })
}
