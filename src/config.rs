//! Settings, one struct a concern. The only place that reads the environment.
