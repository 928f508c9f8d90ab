//! Bad input: what people and programs send that is broken, hostile or absurd. The answer is always a refusal the
//! sender can act on, never a fault of ours (5xx), and what was sent comes out nowhere but as text.

mod canaries;
mod fuzz;
mod generate;
mod parsers;
mod text;
mod timing;
mod wire;
