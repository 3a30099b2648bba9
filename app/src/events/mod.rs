pub mod api;
mod detail;
mod page;
mod table;
mod words;

pub use detail::EventPage;
pub use page::EventListPage;
pub use table::{change_table, event_table};
