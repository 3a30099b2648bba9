//! Single logout (SAML core §3.7; profiles §4.4): the two messages, read and made.

mod occasion;
mod request;
mod response;

pub use occasion::Occasion;
pub use request::{LogoutRequest, LogoutRequestSpec, build_logout_request};
pub use response::{LogoutResponse, LogoutResponseSpec, build_logout_response};

#[cfg(test)]
mod tests;
