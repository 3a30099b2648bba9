pub mod api;
mod page;
mod picker;

pub use page::UserListPage;
pub use picker::UserPicker;
