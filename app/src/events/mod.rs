pub mod api;
mod detail;
mod history;
mod live;
mod page;
mod table;
mod words;

pub use detail::EventPage;
pub use history::History;
pub use page::EventListPage;
pub use table::{change_table, event_table};
