//! Lengths: a file without its tests at most 400 lines, a function's body at most 50; every module has a head.

use syn::visit::{self, Visit};

use crate::rust_source;

const FILE_LINES: usize = 400;
const BODY_LINES: usize = 50;

/// The file, when it is too long without its `#[cfg(test)]` part.
pub fn long_file(file: &str, text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .take_while(|line| !line.contains("#[cfg(test)]"))
        .count();
    if lines > FILE_LINES {
        vec![format!("{file}: {lines} lines, {FILE_LINES} allowed")]
    } else {
        Vec::new()
    }
}

/// Functions whose body is too long, tests left out.
pub fn long_functions(file: &str, text: &str) -> Vec<String> {
    let mut finder = Functions {
        file,
        found: Vec::new(),
    };
    finder.visit_file(&rust_source::parse(file, text));
    finder.found
}

/// The file, when it does not begin by saying what lives there.
pub fn missing_head(file: &str, text: &str) -> Vec<String> {
    if text.starts_with("//! ") {
        Vec::new()
    } else {
        vec![format!("{file}: begins without a `//!` head")]
    }
}

struct Functions<'f> {
    file: &'f str,
    found: Vec<String>,
}

impl Functions<'_> {
    fn body(&mut self, name: &syn::Ident, block: &syn::Block) {
        let braces = block.brace_token.span;
        let lines = braces
            .close()
            .start()
            .line
            .saturating_sub(braces.open().start().line + 1);
        if lines > BODY_LINES {
            let line = name.span().start().line;
            self.found.push(format!(
                "{}:{line}: `{name}` has {lines} lines, {BODY_LINES} allowed",
                self.file
            ));
        }
    }
}

impl<'a> Visit<'a> for Functions<'_> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !rust_source::is_test_only(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        if !rust_source::is_test_only(&function.attrs) {
            self.body(&function.sig.ident, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.body(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'a syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.body(&function.sig.ident, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[test]
fn a_long_file_is_found_and_its_tests_do_not_count() {
    let line = "const A: u8 = 1;\n";
    assert_eq!(
        long_file("src/a.rs", &line.repeat(400)),
        Vec::<String>::new()
    );
    assert_eq!(long_file("src/a.rs", &line.repeat(401)).len(), 1);
    let with_tests = format!(
        "{}#[cfg(test)]\nmod tests {{}}\n{}",
        line.repeat(400),
        line.repeat(50)
    );
    assert_eq!(long_file("src/a.rs", &with_tests), Vec::<String>::new());
}

#[rstest::rstest]
#[case("fn f() {\n", 50, "}", 0)]
#[case("fn f() {\n", 51, "}", 1)]
#[case("impl A { async fn f() {\n", 51, "} }", 1)]
#[case("trait A { fn f() {\n", 51, "} }", 1)]
#[case("#[cfg(test)] mod tests { fn f() {\n", 51, "} }", 0)]
fn a_long_function_is_found(
    #[case] head: &str,
    #[case] lines: usize,
    #[case] end: &str,
    #[case] expected: usize,
) {
    let text = format!("{head}{}{end}", "    call();\n".repeat(lines));
    assert_eq!(long_functions("src/a.rs", &text).len(), expected);
}

#[rstest::rstest]
#[case("//! What lives here.\n", 0)]
#[case("use std::fmt;\n", 1)]
#[case("/// A comment of an item.\n", 1)]
fn a_missing_head_is_found(#[case] text: &str, #[case] expected: usize) {
    assert_eq!(missing_head("src/a.rs", text).len(), expected);
}
