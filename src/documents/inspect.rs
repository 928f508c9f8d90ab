//! What an upload is: JPEG, PNG, HEIC or PDF by its content, never by its name or what the browser says. Size and
//! pixels are asked before anything is decoded. Place and other data about the taking of a picture go out.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use super::{heic, metadata, pdf_reading};
use crate::config::UploadLimits;

/// An upload that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Type by content.
    pub content_type: &'static str,
    /// The content without place data.
    pub bytes: Vec<u8>,
    /// How many pages a PDF has, where that can be told.
    pub pages: Option<usize>,
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
    /// No JPEG, PNG, HEIC or PDF.
    WrongType,
    /// An archive, whatever its name says, or something that is an archive as well.
    Archive,
    /// It can't be opened without a password.
    Encrypted,
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
            Self::Archive => "file-archive",
            Self::Encrypted => "file-encrypted",
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
    let picture = |content_type, bytes| Inspected {
        content_type,
        bytes,
        pages: None,
    };
    match infer::get(&bytes).map(|kind| kind.mime_type()) {
        Some("image/jpeg") => {
            pixels(&bytes, ImageFormat::Jpeg, limits)?;
            let clean = metadata::strip_jpeg(&bytes).ok_or(Unfit::Broken)?;
            Ok(picture("image/jpeg", clean))
        }
        Some("image/png") => {
            pixels(&bytes, ImageFormat::Png, limits)?;
            let clean = metadata::strip_png(&bytes).ok_or(Unfit::Broken)?;
            Ok(picture("image/png", clean))
        }
        Some("image/heif") => {
            let (clean, pixels) = heic::strip(&bytes).ok_or(Unfit::Broken)?;
            match pixels > limits.pixels {
                true => Err(Unfit::TooManyPixels),
                false => Ok(picture("image/heic", clean)),
            }
        }
        Some("application/pdf") => Ok(Inspected {
            content_type: "application/pdf",
            pages: pdf_reading::pages(&bytes)?,
            bytes,
        }),
        Some(_) | None if is_archive(&bytes) => Err(Unfit::Archive),
        Some(_) | None => Err(Unfit::WrongType),
    }
}

/// Archives, and the documents of office programs, which are some.
fn is_archive(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 5] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"Rar!",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b",
    ];
    BEGINNINGS.iter().any(|begin| bytes.starts_with(begin))
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
    #[case(heic::sample(20, 20, b"Exif"), Ok("image/heic"))]
    #[case(heic::sample(21, 20, b"Exif"), Err(Unfit::TooManyPixels))]
    #[case(heic::sample(20, 20, b"Exif")[..70].to_vec(), Err(Unfit::Broken))]
    #[case(b"PK\x03\x04 named like a PDF".to_vec(), Err(Unfit::Archive))]
    #[case(b"%PDF-1.7\n1 0 obj\n%%EOF\nPK\x05\x06\0\0".to_vec(), Err(Unfit::Archive))]
    #[case(b"%PDF-1.7\ntrailer<</Encrypt 3 0 R>>\n%%EOF\n".to_vec(), Err(Unfit::Encrypted))]
    #[case(b"GIF89a\x01\x00\x01\x00".to_vec(), Err(Unfit::WrongType))]
    #[case(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Err(Unfit::WrongType))]
    #[case(b"MZ this is no picture".to_vec(), Err(Unfit::WrongType))]
    #[case(vec![], Err(Unfit::Empty))]
    #[case(vec![0xFF; 10_001], Err(Unfit::TooLarge))]
    fn the_content_decides(#[case] bytes: Vec<u8>, #[case] expected: Result<&'static str, Unfit>) {
        assert_eq!(look(bytes), expected);
    }
}
