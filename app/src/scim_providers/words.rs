use leptos::prelude::*;
use model::{Adoption, Deprovision, GroupDeprovision, ScimDialect, ScimStatus};

use crate::ui::{Badge, Tone, Values};

/// The address of the list.
pub const PATH: &str = "/admin/scim-providers";

/// Where one is made. No name can be in the way: a name is one segment.
pub const NEW: &str = "/admin/scim-providers/-/new";

/// The address of one SCIM provider.
pub fn scim_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// A status as a person reads it.
pub const fn word(status: ScimStatus) -> (Tone, &'static str) {
    match status {
        ScimStatus::New => (Tone::Quiet, "new"),
        ScimStatus::Disabled => (Tone::Quiet, "switched off"),
        ScimStatus::NotConnected => (Tone::Caution, "not connected"),
        ScimStatus::Synced => (Tone::Good, "synchronised"),
        ScimStatus::Running => (Tone::Quiet, "running"),
        ScimStatus::WaitsForApproval => (Tone::Caution, "waits for approval"),
        ScimStatus::Failing => (Tone::Bad, "failing"),
        ScimStatus::Stopped => (Tone::Bad, "stopped"),
        ScimStatus::WaitsForAdoption => (Tone::Caution, "waits for adoption"),
        ScimStatus::Cancelled => (Tone::Caution, "cancelled"),
    }
}

/// A status with its icon.
pub fn status_badge(status: ScimStatus) -> AnyView {
    let (tone, text) = word(status);
    view! { <Badge tone text /> }.into_any()
}

pub const DIALECTS: Values<ScimDialect> = &[
    (ScimDialect::Aws, "aws", "AWS IAM Identity Center"),
    (ScimDialect::Rfc7644, "rfc7644", "any server of RFC 7644, by what it says of itself"),
];

pub const DEPROVISION: Values<Deprovision> = &[
    (Deprovision::Deactivate, "deactivate", "is deactivated: what is assigned there stays for a return"),
    (Deprovision::Delete, "delete", "is deleted"),
];

pub const GROUP_DEPROVISION: Values<GroupDeprovision> = &[
    (GroupDeprovision::Empty, "empty", "is emptied of our members: what is assigned to it stays"),
    (GroupDeprovision::Delete, "delete", "is deleted, and with it every assignment to it"),
    (GroupDeprovision::Keep, "keep", "stays as it is"),
];

pub const ADOPTION: Values<Adoption> = &[
    (Adoption::Never, "never", "are left alone, and ours of that name are reported"),
    (Adoption::SameName, "same_name", "become ours"),
];

/// A value as a person reads it.
pub fn text_of<T: PartialEq>(values: Values<T>, value: T) -> String {
    values.iter().find(|(v, ..)| *v == value).map(|(.., text)| (*text).to_owned()).unwrap_or_default()
}
