use std::collections::HashMap;

use model::{Adoption, ScimProvider};
use scim::{
    dialect::Dialect,
    id::{Kind, LocalId, RemoteId},
    state::{Decided, Desired, Observed},
};

use super::{adoption::namesakes, control::Control, reading, sender::Sender, trouble::Trouble};

/// Whether anything is decided to be taken over.
pub(super) fn awaits_decided(provider: &ScimProvider, control: &Control) -> bool {
    provider.adopt == Adoption::Ask && control.decisions(&provider.url).values().any(|adopt| *adopt)
}

/// What somebody has decided to take over of what has the names of ours. Who is in the groups among it nobody has read yet.
pub(super) fn decided(
    desired: &Desired,
    observed: &Observed,
    dialect: &Dialect,
    provider: &ScimProvider,
    control: &Control,
) -> Decided {
    let (mut decided, decisions) = (Decided::default(), control.decisions(&provider.url));
    if !awaits_decided(provider, control) {
        return decided;
    }
    for found in namesakes(desired, observed, dialect) {
        if found.fits && decisions.get(found.remote.as_str()) == Some(&true) {
            let chosen = match found.object.kind {
                Kind::User => &mut decided.users,
                Kind::Group => &mut decided.groups,
            };
            chosen.insert(found.object.id, found.remote);
        }
    }
    decided
}

/// Reads who is in the groups that are about to become ours, so that the plan says who is let in and who is taken out. What an
/// earlier plan of the same round has read is not read again.
pub(super) async fn read_rosters(decided: &mut Decided, observed: &Observed, sender: &Sender) -> Result<(), Trouble> {
    if decided.groups.is_empty() {
        return Ok(());
    }
    let before = &observed.decided;
    let mut left = Vec::new();
    for (group, remote) in &decided.groups {
        match before.rosters.get(group).filter(|_| before.groups.get(group) == Some(remote)) {
            Some(roster) => _ = decided.rosters.insert(group.clone(), roster.clone()),
            None => left.push((group.clone(), remote.clone())),
        }
    }
    let joining: HashMap<RemoteId, LocalId> =
        decided.users.iter().map(|(id, there)| (there.clone(), id.clone())).collect();
    let owners = observed.owners(Kind::User);
    for (group, remote) in left {
        // One that is gone meanwhile is found out when it is to be taken over.
        let Some(members) = reading::members(sender, &remote).await? else { continue };
        let mut roster = owners.roster(&members);
        for member in &members {
            if let Some(user) = joining.get(member).filter(|_| roster.strangers.remove(member)) {
                roster.members.insert(user.clone());
            }
        }
        decided.rosters.insert(group, roster);
    }
    Ok(())
}
