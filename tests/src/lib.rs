//! A running Rolecall for tests: real router, real HTTP, real SurrealDB in memory,
//! a clock that tests move, and a client without a browser.
//!
//! - [`World`]: everything started, with sample people; [`Browser`]: cookies and forms; [`Api`]: a token
//! - [`Provisioned`]: a world that provisions to the sandbox
//! - [`TestClock`]: time stands still until a test moves it; [`TestPace`]: pauses as well
//! - [`Claims`]: whether a server's claims to leases reach the store
//! - [`OddService`]: a SCIM server with the faults of many
//! - [`in_time`], [`listening`], [`output`], [`ended`]: what never comes is a failed test, not a suite that stands
//! - [`soak`]: as often as `make test` has time for, or in full
mod api;
mod browser;
mod clock;
mod odd_service;
mod pace;
mod page;
mod patience;
mod program;
mod provisioning;
mod shared_store;
mod soak;
mod world;

pub use api::Api;
pub use browser::{Answer, Browser};
pub use clock::TestClock;
pub use odd_service::OddService;
pub use pace::TestPace;
pub use page::{Form, forms};
pub use patience::{ended, in_time, listening, output};
pub use program::program;
pub use provisioning::{Provisioned, settle};
pub use shared_store::Claims;
pub use soak::soak;
pub use world::{ACS, PASSWORD, World};
