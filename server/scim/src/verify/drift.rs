//! Differences between the mirror and what is really there.

use crate::dialect::Dialect;
use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::plan::diff;
use crate::state::{Effect, Observed, Roster};
use crate::verify::Listing;
use crate::wire::{Resource, remote_id};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One difference. Record its [`effect`](Drift::effect) and the next plan repairs what is ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "drift", rename_all = "snake_case")]
pub enum Drift {
    /// An object of ours was deleted there.
    Missing {
        /// Which one.
        object: Object,
    },
    /// An object of ours was changed there.
    Differs {
        /// Which one.
        object: Object,
        /// The paths of the attributes that differ.
        attributes: Vec<String>,
        /// What it looks like.
        resource: Resource,
    },
    /// Memberships of a group of ours were changed there.
    Members {
        /// Which group.
        group: LocalId,
        /// Users of ours who were added there.
        added: Vec<LocalId>,
        /// Users of ours who were removed there.
        removed: Vec<LocalId>,
        /// How many members are new who are no users of ours.
        strangers: usize,
        /// The members.
        roster: Roster,
    },
    /// An object that is not ours is new there, or was changed.
    Foreign {
        /// A user or a group.
        kind: Kind,
        /// Its identifier there.
        remote: RemoteId,
        /// What it looks like.
        resource: Resource,
    },
    /// An object that is not ours was deleted there.
    ForeignGone {
        /// A user or a group.
        kind: Kind,
        /// Its identifier there.
        remote: RemoteId,
    },
}

impl Drift {
    /// What makes the mirror right again.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self.clone() {
            Self::Missing { object } => Effect::Gone { object },
            Self::Differs { object, resource, .. } => Effect::Seen { object, resource },
            Self::Members { group, roster, .. } => Effect::MembersRead { group, roster },
            Self::Foreign { kind, remote, resource } => Effect::Met { kind, remote, resource },
            Self::ForeignGone { kind, remote } => Effect::Vanished { kind, remote },
        }
    }

    /// Whether the difference is about an object of ours.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Differs { .. } | Self::Members { .. })
    }
}

/// Compares a whole reading with the mirror. Users come before groups, groups before memberships.
#[must_use]
pub fn drift(observed: &Observed, listing: &Listing, dialect: &Dialect) -> Vec<Drift> {
    let mut found = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        objects(kind, observed, listing, dialect, &mut found);
    }
    let owners = observed.owners(Kind::User);
    for (id, held) in &observed.groups {
        let Some(members) = listing.members.get(&held.remote) else { continue };
        let (roster, before) = (owners.roster(members), observed.rosters.get(id).cloned().unwrap_or_default());
        if roster != before {
            found.push(Drift::Members {
                group: id.clone(),
                added: roster.members.difference(&before.members).cloned().collect(),
                removed: before.members.difference(&roster.members).cloned().collect(),
                strangers: roster.strangers.difference(&before.strangers).count(),
                roster,
            });
        }
    }
    found
}

fn objects(kind: Kind, observed: &Observed, listing: &Listing, dialect: &Dialect, found: &mut Vec<Drift>) {
    let owners = observed.owners(kind);
    let mut seen: HashSet<RemoteId> = HashSet::new();
    for row in listing.of(kind) {
        let Some(remote) = remote_id(row) else { continue };
        let held = owners.of(&remote).and_then(|id| Some((id, observed.held(kind).get(id)?)));
        if let Some((id, held)) = held {
            let resource = seen_as(kind, dialect, row, &held.resource);
            let attributes: Vec<String> = diff(&held.resource, &resource).into_iter().map(|o| o.path).collect();
            if !attributes.is_empty() {
                found.push(Drift::Differs { object: Object { kind, id: id.clone() }, attributes, resource });
            }
        } else {
            // What a server counts in every answer, such as the time of the last change, is no difference.
            let resource = foreign(kind, dialect, row);
            if observed.foreign(kind).get(&remote) != Some(&resource) {
                found.push(Drift::Foreign { kind, remote: remote.clone(), resource });
            }
        }
        seen.insert(remote);
    }
    let missing = observed.held(kind).iter().filter(|(_, held)| !seen.contains(&held.remote));
    for (id, _) in missing {
        found.push(Drift::Missing { object: Object { kind, id: id.clone() } });
    }
    for remote in observed.foreign(kind).keys().filter(|remote| !seen.contains(*remote)) {
        found.push(Drift::ForeignGone { kind, remote: remote.clone() });
    }
}

/// What a foreign object is remembered as.
pub(super) fn foreign(kind: Kind, dialect: &Dialect, row: &Resource) -> Resource {
    dialect.recognise(kind, row)
}

/// A row as the mirror would have it: attributes that the service never shows are taken from the mirror.
pub(crate) fn seen_as(kind: Kind, dialect: &Dialect, row: &Resource, before: &Resource) -> Resource {
    let mut resource = dialect.recognise(kind, row);
    let hidden = dialect.rules(kind).attributes.iter().filter(|a| !a.readable && a.under.is_none());
    for attribute in hidden {
        if let Some(value) = before.get(attribute.name).filter(|_| !resource.contains_key(attribute.name)) {
            resource.insert(attribute.name.to_owned(), value.clone());
        }
    }
    resource
}
