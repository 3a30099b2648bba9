//! Routes.

pub(crate) mod control;
mod iam_actions;
mod metadata;
mod observe;
mod page;
mod parameters;
mod portal;
mod query;
mod scim;
mod security_headers;
mod sign_in;
mod sts_actions;
mod wire;

pub(crate) use metadata::{metadata, provider_metadata};
pub(crate) use observe::observe;
pub(crate) use page::{healthy, home, post_only, stylesheet};
pub(crate) use portal::{portal_metadata, portal_sign_in, start};
pub(crate) use query::query;
pub(crate) use scim::{scim, scim_root};
pub(crate) use security_headers::harden;
pub(crate) use sign_in::{sign_in, sign_in_at};
pub(crate) use wire::{Switchboard, Wire};
