//! QR codes as SVG, drawn inside a page. Nothing personal goes into one: an
//! address with a receipt number, or the secret of a second factor for its owner alone.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// A QR code as `<svg>` element without XML head, black on white with its quiet zone; `None` for text too
/// long for a code.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(180, 180)
        .quiet_zone(true)
        .build();
    drawn
        .find("<svg")
        .and_then(|at| drawn.get(at..))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_drawing_without_head_or_style() {
        let drawn =
            svg("https://yibao.example/progress?receipt_no=371000-20261122-00001-X").unwrap();
        assert!(
            drawn.starts_with("<svg") && drawn.ends_with("</svg>"),
            "{drawn}"
        );
        assert!(!drawn.contains("style=") && !drawn.contains("<?xml"));
        assert_eq!(svg(&"x".repeat(5_000)), None);
    }
}
