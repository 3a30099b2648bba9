use domain::Services;

/// A change is looked at when it is so old, with all that came after it, in milliseconds: to look at everybody takes some
/// seconds.
const GATHER: u64 = 10_000;

/// Tells of people whom a change keeps from being found at IAM Identity Center.
pub async fn names(services: Services) {
    let mut changes = services.changes();
    loop {
        services.pace().pause(GATHER).await;
        if let Err(error) = services.warn_of_name_ids().await {
            tracing::error!(%error, "NameIDs cannot be compared with what is pushed");
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}
