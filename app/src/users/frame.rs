use domain::Error;
use leptos::prelude::*;
use model::UserDetail;

use super::words::{PATH, user_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::tabs,
};

/// The user in the address.
pub async fn found(asked: &Asked) -> Result<UserDetail, Error> {
    asked.caller.auditor()?.user(asked.part(1)).await
}

/// One page of a user: heading, tabs, content. `end` is the end of its address, `tab` its name.
pub fn framed(asked: &Asked, username: &str, end: &str, tab: &'static str, status: u16, body: AnyView) -> Drawing {
    let path = user_path(username);
    let mut all = vec![("", "Overview"), ("/sessions", "Sessions"), ("/history", "History")];
    if asked.administers() {
        all.splice(1..1, [("/edit", "Edit"), ("/rename", "Rename"), ("/password", "Password"), ("/delete", "Delete")]);
    }
    let body = view! { {tabs("User", &path, end, &all)}{body} };
    Sheet {
        title: format!("User {username}"),
        tab,
        up: Some((PATH.to_owned(), "All users")),
        done: asked.query("done").to_owned(),
        status: Some(status),
        body: Some(body.into_any()),
        ..Sheet::default()
    }
    .drawing()
}
