//! Journeys of people through the running service, on both databases.

mod accounts;
mod api;
mod api_inputs;
mod desk;
mod own;
