use std::time::{Duration, Instant};

use model::{GroupDetail, Page, ScimObjectDetail, ScimObjectRow, UserDetail};

use super::{ask::is_last, print};
use crate::{
    cli::{failure::Failure, remote::Remote},
    config::ScimKind,
    http::component,
};

/// How long the log of one object is waited for.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often it is looked for.
const PACE: Duration = Duration::from_millis(300);

/// Lists what is known of a service; no page: all of it.
pub async fn list(remote: &Remote, path: &str, filter: &str, search: &str, only: Option<u32>) -> Result<(), Failure> {
    for page in only.unwrap_or(1).max(1).. {
        let at = format!("{path}/objects?filter={}&q={}&page={page}", component(filter), component(search));
        let found: Page<ScimObjectRow> = remote.read(&at).await?;
        found.rows.iter().for_each(print::object);
        if only.is_some() || is_last(&found) {
            break;
        }
    }
    Ok(())
}

/// Our identifier of a user of ours at the service: by the name there, by what stands in it before the `@`, or by the
/// identifier itself.
async fn there(remote: &Remote, path: &str, name: &str) -> Result<Option<String>, Failure> {
    let mut found = Vec::new();
    for page in 1.. {
        let path = format!("{path}/objects?filter=user&q={}&page={page}", component(name));
        let rows: Page<ScimObjectRow> = remote.read(&path).await?;
        let last = is_last(&rows);
        found.extend(rows.rows.into_iter().filter(|row| !row.local.is_empty()));
        if last {
            break;
        }
    }
    if let Some(exact) = found.iter().find(|row| row.local == name || row.name.eq_ignore_ascii_case(name)) {
        return Ok(Some(exact.local.clone()));
    }
    found.retain(|row| row.name.split_once('@').is_some_and(|(before, _)| before.eq_ignore_ascii_case(name)));
    if let [_, _, ..] = &*found {
        let names: Vec<&str> = found.iter().map(|row| &*row.name).collect();
        return Err(Failure::refused(format!("{name} could be any of {}: say which", names.join(", "))));
    }
    Ok(found.pop().map(|row| row.local))
}

/// The address of one object, which holds our identifier of it.
async fn address(remote: &Remote, path: &str, kind: ScimKind, name: &str) -> Result<String, Failure> {
    Ok(match kind {
        ScimKind::Group => {
            // One that is here no more may be there all the same, under the name that it was made with.
            let group: Option<GroupDetail> = remote.read(&format!("/groups/{}", component(name))).await.ok();
            let local = group.map_or_else(|| name.to_owned(), |group| group.known_as);
            format!("{path}/objects/group/{}", component(&local))
        }
        ScimKind::User => {
            let user: Result<UserDetail, Failure> = remote.read(&format!("/users/{}", component(name))).await;
            let local = match user {
                Ok(user) => user.user.uid,
                // Somebody who is here no more may be there all the same.
                Err(unknown) => there(remote, path, name).await?.ok_or(unknown)?,
            };
            format!("{path}/objects/user/{}", component(&local))
        }
    })
}

/// How one object stands, with the log of its last synchronisation by itself.
pub async fn state(remote: &Remote, path: &str, kind: ScimKind, name: &str) -> Result<(), Failure> {
    let detail: ScimObjectDetail = remote.read(&address(remote, path, kind, name).await?).await?;
    match &detail.row {
        Some(row) => print::object(row),
        None => println!("{name} is not known to be there, and nothing was refused"),
    }
    if detail.waits {
        println!("its synchronisation was asked for and is not done yet");
    }
    if let Some(log) = &detail.log {
        println!("its last synchronisation by itself, {}:", log.at);
        print::log(log);
    }
    Ok(())
}

/// Synchronises one object and waits for its log.
pub async fn sync(remote: &Remote, path: &str, kind: ScimKind, name: &str) -> Result<(), Failure> {
    let object = address(remote, path, kind, name).await?;
    remote.post(&format!("{object}/sync")).await?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        tokio::time::sleep(PACE).await;
        let now: ScimObjectDetail = remote.read(&object).await?;
        if let Some(log) = now.log.filter(|_| !now.waits) {
            print::log(&log);
            return if log.good { Ok(()) } else { Err(Failure::failed("it is not there as it should be")) };
        }
    }
    Err(Failure::failed("it was asked for and is not done yet: `rolecall scim status` says what the worker does"))
}
