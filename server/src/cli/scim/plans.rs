use model::{Page, ScimStoredPlan, ScimStoredPlanDetail};

use super::{ask::is_last, print, server::path};
use crate::{
    cli::{failure::Failure, remote::Remote},
    http::component,
};

fn below(provider: &str, plan: &str) -> String {
    format!("{}/plans/{}", path(provider), component(plan))
}

pub async fn keep(remote: &Remote, provider: &str) -> Result<(), Failure> {
    let plan: ScimStoredPlan = remote.made(&format!("{}/plans", path(provider))).await?;
    println!("{}\t{} steps, {} requests", plan.id, plan.plan.total, plan.plan.requests);
    println!("look at it: rolecall scim show {provider} {}", plan.id);
    println!("let it go:  rolecall scim apply {provider} {}", plan.id);
    Ok(())
}

pub async fn list(remote: &Remote, provider: &str) -> Result<(), Failure> {
    let plans: Page<ScimStoredPlan> = remote.read(&format!("{}/plans", path(provider))).await?;
    for ScimStoredPlan { id, made, by, applied, plan } in plans.rows {
        let applied = applied.map_or_else(|| "not let go".to_owned(), |at| format!("let go {at}"));
        println!("{id}\t{made}\t{by}\t{} steps\t{} requests\t{applied}", plan.total, plan.requests);
    }
    Ok(())
}

pub async fn show(remote: &Remote, provider: &str, plan: &str) -> Result<(), Failure> {
    for page in 1.. {
        let at = format!("{}?page={page}", below(provider, plan));
        let ScimStoredPlanDetail { stored, steps } = remote.read(&at).await?;
        print::steps(&steps.rows);
        if is_last(&steps) {
            print::sum(&stored.plan);
            break;
        }
    }
    Ok(())
}

pub async fn apply(remote: &Remote, provider: &str, plan: &str) -> Result<(), Failure> {
    remote.post(&format!("{}/apply", below(provider, plan))).await?;
    println!("{provider}: the plan goes ahead; `rolecall scim status {provider}` says how far it is");
    Ok(())
}

pub async fn discard(remote: &Remote, provider: &str, plan: &str) -> Result<(), Failure> {
    remote.delete(&below(provider, plan)).await?;
    println!("{provider}: the plan is forgotten");
    Ok(())
}
