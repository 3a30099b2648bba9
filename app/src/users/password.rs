use domain::Error;
use leptos::prelude::*;
use model::FieldError;

use super::{
    frame::{found, framed},
    words::user_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply, done, stays},
    ui::plain::{self, Form, Line, line},
};

/// Setting somebody's password.
pub async fn password_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    Ok(page(asked, &detail.user.username, detail.version, &[], 200))
}

pub async fn set_password(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    let username = detail.user.username;
    let (plain, again) = (asked.field("password"), asked.field("password_again"));
    let set = if plain == again {
        // Whoever sets a password means it, whatever else changed since; what it replaces cannot be seen anyway.
        admin.set_user_password(&username, detail.version, plain.to_owned()).await
    } else {
        Err(Error::invalid("password_again", "this is not the same password"))
    };
    match set {
        Ok(()) => Ok(Reply::To(done(&user_path(&username), "password"))),
        Err(error) => Ok(Reply::Page(page(asked, &username, detail.version, &stays(error)?, 422))),
    }
}

fn page(asked: &Asked, username: &str, version: u64, faults: &[FieldError], status: u16) -> Drawing {
    let field = |id: &'static str, label: &'static str, help: &'static str| {
        line(Line { id, label, help, secret: true, ..Line::default() }, faults)
    };
    let body = view! {
        <p class="help">"The user is signed out everywhere. Tell the password by another way than the one that the user lost."</p>
        {field("password", "New password", "At least 12 characters, without the user name in it.")}
        {field("password_again", "New password again", "")}
    };
    let form = Form {
        action: format!("{}/password", user_path(username)),
        label: "Set the password",
        version: Some(version),
        body: body.into_any(),
        other: None,
        guarded: false,
    };
    framed(asked, username, "/password", "Password", status, plain::form(form, faults))
}
