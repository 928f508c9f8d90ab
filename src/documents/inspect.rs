//! What an upload is: JPEG, PNG or PDF by its content, never by its name or what the browser says. Size and
//! pixels are asked before anything is decoded. Place and other data about the taking of a picture go out.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use super::metadata;
use crate::config::UploadLimits;

/// An upload that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Type by content.
    pub content_type: &'static str,
    /// The content without place data.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Inspected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Inspected({}, {} bytes)",
            self.content_type,
            self.bytes.len()
        )
    }
}

/// Why an upload is refused; texts `error-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing in it.
    Empty,
    /// Larger than allowed.
    TooLarge,
    /// No JPEG, PNG or PDF.
    WrongType,
    /// More pixels than allowed.
    TooManyPixels,
    /// It says it is one, and can't be read as such.
    Broken,
}

impl Unfit {
    /// The code at the field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::TooLarge => "file-too-large",
            Self::WrongType => "file-type",
            Self::TooManyPixels => "file-pixels",
            Self::Broken => "file-broken",
        }
    }
}

/// Looks at an upload.
///
/// # Errors
/// [`Unfit`] says what is wrong with it.
pub fn inspect(bytes: Vec<u8>, limits: UploadLimits) -> Result<Inspected, Unfit> {
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    if bytes.len() > limits.bytes {
        return Err(Unfit::TooLarge);
    }
    let content_type = infer::get(&bytes).map(|kind| kind.mime_type());
    match content_type {
        Some("image/jpeg") => {
            pixels(&bytes, ImageFormat::Jpeg, limits)?;
            let bytes = metadata::strip_jpeg(&bytes).ok_or(Unfit::Broken)?;
            Ok(Inspected {
                content_type: "image/jpeg",
                bytes,
            })
        }
        Some("image/png") => {
            pixels(&bytes, ImageFormat::Png, limits)?;
            let bytes = metadata::strip_png(&bytes).ok_or(Unfit::Broken)?;
            Ok(Inspected {
                content_type: "image/png",
                bytes,
            })
        }
        Some("application/pdf") => {
            // A PDF that was cut off has no end; nothing more is read of it here.
            let tail = bytes
                .get(bytes.len().saturating_sub(2048)..)
                .unwrap_or_default();
            match tail.windows(5).any(|part| part == b"%%EOF") {
                true => Ok(Inspected {
                    content_type: "application/pdf",
                    bytes,
                }),
                false => Err(Unfit::Broken),
            }
        }
        Some(_) | None => Err(Unfit::WrongType),
    }
}

/// Reads the head of a picture only.
fn pixels(bytes: &[u8], format: ImageFormat, limits: UploadLimits) -> Result<(), Unfit> {
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|_| Unfit::Broken)?;
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Unfit::TooManyPixels);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(vec![]);
        image::DynamicImage::new_rgb8(width, height)
            .write_to(&mut out, format)
            .unwrap();
        out.into_inner()
    }

    fn look(bytes: Vec<u8>) -> Result<&'static str, Unfit> {
        let limits = UploadLimits {
            bytes: 10_000,
            pixels: 400,
        };
        inspect(bytes, limits).map(|fine| fine.content_type)
    }

    #[rstest]
    #[case(picture(ImageFormat::Jpeg, 20, 20), Ok("image/jpeg"))]
    #[case(picture(ImageFormat::Png, 20, 20), Ok("image/png"))]
    #[case(b"%PDF-1.7\n1 0 obj\n%%EOF\n".to_vec(), Ok("application/pdf"))]
    #[case(b"%PDF-1.7\n1 0 obj\n".to_vec(), Err(Unfit::Broken))]
    #[case(picture(ImageFormat::Png, 21, 20), Err(Unfit::TooManyPixels))]
    #[case(picture(ImageFormat::Jpeg, 21, 20), Err(Unfit::TooManyPixels))]
    #[case(picture(ImageFormat::Png, 20, 20)[..30].to_vec(), Err(Unfit::Broken))]
    #[case(b"GIF89a\x01\x00\x01\x00".to_vec(), Err(Unfit::WrongType))]
    #[case(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Err(Unfit::WrongType))]
    #[case(b"MZ this is no picture".to_vec(), Err(Unfit::WrongType))]
    #[case(vec![], Err(Unfit::Empty))]
    #[case(vec![0xFF; 10_001], Err(Unfit::TooLarge))]
    fn the_content_decides(#[case] bytes: Vec<u8>, #[case] expected: Result<&'static str, Unfit>) {
        assert_eq!(look(bytes), expected);
    }
}
