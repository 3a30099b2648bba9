mod act;
mod adoption;
pub mod api;
mod connection;
mod create;
mod delete;
mod detail;
mod draft;
mod drift;
mod edit;
mod fields;
mod form;
mod object;
mod objects;
mod page;
mod plan;
#[cfg(feature = "ssr")]
mod plans;
mod preview;
mod progress;
mod runs;
mod settings;
mod stage;
mod token;
mod words;

pub use create::CreateScimForm;
pub use detail::ScimProviderPage;
pub use draft::ScimDraft;
pub use edit::{EditScimProviderPage, NewScimProviderPage};
pub use object::ScimObjectPage;
pub use objects::ScimObjectsPage;
pub use page::ScimProviderListPage;
pub use plan::{PlanView, ScimPlanPage};
#[cfg(feature = "ssr")]
pub use plans::{apply_plan, apply_question, discard_plan, discard_question, keep_plan, kept_plan, plans};
pub use preview::ScimPreviewPage;
pub use runs::ScimRunPage;
pub use words::{scim_path, status_badge};
