//! The plan.

use crate::dialect::{Conformed, Dialect, Note};
use crate::id::{Kind, LocalId, Object};
use crate::plan::PlanOptions;
use crate::plan::members::members;
use crate::plan::objects::{Context, objects};
use crate::plan::scoped::Scoped;
use crate::plan::summary::deactivates;
use crate::plan::waiting::{is_waiting, parked};
use crate::state::{Desired, DesiredGroup, Observed};
use crate::step::{Action, Step};
use crate::wire::Resource;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is to be done, in order, and what cannot be done. Equal inputs give equal plans.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The steps. Each can be the last: nothing is left half done that a new plan would not finish.
    pub steps: Vec<Step>,
    /// Objects in scope that cannot be sent; what of them is there stays as it is.
    pub refused: Vec<Refusal>,
    /// Steps that the service refused when they were sent last; their time has not come yet.
    pub waiting: Vec<Step>,
    /// How often each attribute was left out or cut, because the service does not take it.
    pub dropped: BTreeMap<String, usize>,
    /// Users of ours that were there before the plan.
    pub users: usize,
    /// Groups of ours that were there before the plan.
    pub groups: usize,
    /// Memberships that were there before the plan, also in groups that it adopts.
    pub memberships: usize,
    /// Memberships that the plan adds.
    pub members_added: usize,
    /// Memberships that the plan removes, beside those that go with a deleted object.
    pub members_removed: usize,
    /// Memberships that go with a deleted group.
    #[serde(default)]
    pub members_gone: usize,
    /// Of the memberships that are removed or go with a group, those of people who stay.
    #[serde(default)]
    pub members_lost: usize,
    /// Users whom the plan deactivates though they are inactive already.
    #[serde(default)]
    pub users_inactive: usize,
    /// Of the users that were there before the plan, those who had access.
    #[serde(default)]
    pub users_active: usize,
    /// Users whom the plan deletes that had no access any more.
    #[serde(default)]
    pub accounts_deleted: usize,
}

/// An object that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Which one.
    pub object: Object,
    /// `userName` or `displayName`, as far as it is known.
    pub name: String,
    /// Why not.
    pub notes: Vec<Note>,
}

/// Compares both sides and makes the plan. Pure: the time is in `options`.
///
/// The order: adoptions, deactivations, users, groups, memberships, deletions of groups, deletions of users. A deletion
/// goes earlier only where somebody else needs the name.
#[must_use]
pub fn plan(desired: &Desired, observed: &Observed, dialect: &Dialect, options: &PlanOptions) -> Plan {
    let users = desired.users.iter().map(|(id, resource)| (id, Scoped::Rendered(Cow::Borrowed(resource)))).collect();
    made(users, &desired.groups, Context { observed, dialect, options })
}

/// The same of what is desired no longer than for this: users are let go one by one, so that not all of them are held in
/// both forms, as they were rendered and as they fit the service.
#[must_use]
pub fn plan_of(desired: Desired, observed: &Observed, dialect: &Dialect, options: &PlanOptions) -> Plan {
    let (ids, resources): (Vec<LocalId>, Vec<Resource>) = desired.users.into_iter().unzip();
    let resources = resources.into_iter().map(|resource| Scoped::Rendered(Cow::Owned(resource)));
    made(ids.iter().zip(resources).collect(), &desired.groups, Context { observed, dialect, options })
}

/// The same of users who were made to fit the service before, by [`fit`](crate::plan::fit).
#[must_use]
pub fn plan_fitted(
    users: BTreeMap<&LocalId, Cow<'_, Conformed>>,
    groups: &BTreeMap<LocalId, DesiredGroup>,
    observed: &Observed,
    dialect: &Dialect,
    options: &PlanOptions,
) -> Plan {
    let users = users.into_iter().map(|(id, conformed)| (id, Scoped::Fitting(conformed))).collect();
    made(users, groups, Context { observed, dialect, options })
}

fn made<'a>(
    users: BTreeMap<&'a LocalId, Scoped<'a>>,
    in_scope: &'a BTreeMap<LocalId, DesiredGroup>,
    context: Context<'a>,
) -> Plan {
    let observed = context.observed;
    let before: usize = observed.rosters.values().map(|roster| roster.members.len()).sum();
    let mut users = objects(Kind::User, users, context);
    let scope = in_scope.iter().map(|(id, group)| (id, Scoped::Rendered(Cow::Borrowed(&group.resource)))).collect();
    let mut groups = objects(Kind::Group, scope, context);
    let memberships = members(in_scope, &users, &mut groups, context);

    let mut steps = std::mem::take(&mut users.adopt);
    for more in [
        users.urgent,
        users.ordered,
        groups.adopt,
        groups.ordered,
        memberships.steps,
        groups.deletions,
        users.deletions,
    ] {
        steps.extend(more);
    }
    let mut waiting = users.waiting;
    waiting.extend(groups.waiting);
    if !observed.parked.is_empty() {
        let parked = parked(context);
        waiting.extend(steps.extract_if(.., |step| is_waiting(&parked, step)));
    }
    let deletes = |step: &&Step| step.object.kind == Kind::Group && step.action == Action::Delete;
    let (mut gone, mut lost) = (0, memberships.lost);
    for roster in steps.iter().filter(deletes).filter_map(|step| observed.rosters.get(&step.object.id)) {
        gone += roster.members.len();
        lost += roster.members.iter().filter(|member| users.there.contains(*member)).count();
    }
    let is_inactive = |step: &Step| observed.users.get(&step.object.id).is_some_and(|held| !held.is_enabled());
    let users_inactive = steps.iter().filter(|step| deactivates(step) && is_inactive(step)).count();
    let deletes_user = |step: &Step| step.object.kind == Kind::User && step.action == Action::Delete;
    let accounts_deleted = steps.iter().filter(|step| deletes_user(step) && is_inactive(step)).count();
    let mut refused = users.refused;
    refused.extend(groups.refused);
    let mut dropped = users.dropped;
    for (path, count) in groups.dropped {
        *dropped.entry(path).or_default() += count;
    }
    Plan {
        steps,
        refused,
        waiting,
        dropped,
        users: observed.users.len(),
        groups: observed.groups.len(),
        memberships: before + memberships.adopted,
        members_added: memberships.added,
        members_removed: memberships.removed,
        members_gone: gone,
        members_lost: lost,
        users_inactive,
        users_active: observed.users.values().filter(|held| held.is_enabled()).count(),
        accounts_deleted,
    }
}
