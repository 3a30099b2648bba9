use model::{
    Page, ScimAdoptionDecision, ScimAdoptionList, ScimAdoptionRow, ScimDrift, ScimHealth, ScimRun, ScimRunDetail,
};
use serde_json::json;

use super::{objects, plans, preview, print, server::path, tokens};
use crate::{
    cli::{failure::Failure, remote::Remote},
    config::{Listed, ScimRequest},
    http::component,
};

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
        ScimRequest::Adoption { provider, filter, again } => {
            if again {
                remote.post(&format!("{}/adoption/read", path(&provider))).await?;
            }
            adoption(remote, &path(&provider), &filter.unwrap_or_default()).await?;
        }
        ScimRequest::Decide { provider, adopt, leave } => {
            let taken = Listed::all(&adopt).map(|remote| (remote.clone(), true));
            let all = taken.chain(Listed::all(&leave).map(|remote| (remote.clone(), false)));
            let decision = |(remote, adopt)| ScimAdoptionDecision { remote, adopt, ..ScimAdoptionDecision::default() };
            let decisions: Vec<_> = all.map(decision).collect();
            remote.post_json(&format!("{}/adoption", path(&provider)), &json!({ "decisions": decisions })).await?;
            println!("{provider}: {} decided", decisions.len());
        }
        ScimRequest::Object { provider, kind, name } => objects::sync(remote, &path(&provider), kind, &name).await?,
        ScimRequest::State { provider, kind, name } => objects::state(remote, &path(&provider), kind, &name).await?,
        ScimRequest::Objects { provider, filter, search, page } => {
            let (filter, search) = (filter.unwrap_or_default(), search.unwrap_or_default());
            objects::list(remote, &path(&provider), &filter, &search, page).await?;
        }
        ScimRequest::Preview { provider, kind, name } => {
            preview::preview(remote, &path(&provider), kind, &name).await?;
        }
        ScimRequest::Tokens { provider } => tokens::list(remote, &path(&provider)).await?,
        ScimRequest::SetToken { provider, slot, expires } => {
            tokens::set(remote, &path(&provider), slot, expires).await?;
        }
        ScimRequest::TestToken { provider, slot } => tokens::test(remote, &path(&provider), slot).await?,
        ScimRequest::SwitchToken { provider } => tokens::switch(remote, &path(&provider)).await?,
        ScimRequest::RemoveToken { provider, slot } => tokens::remove(remote, &path(&provider), slot).await?,
        ScimRequest::Test { url, dialect } => tokens::connection(remote, &url, dialect.dialect()).await?,
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
        let list: ScimAdoptionList = remote.read(&paged(&format!("{path}/adoption"), filter, page)).await?;
        let ScimAdoptionList { found, read_at, .. } = list;
        if page == 1 {
            // Beside the list, which is for programs too.
            let read_at = read_at.as_deref().unwrap_or("a time that was not noted");
            eprintln!("as it was at the service at {read_at}");
        }
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
