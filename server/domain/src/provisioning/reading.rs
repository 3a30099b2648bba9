use std::sync::atomic::{AtomicBool, Ordering};

use scim::{
    id::{Kind, RemoteId},
    read::{Pager, group_request, members_in},
    state::{Effect, Observed},
    verify::Listing,
    wire::{ListResponse, Resource, remote_id},
};

use super::{sender::Sender, trouble::Trouble};
use crate::port::ScimAnswer;

/// Everything that is there. Memberships are not part of it: they cost a read for each group.
pub async fn listing(sender: &Sender) -> Result<Listing, Trouble> {
    Ok(Listing { users: all(sender, Kind::User).await?, groups: all(sender, Kind::Group).await?, ..Listing::default() })
}

/// Everything of one kind that is there.
pub async fn all(sender: &Sender, kind: Kind) -> Result<Vec<Resource>, Trouble> {
    pages(sender, Pager::all(kind, &sender.dialect), &|| false).await?.ok_or_else(|| refused(404))
}

/// The same; None: it was broken off, since `stop` said so between two pages.
pub async fn all_unless(
    sender: &Sender,
    kind: Kind,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<Option<Vec<Resource>>, Trouble> {
    let stopped = AtomicBool::new(false);
    let stop = || stop() && !stopped.swap(true, Ordering::Relaxed);
    let rows = pages(sender, Pager::all(kind, &sender.dialect), &stop).await?.ok_or_else(|| refused(404))?;
    Ok((!stopped.load(Ordering::Relaxed)).then_some(rows))
}

/// Who is in a group. None: the service knows no such group, or not even the tenant; ask for the group to tell which.
pub async fn members(sender: &Sender, group: &RemoteId) -> Result<Option<Vec<RemoteId>>, Trouble> {
    let Some(pager) = Pager::members(group, &sender.dialect) else {
        let Some(answer) = there(sender.read(&group_request(group, &sender.dialect)).await)? else { return Ok(None) };
        let group: Resource = serde_json::from_slice(&answer.body).map_err(|_| not_json())?;
        return Ok(Some(members_in(&group)));
    };
    let rows = pages(sender, pager, &|| false).await?;
    Ok(rows.map(|rows| rows.iter().filter_map(remote_id).collect()))
}

/// None: what is asked for is not there. Where `stop` says so, the rest is left out.
async fn pages(
    sender: &Sender,
    mut pager: Pager,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Result<Option<Vec<Resource>>, Trouble> {
    let mut rows = Vec::new();
    while let Some(request) = pager.request() {
        if stop() {
            break;
        }
        // Where some pages came, the rest is worth more patience: to begin again costs all of them.
        let answer = if rows.is_empty() { sender.read(&request).await } else { sender.read_on(&request).await };
        let Some(answer) = there(answer)? else { return Ok(None) };
        let page = ListResponse::read(&answer.body).ok_or_else(not_json)?;
        pager.accept(&page);
        if pager.repeats() {
            return Err(Trouble::Failing("the service sends the first page of a list again and again".to_owned()));
        }
        rows.extend(page.resources);
    }
    Ok(Some(rows))
}

/// A good answer; None where it says that something is not there.
fn there(answer: Result<ScimAnswer, String>) -> Result<Option<ScimAnswer>, Trouble> {
    match answer {
        Ok(answer) if answer.status == 404 => Ok(None),
        answer => good(answer).map(Some),
    }
}

/// An answer that no repetition changes, with what an administrator does about it.
pub fn refused(status: u16) -> Trouble {
    let fix = match status {
        401 => {
            "the token has ended, was deleted there, or is another service's. Make a new one (AWS: IAM Identity Center, \
             Settings, Automatic provisioning, Generate token) and set it here"
        }
        403 => {
            "the token is known and may not do this. Make a new one (AWS: IAM Identity Center, Settings, Automatic \
             provisioning, Generate token) and set it here"
        }
        _ => {
            "no SCIM endpoint is at this address. Copy it again (AWS: IAM Identity Center, Settings, Automatic \
             provisioning, SCIM endpoint)"
        }
    };
    Trouble::Refused(format!("the service answered {status}: {fix}"))
}

fn not_json() -> Trouble {
    Trouble::Failing("the service answered with something that is not SCIM".to_owned())
}

/// An answer that lists something. What is read must be whole, so anything else ends the reading.
pub fn good(answer: Result<ScimAnswer, String>) -> Result<ScimAnswer, Trouble> {
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(answer) if matches!(answer.status, 401 | 403 | 404) => Err(refused(answer.status)),
        Ok(answer) => Err(Trouble::Failing(format!("the service answered {} to a read", answer.status))),
        Err(words) => Err(Trouble::Failing(words)),
    }
}

/// Reads who is in the groups whose members nobody has read yet, before anything is planned for them. False: it was broken
/// off, since `stop` said so between two groups.
pub async fn rosters(
    sender: &Sender,
    observed: &mut Observed,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<bool, Trouble> {
    let unread: Vec<_> = observed.unread_groups().cloned().collect();
    for group in unread {
        if stop() {
            return Ok(false);
        }
        let Some(held) = observed.groups.get(&group) else { continue };
        // One that is gone meanwhile stays unread: the worker finds out what became of it.
        let Some(members) = members(sender, &held.remote.clone()).await? else { continue };
        let roster = observed.owners(Kind::User).roster(&members);
        observed.record(Effect::MembersRead { group, roster });
    }
    Ok(true)
}
