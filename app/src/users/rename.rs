use domain::{Error, UserRenaming, UserStanding};
use model::{FieldError, UserDetail};

use super::{
    frame::{found, framed},
    words::user_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, many},
    renaming::{Renaming, refused, renaming},
    ui::plain::Line,
};

/// Giving a user another user name.
pub async fn rename_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    let username = detail.user.username.clone();
    page(asked, &detail, &username, &[], 200).await
}

pub async fn rename(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let (detail, typed) = (found(asked).await?, asked.text("username"));
    let renamed = if typed == detail.user.username {
        Err(Error::invalid("username", "this is the user name already"))
    } else {
        admin.rename_user(&detail.user.username, Some(asked.version()), &typed).await
    };
    match renamed {
        Ok(renamed) => Ok(Reply::To(done(&user_path(&renamed.name), "renamed"))),
        Err(error) => {
            let (faults, status) = refused(error)?;
            Ok(Reply::Page(page(asked, &detail, &typed, &faults, status).await?))
        }
    }
}

async fn page(
    asked: &Asked,
    detail: &UserDetail,
    typed: &str,
    faults: &[FieldError],
    status: u16,
) -> Result<Drawing, Error> {
    let auditor = asked.caller.auditor()?;
    let username = &detail.user.username;
    let (standing, means) = (auditor.user_standing(username).await?, auditor.user_renaming(username).await?);
    let body = Renaming {
        action: format!("{}/rename", user_path(username)),
        version: detail.version,
        field: Line {
            id: "username",
            label: "New user name",
            value: typed.to_owned(),
            help: "What they sign in with from then on, without spaces.",
            ..Line::default()
        },
        stays: "The person stays the same one, here and at every service.",
        meaning: meaning(&standing, &means),
        mentioned_in: means.mentioned_in,
    };
    Ok(framed(asked, username, "/rename", "Rename", status, renaming(body, faults)))
}

/// What changes with a user name.
fn meaning(standing: &UserStanding, means: &UserRenaming) -> Vec<String> {
    let mut lines = vec!["password, groups, attributes and history stay".to_owned()];
    if !standing.sessions.is_empty() {
        let now = many(standing.sessions.len(), "session");
        lines.push(format!("the user is signed out everywhere ({now} now); the next sign-in is by the new name"));
    }
    if !standing.bindings.is_empty() {
        lines.push(format!("the bindings that name the user follow: {}", standing.bindings.join(", ")));
    }
    if !standing.tokens.is_empty() {
        lines.push(format!("the API tokens go on: {}", standing.tokens.join(", ")));
    }
    lines.push(if means.name_ids.is_empty() {
        "the NameID stays the same at every application".to_owned()
    } else {
        format!(
            "the NameID at these applications is made from the user name and changes with it; a service that knows people by it takes the person for another one: {}",
            means.name_ids.join(", ")
        )
    });
    lines.push(
        "what property mappings make of the user name, such as the RoleSessionName in AWS's logs, is made of the new one from the next sign-on"
            .to_owned(),
    );
    lines.push(if means.services.is_empty() {
        "no SCIM service is told anything that is made from the user name".to_owned()
    } else {
        format!(
            "these SCIM services are told of the change; the user there is kept, not made anew: {}",
            means.services.join(", ")
        )
    });
    lines
}
