pub mod api;
mod delete;
mod detail;
mod edit;
mod form;
mod page;
mod trial;
mod words;

pub use detail::MappingPage;
pub use edit::{EditMappingPage, NewMappingPage};
pub use page::MappingListPage;
pub use words::NAMES;
