use domain::{Error, GroupRenaming, GroupStanding};
use model::{FieldError, GroupDetail};

use super::{
    frame::{found, framed},
    words::group_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, many},
    renaming::{Renaming, refused, renaming},
    ui::plain::Line,
};

/// Giving a group another name.
pub async fn rename_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    let name = detail.group.name.clone();
    page(asked, &detail, &name, &[], 200).await
}

pub async fn rename(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let (detail, typed) = (found(asked).await?, asked.text("name"));
    let renamed = if typed == detail.group.name {
        Err(Error::invalid("name", "this is the name already"))
    } else {
        admin.rename_group(&detail.group.name, Some(asked.version()), &typed).await
    };
    match renamed {
        Ok(renamed) => Ok(Reply::To(done(&group_path(&renamed.name), "renamed"))),
        Err(error) => {
            let (faults, status) = refused(error)?;
            Ok(Reply::Page(page(asked, &detail, &typed, &faults, status).await?))
        }
    }
}

async fn page(
    asked: &Asked,
    detail: &GroupDetail,
    typed: &str,
    faults: &[FieldError],
    status: u16,
) -> Result<Drawing, Error> {
    let auditor = asked.caller.auditor()?;
    let name = &detail.group.name;
    let (standing, means) = (auditor.group_standing(name).await?, auditor.group_renaming(name).await?);
    let body = Renaming {
        action: format!("{}/rename", group_path(name)),
        version: detail.version,
        field: Line {
            id: "name",
            label: "New name",
            value: typed.to_owned(),
            help: "Groups are taken in order of their names where their attributes differ.",
            ..Line::default()
        },
        stays: "The group stays the same one, here and at every service.",
        meaning: meaning(detail, &standing, &means),
        mentioned_in: means.mentioned_in,
    };
    Ok(framed(asked, name, "/rename", "Rename", status, renaming(body, faults)))
}

/// What changes with the name of a group.
fn meaning(detail: &GroupDetail, standing: &GroupStanding, means: &GroupRenaming) -> Vec<String> {
    let mut lines = vec![format!("its attributes and {} stay", many(detail.members.len(), "direct member"))];
    if !detail.children.is_empty() {
        lines.push(format!("the groups below it stay there: {}", detail.children.join(", ")));
    }
    if !standing.used_by.is_empty() {
        lines.push(format!("what names it follows: {}", standing.used_by.join(", ")));
    }
    lines.push(if means.services.is_empty() {
        "no SCIM service is told of it".to_owned()
    } else {
        format!(
            "these SCIM services are told of the new name; the group there is kept with all that is assigned to it, not made anew: {}",
            means.services.join(", ")
        )
    });
    lines.push(format!("a group that is called {} later is another one to every service", detail.group.name));
    lines
}
