use model::Role;

use crate::{Error, Services, passwords, port::UserRecord};

/// Hashes a password where it does not hold up requests.
pub(crate) async fn hash_password(services: &Services, password: String) -> Result<String, Error> {
    let entropy = services.entropy_handle();
    services.busy(move || passwords::hash(entropy.as_ref(), &password)).await?
}

/// Refuses a change that would leave nobody to administer.
pub(crate) async fn keeps_an_administrator(services: &Services, before: &UserRecord, after: Option<&UserRecord>) -> Result<(), Error> {
    let is = |r: &UserRecord| r.user.active && r.user.role == Role::Administrator;
    if is(before) && !after.is_some_and(is) && services.store().count_administrators().await? <= 1 {
        return Err(Error::Conflict(format!("{} is the last active administrator", before.user.username)));
    }
    Ok(())
}
