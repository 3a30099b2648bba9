use domain::Error;
use leptos::prelude::*;

use super::{
    frame::{found, framed},
    words::{PATH, webhook_path},
};
use crate::{
    drawn::{Asked, Drawing, Reply, done},
    ui::plain::{Confirm, confirm},
};

/// What deleting a webhook brings about.
pub async fn question(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    let (name, path) = (detail.webhook.name, webhook_path(asked.part(1)));
    let waits = if detail.state.last_error.is_empty() { "" } else { " The message that waits is not sent any more." };
    let text = format!("It cannot be taken back. {} is told of nothing any more.{waits}", detail.webhook.url);
    let body = confirm(Confirm {
        action: format!("{path}/delete"),
        label: format!("Delete {name}"),
        hidden: vec![("version", detail.version.to_string())],
        back: path,
        body: view! { <p>{text}</p> }.into_any(),
        kept: None,
    });
    Ok(framed(asked, &name, "/delete", "Delete", 200, body))
}

pub async fn delete(asked: &Asked) -> Result<Reply, Error> {
    asked.caller.admin()?.delete_webhook(asked.part(1), asked.version()).await?;
    Ok(Reply::To(done(PATH, "deleted")))
}
