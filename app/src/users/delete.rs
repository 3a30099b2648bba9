use domain::{Error, UserStanding};
use leptos::prelude::*;
use model::UserDetail;

use super::{
    frame::{found, framed},
    words::{PATH, user_path},
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, many, sentence},
    ui::plain::{Confirm, confirm},
};

/// What deleting a user brings about.
pub async fn question(asked: &Asked) -> Result<Drawing, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    let standing = admin.user_standing(&detail.user.username).await?;
    Ok(asking(asked, &detail, &standing, None))
}

pub async fn delete(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    match admin.delete_user(&detail.user.username, asked.version()).await {
        Ok(()) => Ok(Reply::To(done(PATH, "deleted"))),
        Err(Error::Conflict(why)) => {
            let standing = admin.user_standing(&detail.user.username).await?;
            Ok(Reply::Page(asking(asked, &detail, &standing, Some(why))))
        }
        Err(error) => Err(error),
    }
}

fn asking(asked: &Asked, detail: &UserDetail, standing: &UserStanding, refused: Option<String>) -> Drawing {
    let username = &detail.user.username;
    let kept = (!standing.bindings.is_empty()).then(|| {
        format!(
            "Bindings of these applications name the user: {}. Take them out there first: with its last binding gone, everybody could open an application.",
            standing.bindings.join(", ")
        )
    });
    let lines = consequences(standing).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let status = if refused.is_some() { 409 } else { 200 };
    let refused = refused.map(|why| view! { <p class="notice bad" role="alert">{sentence(&why)}</p> });
    let path = user_path(username);
    let body = confirm(Confirm {
        action: format!("{path}/delete"),
        label: format!("Delete {username}"),
        hidden: vec![("version", detail.version.to_string())],
        back: path,
        body: view! { {refused}<p>"It cannot be taken back. A user of the same name that is made later is another one for every service. What comes with it:"</p><ul>{lines}</ul> }
            .into_any(),
        kept,
    });
    framed(asked, username, "/delete", "Delete", status, body)
}

/// What goes when a user goes.
pub fn consequences(standing: &UserStanding) -> Vec<String> {
    let mut lines = Vec::new();
    if !standing.sessions.is_empty() {
        lines.push(format!("{} end at once", many(standing.sessions.len(), "session")));
    }
    for token in &standing.tokens {
        lines.push(format!("the API token {token} opens nothing any more"));
    }
    lines.push("SCIM services to which the user was pushed are told that the user is gone".to_owned());
    lines.push("the history stays in the events".to_owned());
    lines
}
