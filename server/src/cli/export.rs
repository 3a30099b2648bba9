use domain::Services;

use super::failure::Failure;

/// Prints the declarative file.
pub async fn export(services: &Services, secrets: bool) -> Result<(), Failure> {
    print!("{}", services.export(secrets).await?);
    Ok(())
}
