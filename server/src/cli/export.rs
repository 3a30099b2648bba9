use super::{apply::offline, failure::Failure};
use crate::config::Common;

/// Prints the declarative file.
pub async fn export(common: &Common, secrets: bool) -> Result<(), Failure> {
    print!("{}", offline(common).await?.export(secrets).await?);
    Ok(())
}
