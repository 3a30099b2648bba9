//! Provisioning over SCIM: who should be there, what is known to be there, and the worker that makes them equal.
mod batch;
mod console;
mod control;
mod description;
mod events;
mod limits;
mod mapping;
mod mirror;
mod offline;
mod preview;
mod reading;
mod removals;
mod round;
mod run;
mod scope;
mod sender;
mod settings;
mod state;
mod view;
mod wanted;
mod worker;

pub use offline::PlannedSync;
pub use worker::{Next, Worker};
