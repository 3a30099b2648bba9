use domain::{Error, NameLook, Services};

/// A change is looked at when it is so old, with all that came after it, in milliseconds: to look at everybody takes some
/// seconds.
const GATHER: u64 = 10_000;
/// Between pages of very many people, in milliseconds: others have the processor as well.
const BETWEEN: u64 = 250;
/// Without a change it is seen so often whether everybody is to be looked at anew, in milliseconds.
const LOOK: u64 = 600_000;

/// Tells of people whom a change keeps from being found at IAM Identity Center.
pub async fn names(services: Services) {
    let mut changes = services.changes();
    loop {
        services.pace().pause(GATHER).await;
        if let Err(error) = look(&services).await {
            tracing::error!(%error, "NameIDs cannot be compared with what is pushed");
        }
        tokio::select! {
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = services.pace().pause(LOOK) => {}
        }
    }
}

/// The first of them at once, and where they are very many, all of them in time.
async fn look(services: &Services) -> Result<(), Error> {
    services.warn_of_name_ids().await?;
    let mut more = false;
    while services.pass_over_names(NameLook::default()).await? {
        more = true;
        services.pace().pause(BETWEEN).await;
    }
    if more {
        services.warn_of_name_ids().await?;
    }
    Ok(())
}
