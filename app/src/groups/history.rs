use domain::Error;

use super::{
    frame::{found, framed},
    words::group_path,
};
use crate::{
    drawn::{Asked, Drawing},
    events::history_of,
};

/// What happened to a group.
pub async fn history(asked: &Asked) -> Result<Drawing, Error> {
    let name = found(asked).await?.group.name;
    let body = history_of(asked, &format!("{}/history", group_path(&name)), format!("group {name}")).await?;
    Ok(framed(asked, &name, "/history", "History", 200, body))
}
