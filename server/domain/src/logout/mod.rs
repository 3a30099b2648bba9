//! Single logout (SAML profiles §4.4), front channel: the browser goes from one service provider to the next.
mod journey;
mod messages;
mod receive;
mod start;

pub use journey::LogoutStep;
