//! Documents as they come out: what is in them, how many pages, what a character without a glyph becomes.

use super::text::Setter;
use super::*;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "邮寄封面".to_owned(),
        language: "zh-CN",
        footer: "示例市经办机构".to_owned(),
        blocks,
    }
}

fn shown(face: &Face, words: &str) -> String {
    let mut setter = Setter::new(face).unwrap();
    let lines = setter.lines(words, sheet::BODY, 400.0);
    lines.first().map(|line| line.text.to_string()).unwrap()
}

#[test]
fn a_character_without_a_glyph_is_named() {
    let face = Face::vendored();
    assert_eq!(shown(&face, "张三·李四 Zhang (A1)"), "张三·李四 Zhang (A1)");
    for rare in ['䶮', '㛃', '𠮷'] {
        let name = format!("[U+{:04X}]", u32::from(rare));
        let words = shown(&face, &format!("王{rare}华"));
        let expected = [format!("王{rare}华"), format!("王{name}华")];
        assert!(expected.contains(&words), "{words}");
    }
    // A character of the private use area is in no font.
    assert_eq!(shown(&face, "甲\u{F8F0}乙"), "甲[U+F8F0]乙");
}

#[test]
fn long_words_are_broken_to_the_width() {
    let mut setter = Setter::new(&Face::vendored()).unwrap();
    let lines = setter.lines(&"零星报销".repeat(60), sheet::BODY, 200.0);
    assert!(lines.len() > 10, "{}", lines.len());
    assert!(lines.iter().all(|line| line.width() <= 200.5));
}

#[test]
fn a_long_document_has_several_pages_and_a_small_file() {
    let rows = (1..=80).map(|n| vec![n.to_string(), "费用清单".to_owned()]);
    let modules = crate::documents::barcode::modules("371000-20261122-00042-7").unwrap();
    let document = document(vec![
        Block::Heading("材料清单".to_owned()),
        Block::Bars(modules, "办件编号".to_owned()),
        Block::Paragraph("请将本页与材料一并寄出。".to_owned()),
        Block::Table {
            widths: vec![1.0, 4.0],
            head: vec!["序号".to_owned(), "材料".to_owned()],
            rows: rows.collect(),
        },
    ]);
    let pdf = write(&Face::vendored(), &document).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    // The font is subset: the whole of it has five million bytes.
    assert!(pdf.len() < 200_000, "{}", pdf.len());
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count();
    let pages = pages.max(text.matches("/Type /Page ").count());
    assert!(
        pages >= 2 || text.contains("/Count 3") || text.contains("/Count 2"),
        "{pages}"
    );
}

#[test]
fn a_font_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.ttf");
    std::fs::write(&file, "no font").unwrap();
    let error = write(&Face::of(Some(file)), &document(vec![])).unwrap_err();
    assert!(error.to_string().contains("none.ttf"), "{error}");
    let error = write(&Face::of(Some("/nowhere.ttf".into())), &document(vec![])).unwrap_err();
    assert!(error.to_string().contains("/nowhere.ttf"), "{error}");
}
