mod delete;
mod detail;
mod edit;
mod frame;
mod history;
mod list;
mod members;
mod selected;
mod words;

pub use delete::{delete, question};
pub use detail::detail;
pub use edit::{create, edit, edit_form, new_form};
pub use history::history;
pub use list::list;
pub use members::set_member;
pub use selected::selected;
pub use words::group_path;
