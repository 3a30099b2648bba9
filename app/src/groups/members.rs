use domain::Error;
use model::FieldError;

use super::{detail::page, words::group_path};
use crate::drawn::{Asked, Reply, done};

/// Adds a direct member (`member`), or takes one out (`out`).
pub async fn set_member(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let name = asked.part(1);
    let out = asked.text("out");
    let changed = if out.is_empty() {
        admin.set_member(name, &asked.text("member"), true).await
    } else {
        admin.set_member(name, &out, false).await
    };
    let faults = match changed {
        Ok(()) => return Ok(Reply::To(done(&group_path(name), "member"))),
        Err(Error::Invalid(faults)) => faults,
        Err(Error::Conflict(why)) => vec![FieldError::new("member", why)],
        Err(error) => return Err(error),
    };
    Ok(Reply::Page(page(asked, &faults, 422).await?))
}
