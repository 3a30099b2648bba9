use std::time::Duration;

use model::{ScimHealth, ScimPlanView, ScimStatus};
use store::OpenError;

use super::{alone, ask, print};
use crate::{
    cli::{failure::Failure, offline::Offline, remote::Remote},
    compose::ComposeError,
    config::{Common, ScimCommand},
};

/// How often a server is asked how far it is.
const PACE: Duration = Duration::from_millis(500);

/// Runs the commands about provisioning.
pub async fn scim(common: &Common, command: ScimCommand) -> Result<(), Failure> {
    match command {
        ScimCommand::Running(request) => {
            let server = common.public_url.as_deref().unwrap_or("http://127.0.0.1:8080");
            ask::ask(&Remote::new(server, "a running server is asked")?, request).await
        }
        ScimCommand::Plan { provider } => match holder(common).await? {
            Holder::Nobody(offline) => {
                let done = alone::plan(&offline.services, &provider).await;
                offline.close().await;
                done
            }
            Holder::Server(remote) => {
                print::plan(&remote.read::<ScimPlanView>(&format!("{}/plan", path(&provider))).await?);
                Ok(())
            }
        },
        ScimCommand::Sync { provider } => match holder(common).await? {
            Holder::Nobody(offline) => {
                let done = alone::sync(&offline.services, &provider).await;
                offline.close().await;
                done
            }
            Holder::Server(remote) => sync(&remote, &provider).await,
        },
    }
}

/// The address of a provider below `/api/v1`.
pub fn path(provider: &str) -> String {
    format!("/scim-providers/{}", crate::http::component(provider))
}

/// Who holds the database.
enum Holder {
    Nobody(Offline),
    Server(Remote),
}

async fn holder(common: &Common) -> Result<Holder, Failure> {
    match Offline::open(common).await {
        Ok(offline) => Ok(Holder::Nobody(offline)),
        Err(ComposeError::Open(OpenError::Held { address: Some(address), pid, .. })) => {
            let pid = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
            Ok(Holder::Server(Remote::at(&address, &format!("a server{pid} holds the database"))?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks for a synchronisation and waits until the worker rests.
async fn sync(remote: &Remote, provider: &str) -> Result<(), Failure> {
    let health = format!("{}/health", path(provider));
    let before: ScimHealth = remote.read(&health).await?;
    remote.post(&format!("{}/sync", path(provider))).await?;
    loop {
        tokio::time::sleep(PACE).await;
        let now: ScimHealth = remote.read(&health).await?;
        // Before what was asked is taken up, the state is that of before: a failure is of another round.
        let tried = now.tried > before.requested;
        if tried && !matches!(now.status, ScimStatus::Running | ScimStatus::New) {
            return alone::ended(provider, now.status, &now.words);
        }
    }
}
