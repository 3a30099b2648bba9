pub mod api;
mod delete;
mod detail;
mod draft;
mod edit;
mod exchange_fields;
mod form;
mod import;
mod page;
mod renew;
mod understood;
mod words;

pub use detail::ProviderPage;
pub use edit::{EditProviderPage, NewProviderPage};
pub use import::{ImportMetadataPage, ReadForm};
pub use page::ProviderListPage;
pub use renew::RenewPage;
pub use words::provider_path;
