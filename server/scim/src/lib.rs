//! SCIM provisioning, sans-IO: desired and observed state in, requests out; answers in, effects out.
//!
//! - [`wire`]    resources, lists, patches, errors and requests (RFC 7643, RFC 7644)
//! - [`dialect`] what a service takes, as a table: AWS IAM Identity Center, or any server of RFC 7644
//! - [`state`]   what should be there, the durable mirror of what is, and the effects that change the mirror
//! - [`mod@plan`] the least steps from one to the other, in a safe order; counts, duration, the brake
//! - [`step`]    one step, why it is there, and its request
//! - [`apply`]   what an answer, or its absence, means: done, look, repeat, park or stop
//! - [`read`]    whole lists, page by page
//! - [`verify`]  the mirror against a reading; a new mirror from nothing
//! - [`rate`]    a token bucket and the time to back off
//! - [`id`]      names on both sides, which cannot be confused

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
