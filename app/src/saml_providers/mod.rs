pub mod api;
mod aws_draft;
mod aws_fields;
mod delete;
mod detail;
mod draft;
mod edit;
mod exchange_fields;
mod form;
mod hand_over;
mod import;
mod metadata_address;
mod page;
#[cfg(feature = "ssr")]
mod plain_import;
#[cfg(feature = "ssr")]
mod plain_wanted;
mod renew;
mod report;
mod responses;
mod retired_keys;
mod signing_keys;
mod test;
mod understood;
mod wanted_fields;
mod words;

pub use detail::{ProviderPage, partition_row};
pub use edit::{EditProviderPage, NewProviderPage};
pub use import::{ImportMetadataPage, ReadForm};
pub use page::ProviderListPage;
#[cfg(feature = "ssr")]
pub use plain_import::{read_metadata, take_metadata};
pub use renew::RenewPage;
pub use responses::{ResponseListPage, ResponsePage};
pub use test::TestPage;
pub use words::{KEEPING, NO_COUNT, provider_path};
