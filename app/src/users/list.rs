use domain::Error;
use leptos::prelude::*;

use super::words::{PATH, role_word, state_badge, user_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::{self, Head, List, Row},
};

/// Everybody who may sign in.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.users(&query).await?;
    let rows = page.rows.into_iter().map(|user| {
        let href = user_path(&user.username);
        let name = user.username.clone();
        let cells = vec![
            view! { <a href=href>{name}</a> }.into_any(),
            user.name.into_any(),
            user.email.into_any(),
            role_word(user.role).into_any(),
            state_badge(user.active),
        ];
        Row { key: user.username, cells }
    });
    let new = || view! { <a href=format!("{PATH}/-/new") class="button primary">"New user"</a> }.into_any();
    let administers = asked.administers();
    let acts = [("delete", "Delete …"), ("deactivate", "Deactivate …"), ("activate", "Activate …")];
    let list = List {
        path: PATH,
        filter: None,
        noun: "user",
        label: "Users",
        search: "Search user name, name or email",
        total: page.total,
        page_size: page.page_size,
        heads: vec![
            Head("User name", Some("username")),
            Head("Name", Some("name")),
            Head("Email", Some("email")),
            Head("Role", None),
            Head("State", None),
        ],
        rows: rows.collect(),
        acts: if administers { acts.to_vec() } else { Vec::new() },
        all: asked.query("select") == "all",
        empty: view! { <p>"A user is a person, or a service, that may sign in. There is none yet."</p>{administers.then(new)} }
            .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "Users".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
