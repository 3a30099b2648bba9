//! The steps that change memberships.

use crate::dialect::ChangeStyle;
use crate::id::{Kind, LocalId, Object, RemoteId};
use crate::plan::chunk::chunk;
use crate::plan::objects::{Context, Objects};
use crate::plan::{GroupRemoval, Strangers};
use crate::state::{DesiredGroup, Roster};
use crate::step::{Action, Reason, Step};
use crate::wire::name_of;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The steps of all groups, and what they amount to.
#[derive(Default)]
pub(super) struct Memberships {
    pub(super) steps: Vec<Step>,
    pub(super) added: usize,
    pub(super) removed: usize,
    /// Of those that are removed, those of people who stay there, in scope or as strangers.
    pub(super) lost: usize,
    /// Those that were there already in groups that the plan adopts.
    pub(super) adopted: usize,
}

/// Who gets in and who gets out of one group.
struct Difference<'a> {
    add: Vec<&'a LocalId>,
    remove: Vec<Out<'a>>,
}

enum Out<'a> {
    Ours(&'a LocalId),
    Stranger(&'a RemoteId),
}

/// Plans memberships. Where the service has no PATCH, members go into the steps of `groups` that replace or create.
pub(super) fn members<'a>(
    in_scope: &'a BTreeMap<LocalId, DesiredGroup>,
    users: &Objects<'a>,
    groups: &mut Objects<'a>,
    context: Context<'a>,
) -> Memberships {
    let observed = context.observed;
    let spared: HashSet<&LocalId> = if observed.protected.is_empty() {
        HashSet::new()
    } else {
        let names = observed.users.iter().map(|(id, held)| (id, name_of(Kind::User, &held.resource)));
        names.filter(|(_, name)| observed.is_protected(name)).map(|(id, _)| id).collect()
    };
    let counts = |member: &LocalId| users.there.contains(member) && !spared.contains(member);
    let (empty, nobody) = (Roster::default(), BTreeSet::new());
    let mut all = Memberships::default();
    let replaced: HashSet<LocalId> = groups.ordered.iter().map(|step| step.object.id.clone()).collect();
    let mut whole: BTreeMap<&LocalId, Roster> = BTreeMap::new();
    let joined: HashMap<LocalId, RemoteId> = adopted(groups).map(|(remote, id)| (id.clone(), remote.clone())).collect();
    let read = |id: &LocalId| observed.decided.roster_of(id, joined.get(id)?);
    let mut unread: HashSet<LocalId> = joined.keys().filter(|id| read(id).is_none()).cloned().collect();
    unread.extend(observed.unread_groups().cloned());
    let newcomers: HashMap<&RemoteId, &LocalId> = adopted(users).collect();

    let emptied = observed.groups.iter().filter(|(id, held)| {
        context.options.groups == GroupRemoval::Empty
            && !in_scope.contains_key(*id)
            && !observed.is_protected(name_of(Kind::Group, &held.resource))
    });
    let emptied = emptied.map(|(id, _)| (id, &nobody));
    let filled = in_scope.iter().filter(|(id, _)| groups.there.contains(id)).map(|(id, group)| (id, &group.members));
    for (id, wanted) in filled.chain(emptied) {
        let roster = recognised(observed.rosters.get(id).or_else(|| read(id)).unwrap_or(&empty), &newcomers);
        let stays = |member: &LocalId| wanted.contains(member) && users.there.contains(member);
        let out = roster.members.iter();
        let out = out.filter(|member| !stays(member) && !users.gone.contains(*member) && !spared.contains(member));
        let strangers = (context.options.strangers == Strangers::Remove).then_some(&roster.strangers);
        let difference = Difference {
            add: wanted.iter().filter(|member| counts(member) && !roster.members.contains(*member)).collect(),
            remove: out.map(Out::Ours).chain(strangers.into_iter().flatten().map(Out::Stranger)).collect(),
        };
        // To replace a group is to remove every member that nobody knows of.
        if context.dialect.change == ChangeStyle::Put && unread.contains(id) {
            groups.ordered.retain(|step| step.object.id != *id);
            continue;
        }
        if joined.contains_key(id) {
            all.adopted += roster.members.len();
        }
        all.added += difference.add.len();
        all.removed += difference.remove.len();
        let leaves = |out: &&Out| matches!(out, Out::Ours(member) if !users.there.contains(*member));
        all.lost += difference.remove.iter().filter(|out| !leaves(out)).count();
        if context.dialect.change == ChangeStyle::Put {
            let wrong = !difference.add.is_empty() || !difference.remove.is_empty();
            if wrong || replaced.contains(id) {
                let kept = roster.members.iter().filter(|member| stays(member) || spared.contains(member));
                let members = kept.chain(wanted.iter().filter(|member| counts(member)));
                let strangers = if strangers.is_some() { BTreeSet::new() } else { roster.strangers.clone() };
                whole.insert(id, Roster { members: members.cloned().collect(), strangers, unread: false });
            }
        } else {
            all.steps.extend(patches(id, difference, groups, context));
        }
    }
    enclose(whole, groups, context);
    all
}

