use domain::Services;
use model::ScimStatus;

use super::print;
use crate::cli::failure::Failure;

/// Prints the plan, while no server holds the database.
pub async fn plan(services: &Services, provider: &str) -> Result<(), Failure> {
    print::plan(&services.plan_scim(provider, domain::STEPS_SHOWN).await?.view);
    Ok(())
}

/// Synchronises, while no server holds the database.
pub async fn sync(services: &Services, provider: &str) -> Result<(), Failure> {
    let health = services.sync_scim(provider).await?;
    ended(provider, health.status, &health.words)
}

/// How a synchronisation ended, as a line and as an exit code.
pub fn ended(provider: &str, status: ScimStatus, words: &str) -> Result<(), Failure> {
    println!("{provider}: {words}");
    match status {
        ScimStatus::Synced | ScimStatus::Disabled => Ok(()),
        ScimStatus::WaitsForApproval => Err(Failure::refused(format!(
            "the plan waits: look at it in the console of the server, or with `rolecall scim status {provider}`, and approve it"
        ))),
        ScimStatus::WaitsForAdoption => Err(Failure::refused(format!(
            "namesakes wait: look at them in the console of the server, or with `rolecall scim adoption {provider}`, and decide"
        ))),
        _ => Err(Failure::failed(format!("{provider} is not synchronised: {words}"))),
    }
}
