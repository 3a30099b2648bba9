//! What a step does.

use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::state::Roster;
use crate::step::Reason;
use crate::wire::{Operation, Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// One step: one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The object that it is about.
    pub object: Object,
    /// `userName` or `displayName` of the object, for people.
    pub name: String,
    /// Why it is there.
    pub why: Reason,
    /// What it does.
    pub action: Action,
}

/// What a step does to its object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Reads an object that is there and takes it as ours. It is compared with ours by the next plan.
    Adopt {
        /// Its identifier there.
        remote: RemoteId,
    },
    /// Creates the object.
    Create {
        /// What is sent.
        resource: Resource,
        /// The members that are sent with a group.
        members: BTreeSet<LocalId>,
    },
    /// Changes attributes by PATCH.
    Change {
        /// One for each attribute.
        operations: Vec<Operation>,
    },
    /// Replaces the whole resource by PUT.
    Replace {
        /// What is sent.
        resource: Resource,
        /// The members that are sent with a group; strangers in it stay in the group.
        members: Option<Roster>,
    },
    /// Sets `active` of a user who left the scope to false.
    Deactivate {
        /// The time of the plan, in unix seconds: the grace begins here.
        since: i64,
    },
    /// Changes memberships of a group by PATCH: never more than the service takes in one request.
    ChangeMembers {
        /// Users of ours who get in.
        add: Vec<LocalId>,
        /// Users of ours who get out.
        remove: Vec<LocalId>,
        /// Members not of ours who get out.
        strangers: Vec<RemoteId>,
    },
    /// Deletes the object.
    Delete,
}

impl Step {
    /// Whether the step only reads.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self.action, Action::Adopt { .. })
    }

    /// Whether this is the same attempt as `other`: only the time of the plan and the reason may differ.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        let timed = matches!((&self.action, &other.action), (Action::Deactivate { .. }, Action::Deactivate { .. }));
        self.object == other.object && (timed || self.action == other.action)
    }

    /// Whether the step changes a user in a way that takes access away, alone or with whatever else. A replacement repeats
    /// what was there, so what it changes is in its reason.
    #[must_use]
    pub fn disables(&self) -> bool {
        let off = |value: Option<&Value>| value == Some(&Value::Bool(false));
        match (&self.action, &self.why) {
            _ if self.object.kind != Kind::User => false,
            (Action::Change { operations }, _) => {
                operations.iter().any(|operation| operation.path == "active" && off(operation.value.as_ref()))
            }
            (Action::Replace { .. }, Reason::Disabled) => true,
            (Action::Replace { resource, .. }, Reason::Changed { attributes }) => {
                off(resource.get("active")) && attributes.iter().any(|path| path == "active")
            }
            _ => false,
        }
    }

    /// How many memberships the step changes. AWS counts them against a limit of their own, beside the requests.
    #[must_use]
    pub fn membership_changes(&self) -> usize {
        match &self.action {
            Action::ChangeMembers { add, remove, strangers } => add.len() + remove.len() + strangers.len(),
            Action::Create { members, .. } => members.len(),
            Action::Replace { members: Some(roster), .. } => roster.members.len() + roster.strangers.len(),
            _ => 0,
        }
    }
}
