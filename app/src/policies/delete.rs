use domain::Error;
use leptos::prelude::*;
use model::PolicyDetail;

use super::{
    frame::{found, framed},
    words::{PATH, policy_path},
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, sentence},
    ui::plain::{Confirm, confirm},
};

/// What deleting a policy brings about.
pub async fn question(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    Ok(asking(asked, &found(asked).await?, None))
}

pub async fn delete(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    match admin.delete_policy(&detail.policy.name, asked.version()).await {
        Ok(()) => Ok(Reply::To(done(PATH, "deleted"))),
        Err(Error::Conflict(why)) => Ok(Reply::Page(asking(asked, &detail, Some(why)))),
        Err(error) => Err(error),
    }
}

fn asking(asked: &Asked, detail: &PolicyDetail, refused: Option<String>) -> Drawing {
    let name = &detail.policy.name;
    let kept = (!detail.used_by.is_empty()).then(|| {
        format!("Bindings of these applications name it: {}. Take it out there first.", detail.used_by.join(", "))
    });
    let status = if refused.is_some() { 409 } else { 200 };
    let refused = refused.map(|why| view! { <p class="notice bad" role="alert">{sentence(&why)}</p> });
    let path = policy_path(name);
    let body = confirm(Confirm {
        action: format!("{path}/delete"),
        label: format!("Delete {name}"),
        hidden: vec![("version", detail.version.to_string())],
        back: path,
        body: view! { {refused}<p>"It cannot be taken back."</p> }.into_any(),
        kept,
    });
    framed(asked, name, "/delete", "Delete", status, body)
}
