//! Routes stand in the route tables and nowhere else, so that the permission matrix sees them all.

/// Ways to serve something that pass by the tables.
const WAYS: &[&str] = &[
    ".route(",
    ".service(",
    "web::scope(",
    "web::resource(",
    "#[get(",
    "#[post(",
    "#[put(",
    "#[delete(",
    "#[route(",
];
/// Where tables are made.
const HOME: &str = "src/web/table.rs";

/// Lines that serve something by another way than a table.
pub fn beside_the_tables(file: &str, text: &str) -> Vec<String> {
    if file == HOME {
        return vec![];
    }
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| WAYS.iter().any(|way| line.contains(way)))
        .map(|(number, line)| {
            format!(
                "{file}:{number}: a route beside the tables: {}",
                line.trim()
            )
        })
        .collect()
}

#[rstest::rstest]
#[case("config.route(\"/x\", get().to(x));", 1)]
#[case("    .service(x)", 1)]
#[case("#[get(\"/x\")]", 1)]
#[case("config.service(web::resource(\"/x\"));", 1)]
#[case("// config.route(", 0)]
#[case("\"/x\" => get x::x;", 0)]
fn other_ways_are_noticed(#[case] line: &str, #[case] count: usize) {
    assert_eq!(beside_the_tables("src/web/x.rs", line).len(), count);
    assert_eq!(beside_the_tables(HOME, line), Vec::<String>::new());
}
