//! Backup, restore and check: as drills with the program itself under load, as tables of what must be refused, and
//! as damage that the check must name.

mod checking;
mod drill;
mod load;
mod program;
mod refusals;
