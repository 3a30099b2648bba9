use domain::Error;
use leptos::prelude::*;

use crate::{
    drawn::{Asked, Drawing, Sheet},
    list::segment,
    ui::plain::{self, Head, List, Row, moment},
    users::user_path,
};

/// The address of the list.
pub const PATH: &str = "/admin/api-tokens";

/// The tokens of the API; never a token itself.
pub async fn list(asked: &Asked) -> Result<Drawing, Error> {
    let query = asked.list();
    let page = asked.caller.auditor()?.api_tokens(&query).await?;
    let administers = asked.administers();
    let rows = page.rows.into_iter().map(|token| {
        let or = |at: Option<String>, none: &'static str| match at {
            Some(at) => moment(&at),
            None => none.into_any(),
        };
        let (owner, label) = (token.owner.clone(), format!("Revoke {}", token.label));
        let mut cells = vec![
            token.label.into_any(),
            view! { <a href=user_path(&owner)>{owner.clone()}</a> }.into_any(),
            view! { <code>{format!("{}…", token.prefix)}</code> }.into_any(),
            moment(&token.created),
            or(token.expires, "never"),
            or(token.last_used, "never"),
        ];
        if administers {
            let href = format!("{PATH}/{}/revoke", segment(&token.id));
            cells.push(view! { <a href=href aria-label=label>"Revoke …"</a> }.into_any());
        }
        Row { key: token.id, cells }
    });
    let new = || view! { <a href=format!("{PATH}/-/new") class="button primary">"New API token"</a> }.into_any();
    let names = ["Label", "Owner", "Token", "Made", "Ends", "Last used"];
    let mut heads: Vec<Head> = names.into_iter().map(|name| Head(name, None)).collect();
    if administers {
        heads.push(Head("Revoke", None));
    }
    let list = List {
        path: PATH,
        filter: None,
        noun: "API token",
        label: "API tokens",
        search: "Search owner, label or token",
        total: page.total,
        page_size: page.page_size,
        heads,
        rows: rows.collect(),
        acts: Vec::new(),
        all: false,
        empty: view! {
            <p>"A token lets a program use the API as one of the users, with that user's role. There is none yet."</p>
            {administers.then(new)}
        }
        .into_any(),
        query,
    };
    let sheet = Sheet {
        title: "API tokens".to_owned(),
        actions: administers.then(new),
        done: asked.query("done").to_owned(),
        body: Some(plain::list(list)),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}
