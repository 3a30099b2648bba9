pub mod api;
#[cfg(feature = "ssr")]
mod delete;
#[cfg(feature = "ssr")]
mod detail;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
mod edit;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod password;
mod picker;
#[cfg(feature = "ssr")]
mod rename;
#[cfg(feature = "ssr")]
mod selected;
#[cfg(feature = "ssr")]
mod sessions;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use delete::{delete, question};
#[cfg(feature = "ssr")]
pub use detail::detail;
#[cfg(feature = "ssr")]
pub use draft::{attributes, written};
#[cfg(feature = "ssr")]
pub use edit::{create, edit, edit_form, new_form};
#[cfg(feature = "ssr")]
pub use history::history;
#[cfg(feature = "ssr")]
pub use list::list;
#[cfg(feature = "ssr")]
pub use password::{password_form, set_password};
pub use picker::{Chosen, UserPicker};
#[cfg(feature = "ssr")]
pub use rename::{rename, rename_form};
#[cfg(feature = "ssr")]
pub use selected::selected;
#[cfg(feature = "ssr")]
pub use sessions::{end_session, sessions};
#[cfg(feature = "ssr")]
pub use words::user_path;
