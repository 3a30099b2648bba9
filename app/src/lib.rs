//! Pages of Rolecall.
//!
//! - `pages`: complete documents that work without JavaScript; rendered on the server only
#[cfg(feature = "ssr")]
pub mod pages;
