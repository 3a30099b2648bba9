use std::time::{Duration, Instant};

use model::{
    GroupDetail, Page, ScimAdoptionDecision, ScimAdoptionRow, ScimDrift, ScimHealth, ScimObjectDetail, ScimObjectRow,
    ScimRun, ScimRunDetail, UserDetail,
};
use serde_json::json;

use super::{plans, print, server::path};
use crate::{
    cli::{failure::Failure, remote::Remote},
    config::{ScimKind, ScimRequest},
    http::component,
};

/// How long the log of one object is waited for.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked for.
const PACE: Duration = Duration::from_millis(300);

/// Asks a running server.
pub async fn ask(remote: &Remote, request: ScimRequest) -> Result<(), Failure> {
    match request {
        ScimRequest::Status { provider } => {
            let health: ScimHealth = remote.read(&format!("{}/health", path(&provider))).await?;
            print::status(&provider, &health);
        }
        ScimRequest::Runs { provider } => {
            let runs: Page<ScimRun> = remote.read(&format!("{}/runs", path(&provider))).await?;
            runs.rows.iter().for_each(print::run);
        }
        ScimRequest::Run { provider, run, outcome } => {
            let filter = outcome.unwrap_or_default();
            results(remote, &format!("{}/runs/{run}", path(&provider)), &filter).await?;
        }
        ScimRequest::Approve { provider, plan } => {
            remote.post_json(&format!("{}/approve", path(&provider)), &json!({ "plan": plan })).await?;
            println!("{provider}: the plan goes ahead");
        }
        ScimRequest::Keep { provider } => plans::keep(remote, &provider).await?,
        ScimRequest::Plans { provider } => plans::list(remote, &provider).await?,
        ScimRequest::Show { provider, plan } => plans::show(remote, &provider, &plan).await?,
        ScimRequest::Apply { provider, plan } => plans::apply(remote, &provider, &plan).await?,
        ScimRequest::Discard { provider, plan } => plans::discard(remote, &provider, &plan).await?,
        ScimRequest::Cancel { provider } => {
            remote.post(&format!("{}/cancel", path(&provider))).await?;
            println!("{provider}: cancelled; nothing is sent before the next `rolecall scim sync {provider}`");
        }
        ScimRequest::Compare { provider } => {
            remote.post(&format!("{}/verify", path(&provider))).await?;
            println!("{provider}: a comparison was asked for; `rolecall scim drift {provider}` shows what it finds");
        }
        ScimRequest::Drift { provider } => {
            let drift: ScimDrift = remote.read(&format!("{}/drift", path(&provider))).await?;
            print::drift(&provider, &drift);
        }
        ScimRequest::Repair { provider, drift } => {
            remote.post_json(&format!("{}/repair", path(&provider)), &json!({ "drift": drift })).await?;
            println!("{provider}: the differences are put right");
        }
        ScimRequest::Adoption { provider, filter } => {
            adoption(remote, &path(&provider), &filter.unwrap_or_default()).await?;
        }
        ScimRequest::Decide { provider, adopt, leave } => {
            let all = adopt.into_iter().map(|remote| (remote, true)).chain(leave.into_iter().map(|r| (r, false)));
            let decisions: Vec<_> = all.map(|(remote, adopt)| ScimAdoptionDecision { remote, adopt }).collect();
            remote.post_json(&format!("{}/adoption", path(&provider)), &json!({ "decisions": decisions })).await?;
            println!("{provider}: {} decided", decisions.len());
        }
        ScimRequest::Object { provider, kind, name } => object(remote, &path(&provider), kind, &name).await?,
    }
    Ok(())
}

/// The address of a page of a list.
fn paged(path: &str, filter: &str, page: u32) -> String {
    format!("{path}?filter={}&page={page}", component(filter))
}

pub fn is_last<T>(page: &Page<T>) -> bool {
    page.rows.is_empty() || u64::from(page.page) * u64::from(page.page_size) >= page.total
}

async fn results(remote: &Remote, path: &str, filter: &str) -> Result<(), Failure> {
    for page in 1.. {
        let detail: ScimRunDetail = remote.read(&paged(path, filter, page)).await?;
        detail.results.rows.iter().for_each(print::result);
        if is_last(&detail.results) {
            println!("{}", detail.run.outcome);
            break;
        }
    }
    Ok(())
}

async fn adoption(remote: &Remote, path: &str, filter: &str) -> Result<(), Failure> {
    for page in 1.. {
        let found: Page<ScimAdoptionRow> = remote.read(&paged(&format!("{path}/adoption"), filter, page)).await?;
        for ScimAdoptionRow { kind, name, remote, state, decision, .. } in &found.rows {
            let decision = if decision.is_empty() { "-" } else { decision };
            println!("{kind}\t{state}\t{decision}\t{remote}\t{name}");
        }
        if is_last(&found) {
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

/// Synchronises one object and waits for its log.
async fn object(remote: &Remote, path: &str, kind: ScimKind, name: &str) -> Result<(), Failure> {
    let object = match kind {
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
    };
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
