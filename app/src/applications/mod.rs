pub mod api;
mod bindings;
mod delete;
mod draft;
mod edit;
mod form;
mod form_state;
mod frame;
mod history;
mod links;
#[cfg(feature = "ssr")]
mod list;
mod preview;
mod preview_result;
mod roles;
#[cfg(feature = "ssr")]
mod selected;
mod words;
mod xml;

pub use edit::{EditTab, NewApplicationPage};
pub use frame::ApplicationFrame;
pub use history::HistoryTab;
pub use links::LinksTab;
#[cfg(feature = "ssr")]
pub use list::list;
pub use preview::PreviewTab;
pub use preview_result::{attribute_table, verdict_table};
#[cfg(feature = "ssr")]
pub use selected::selected;
pub use words::application_path;
pub use xml::indented;
