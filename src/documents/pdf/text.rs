//! Text in lines: broken to a width, with its glyphs. What the font lacks is named by its code point.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use krilla::text::Font;
use parley::layout::Alignment;
use parley::style::{FontFamily, FontFamilyName, LineHeight, StyleProperty};
use parley::{AlignmentOptions, FontContext, Layout, LayoutContext};

use super::face::{Face, FaceError, wanted};

/// Lines stand so many sizes apart.
const LEADING: f32 = 1.5;

/// Breaks text into lines.
pub(super) struct Setter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    family: String,
    /// By the number of its data and its place in them.
    known: HashMap<(u64, u32), Font>,
}

/// A glyph of a line.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Number in the font.
    pub id: u32,
    /// How far it leads on, in parts of the size.
    pub advance: f32,
    /// Aside, in parts of the size.
    pub x: f32,
    /// Up, in parts of the size.
    pub y: f32,
    /// What it stands for, in bytes of the run's text.
    pub range: std::ops::Range<usize>,
}

/// Glyphs of one font that follow each other.
#[derive(Clone)]
pub(super) struct Run {
    /// Their font.
    pub font: Font,
    /// They.
    pub glyphs: Vec<Glyph>,
    /// How far they lead on, in points.
    pub advance: f32,
}

/// A line.
#[derive(Clone)]
pub(super) struct Line {
    /// The text of its paragraph.
    pub text: std::sync::Arc<str>,
    /// Its glyphs.
    pub runs: Vec<Run>,
    /// Size of the print, in points.
    pub size: f32,
    /// From its top to where the glyphs stand.
    pub baseline: f32,
    /// Its height.
    pub height: f32,
}

impl Line {
    /// How far it reaches, in points.
    pub fn width(&self) -> f32 {
        self.runs.iter().map(|run| run.advance).sum()
    }
}

impl Setter {
    /// With the families of a font.
    pub(super) fn new(face: &Face) -> Result<Self, FaceError> {
        let mut fonts = FontContext::new();
        let found = fonts.collection.register_fonts(face.bytes()?, None);
        let names: Vec<String> = found
            .iter()
            .filter_map(|(id, _)| fonts.collection.family_name(*id).map(str::to_owned))
            .collect();
        let family = wanted(&names).ok_or_else(|| face.without_family())?;
        Ok(Self {
            fonts,
            layouts: LayoutContext::new(),
            family,
            known: HashMap::new(),
        })
    }

    /// The lines of a text at a size, broken to a width.
    pub(super) fn lines(&mut self, words: &str, size: f32, width: f32) -> Vec<Line> {
        let named = self.named(words, size);
        let layout = self.layout(&named, size, Some(width));
        self.written(&layout, &named, size)
    }

    fn layout(&mut self, words: &str, size: f32, width: Option<f32>) -> Layout<()> {
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.fonts, words, 1.0, false);
        let family = FontFamilyName::Named(self.family.as_str().into());
        builder.push_default(StyleProperty::FontFamily(FontFamily::Single(family)));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            LEADING,
        )));
        builder.push_default(StyleProperty::FontSize(size));
        let mut layout = builder.build(words);
        layout.break_all_lines(width);
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }

    /// The text with the name of each character that the font lacks in its place.
    fn named(&mut self, words: &str, size: f32) -> String {
        let layout = self.layout(words, size, None);
        let mut lacking = vec![];
        for line in layout.lines() {
            for run in line.runs() {
                for cluster in run.clusters() {
                    let range = cluster.text_range();
                    let shown = words.get(range.clone()).unwrap_or_default();
                    let blank = shown.chars().all(|c| c.is_whitespace() || c.is_control());
                    if !blank && cluster.glyphs().any(|glyph| glyph.id == 0) {
                        lacking.push(range);
                    }
                }
            }
        }
        let (mut named, mut from) = (String::with_capacity(words.len()), 0);
        for range in lacking {
            named.push_str(words.get(from..range.start).unwrap_or_default());
            for c in words.get(range.clone()).unwrap_or_default().chars() {
                named.push_str(&format!("[U+{:04X}]", u32::from(c)));
            }
            from = range.end;
        }
        named.push_str(words.get(from..).unwrap_or_default());
        named
    }

    fn written(&mut self, layout: &Layout<()>, words: &str, size: f32) -> Vec<Line> {
        let text: std::sync::Arc<str> = words.into();
        let mut lines = vec![];
        let mut top = 0.0;
        for line in layout.lines() {
            let metrics = line.metrics();
            let runs = line.runs().filter_map(|run| self.run(&run)).collect();
            lines.push(Line {
                text: std::sync::Arc::clone(&text),
                size,
                baseline: metrics.baseline - top,
                height: metrics.line_height,
                runs,
            });
            top += metrics.line_height;
        }
        lines
    }

    /// The glyphs of a run; `None` when its font can't be written.
    fn run(&mut self, run: &parley::layout::Run<'_, ()>) -> Option<Run> {
        let size = run.font_size();
        let data = run.font().clone();
        let (bytes, id) = data.data.into_raw_parts();
        let font = match self.known.entry((id, data.index)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(Font::new(bytes.into(), data.index)?).clone(),
        };
        let mut glyphs: Vec<Glyph> = vec![];
        for cluster in run.visual_clusters() {
            let range = cluster.text_range();
            if cluster.is_ligature_continuation() {
                if let Some(glyph) = glyphs.last_mut() {
                    glyph.range.end = range.end;
                }
                continue;
            }
            glyphs.extend(cluster.glyphs().map(|glyph| Glyph {
                id: glyph.id,
                advance: glyph.advance / size,
                x: glyph.x / size,
                y: glyph.y / size,
                range: range.clone(),
            }));
        }
        let advance = glyphs.iter().map(|glyph| glyph.advance * size).sum();
        Some(Run {
            font,
            glyphs,
            advance,
        })
    }
}
