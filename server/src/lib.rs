//! HTTP, command line, jobs, and the one place where the parts are put together.
//!
//! - `config`: flags with their environment twins; `compose`: from a configuration to running services
//! - [`router`]: every path; [`operations`] and [`document`]: those of the API, and what they say of themselves; `http`: one file for each kind of page or answer
//! - `cli`: one file for each command; `jobs`: what runs beside the requests; `outbound`: what goes to other services
mod cli;
pub mod compose;
pub mod config;
mod http;
pub mod jobs;
pub mod outbound;
pub mod system;
mod telemetry;

pub use cli::main;
pub use http::{Closing, HttpOptions, Least, document, operations, router};
