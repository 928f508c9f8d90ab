//! What breaks. Each scenario lets people work, breaks something, lets them go on and has the world judged.

mod batches;
mod claims;
mod clock;
mod crashes;
mod deadlines;
mod disks;
mod instances;
mod wires;
