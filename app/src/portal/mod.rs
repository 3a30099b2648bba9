pub mod api;
mod page;
mod sessions;
mod tiles;

pub use page::PortalPage;
