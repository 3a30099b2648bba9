use domain::Error;
use leptos::prelude::*;

use super::words::{NEW, PATH, application_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::{self, Head, List, Row},
};

/// What people can open from their portal.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.applications(&query).await?;
    let rows = page.rows.into_iter().map(|row| {
        let (href, slug) = (application_path(&row.slug), row.slug.clone());
        let cells = vec![
            view! { <a href=href>{row.name}</a> }.into_any(),
            view! { <code>{slug}</code> }.into_any(),
            row.saml_provider.unwrap_or_else(|| "none".to_owned()).into_any(),
            row.bindings.to_string().into_any(),
            row.roles.to_string().into_any(),
        ];
        Row { key: row.slug, cells }
    });
    let administers = asked.administers();
    let new = || view! { <a href=NEW class="button primary">"New application"</a> }.into_any();
    let list = List {
        path: PATH,
        filter: None,
        noun: "application",
        label: "Applications",
        search: "Search name or slug",
        total: page.total,
        page_size: page.page_size,
        heads: vec![
            Head("Name", Some("name")),
            Head("Slug", Some("slug")),
            Head("SAML provider", None),
            Head("Bindings", None),
            Head("AWS roles", None),
        ],
        rows: rows.collect(),
        acts: if administers { vec![("delete", "Delete …")] } else { Vec::new() },
        all: asked.query("select") == "all",
        empty: view! {
            <p>"An application is what people open from their portal: one AWS account, or all of them. There is none yet."</p>
            {administers.then(new)}
        }
        .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "Applications".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
