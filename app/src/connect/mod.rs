//! "Connect IAM Identity Center": a way through the pages that it takes, one step after the other. Where it stands is
//! read from what is stored, so it can be left and taken up again at any step.
pub mod api;
mod application;
mod checked;
mod exchange;
mod file;
mod frame;
mod name_id;
mod portal;
mod provisioning;
mod start;
mod state;
mod words;

pub use application::ApplicationStep;
pub use exchange::ExchangeStep;
pub use file::FileStep;
pub use frame::ConnectFrame;
pub use name_id::NameIdStep;
pub use portal::PortalStep;
pub use provisioning::ProvisioningStep;
pub use start::ConnectPage;
pub use words::{CONNECT, Step, step_path};
