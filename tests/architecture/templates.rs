//! Templates: addresses come from functions, script and style from files (the content security policy refuses
//! anything inline).

const ADDRESSES: &[&str] = &[
    "href",
    "src",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "srcset",
    "poster",
];

/// Attributes that hold an address, or a piece of one, outside of `{{ … }}`.
pub fn raw_urls(file: &str, text: &str) -> Vec<String> {
    attributes(&without_template_code(text))
        .filter(|(name, value, _)| ADDRESSES.contains(&name.as_str()) && value.contains('/'))
        .map(|(name, value, line)| format!("{file}:{line}: raw address {name}=\"{value}\""))
        .collect()
}

/// `<style>`, `style=`, `on…=` and any `<script>` that has no `src`.
pub fn inline_code(file: &str, text: &str) -> Vec<String> {
    let text = without_template_code(text).to_lowercase();
    let code = attributes(&text)
        .filter(|(name, ..)| name == "style" || (name.starts_with("on") && name.len() > 4))
        .map(|(name, _, line)| format!("{file}:{line}: inline {name}"));
    let script =
        |tag: &str| tag.starts_with("script") && !attributes(tag).any(|(name, ..)| name == "src");
    let style = |tag: &str| tag.starts_with("style");
    let tags = text.match_indices('<').filter_map(|(at, _)| {
        let tag = text[at + 1..].split('>').next().unwrap_or_default();
        (script(tag) || style(tag))
            .then(|| format!("{file}:{}: inline <{tag}>", line_of(&text, at)))
    });
    code.chain(tags).collect()
}

/// Template expressions, statements and comments blanked out; lines stay where they are.
fn without_template_code(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = rest
        .find("{{")
        .into_iter()
        .chain(rest.find("{%"))
        .chain(rest.find("{#"))
        .min()
    {
        let close = match &rest[start..start + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = rest[start..]
            .find(close)
            .map_or(rest.len(), |length| start + length + 2);
        kept.push_str(&rest[..start]);
        kept.extend(rest[start..end].chars().filter(|letter| *letter == '\n'));
        rest = &rest[end..];
    }
    kept + rest
}

/// Name, value and line of every quoted attribute.
fn attributes(text: &str) -> impl Iterator<Item = (String, String, usize)> + '_ {
    text.match_indices('=').filter_map(move |(at, _)| {
        let name: String = text[..at]
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let quote = text[at + 1..]
            .chars()
            .next()
            .filter(|letter| matches!(letter, '"' | '\''))?;
        let value = text[at + 2..].split(quote).next()?;
        let name = name.chars().rev().collect::<String>().to_lowercase();
        (!name.is_empty()).then(|| (name, value.to_owned(), line_of(text, at)))
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[rstest::rstest]
#[case(r#"<a href="/desk">"#, 1)]
#[case(r#"<form method="post" action='/login'>"#, 1)]
#[case(r#"<img src="/static/a.png" alt="">"#, 1)]
#[case(r#"<a href="{{ urls::case(no) }}/events">"#, 1)]
#[case(r#"<button formaction="/x">"#, 1)]
#[case(r#"<a href="https://example.test/">"#, 1)]
#[case(r##"<a href="#main">"##, 0)]
#[case(r#"<a href="{{ urls::home() }}?page=2">"#, 0)]
#[case(r#"<p title="a/b">and/or</p>"#, 0)]
fn a_raw_address_is_found(#[case] text: &str, #[case] expected: usize) {
    assert_eq!(
        raw_urls("templates/a.html", text).len(),
        expected,
        "{:?}",
        raw_urls("templates/a.html", text)
    );
}

#[rstest::rstest]
#[case("<script>alert(1)</script>", 1)]
#[case("<SCRIPT nonce=\"{{ nonce }}\">x()</SCRIPT>", 1)]
#[case("<p style=\"color: red\">", 1)]
#[case("<style>p { color: red }</style>", 1)]
#[case("<a onclick=\"go()\">", 1)]
#[case("<script defer src=\"{{ urls::asset(name) }}\"></script>", 0)]
#[case("<p class=\"style\" data-one=\"1\">{# <script> #}", 0)]
fn inline_code_is_found(#[case] text: &str, #[case] expected: usize) {
    assert_eq!(
        inline_code("templates/a.html", text).len(),
        expected,
        "{:?}",
        inline_code("templates/a.html", text)
    );
}

#[test]
fn findings_name_the_line() {
    assert_eq!(
        raw_urls("a.html", "<p>\n{{ a\n }}\n<a href=\"/x\">"),
        vec![r#"a.html:4: raw address href="/x""#.to_owned()]
    );
}
