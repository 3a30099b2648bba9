pub mod api;
mod delete;
mod detail;
mod expiry;
mod generate;
mod import;
mod page;
mod send;

pub use detail::KeyPage;
pub use expiry::expiry_badge;
pub use generate::GenerateKeyPage;
pub use import::ImportKeyPage;
pub use page::KeyListPage;
