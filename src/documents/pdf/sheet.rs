//! Pages: where the next line goes, and what stands on each. How that is written is [`super::ink`]'s.

use super::Document;
use super::text::{Line, Setter};
use crate::documents::barcode;

/// Size of ordinary print, in points.
pub(super) const BODY: f32 = 11.0;
/// Size of large print.
pub(super) const LARGE: f32 = 18.0;
/// Size of headings.
const HEADING: f32 = 15.0;
/// Size of header and footer.
pub(super) const SMALL: f32 = 9.0;
/// Width and height of A4.
pub(super) const PAPER: (f32, f32) = (595.0, 842.0);
/// Blank at each side.
pub(super) const MARGIN: f32 = 57.0;
/// Where the text begins and ends.
const TOP: f32 = 78.0;
const BOTTOM: f32 = 770.0;
/// Blank after a paragraph.
const GAP: f32 = 6.0;
/// Blank around the words of a cell.
const PADDING: f32 = 4.0;
/// Width of a module of a bar code: one third of a millimetre, which cheap printers and scanners manage.
const MODULE: f32 = 1.0;
/// Height of its bars.
const BARS: f32 = 48.0;
/// Width of a module of a square code.
const SQUARE: f32 = 2.6;

/// A number of things as a length.
pub(super) fn length(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// What something on a page is to a screen reader.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// Nothing: a rule of a table.
    None,
    /// A heading of a level.
    Heading(u16),
    /// A paragraph.
    Paragraph,
    /// A drawing, in words.
    Figure(String),
    /// A cell: row, column, whether of the head.
    Cell(usize, usize, bool),
}

/// What is drawn.
#[derive(Clone)]
pub(super) enum Mark {
    /// A line of text.
    Line(Line),
    /// Dark rectangles: left, top, width, height, from the mark's corner.
    Dark(Vec<(f32, f32, f32, f32)>),
}

/// Something on a page.
#[derive(Clone)]
pub(super) struct Item {
    /// Which block of the document it belongs to.
    pub block: usize,
    /// What it is.
    pub role: Role,
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// What is drawn.
    pub mark: Mark,
}

/// The pages of a document, filled from top to bottom.
pub(super) struct Sheets {
    setter: Setter,
    pages: Vec<Vec<Item>>,
    y: f32,
    block: usize,
    headings: u16,
    header: Vec<Line>,
    footer: Vec<Line>,
}

/// All pages, with what stands above and below each.
pub(super) struct Pages {
    /// What stands on them.
    pub pages: Vec<Vec<Item>>,
    /// Above each.
    pub header: Vec<Line>,
    /// Below each.
    pub footer: Vec<Line>,
    /// Number of each.
    pub numbers: Vec<Vec<Line>>,
}

impl Sheets {
    pub(super) fn new(mut setter: Setter, document: &Document) -> Self {
        let width = PAPER.0 - 2.0 * MARGIN;
        Self {
            header: setter.lines(&document.title, SMALL, width),
            footer: setter.lines(&document.footer, SMALL, width - 60.0),
            setter,
            pages: vec![vec![]],
            y: TOP,
            block: 0,
            headings: 0,
        }
    }

    fn width() -> f32 {
        PAPER.0 - 2.0 * MARGIN
    }

