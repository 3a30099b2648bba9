//! What is known to be there: the durable mirror of the remote store.
//!
//! AWS shows no members of a group, so what was acknowledged is the only way to know whom to remove.

use crate::id::{Kind, LocalId, RemoteId};
use crate::state::{Decided, Parked, Pattern};
use crate::step::Step;
use crate::wire::Resource;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The mirror. It changes only by [`Observed::record`], so a copy kept after each effect is never ahead of the truth.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Observed {
    /// Users of ours that are there, also deactivated ones.
    pub users: BTreeMap<LocalId, Held>,
    /// Groups of ours that are there.
    pub groups: BTreeMap<LocalId, Held>,
    /// The members of each group of ours.
    pub rosters: BTreeMap<LocalId, Roster>,
    /// Users that are neither made nor adopted by us.
    pub foreign_users: BTreeMap<RemoteId, Resource>,
    /// Groups that are neither made nor adopted by us.
    pub foreign_groups: BTreeMap<RemoteId, Resource>,
    /// Names that are never touched, be the object ours or not.
    pub protected: Vec<Pattern>,
    /// Steps that were sent and whose answer is not recorded yet.
    #[serde(default)]
    pub in_flight: Vec<Step>,
    /// Steps that the service refused.
    #[serde(default)]
    pub parked: Vec<Parked>,
    /// What the next plan takes over because somebody has decided so.
    #[serde(skip)]
    pub decided: Decided,
}

/// An object of ours on the remote side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Its identifier there.
    pub remote: RemoteId,
    /// The attributes that were last acknowledged, in the form in which they are sent.
    pub resource: Resource,
    /// Whether it was deprovisioned.
    pub status: Status,
}

impl Held {
    /// Whether a user may sign in there.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.resource.get("active") != Some(&Value::Bool(false))
    }
}

/// Whether a user of ours left the scope. A user who is in scope and disabled is [`Status::Active`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In scope when last seen.
    Active,
    /// Left the scope and was deactivated.
    Deactivated {
        /// When, in unix seconds.
        since: i64,
    },
}

/// The members of a group of ours, as acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// Users of ours.
    pub members: BTreeSet<LocalId>,
    /// Members that are no users of ours.
    pub strangers: BTreeSet<RemoteId>,
    /// The group was adopted and nobody has read its members yet: there may be more than are listed.
    pub unread: bool,
}

impl Observed {
    /// The objects of ours of one kind.
    #[must_use]
    pub fn held(&self, kind: Kind) -> &BTreeMap<LocalId, Held> {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// The foreign objects of one kind.
    #[must_use]
    pub fn foreign(&self, kind: Kind) -> &BTreeMap<RemoteId, Resource> {
        match kind {
            Kind::User => &self.foreign_users,
            Kind::Group => &self.foreign_groups,
        }
    }

    /// Whether a name is never to be touched.
    #[must_use]
    pub fn is_protected(&self, name: &str) -> bool {
        self.protected.iter().any(|pattern| pattern.matches(name))
    }

    /// Which object of ours is known there as `remote`.
    #[must_use]
    pub fn owner(&self, kind: Kind, remote: &RemoteId) -> Option<&LocalId> {
        self.held(kind).iter().find(|(_, held)| held.remote == *remote).map(|(id, _)| id)
    }

    /// Notes that a step is about to be sent. Write the mirror down before sending: if the process ends in between, the
    /// step is still here, and [`lost`](crate::apply::lost) says how to find out what became of it. Without that, a
    /// change that was done and not recorded stays unseen until the next comparison with a reading.
    pub fn begin(&mut self, step: &Step) {
        self.in_flight.push(step.clone());
    }

    /// Notes that the answer to a step is understood; after a restart also that a creation turned out not to have been
    /// done.
    pub fn finish(&mut self, step: &Step) {
        if let Some(at) = self.in_flight.iter().position(|other| other == step) {
            self.in_flight.remove(at);
        }
    }

    /// Groups that were adopted and whose members nobody has read yet. Until then nobody is removed from them.
    pub fn unread_groups(&self) -> impl Iterator<Item = &LocalId> {
        self.rosters.iter().filter(|(_, roster)| roster.unread).map(|(id, _)| id)
    }
}
