//! Writing pages: every mark with its tag, so that a screen reader reads the document in its order, and header and footer as what
//! is no part of it.

use std::num::NonZeroU16;

use krilla::Document as Writer;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};

use super::sheet::{Item, MARGIN, Mark, PAPER, Pages, Role};
use super::text::Line;
use super::{Document, PdfError};

/// Where header and footer stand.
const HEADER: f32 = 36.0;
const FOOTER: f32 = 792.0;

/// A mark that was written, and what it is.
struct Written {
    block: usize,
    role: Role,
    id: Identifier,
}

/// Writes all pages; answers how a screen reader goes through them.
pub(super) fn draw(
    writer: &mut Writer,
    document: &Document,
    pages: Pages,
) -> Result<TagTree, PdfError> {
    let mut written = vec![];
    for (items, number) in pages.pages.into_iter().zip(&pages.numbers) {
        let settings = PageSettings::from_wh(PAPER.0, PAPER.1)
            .ok_or_else(|| PdfError::Writer("no such paper".to_owned()))?;
        let mut page = writer.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill::default()));
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Header,
        )));
        stack(&mut surface, &pages.header, (MARGIN, HEADER));
        surface.end_tagged();
        for item in items {
            written.extend(mark(&mut surface, document, item));
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Footer,
        )));
        stack(&mut surface, &pages.footer, (MARGIN, FOOTER));
        let width = number.iter().map(Line::width).fold(0.0, f32::max);
        stack(&mut surface, number, (PAPER.0 - MARGIN - width, FOOTER));
        surface.end_tagged();
        surface.finish();
        page.finish();
    }
    Ok(tree(document, written))
}

fn stack(surface: &mut Surface<'_>, lines: &[Line], (x, mut y): (f32, f32)) {
    for line in lines {
        glyphs(surface, line, (x, y));
        y += line.height;
    }
}

fn mark(surface: &mut Surface<'_>, document: &Document, item: Item) -> Option<Written> {
    let tag = match (&item.role, &item.mark) {
        (Role::None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)),
        (_, Mark::Line(_)) => ContentTag::Span(SpanTag::empty().with_lang(Some(document.language))),
        (_, Mark::Dark(_)) => ContentTag::Other,
    };
    let id = surface.start_tagged(tag);
    match &item.mark {
        Mark::Line(line) => glyphs(surface, line, (item.x, item.y)),
        Mark::Dark(rectangles) => dark(surface, rectangles, (item.x, item.y)),
    }
    surface.end_tagged();
    (item.role != Role::None).then_some(Written {
        block: item.block,
        role: item.role,
        id,
    })
}

fn dark(surface: &mut Surface<'_>, rectangles: &[(f32, f32, f32, f32)], (x, y): (f32, f32)) {
    let mut path = PathBuilder::new();
    for (left, top, width, height) in rectangles {
        if let Some(rectangle) = Rect::from_xywh(x + left, y + top, *width, *height) {
            path.push_rect(rectangle);
        }
    }
    if let Some(path) = path.finish() {
        surface.set_fill(Some(Fill {
            rule: FillRule::NonZero,
            ..Fill::default()
        }));
        surface.draw_path(&path);
    }
}

fn glyphs(surface: &mut Surface<'_>, line: &Line, (mut x, y): (f32, f32)) {
    for run in &line.runs {
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .map(|glyph| {
                let id = GlyphId::new(glyph.id);
                let range = glyph.range.clone();
                KrillaGlyph::new(id, glyph.advance, glyph.x, glyph.y, 0.0, range, None)
            })
            .collect();
        if !glyphs.is_empty() {
            let start = Point::from_xy(x, y + line.baseline);
            surface.draw_glyphs(
                start,
                &glyphs,
                run.font.clone(),
                &line.text,
                line.size,
                false,
            );
        }
        x += run.advance;
    }
}

/// What was written, in groups: a block with its lines, a table with its rows and cells.
fn tree(document: &Document, written: Vec<Written>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(document.language.to_owned()));
    let mut left = written.into_iter().peekable();
    while let Some(first) = left.next() {
        let block = first.block;
        let mut same = vec![first];
        while let Some(next) = left.next_if(|next| next.block == block) {
            same.push(next);
        }
        match same.first().map(|one| one.role.clone()) {
            Some(Role::Cell(..)) => tree.push(table(same)),
            Some(role) => {
                let mut group = group(&role);
                same.into_iter().for_each(|one| group.push(one.id));
                tree.push(group);
            }
            None => {}
        }
    }
    tree
}

fn group(role: &Role) -> TagGroup {
    match role {
        Role::Heading(level) => TagGroup::new(Tag::Hn(
            NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN),
            None,
        )),
        Role::Figure(words) => TagGroup::new(Tag::Figure(Some(words.clone()))),
        Role::Cell(_, _, true) => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Role::Cell(_, _, false) => TagGroup::new(Tag::TD),
        Role::Paragraph | Role::None => TagGroup::new(Tag::P),
    }
}

fn table(written: Vec<Written>) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    let place = |one: &Written| match one.role {
        Role::Cell(row, column, _) => (row, column),
        _ => (0, 0),
    };
    let mut left = written.into_iter().peekable();
    while let Some(row) = left.peek().map(|next| place(next).0) {
        let mut line = TagGroup::new(Tag::TR);
        while let Some(first) = left.next_if(|next| place(next).0 == row) {
            let at = place(&first);
            let mut cell = group(&first.role);
            cell.push(first.id);
            while let Some(next) = left.next_if(|next| place(next) == at) {
                cell.push(next.id);
            }
            line.push(cell);
        }
        table.push(line);
    }
    table
}
