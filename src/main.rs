//! Command line only: reads arguments, calls the library, prints.

fn main() {}
