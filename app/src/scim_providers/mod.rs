mod act;
pub mod api;
mod detail;
mod objects;
mod page;
mod plan;
mod words;

pub use detail::ScimProviderPage;
pub use objects::ScimObjectsPage;
pub use page::ScimProviderListPage;
pub use plan::ScimPlanPage;
