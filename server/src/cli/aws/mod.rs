//! Credentials of AWS for programs: `credential_process` in `~/.aws/config`.
mod cache;
mod credentials;
mod sts;

pub use credentials::credentials;
