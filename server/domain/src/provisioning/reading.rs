use scim::{
    id::{Kind, RemoteId},
    read::{Pager, group_request, members_in},
    state::{Effect, Observed},
    verify::Listing,
    wire::{ListResponse, Resource, remote_id},
};

use super::{sender::Sender, worker::Trouble};
use crate::port::ScimAnswer;

/// Everything that is there. Memberships are not part of it: they cost a read for each group.
pub async fn listing(sender: &Sender) -> Result<Listing, Trouble> {
    Ok(Listing {
        users: pages(sender, Pager::all(Kind::User, &sender.dialect)).await?,
        groups: pages(sender, Pager::all(Kind::Group, &sender.dialect)).await?,
        ..Listing::default()
    })
}

/// Who is in a group.
pub async fn members(sender: &Sender, group: &RemoteId) -> Result<Vec<RemoteId>, Trouble> {
    let Some(pager) = Pager::members(group, &sender.dialect) else {
        let answer = good(sender.read(&group_request(group)).await)?;
        let group: Resource = serde_json::from_slice(&answer.body).map_err(|_| not_json())?;
        return Ok(members_in(&group));
    };
    Ok(pages(sender, pager).await?.iter().filter_map(remote_id).collect())
}

async fn pages(sender: &Sender, mut pager: Pager) -> Result<Vec<Resource>, Trouble> {
    let mut rows = Vec::new();
    while let Some(request) = pager.request() {
        let answer = good(sender.read(&request).await)?;
        let page = ListResponse::read(&answer.body).ok_or_else(not_json)?;
        pager.accept(&page);
        if pager.repeats() {
            return Err(Trouble::Failing("the service sends the first page of a list again and again".to_owned()));
        }
        rows.extend(page.resources);
    }
    Ok(rows)
}

fn not_json() -> Trouble {
    Trouble::Failing("the service answered with something that is not SCIM".to_owned())
}

/// An answer that lists something. What is read must be whole, so anything else ends the reading.
pub fn good(answer: Result<ScimAnswer, String>) -> Result<ScimAnswer, Trouble> {
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(answer) if matches!(answer.status, 401 | 403 | 404) => {
            Err(Trouble::Refused(format!("the service answered {} to a read", answer.status)))
        }
        Ok(answer) => Err(Trouble::Failing(format!("the service answered {} to a read", answer.status))),
        Err(words) => Err(Trouble::Failing(words)),
    }
}

/// Reads who is in the groups whose members nobody has read yet, before anything is planned for them.
pub async fn rosters(sender: &Sender, observed: &mut Observed) -> Result<(), Trouble> {
    let unread: Vec<_> = observed.unread_groups().cloned().collect();
    for group in unread {
        let Some(held) = observed.groups.get(&group) else { continue };
        let members = members(sender, &held.remote.clone()).await?;
        let roster = observed.owners(Kind::User).roster(&members);
        observed.record(Effect::MembersRead { group, roster });
    }
    Ok(())
}