/// What the plan itself adopts, by the identifier there.
fn adopted<'a>(objects: &'a Objects) -> impl Iterator<Item = (&'a RemoteId, &'a LocalId)> {
    objects.adopt.iter().filter_map(|step| match &step.action {
        Action::Adopt { remote } => Some((remote, &step.object.id)),
        _ => None,
    })
}

/// Who is in a group when the plan has adopted whom it adopts: who is a stranger there now may be ours by then.
fn recognised<'a>(roster: &'a Roster, newcomers: &HashMap<&RemoteId, &LocalId>) -> Cow<'a, Roster> {
    if newcomers.is_empty() || !roster.strangers.iter().any(|stranger| newcomers.contains_key(stranger)) {
        return Cow::Borrowed(roster);
    }
    let mut roster = roster.clone();
    let Roster { members, strangers, .. } = &mut roster;
    strangers.retain(|stranger| match newcomers.get(stranger) {
        Some(owner) => {
            members.insert((*owner).clone());
            false
        }
        None => true,
    });
    Cow::Owned(roster)
}

fn patches(id: &LocalId, difference: Difference, groups: &Objects, context: Context) -> Vec<Step> {
    let name = name(id, groups, context);
    let chunks = chunk(difference.remove, difference.add, context.dialect.most_member_changes);
    let step = |chunk: crate::plan::chunk::Chunk<Out, &LocalId>| {
        let (mut remove, mut strangers) = (Vec::new(), Vec::new());
        for out in chunk.remove {
            match out {
                Out::Ours(user) => remove.push(user.clone()),
                Out::Stranger(remote) => strangers.push(remote.clone()),
            }
        }
        let action = Action::ChangeMembers { add: chunk.add.into_iter().cloned().collect(), remove, strangers };
        Step { object: Object::group(id), name: name.clone(), why: Reason::Members, action }
    };
    chunks.into_iter().map(step).collect()
}

/// Puts whole member lists into the steps that create or replace groups, and adds the replacements that are missing.
fn enclose(mut whole: BTreeMap<&LocalId, Roster>, groups: &mut Objects, context: Context) {
    for step in &mut groups.ordered {
        if let Action::Replace { members: slot, .. } = &mut step.action {
            *slot = whole.remove(&step.object.id);
        } else if let Action::Create { members: slot, .. } = &mut step.action {
            *slot = whole.remove(&step.object.id).unwrap_or_default().members;
        }
    }
    for (id, members) in whole {
        let held = context.observed.groups.get(id).map(|held| &held.resource);
        let Some(resource) = groups.wanted.get(id).map(Cow::as_ref).or(held).cloned() else { continue };
        let action = Action::Replace { resource, members: Some(members) };
        let name = name(id, groups, context);
        groups.ordered.push(Step { object: Object::group(id), name, why: Reason::Members, action });
    }
}

fn name(id: &LocalId, groups: &Objects, context: Context) -> String {
    let held = context.observed.groups.get(id).map(|held| &held.resource);
    groups
        .wanted
        .get(id)
        .map(Cow::as_ref)
        .or(held)
        .map(|resource| name_of(Kind::Group, resource))
        .unwrap_or_default()
        .to_owned()
}
