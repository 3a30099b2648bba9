//! SCIM provisioning, sans-IO: desired and observed state in, requests out; answers in, effects out.

pub mod apply;
pub mod dialect;
pub mod id;
pub mod plan;
pub mod rate;
pub mod read;
pub mod state;
pub mod step;
pub mod verify;
pub mod wire;
