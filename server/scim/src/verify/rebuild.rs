//! A new mirror from nothing but a reading.

use crate::dialect::{Dialect, Unique};
use crate::id::{Kind, LocalId, RemoteId};
use crate::plan::Adopt;
use crate::state::{Desired, Held, Observed, Pattern, Roster, Status};
use crate::verify::Listing;
use crate::verify::drift::foreign;
use crate::wire::{Resource, name_of, remote_id, text};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// What one of ours is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// `externalId`.
    pub external_id: String,
    /// `userName` or `displayName`; `None` for what is not in scope any more, because a namesake must not be taken for
    /// somebody who left.
    pub name: Option<String>,
    /// Whether it left the scope. A user who did and is inactive there was deactivated for it.
    pub left: bool,
}

/// Everybody and everything that may be ours. Add those who are not in scope any more: they can only be deprovisioned
/// when they are recognised.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Claims {
    /// The users.
    pub users: BTreeMap<LocalId, Claim>,
    /// The groups.
    pub groups: BTreeMap<LocalId, Claim>,
}

impl Claims {
    /// The claims of what is in scope.
    #[must_use]
    pub fn of(desired: &Desired) -> Self {
        let mut claims = Self::default();
        let groups = desired.groups.iter().map(|(id, group)| (Kind::Group, id, &group.resource));
        for (kind, id, resource) in desired.users.iter().map(|(id, user)| (Kind::User, id, user)).chain(groups) {
            claims.present(kind, id.clone(), resource, id.as_str());
        }
        claims
    }

    /// Adds what is in scope. `anchor` is its `externalId`, if the resource has none.
    pub fn present(&mut self, kind: Kind, id: LocalId, resource: &Resource, anchor: &str) {
        let external_id = text(resource, "externalId").unwrap_or(anchor).to_owned();
        self.add(kind, id, Claim { external_id, name: Some(name_of(kind, resource).to_owned()), left: false });
    }

    /// Adds what was in scope once, and is known by its `externalId` only. What is in scope stays as it is.
    pub fn departed(&mut self, kind: Kind, id: LocalId, external_id: String) {
        self.add(kind, id, Claim { external_id, name: None, left: true });
    }

    /// Adds what is in scope and would not be made, as somebody who is disabled here: known by its `externalId` only.
    pub fn silent(&mut self, kind: Kind, id: LocalId, external_id: String) {
        self.add(kind, id, Claim { external_id, name: None, left: false });
    }

    fn add(&mut self, kind: Kind, id: LocalId, claim: Claim) {
        let claims = match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        };
        claims.entry(id).or_insert(claim);
    }
}

/// Recognises ours by `externalId`, then, if `adopt` says so, by name; the rest is foreign. Protected names are never
/// taken. Groups whose members are not in the listing are marked as unread. Who left and is inactive counts as
/// deactivated at `now`, in unix seconds: when it really was is lost with the mirror.
#[must_use]
pub fn rebuild(
    claims: &Claims,
    listing: &Listing,
    dialect: &Dialect,
    adopt: Adopt,
    protected: Vec<Pattern>,
    now: i64,
) -> Observed {
    let mut observed = Observed { protected, ..Observed::default() };
    (observed.users, observed.foreign_users) =
        recognised(Kind::User, &claims.users, listing, dialect, adopt, &observed);
    let left = |id: &LocalId| claims.users.get(id).is_some_and(|claim| claim.left);
    for (_, held) in observed.users.iter_mut().filter(|(id, _)| left(id)) {
        if held.resource.get("active") == Some(&Value::Bool(false)) {
            held.status = Status::Deactivated { since: now };
        }
    }
    (observed.groups, observed.foreign_groups) =
        recognised(Kind::Group, &claims.groups, listing, dialect, adopt, &observed);
    let owners = observed.owners(Kind::User);
    let roster = |held: &Held| match listing.members.get(&held.remote) {
        Some(members) => owners.roster(members),
        None => Roster { unread: true, ..Roster::default() },
    };
    let rosters = observed.groups.iter().map(|(id, held)| (id.clone(), roster(held))).collect();
    observed.rosters = rosters;
    observed
}

fn recognised(
    kind: Kind,
    claims: &BTreeMap<LocalId, Claim>,
    listing: &Listing,
    dialect: &Dialect,
    adopt: Adopt,
    observed: &Observed,
) -> (BTreeMap<LocalId, Held>, BTreeMap<RemoteId, Resource>) {
    let rules = dialect.rules(kind);
    let rows = listing.of(kind).iter().filter_map(|row| Some((remote_id(row)?, row)));
    let mut foreign: BTreeMap<RemoteId, Resource> =
        rows.map(|(remote, row)| (remote, foreign(kind, dialect, row))).collect();
    let mut held: BTreeMap<LocalId, Held> = BTreeMap::new();
    for unique in [Unique::ExternalId, Unique::Name] {
        if unique == Unique::Name && adopt == Adopt::Never {
            continue;
        }
        let index: HashMap<String, RemoteId> = foreign
            .iter()
            .filter(|(_, resource)| !observed.is_protected(name_of(kind, resource)))
            .filter_map(|(remote, resource)| Some((rules.unique_value(kind, unique, resource)?, remote.clone())))
            .collect();
        for (id, claim) in claims {
            let value = match (unique, &claim.name) {
                (Unique::Name, None) => continue,
                (Unique::Name, Some(name)) => rules.fold(unique, name),
                _ => claim.external_id.clone(),
            };
            let Some(remote) = index.get(&value).filter(|_| !held.contains_key(id)) else { continue };
            if let Some(resource) = foreign.remove(remote) {
                held.insert(id.clone(), Held { remote: remote.clone(), resource, status: Status::Active });
            }
        }
    }
    (held, foreign)
}
