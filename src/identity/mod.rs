//! The provincial identity platform: signing in by OpenID Connect (authorization code with PKCE), against any standard
//! provider. Everything that is said over the network stands here, and what of it is believed: addresses from the
//! platform's own description only, tokens signed by its keys, for this service and this very sign-in. Never here: who
//! of ours somebody is, sessions, pages.

mod fetching;
mod keys;
mod provider;
mod token;

pub use provider::{Attempt, Person, Platform, Trouble};
