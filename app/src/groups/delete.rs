use domain::{Error, GroupStanding};
use leptos::prelude::*;
use model::GroupDetail;

use super::{
    frame::{found, framed},
    words::{PATH, group_path},
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, many, sentence},
    ui::plain::{Confirm, confirm},
};

/// What deleting a group brings about.
pub async fn question(asked: &Asked) -> Result<Drawing, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    let standing = admin.group_standing(&detail.group.name).await?;
    Ok(asking(asked, &detail, &standing, None))
}

pub async fn delete(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    match admin.delete_group(&detail.group.name, asked.version()).await {
        Ok(()) => Ok(Reply::To(done(PATH, "deleted"))),
        Err(Error::Conflict(why)) => {
            let standing = admin.group_standing(&detail.group.name).await?;
            Ok(Reply::Page(asking(asked, &detail, &standing, Some(why))))
        }
        Err(error) => Err(error),
    }
}

fn asking(asked: &Asked, detail: &GroupDetail, standing: &GroupStanding, refused: Option<String>) -> Drawing {
    let name = &detail.group.name;
    let kept = (!standing.used_by.is_empty())
        .then(|| format!("It is in use: {}. Take it out there first.", standing.used_by.join(", ")));
    let lines = consequences(detail, standing).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let status = if refused.is_some() { 409 } else { 200 };
    let refused = refused.map(|why| view! { <p class="notice bad" role="alert">{sentence(&why)}</p> });
    let path = group_path(name);
    let body = confirm(Confirm {
        action: format!("{path}/delete"),
        label: format!("Delete {name}"),
        hidden: vec![("version", detail.version.to_string())],
        back: path,
        body: view! { {refused}<p>"It cannot be taken back. What comes with it:"</p><ul>{lines}</ul> }.into_any(),
        kept,
    });
    framed(asked, name, "/delete", "Delete", status, body)
}

/// What goes when a group goes.
pub fn consequences(detail: &GroupDetail, standing: &GroupStanding) -> Vec<String> {
    let mut lines = vec![format!("{} leave it and lose its attributes", many(detail.members.len(), "direct member"))];
    if !detail.children.is_empty() {
        let through = many(standing.nested.len(), "member");
        lines.push(format!("the groups below it are on their own: {}, with {through}", detail.children.join(", ")));
    }
    if !detail.group.parents.is_empty() {
        let parents: Vec<&str> = detail.group.parents.iter().map(String::as_str).collect();
        lines.push(format!("nobody is a member of {} through it any more", parents.join(", ")));
    }
    lines.push("SCIM services to which the group was pushed are told that it is gone".to_owned());
    lines
}
