//! Reads Rust source: every path it names, written out from the crate's root. Knows no rule.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path as written, `self`, `super` and the package's own name resolved to `crate`, and its line.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
}

/// All paths that the file at `file` (from the repository's root) names: in `use`, code, attributes, macros.
pub fn names(file: &str, text: &str) -> Vec<Named> {
    let mut reader = Reader {
        module: module_of(file),
        found: Vec::new(),
    };
    reader.visit_file(&parse(file, text));
    reader.found
}

/// The parsed file.
pub fn parse(file: &str, text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{file} is no Rust: {error}"))
}

/// Whether the item stands under `#[cfg(test)]`.
pub fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

fn module_of(file: &str) -> Vec<String> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        module.pop();
    }
    module
}

struct Reader {
    module: Vec<String>,
    found: Vec<Named>,
}

impl Reader {
    fn add(&mut self, segments: &[String], line: usize) {
        let supers = segments
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        let (root, rest) = match segments.first().map(String::as_str) {
            Some("bujianmian") => (Some(0), &segments[1..]),
            Some("self") => (Some(self.module.len()), &segments[1..]),
            Some("super") => (
                Some(self.module.len().saturating_sub(supers)),
                &segments[supers..],
            ),
            _ => (None, segments),
        };
        let mut full = Vec::new();
        if let Some(depth) = root {
            full.push("crate".to_owned());
            full.extend_from_slice(&self.module[..depth]);
        }
        full.extend_from_slice(rest);
        self.found.push(Named {
            segments: full,
            line,
        });
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Name(name) => self.leaf(before, &name.ident),
            syn::UseTree::Rename(rename) => self.leaf(before, &rename.ident),
            syn::UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                let mut full = before.clone();
                full.push("*".to_owned());
                self.add(&full, line);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before))
            }
        }
    }

    fn leaf(&mut self, before: &[String], last: &syn::Ident) {
        let mut full = before.to_vec();
        full.push(last.to_string());
        self.add(&full, last.span().start().line);
    }

    /// Inside macros and attributes there is only a row of tokens: words joined by `::`.
    fn tokens(&mut self, tokens: &TokenStream) {
        let (mut run, mut colons, mut line) = (Vec::new(), 0, 0);
        for token in tokens.clone() {
            match &token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.flush(&mut run, line);
                        line = ident.span().start().line;
                    }
                    run.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.flush(&mut run, line);
                    colons = 0;
                    self.tokens(&group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.flush(&mut run, line);
                    colons = 0;
                }
            }
        }
        self.flush(&mut run, line);
    }

    fn flush(&mut self, run: &mut Vec<String>, line: usize) {
        if run.len() > 1 {
            self.add(run, line);
        }
        run.clear();
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1
            && let Some(first) = path.segments.first()
        {
            self.add(&segments, first.ident.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'a syn::Macro) {
        self.visit_path(&called.path);
        self.tokens(&called.tokens);
    }

    fn visit_meta_list(&mut self, list: &'a syn::MetaList) {
        self.visit_path(&list.path);
        self.tokens(&list.tokens);
    }
}

#[rstest::rstest]
#[case("use crate::{web::page, store};", &["crate::web::page", "crate::store"])]
#[case("use super::super::jobs as j;", &["crate::jobs"])]
#[case("use diesel::prelude::*;", &["diesel::prelude::*"])]
#[case("fn f() { bujianmian::web::run(); }", &["crate::web::run"])]
#[case("fn f() { vec![self::x(), chrono::Utc::now()]; }", &["crate::domain::case::x", "chrono::Utc::now"])]
#[case("#[derive(Clone, diesel::Queryable)] struct A;", &["diesel::Queryable"])]
#[case("mod inner { use super::super::other; }", &["crate::domain::other"])]
#[case("/// crate::web::x\n// diesel::y\nconst A: &str = \"crate::web\";", &[])]
fn paths_are_read(#[case] text: &str, #[case] expected: &[&str]) {
    let read: Vec<String> = names("src/domain/case.rs", text)
        .into_iter()
        .map(|named| named.segments.join("::"))
        .collect();
    assert_eq!(read, expected);
}
