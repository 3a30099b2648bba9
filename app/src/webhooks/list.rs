use domain::Error;
use leptos::prelude::*;

use super::words::{PATH, webhook_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::{
        Badge, Tone,
        plain::{self, Head, List, Row, moment},
    },
};

/// Addresses that are told of events.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.webhooks(&query).await?;
    let rows = page.rows.into_iter().map(|webhook| {
        let (href, name) = (webhook_path(&webhook.name), webhook.name.clone());
        let (tone, state) = match (webhook.enabled, webhook.state.last_error.is_empty()) {
            (false, _) => (Tone::Quiet, "switched off"),
            (true, true) => (Tone::Good, "on"),
            (true, false) => (Tone::Caution, "messages wait"),
        };
        let cells = vec![
            view! { <a href=href>{name}</a> }.into_any(),
            view! { <span class="long">{webhook.url}</span> }.into_any(),
            view! { <Badge tone text=state /> }.into_any(),
            webhook.state.delivered.to_string().into_any(),
            webhook.state.last_delivered.map_or_else(|| "never".into_any(), |at| moment(&at)),
        ];
        Row { key: webhook.name, cells }
    });
    let administers = asked.administers();
    let new = || view! { <a href=format!("{PATH}/-/new") class="button primary">"New webhook"</a> }.into_any();
    let list = List {
        path: PATH,
        filter: None,
        noun: "webhook",
        label: "Webhooks",
        search: "Search name or address",
        total: page.total,
        page_size: page.page_size,
        heads: vec![
            Head("Name", Some("name")),
            Head("Address", None),
            Head("State", None),
            Head("Taken", None),
            Head("Last taken", None),
        ],
        rows: rows.collect(),
        acts: Vec::new(),
        all: false,
        empty: view! {
            <p>"A webhook tells another program of events, such as a SCIM token that ends. There is none yet."</p>
            {administers.then(new)}
        }
        .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "Webhooks".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
