//! Journeys of people through the running service, on both databases.

mod accounts;
mod api;
mod api_inputs;
mod batch_tasks;
mod batches;
mod behalf;
mod clock;
mod closures;
mod contacts;
mod deadlines;
mod desk;
mod employer;
mod ledger;
mod ledger_pages;
mod own;
mod platform;
mod registrations;
mod resident;
mod resident_papers;
mod roster;
mod second_factor;
mod sessions;
mod stranded;
mod supervisor;
mod zero_material;
