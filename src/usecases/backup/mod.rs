//! Backup of an embedded installation into one sealed file, and the way back. The keys are never in it; a running
//! service is neither stopped nor slowed by more than the reading; a folder that has data is never written to.

mod archive;
mod fault;
mod folder;
mod restore;
mod take;

pub use archive::Manifest;
pub use fault::Fault;
pub use restore::{Restored, restore};
pub use take::{Taken, take};
