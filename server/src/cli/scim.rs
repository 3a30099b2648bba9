use domain::Services;
use model::{ScimPlanView, ScimStatus};

use super::failure::Failure;
use crate::config::ScimCommand;

/// Plans and synchronises while no server holds the database.
pub async fn scim(services: &Services, command: ScimCommand) -> Result<(), Failure> {
    match command {
        ScimCommand::Plan { provider } => {
            print(&services.plan_scim(&provider).await?.view);
            Ok(())
        }
        ScimCommand::Sync { provider } => {
            let health = services.sync_scim(&provider).await?;
            println!("{provider}: {}", health.words);
            match health.status {
                ScimStatus::Synced | ScimStatus::Disabled => Ok(()),
                ScimStatus::WaitsForApproval => {
                    Err(Failure::refused("the plan waits: approve it in the console of the server"))
                }
                _ => Err(Failure::failed(format!("{provider} is not synchronised: {}", health.words))),
            }
        }
    }
}

fn print(plan: &ScimPlanView) {
    for step in &plan.steps {
        println!("{} {} {}: {}", step.action, step.kind, step.name, step.why);
        for line in &step.details {
            println!("    {line}");
        }
    }
    let shown = plan.steps.len() as u64;
    if plan.total > shown {
        println!("and {} more", plan.total - shown);
    }
    for (name, why) in plan.refused.iter().chain(&plan.failed) {
        println!("cannot be sent: {name}: {why}");
    }
    for (path, count) in &plan.dropped {
        println!("left out, since the service does not take it: {path} ({count} times)");
    }
    if plan.foreign > 0 {
        println!("{} users and groups there are not ours and stay as they are", plan.foreign);
    }
    if let Some(why) = &plan.hazard {
        println!("this plan would wait for approval: {why}");
    }
    println!("{} requests, about {} s at the service's rates", plan.requests, plan.seconds);
}
