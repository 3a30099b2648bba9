//! Complete HTML documents. Every text goes through the framework's escaping.
mod console;
mod document;
mod message;
mod portal;
mod post_form;
mod set_up;
mod sign_in;

pub use console::{applications, events, users};
pub use document::Frame;
pub use message::{MessagePage, message};
pub use portal::portal;
pub use post_form::{PostForm, post_form};
pub use set_up::{SetUpPage, set_up};
pub use sign_in::{SignInPage, sign_in};
