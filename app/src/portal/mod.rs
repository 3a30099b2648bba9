pub mod api;
mod page;
mod roles;
mod sessions;
mod tiles;

pub use page::PortalPage;
