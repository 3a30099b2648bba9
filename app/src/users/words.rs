use leptos::prelude::*;
use model::Role;

use crate::{
    list::segment,
    ui::{Badge, Choice, Tone},
};

/// The address of the list.
pub const PATH: &str = "/admin/users";

/// The address of one user.
pub fn user_path(username: &str) -> String {
    format!("{PATH}/{}", segment(username))
}

/// Each role with its code in forms and what a person reads.
pub const ROLES: [(Role, &str, &str); 3] = [
    (Role::Member, "member", "member: opens applications"),
    (Role::Auditor, "auditor", "auditor: reads everything, changes nothing"),
    (Role::Administrator, "administrator", "administrator: changes everything"),
];

pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    }
}

pub fn role_choices() -> Vec<Choice> {
    ROLES.iter().map(|(_, code, text)| ((*code).to_owned(), (*text).to_owned())).collect()
}

/// May sign in, or not.
pub fn state_badge(active: bool) -> AnyView {
    let (tone, text) = if active { (Tone::Good, "active") } else { (Tone::Quiet, "deactivated") };
    view! { <Badge tone text /> }.into_any()
}
