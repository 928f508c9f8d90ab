//! Documents on paper as PDF: headings, paragraphs, tables, bar codes, with header and footer on A4. Text is broken and measured by
//! `parley`, written by `krilla`, tagged for screen readers; fonts are subset. Rendering takes time: it runs on the blocking pool
//! ([`render`]). A character that the font lacks is named, never drawn as a box.
//!
//! [`face`] the font, [`text`] text in lines, [`sheet`] pages and where the next line goes, [`ink`] how they are written.

mod face;
mod ink;
mod sheet;
#[cfg(test)]
mod tests;
mod text;

pub use face::{Face, FaceError};

use std::sync::Arc;

use krilla::Document as Writer;
use krilla::error::KrillaError;
use krilla::metadata::Metadata;

use sheet::Sheets;

/// What a document says.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its title, in the header of each page and for screen readers.
    pub title: String,
    /// Tag of its language.
    pub language: &'static str,
    /// Below each page, before its number.
    pub footer: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A piece of a document.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading; the first is the document's.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A paragraph in large print.
    Large(String),
    /// A table with its head; columns share the width by these parts.
    Table {
        /// Parts of the width.
        widths: Vec<f32>,
        /// Words of the head.
        head: Vec<String>,
        /// Cells, row by row.
        rows: Vec<Vec<String>>,
    },
    /// A bar code, dark modules true, with what it says in words.
    Bars(Vec<bool>, String),
    /// A square code, row by row, dark modules true, with what it says in words.
    Square(Vec<Vec<bool>>, String),
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The font can't be used.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// The writer refused.
    #[error("the writer of PDF refused: {0}")]
    Writer(String),
    /// The thread that rendered ended early.
    #[error("rendering ended early: {0}")]
    Ended(String),
}

impl From<KrillaError> for PdfError {
    fn from(error: KrillaError) -> Self {
        Self::Writer(format!("{error:?}"))
    }
}

/// The document as a PDF, made off the async threads.
///
/// # Errors
/// [`PdfError`].
pub async fn render(face: &Arc<Face>, document: Document) -> Result<Vec<u8>, PdfError> {
    let face = Arc::clone(face);
    tokio::task::spawn_blocking(move || write(&face, &document))
        .await
        .map_err(|error| PdfError::Ended(error.to_string()))?
}

/// The document as a PDF.
///
/// # Errors
/// [`PdfError`].
pub fn write(face: &Face, document: &Document) -> Result<Vec<u8>, PdfError> {
    let setter = text::Setter::new(face)?;
    let mut sheets = Sheets::new(setter, document);
    for block in &document.blocks {
        match block {
            Block::Heading(words) => sheets.heading(words),
            Block::Paragraph(words) => sheets.paragraph(words, sheet::BODY),
            Block::Large(words) => sheets.paragraph(words, sheet::LARGE),
            Block::Table { widths, head, rows } => sheets.table(widths, head, rows),
            Block::Bars(modules, words) => sheets.bars(modules, words),
            Block::Square(rows, words) => sheets.square(rows, words),
        }
    }
    let pages = sheets.finish();
    let mut writer = Writer::new();
    writer.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .language(document.language.to_owned()),
    );
    let tree = ink::draw(&mut writer, document, pages)?;
    writer.set_tag_tree(tree);
    Ok(writer.finish()?)
}
