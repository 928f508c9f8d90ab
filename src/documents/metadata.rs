//! Takes out of pictures what tells where and with what they were taken (EXIF with its place data, XMP, IPTC,
//! comments, further pictures behind the first). How the picture is turned stays, or photographs from phones
//! would lie on their side. Pure; picture data themselves are copied byte by byte.

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP1: u8 = 0xE1;
const COMMENT: u8 = 0xFE;

/// A JPEG without data about its taking; `None` when it can't be read.
pub fn strip_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.get(..2)? != [0xFF, SOI] {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xFF, SOI]);
    let mut rest = bytes.get(2..)?;
    loop {
        let marker = marker(&mut rest)?;
        if marker == EOI {
            // Whatever follows is another picture or no picture at all.
            out.extend([0xFF, EOI]);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
        let segment = rest.get(..length.max(2))?;
        rest = rest.get(length.max(2)..)?;
        if marker == APP1 {
            if let Some(turned) = orientation(segment.get(2..)?) {
                out.extend(orientation_segment(turned));
            }
        } else if !tells_of_the_taking(marker, segment) {
            out.extend([0xFF, marker]);
            out.extend(segment);
        }
        if marker == SOS {
            let length = scan_length(rest)?;
            out.extend(rest.get(..length)?);
            rest = rest.get(length..)?;
        }
    }
}

/// The next marker's code, fill bytes skipped.
fn marker(rest: &mut &[u8]) -> Option<u8> {
    let (first, mut tail) = rest.split_first()?;
    if *first != 0xFF {
        return None;
    }
    loop {
        let (code, after) = tail.split_first()?;
        tail = after;
        if *code != 0xFF {
            *rest = tail;
            return Some(*code);
        }
    }
}

/// Kept are JFIF (APP0), colour profiles (APP2 `ICC_PROFILE`) and Adobe's colour transform (APP14), without
/// which colours change; every other application segment and comments go.
fn tells_of_the_taking(marker: u8, segment: &[u8]) -> bool {
    match marker {
        0xE0 | 0xEE => false,
        0xE2 => !segment
            .get(2..)
            .unwrap_or_default()
            .starts_with(b"ICC_PROFILE"),
        0xE1..=0xEF | COMMENT => true,
        _ => false,
    }
}

/// Bytes of compressed data up to the next marker; stuffed zeroes and restart marks belong to them.
fn scan_length(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| match pair {
        [0xFF, code] => !matches!(code, 0x00 | 0xD0..=0xD7 | 0xFF),
        _ => false,
    })
}

/// How the picture is turned (1 to 8), from the first directory of an EXIF segment.
fn orientation(segment: &[u8]) -> Option<u8> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let pair = [*tiff.get(at)?, *tiff.get(at.checked_add(1)?)?];
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let long = |at: usize| -> Option<usize> {
        let four: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = if little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        };
        usize::try_from(value).ok()
    };
    let directory = long(4)?;
    (0..usize::from(short(directory)?))
        .filter_map(|entry| directory.checked_add(2 + entry * 12))
        .find(|at| short(*at) == Some(0x0112))
        .and_then(|at| short(at.checked_add(8)?))
        .and_then(|turned| u8::try_from(turned).ok())
        .filter(|turned| (1..=8).contains(turned))
}

/// An EXIF segment that says how the picture is turned and nothing else.
fn orientation_segment(turned: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, APP1, 0, 34];
    segment.extend(b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01");
    segment.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0]);
    segment
}

/// A PNG without texts, times and EXIF, and without anything behind its end; `None` when it can't be read.
pub fn strip_png(bytes: &[u8]) -> Option<Vec<u8>> {
    const SIGNATURE: usize = 8;
    let mut out = bytes.get(..SIGNATURE)?.to_vec();
    let mut rest = bytes.get(SIGNATURE..)?;
    loop {
        let length: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let whole = usize::try_from(u32::from_be_bytes(length))
            .ok()?
            .checked_add(12)?;
        let chunk = rest.get(..whole)?;
        rest = rest.get(whole..)?;
        let kind = chunk.get(4..8)?;
        if !matches!(kind, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            out.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat};
    use proptest::prelude::*;
    use std::io::Cursor;

    /// EXIF as a phone writes it: turned (6), with a place that must go.
    fn exif(little: bool) -> Vec<u8> {
        let mut tiff: Vec<u8> = if little {
            b"II\x2A\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0".to_vec()
        } else {
            b"MM\0\x2A\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0".to_vec()
        };
        tiff.extend(b"GPS-37.5131-122.1204");
        let mut segment = vec![0xFF, APP1];
        segment.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        segment.extend(b"Exif\0\0");
        segment.extend(tiff);
        segment
    }

    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(vec![]);
        let mut image = image::RgbImage::new(33, 17);
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            *pixel = image::Rgb([
                u8::try_from(x * 7).unwrap(),
                u8::try_from(y * 9).unwrap(),
                99,
            ]);
        }
        DynamicImage::ImageRgb8(image)
            .write_to(&mut out, format)
            .unwrap();
        out.into_inner()
    }

    fn has(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[rstest::rstest]
    #[case(true)]
    #[case(false)]
    fn place_goes_the_turn_stays_and_the_picture_is_the_same(#[case] little: bool) {
        let plain = picture(ImageFormat::Jpeg);
        let mut shot = plain[..2].to_vec();
        shot.extend(exif(little));
        shot.extend([0xFF, COMMENT, 0, 9]);
        shot.extend(b"at home");
        shot.extend(&plain[2..]);
        shot.extend(b"another picture with its own place GPS-37");
        let clean = strip_jpeg(&shot).unwrap();
        assert!(!has(&clean, b"GPS-37") && !has(&clean, b"at home"));
        assert!(has(&clean, b"Exif") && has(&clean, &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]));
        assert_eq!(
            image::load_from_memory(&clean).unwrap(),
            image::load_from_memory(&plain).unwrap()
        );
    }

    #[test]
    fn a_png_loses_its_texts_only() {
        let plain = picture(ImageFormat::Png);
        let mut shot = plain[..33].to_vec();
        shot.extend(b"\0\0\0\x0BeXIfGPS-37.5131\0\0\0\0");
        shot.extend(&plain[33..]);
        assert_eq!(strip_png(&shot).unwrap(), plain);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = strip_png(&bytes);
            bytes.splice(0..0, [0xFF, SOI, 0xFF]);
            let _ = strip_jpeg(&bytes);
        }

        #[test]
        fn a_cut_picture_is_refused(cut in 1_usize..200) {
            let whole = picture(ImageFormat::Jpeg);
            prop_assert_eq!(strip_jpeg(&whole[..whole.len() - cut]), None);
        }
    }
}
