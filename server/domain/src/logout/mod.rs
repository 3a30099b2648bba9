//! Single logout (SAML profiles §4.4), front channel: the browser goes from one service provider to the next. Where one of
//! them does not send it back, its person can go on without (`resume`), and what is not finished in time is told (`telling`).
//! Of one session (`start`), or of all that a person has (`everywhere`).
mod ending;
mod everywhere;
mod journey;
mod messages;
mod receive;
mod resume;
mod start;
mod step;
mod telling;

pub use journey::LOGOUT_LIFE;
pub use resume::PendingLogout;
pub use step::{Logout, LogoutStep};
