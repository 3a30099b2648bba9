//! Complete HTML documents. Every text goes through the framework's escaping.
mod document;
mod message;
mod onward;
mod post_form;
mod set_up;
mod sign_in;
mod sign_out;
mod unfinished_logout;

pub use message::{Back, MessagePage, message};
pub use onward::{OnwardPage, onward};
pub use post_form::{PostForm, post_form};
pub use set_up::{SetUpPage, set_up};
pub(crate) use sign_in::unfinished_notice;
pub use sign_in::{SignInPage, sign_in};
pub use sign_out::sign_out;
pub use unfinished_logout::{UnfinishedLogoutPage, unfinished_logout};
