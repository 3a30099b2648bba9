//! STS: sessions for federated people.

mod assume;
mod session;
mod sessions;

pub use session::{Credentials, Session};

pub(crate) use assume::{Door, Request, assume, verified};
pub(crate) use sessions::Sessions;
