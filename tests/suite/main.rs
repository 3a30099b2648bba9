//! The suite: promises to the user, against the real router, real HTTP and the real store.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that does not find what it needs has failed"
)]

mod api;
mod api_tokens;
mod aws;
mod aws_credentials;
mod backup;
mod bad_input;
mod crash;
mod declarative;
mod doctor;
mod first_run;
mod gates;
mod identity_center;
mod keys;
mod logout;
mod metrics;
mod property_mappings;
mod provisioning;
mod provisioning_crash;
mod provisioning_faults;
mod prune;
mod requests;
mod sessions;
mod sign_in;
mod sign_on;
mod webhooks;
