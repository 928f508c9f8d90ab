//! Journeys of people through the running service, on both databases.

mod accounts;
