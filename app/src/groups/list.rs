use domain::Error;
use leptos::prelude::*;

use super::words::{PATH, group_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::{self, Head, List, Row},
};

/// All groups.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.groups(&query).await?;
    let rows = page.rows.into_iter().map(|group| {
        let (href, name) = (group_path(&group.name), group.name.clone());
        let cells = vec![
            view! { <a href=href>{name}</a> }.into_any(),
            group.parents.join(", ").into_any(),
            group.members.to_string().into_any(),
        ];
        Row { key: group.name, cells }
    });
    let administers = asked.administers();
    let new = || view! { <a href=format!("{PATH}/-/new") class="button primary">"New group"</a> }.into_any();
    let list = List {
        path: PATH,
        filter: None,
        noun: "group",
        label: "Groups",
        search: "Search name",
        total: page.total,
        page_size: page.page_size,
        heads: vec![Head("Name", Some("name")), Head("Parents", None), Head("Direct members", None)],
        rows: rows.collect(),
        acts: if administers { vec![("delete", "Delete …")] } else { Vec::new() },
        all: asked.query("select") == "all",
        empty: view! {
            <p>"A group decides who may open an application and take a role, and gives its members attributes. There is none yet."</p>
            {administers.then(new)}
        }
        .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "Groups".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
