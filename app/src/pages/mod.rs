//! Complete HTML documents. Every text goes through the framework's escaping.
mod document;
mod message;
mod onward;
mod post_form;
mod set_up;
mod sign_in;

pub use message::{Back, MessagePage, message};
pub use onward::{OnwardPage, onward};
pub use post_form::{PostForm, post_form};
pub use set_up::{SetUpPage, set_up};
pub use sign_in::{SignInPage, sign_in};
