use domain::Error;

use super::{
    frame::{found, framed},
    words::user_path,
};
use crate::{
    drawn::{Asked, Drawing},
    events::history_of,
};

/// What a user did, and what happened to it.
pub async fn history(asked: &Asked) -> Result<Drawing, Error> {
    let username = found(asked).await?.user.username;
    let path = format!("{}/history", user_path(&username));
    let body = history_of(asked, &path, format!("user {username}")).await?;
    Ok(framed(asked, &username, "/history", "History", 200, body))
}
