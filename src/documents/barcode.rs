//! Code 128 bar codes, for scanners of a mailroom. Nothing but numbers goes into one.

use std::fmt::Write;

use barcoders::sym::code128::Code128;

/// Blank modules on each side, without which a scanner finds no code.
pub const QUIET: usize = 10;
/// Width of a module in the drawing.
const MODULE: usize = 2;
/// Height of the bars in the drawing.
const HEIGHT: usize = 72;

/// The modules of a number, dark ones true, without the quiet zone; `None` for what is no number.
pub fn modules(number: &str) -> Option<Vec<bool>> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let foreign = number.chars().any(|c| !c.is_ascii_digit() && c != '-');
    if digits.is_empty() || foreign {
        return None;
    }
    // Set C takes two digits a character, set B what is left over.
    let (pairs, rest) = digits.split_at(digits.len() / 2 * 2);
    let text = match (pairs, rest) {
        ("", rest) => format!("\u{0181}{rest}"),
        (pairs, "") => format!("\u{0106}{pairs}"),
        (pairs, rest) => format!("\u{0106}{pairs}\u{0181}{rest}"),
    };
    let code = Code128::new(text).ok()?;
    Some(
        code.encode()
            .into_iter()
            .map(|module| module == 1)
            .collect(),
    )
}

/// Neighbouring dark modules as place and width, in modules.
pub fn bars(modules: &[bool]) -> Vec<(usize, usize)> {
    let mut bars: Vec<(usize, usize)> = vec![];
    for (place, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        match bars.last_mut() {
            Some((start, width)) if *start + *width == place => *width += 1,
            Some(_) | None => bars.push((place, 1)),
        }
    }
    bars
}

/// The bar code of a number as `<svg>` element, black on white with its quiet zone.
pub fn svg(number: &str) -> Option<String> {
    let modules = modules(number)?;
    let width = (modules.len() + 2 * QUIET) * MODULE;
    let mut drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    );
    for (place, wide) in bars(&modules) {
        let (x, wide) = ((place + QUIET) * MODULE, wide * MODULE);
        // Writing to a string never fails.
        let _ = write!(
            drawn,
            "<rect x=\"{x}\" width=\"{wide}\" height=\"{HEIGHT}\"/>"
        );
    }
    drawn.push_str("</svg>");
    Some(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_is_short_enough_for_paper() {
        let even = modules("371000-20261122-00042-7").unwrap();
        // Start, ten pairs and check of eleven modules, stop of thirteen.
        assert_eq!(even.len(), 11 * 12 + 13);
        let odd = modules("371000-20261122-000042-7").unwrap();
        assert_eq!(odd.len(), 11 * 14 + 13);
        assert_eq!(modules("371000-X"), None);
        assert_eq!(modules(""), None);
    }

    #[test]
    fn bars_are_what_is_dark() {
        let modules = [true, true, false, true, false, false, true];
        assert_eq!(bars(&modules), [(0, 2), (3, 1), (6, 1)]);
    }

    #[test]
    fn the_drawing_has_its_quiet_zone_and_no_style() {
        let drawn = svg("371000-20261122-00042-7").unwrap();
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>"));
        assert!(drawn.contains("viewBox=\"0 0 330 72\""), "{drawn}");
        assert!(drawn.contains("<rect x=\"20\" width=\"4\""), "{drawn}");
        assert!(!drawn.contains("style="));
    }
}
