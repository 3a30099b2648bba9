use domain::Error;
use leptos::prelude::*;

use super::hits::hits;
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::{Icon, Shape},
};

/// What the palette finds, for those without JavaScript and for links.
pub async fn page(asked: &Asked) -> Result<Drawing, Error> {
    let text = asked.query("q").to_owned();
    let found = hits(&asked.caller, &text).await?;
    let lines = found.into_iter().map(|hit| {
        view! { <li><a href=hit.href>{hit.title}</a>" "<span class="help">{hit.kind}" "{hit.detail}</span></li> }
    });
    let lines: Vec<_> = lines.collect();
    let body = if lines.is_empty() {
        view! { <div class="empty-state"><p>"Nothing matches. Search for a page, something to do, or the name of a thing."</p></div> }
            .into_any()
    } else {
        view! { <ul class="candidates">{lines}</ul> }.into_any()
    };
    let body = view! {
        <div class="search" role="search">
            <form method="get" action="/admin/search">
                <span class="search-box">
                    <Icon shape=Shape::Search />
                    <input id="search" type="search" name="q" aria-label="Search everything" placeholder="Search everything" value=text />
                </span>
                <button type="submit">"Search"</button>
            </form>
        </div>
        {body}
    };
    Ok(Sheet { title: "Search".to_owned(), body: Some(body.into_any()), ..Sheet::default() }.drawing())
}
