use std::collections::BTreeSet;

use model::{ScimCounts, ScimDialect, ScimPending};
use scim::{
    id::{LocalId, RemoteId},
    plan::{Counts, Hazard, Plan},
    state::Observed,
    step::{Action, Step},
};
use serde_json::json;

use crate::identifiers;

/// All that steps take away, one word each. The same removals have the same words in every plan.
pub fn removals<'a>(steps: impl IntoIterator<Item = &'a Step>, observed: &Observed) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for step in steps {
        let id = &step.object.id;
        match &step.action {
            Action::Delete => _ = found.insert(format!("delete {:?} {id}", step.object.kind)),
            Action::Deactivate { .. } => _ = found.insert(format!("deactivate {id}")),
            _ if step.disables() => _ = found.insert(format!("deactivate {id}")),
            _ => {
                let (members, strangers) = losses(step, observed);
                found.extend(members.into_iter().map(|member| format!("member {id} {member}")));
                found.extend(strangers.into_iter().map(|member| format!("stranger {id} {member}")));
            }
        }
    }
    found
}

/// Who loses a membership by a step: users of ours, and others. Where a group is sent as a whole, whoever is left out.
pub fn losses<'a>(step: &'a Step, observed: &'a Observed) -> (Vec<&'a LocalId>, Vec<&'a RemoteId>) {
    match &step.action {
        Action::ChangeMembers { remove, strangers, .. } => (remove.iter().collect(), strangers.iter().collect()),
        Action::Replace { members: Some(after), .. } => {
            let Some(before) = observed.roster(&step.object.id) else { return Default::default() };
            let members = before.members.difference(&after.members).collect();
            (members, before.strangers.difference(&after.strangers).collect())
        }
        _ => Default::default(),
    }
}

/// The same for the same removals, and for no others.
pub fn digest(removals: &BTreeSet<String>) -> String {
    let words: Vec<&str> = removals.iter().map(String::as_str).collect();
    identifiers::sha256(words.join("\n").as_bytes())
}

/// The same for plans that do the same in the same order, and for no others.
pub fn deeds(plan: &Plan) -> String {
    let deed = |step: &Step| match &step.action {
        // It holds the time of the plan.
        Action::Deactivate { .. } => json!([step.object, "deactivate"]),
        action => json!([step.object, action]),
    };
    let words: Vec<String> = plan.steps.iter().map(|step| deed(step).to_string()).collect();
    identifiers::sha256(words.join("\n").as_bytes())
}

/// A plan that waits, for people. `since` is RFC 3339; `moment` makes the plan another one than an equal one of before,
/// to which somebody may have consented.
pub fn pending(plan: &Plan, why: String, removals: &BTreeSet<String>, since: String, moment: i64) -> ScimPending {
    let words: Vec<&str> = removals.iter().map(String::as_str).collect();
    let digest = identifiers::sha256(format!("{moment}\n{}", words.join("\n")).as_bytes());
    ScimPending {
        id: digest.chars().take(16).collect(),
        since,
        why,
        counts: counts(&plan.counts()),
        removals: removals.len() as u64,
        taken: Vec::new(),
    }
}

/// What a plan would take away, in a sentence, and what was taken away before. `since`: the first of that, unix seconds.
pub fn why(hazard: &Hazard, since: Option<i64>, dialect: ScimDialect) -> String {
    let earlier = hazard.earlier;
    let since = since.map(identifiers::rfc3339).unwrap_or_default();
    let part = |[count, of, before]: [usize; 3], what: &str, verb: &str, did: &str| {
        let sum = format!("{count} of {of} {what} {verb}");
        let sum = if before > 0 { format!("{sum} now, and {before} {did} since {since}") } else { sum };
        (count > 0).then_some(sum)
    };
    let deleted = match dialect {
        ScimDialect::Aws => "would be deleted with every permission-set assignment to them",
        ScimDialect::Rfc7644 => "would be deleted with everything that is assigned to them",
    };
    let parts: Vec<String> = [
        part(
            [hazard.users, hazard.of_users, earlier.users + earlier.accounts],
            "users",
            "would lose access",
            "have lost it",
        ),
        part([hazard.groups, hazard.of_groups, earlier.groups], "groups", deleted, "were"),
        part(
            [hazard.memberships, hazard.of_memberships, earlier.memberships],
            "memberships",
            "would be removed",
            "were",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

pub fn counts(counts: &Counts) -> ScimCounts {
    ScimCounts {
        adopted: counts.adopted as u64,
        users_created: counts.users_created as u64,
        users_changed: counts.users_changed as u64,
        users_deactivated: counts.users_deactivated as u64,
        users_deleted: counts.users_deleted as u64,
        groups_created: counts.groups_created as u64,
        groups_changed: counts.groups_changed as u64,
        groups_deleted: counts.groups_deleted as u64,
        members_added: counts.members_added as u64,
        members_removed: counts.members_removed as u64,
    }
}
