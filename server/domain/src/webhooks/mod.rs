//! Addresses that are told of events: what administrators set, and the messages.
mod console;
mod courier;
mod message;
mod secret;
mod state;
mod test;

pub use courier::Courier;
