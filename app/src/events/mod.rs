pub mod api;
mod detail;
mod history;
mod live;
mod page;
mod table;
mod words;

pub use detail::EventPage;
pub use history::History;
#[cfg(feature = "ssr")]
pub use history::history_of;
pub use page::EventListPage;
pub use table::{change_table, event_table};
#[cfg(feature = "ssr")]
pub use words::word;
