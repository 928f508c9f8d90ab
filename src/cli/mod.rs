//! Subcommands with arguments of their own. Nothing here decides: arguments are read, the library is called, its
//! outcome is put into words.

pub mod audit;