    /// Begins another page unless so much fits below what is there.
    fn reserve(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(vec![]);
            self.y = TOP;
        }
    }

    fn put(&mut self, role: Role, (x, y): (f32, f32), mark: Mark) {
        let item = Item {
            block: self.block,
            role,
            x,
            y,
            mark,
        };
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    fn lines(&mut self, role: &Role, words: &str, size: f32) {
        for line in self.setter.lines(words, size, Self::width()) {
            self.reserve(line.height);
            let (at, height) = ((MARGIN, self.y), line.height);
            self.put(role.clone(), at, Mark::Line(line));
            self.y += height;
        }
    }

    pub(super) fn heading(&mut self, words: &str) {
        self.block += 1;
        self.headings += 1;
        // A heading never stands alone at the foot of a page.
        self.reserve(HEADING * 4.0);
        let (size, level) = match self.headings {
            1 => (HEADING + 5.0, 1),
            _ => (HEADING, 2),
        };
        self.lines(&Role::Heading(level), words, size);
        self.y += GAP;
    }

    pub(super) fn paragraph(&mut self, words: &str, size: f32) {
        self.block += 1;
        self.lines(&Role::Paragraph, words, size);
        self.y += GAP;
    }

    pub(super) fn table(&mut self, widths: &[f32], head: &[String], rows: &[Vec<String>]) {
        self.block += 1;
        let sum: f32 = widths.iter().sum();
        let widths: Vec<f32> = widths
            .iter()
            .map(|part| part / sum * Self::width())
            .collect();
        self.rule();
        self.row(&widths, head, (0, true));
        for (number, row) in (1..).zip(rows) {
            self.row(&widths, row, (number, false));
        }
        self.y += GAP;
    }

    /// One row; it is never broken over two pages, unless it is longer than one.
    fn row(&mut self, widths: &[f32], cells: &[String], (row, is_head): (usize, bool)) {
        let set: Vec<Vec<Line>> = widths
            .iter()
            .zip(cells)
            .map(|(width, words)| self.setter.lines(words, BODY, width - 2.0 * PADDING))
            .collect();
        let height = |lines: &Vec<Line>| lines.iter().map(|line| line.height).sum::<f32>();
        let tallest = set.iter().map(height).fold(0.0, f32::max) + 2.0 * PADDING;
        self.reserve(tallest);
        let mut x = MARGIN;
        for ((column, lines), width) in set.into_iter().enumerate().zip(widths) {
            let mut y = self.y + PADDING;
            for line in lines {
                let height = line.height;
                let role = Role::Cell(row, column, is_head);
                self.put(role, (x + PADDING, y), Mark::Line(line));
                y += height;
            }
            x += width;
        }
        self.y += tallest;
        self.rule();
    }

    fn rule(&mut self) {
        let line = vec![(0.0, 0.0, Self::width(), 0.6)];
        self.put(Role::None, (MARGIN, self.y), Mark::Dark(line));
    }

    pub(super) fn bars(&mut self, modules: &[bool], words: &str) {
        self.block += 1;
        self.reserve(BARS);
        let bars = barcode::bars(modules).into_iter().map(|(place, wide)| {
            let x = length(place + barcode::QUIET) * MODULE;
            (x, 0.0, length(wide) * MODULE, BARS)
        });
        let mark = Mark::Dark(bars.collect());
        self.put(Role::Figure(words.to_owned()), (MARGIN, self.y), mark);
        self.y += BARS + GAP;
    }

    pub(super) fn square(&mut self, rows: &[Vec<bool>], words: &str) {
        self.block += 1;
        let side = length(rows.len() + 8) * SQUARE;
        self.reserve(side);
        let dark = (4..).zip(rows).flat_map(|(row, modules)| {
            let bars = barcode::bars(modules).into_iter();
            bars.map(move |(place, wide)| {
                let (x, y) = (length(place + 4) * SQUARE, length(row) * SQUARE);
                (x, y, length(wide) * SQUARE, SQUARE)
            })
        });
        let mark = Mark::Dark(dark.collect());
        self.put(Role::Figure(words.to_owned()), (MARGIN, self.y), mark);
        self.y += side + GAP;
    }

    pub(super) fn finish(mut self) -> Pages {
        let count = self.pages.len();
        let numbers = (1..=count)
            .map(|number| {
                self.setter
                    .lines(&format!("{number} / {count}"), SMALL, 60.0)
            })
            .collect();
        Pages {
            pages: self.pages,
            header: self.header,
            footer: self.footer,
            numbers,
        }
    }
}
