use domain::Error;
use leptos::prelude::*;
use model::FieldError;

use super::{
    draft::UserDraft,
    frame::{found, framed},
    words::{PATH, ROLES, role_choices, user_path},
};
use crate::{
    conflict::sides,
    drawn::{Asked, Drawing, Reply, Sheet, done, stays},
    ui::plain::{self, Area, Line, area, check, checks, line, select},
};

/// Making a user.
pub async fn new_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let draft = UserDraft { active: true, ..UserDraft::default() };
    making(asked, &draft, &[], 200).await
}

pub async fn create(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let draft = UserDraft::typed(asked);
    let password = Some(asked.field("password").to_owned()).filter(|plain| !plain.is_empty());
    let made = match draft.user() {
        Ok(user) => admin.create_user(user, password).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(Reply::To(done(&user_path(&draft.username), "created"))),
        Err(error) => Ok(Reply::Page(making(asked, &draft, &stays(error)?, 422).await?)),
    }
}

async fn making(asked: &Asked, draft: &UserDraft, faults: &[FieldError], status: u16) -> Result<Drawing, Error> {
    let fields = fields(asked, draft, true, faults).await?;
    let password = Line {
        id: "password",
        label: "Password",
        help: "At least 12 characters. None: no sign-in by password until one is set.",
        secret: true,
        ..Line::default()
    };
    let body = view! { {fields}<fieldset><legend>"Sign-in"</legend>{line(password, faults)}</fieldset> };
    let form = plain::making(format!("{PATH}/-/new"), "Create the user", body.into_any(), faults);
    let sheet = Sheet::of_new("New user", (PATH, "All users"), status, form);
    Ok(sheet.drawing())
}

/// Changing a user.
pub async fn edit_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    changing(asked, &UserDraft::from(&detail.user), detail.version, None, &[], 200).await
}

pub async fn edit(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let before = found(asked).await?;
    let username = before.user.username.clone();
    let draft = UserDraft { username: username.clone(), ..UserDraft::typed(asked) };
    let saved = match draft.user() {
        Ok(user) => admin.update_user(&username, asked.version(), user).await,
        Err(error) => Err(error),
    };
    let error = match saved {
        Ok(()) => return Ok(Reply::To(done(&user_path(&username), "saved"))),
        Err(error) => error,
    };
    if matches!(error, Error::Conflict(_)) && before.version != asked.version() {
        // Somebody was faster: both sides, and what was typed can be saved over theirs.
        let theirs = model::User { uid: String::new(), ..before.user.clone() };
        let both = sides("user", &theirs, draft.user().ok().as_ref(), &format!("{}/edit", user_path(&username)));
        let page = changing(asked, &draft, before.version, Some(both), &[], 409).await?;
        return Ok(Reply::Page(page));
    }
    let page = changing(asked, &draft, asked.version(), None, &stays(error)?, 422).await?;
    Ok(Reply::Page(page))
}

async fn changing(
    asked: &Asked,
    draft: &UserDraft,
    version: u64,
    conflict: Option<AnyView>,
    faults: &[FieldError],
    status: u16,
) -> Result<Drawing, Error> {
    let fields = fields(asked, draft, false, faults).await?;
    let action = format!("{}/edit", user_path(&draft.username));
    let body = plain::changing(action, version, conflict, fields, faults);
    Ok(framed(asked, &draft.username, "/edit", "Edit", status, body))
}

async fn fields(asked: &Asked, draft: &UserDraft, is_new: bool, faults: &[FieldError]) -> Result<AnyView, Error> {
    let choices = asked.caller.auditor()?.application_choices().await?;
    let groups = choices.groups.into_iter().map(|group| (group.clone(), group)).collect();
    let role = ROLES.iter().find(|(role, ..)| *role == draft.role).map_or("", |(_, code, _)| *code);
    let text = |id: &'static str, label: &'static str, value: &str, help: &'static str| {
        line(Line { id, label, value: value.to_owned(), help, ..Line::default() }, faults)
    };
    let username = Line {
        id: "username",
        label: "User name",
        value: draft.username.clone(),
        help: if is_new {
            "What they sign in with, without spaces."
        } else {
            "It is changed on the page “Rename”."
        },
        readonly: !is_new,
        ..Line::default()
    };
    let attributes = Area {
        id: "attributes",
        label: "Attributes",
        value: draft.attributes.clone(),
        help: "A JSON object, such as {\"department\": \"Engines\"}. Property mappings read it; it goes over the attributes of the groups.",
        rows: 6,
        ..Area::default()
    };
    let fieldset = view! {
        <fieldset>
            <legend>"User"</legend>
            {line(username, faults)}
            {text("name", "Name", &draft.name, "As people know them.")}
            {text("given_name", "Given name", &draft.given_name, "")}
            {text("family_name", "Family name", &draft.family_name, "")}
            {text("email", "Email", &draft.email, "")}
            {select("role", "Role", role_choices(), role, "", faults)}
            {check("active", "Active: may sign in", draft.active)}
            {check("service_account", "A service, not a person: SCIM providers leave it out unless they are told otherwise", draft.service_account)}
        </fieldset>
        <fieldset>
            <legend>"Groups and attributes"</legend>
            {checks("groups", "Member of", groups, &draft.groups, "Directly; the parents of these groups come with them.", faults)}
            {area(attributes, faults)}
        </fieldset>
    };
    Ok(fieldset.into_any())
}
