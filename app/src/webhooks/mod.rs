mod delete;
mod detail;
mod edit;
mod frame;
mod list;
mod secret;
mod test;
mod words;

pub use delete::{delete, question};
pub use detail::{detail, history};
pub use edit::{create, edit, edit_form, new_form};
pub use list::list;
pub use secret::{secret_form, set_secret};
pub use test::{test, test_form};
