use domain::Error;
use leptos::prelude::*;

use super::words::{PATH, policy_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::{self, Head, List, Row},
};

/// The expressions that decide who may open an application.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.policies(&query).await?;
    let rows = page.rows.into_iter().map(|policy| {
        let (href, name) = (policy_path(&policy.name), policy.name.clone());
        let used_by = if policy.used_by.is_empty() { "nothing".to_owned() } else { policy.used_by.join(", ") };
        Row { key: policy.name, cells: vec![view! { <a href=href>{name}</a> }.into_any(), used_by.into_any()] }
    });
    let administers = asked.administers();
    let new = || view! { <a href=format!("{PATH}/-/new") class="button primary">"New policy"</a> }.into_any();
    let list = List {
        path: PATH,
        filter: None,
        noun: "policy",
        label: "Policies",
        search: "Search name",
        total: page.total,
        page_size: page.page_size,
        heads: vec![Head("Name", Some("name")), Head("Used by", None)],
        rows: rows.collect(),
        acts: Vec::new(),
        all: false,
        empty: view! {
            <p>"A policy is a Python expression that lets somebody into an application or not, where groups are not enough. There is none yet."</p>
            {administers.then(new)}
        }
        .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "Policies".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
