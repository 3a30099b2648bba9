use leptos::prelude::*;
use model::{Adoption, Deprovision, DriftPolicy, GroupDeprovision, ScimDialect, ScimStatus};

use crate::{
    list::segment,
    ui::{Badge, Tone, Values},
};

/// The address of the list.
pub const PATH: &str = "/admin/scim-providers";

/// Where one is made. No name can be in the way: a name is one segment.
pub const NEW: &str = "/admin/scim-providers/-/new";

/// The address of one SCIM provider.
pub fn scim_path(name: &str) -> String {
    format!("{PATH}/{}", segment(name))
}

/// The address of one of its runs.
pub fn run_path(name: &str, run: u64) -> String {
    format!("{}/runs/{run}", scim_path(name))
}

/// The address of one of its users or groups, by our identifier.
pub fn object_path(name: &str, kind: &str, local: &str) -> String {
    format!("{}/objects/{kind}/{}", scim_path(name), segment(local))
}

/// Where it is said whose things at the service are.
pub fn adoption_path(name: &str) -> String {
    format!("{}/adoption", scim_path(name))
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

/// What became of a step.
pub fn outcome_badge(outcome: &str) -> AnyView {
    let (tone, text) = match outcome {
        "done" => (Tone::Good, "done"),
        "refused" => (Tone::Bad, "refused"),
        _ => (Tone::Caution, "tried again"),
    };
    view! { <Badge tone text /> }.into_any()
}

/// How an object stands at the service.
pub fn state_badge(state: &str) -> AnyView {
    let (tone, text) = match state {
        "active" => (Tone::Good, "there"),
        "deactivated" => (Tone::Quiet, "deactivated"),
        "parked" => (Tone::Bad, "refused"),
        _ => (Tone::Quiet, "not ours"),
    };
    view! { <Badge tone text /> }.into_any()
}

/// Whose something at the service is.
pub fn whose_badge(state: &str) -> AnyView {
    let (tone, text) = match state {
        "matched" => (Tone::Good, "ours"),
        "conflict" => (Tone::Caution, "in conflict"),
        _ => (Tone::Quiet, "foreign"),
    };
    view! { <Badge tone text /> }.into_any()
}

/// What becomes of something at the service.
pub fn outcome_words(state: &str, outcome: &str) -> &'static str {
    match (state, outcome) {
        ("matched", _) => "it is ours already",
        (_, "adopt") => "it becomes ours",
        (_, "wait") => "it waits for a decision",
        ("conflict", _) => "it is left alone, and ours of that name is reported",
        _ => "it is left alone",
    }
}

/// How long something takes, in its largest two units.
pub fn time_left(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min"),
    }
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
    (Adoption::Ask, "ask", "wait until an administrator decides about each; nothing is written before"),
];

pub const DRIFT: Values<DriftPolicy> = &[
    (DriftPolicy::Report, "report", "is shown, and put right when an administrator says so"),
    (DriftPolicy::Repair, "repair", "is shown and put right at once"),
];

/// A value as a person reads it.
pub fn text_of<T: PartialEq>(values: Values<T>, value: T) -> String {
    values.iter().find(|(v, ..)| *v == value).map(|(.., text)| (*text).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{object_path, time_left};

    #[test]
    fn a_time_is_said_in_its_largest_two_units() {
        for (seconds, text) in
            [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_599, "59 min 59 s"), (90_061, "25 h 1 min")]
        {
            assert_eq!(time_left(seconds), text);
        }
    }

    #[test]
    fn the_name_of_a_group_stays_one_segment_of_its_address() {
        assert_eq!(object_path("a b", "group", "x/y"), "/admin/scim-providers/a%20b/objects/group/x%2Fy");
    }
}
