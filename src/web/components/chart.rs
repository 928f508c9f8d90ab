//! A chart of bars with the table of its values beside it: readable without colours, without scripts and on paper.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::text;
use crate::domain::locale::Locale;
use crate::web::words;

/// Measures of the picture.
const WIDTH: u32 = 360;
const HEIGHT: u32 = 170;
const LEFT: u32 = 44;
const BOTTOM: u32 = 22;
const TOP: u32 = 14;

/// What is counted, in each place of the chart.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// The counts, one a place.
    pub counts: Vec<u32>,
}

/// How the bars of one place stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bars {
    /// On top of each other: parts of a whole.
    Stacked,
    /// Beside each other.
    Grouped,
}

struct Bar {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    class: usize,
}

struct Mark {
    x: u32,
    words: String,
}

struct Row {
    label: String,
    counts: Vec<String>,
}

/// The chart.
#[derive(Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    id: &'static str,
    locale: Locale,
    title: String,
    first: String,
    highest: String,
    bars: Vec<Bar>,
    marks: Vec<Mark>,
    legend: Vec<(usize, String)>,
    rows: Vec<Row>,
}

/// Some six of the labels, below their places.
fn marks(labels: &[String], step: u32) -> Vec<Mark> {
    let every = labels.len().div_ceil(6).max(1);
    (0..)
        .zip(labels)
        .step_by(every)
        .map(|(x, words)| Mark {
            x: LEFT + x * step,
            words: words.clone(),
        })
        .collect()
}

impl HtmlSafe for Chart {}

impl Chart {
    /// A chart of up to three series; `first` is what the places are called.
    pub fn new(
        locale: Locale,
        id: &'static str,
        (title, first): (String, String),
        labels: &[String],
        series: &[Series],
        kind: Bars,
    ) -> Self {
        let at =
            |series: &Series, place: usize| series.counts.get(place).copied().unwrap_or_default();
        let height = |place: usize| -> u32 {
            let counts = series.iter().map(|one| at(one, place));
            match kind {
                Bars::Stacked => counts.sum(),
                Bars::Grouped => counts.max().unwrap_or_default(),
            }
        };
        let highest = (0..labels.len())
            .map(height)
            .max()
            .unwrap_or_default()
            .max(1);
        let places = u32::try_from(labels.len()).unwrap_or(1).max(1);
        let step = ((WIDTH - LEFT) / places).clamp(3, 60);
        let mut bars = vec![];
        for (x, place) in (0..).zip(0..labels.len()) {
            let counts: Vec<u32> = series.iter().map(|one| at(one, place)).collect();
            bars.extend(of_place(LEFT + x * step, step, &counts, highest, kind));
        }
        Self {
            id,
            locale,
            title,
            first,
            highest: words::count(u64::from(highest)),
            bars,
            marks: marks(labels, step),
            legend: series
                .iter()
                .map(|one| one.name.clone())
                .enumerate()
                .collect(),
            rows: (labels.iter().enumerate())
                .map(|(place, label)| Row {
                    label: label.clone(),
                    counts: series
                        .iter()
                        .map(|one| words::count(u64::from(at(one, place))))
                        .collect(),
                })
                .collect(),
        }
    }

    fn table_words(&self) -> String {
        text(self.locale, "chart-table")
    }
}

fn of_place(x: u32, step: u32, counts: &[u32], highest: u32, kind: Bars) -> Vec<Bar> {
    let room = HEIGHT - TOP - BOTTOM;
    let scaled = |count: u32| {
        let exact = u64::from(count) * u64::from(room) / u64::from(highest);
        // What is there is seen.
        u32::try_from(exact)
            .unwrap_or(room)
            .max(u32::from(count > 0))
            .min(room)
    };
    let wide = match kind {
        Bars::Stacked => step - 1,
        Bars::Grouped => {
            (step.saturating_sub(1) / u32::try_from(counts.len()).unwrap_or(1).max(1)).max(1)
        }
    };
    let (mut bars, mut floor, mut left) = (vec![], HEIGHT - BOTTOM, x);
    for (class, count) in counts.iter().enumerate() {
        let height = scaled(*count).min(floor.saturating_sub(TOP));
        if height > 0 {
            bars.push(Bar {
                x: left,
                y: floor - height,
                width: wide,
                height,
                class,
            });
        }
        match kind {
            Bars::Stacked => floor -= height,
            Bars::Grouped => left += wide,
        }
    }
    bars
}
