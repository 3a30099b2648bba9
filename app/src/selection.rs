//! Doing one thing with several rows of a list: a question that says what it brings about, then each by itself, then what
//! stayed and why. Plain forms, on the server alone.
use std::future::Future;

use domain::Error;
use leptos::prelude::*;

use crate::{
    drawn::{Asked, Reply, Sheet, done, many},
    ui::plain::{Confirm, confirm},
};

/// What kind of deed it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Delete,
    Change,
}

/// A row that was selected.
pub struct Item {
    pub key: String,
    /// The one that is looked at now: what is changed meanwhile stays.
    pub version: u64,
    /// What it brings about.
    pub what: String,
}

pub struct Selection {
    /// The address of the list.
    pub path: &'static str,
    /// The way back to it.
    pub up: &'static str,
    /// One of them.
    pub noun: &'static str,
    /// Such as `Delete`.
    pub verb: &'static str,
    pub deed: Deed,
    /// Of what was done; see [`done`].
    pub code: &'static str,
    pub items: Vec<Item>,
}

impl Selection {
    /// To delete them.
    pub fn deletion(path: &'static str, up: &'static str, noun: &'static str, items: Vec<Item>) -> Self {
        Self { path, up, noun, verb: "Delete", deed: Deed::Delete, code: "deleted", items }
    }
}

/// Asks first; once that is answered, does it to each of them.
pub async fn selection<F, Fut>(asked: &Asked, chosen: Selection, act: F) -> Result<Reply, Error>
where
    F: Fn(String, u64) -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    if chosen.items.is_empty() {
        let text = format!("No {} is selected. Tick the boxes in front of the rows first.", chosen.noun);
        return Ok(page(&chosen, "Nothing is selected", view! { <p>{text}</p> }.into_any()));
    }
    if asked.field("sure") != "yes" {
        return Ok(question(asked, chosen));
    }
    let sure: Vec<(String, u64)> = asked.all("sure_of").iter().filter_map(|text| told_apart(text)).collect();
    let mut stayed = Vec::new();
    for (key, version) in sure {
        match act(key.clone(), version).await {
            Ok(()) => {}
            Err(error @ (Error::Unavailable(_) | Error::Internal(_) | Error::Refused(_))) => return Err(error),
            Err(error) => stayed.push((key, error.to_string())),
        }
    }
    if stayed.is_empty() {
        return Ok(Reply::To(done(chosen.path, chosen.code)));
    }
    let title = format!("{} stayed as they were", many(stayed.len(), chosen.noun));
    let lines = stayed.into_iter().map(|(key, why)| view! { <li><strong>{key}</strong>": "{why}</li> });
    let body = view! {
        <p>"The others were done."</p>
        <ul class="notice bad">{lines.collect_view()}</ul>
        <p><a class="button" href=chosen.path>{chosen.up}</a></p>
    };
    Ok(page(&chosen, &title, body.into_any()))
}

fn question(asked: &Asked, chosen: Selection) -> Reply {
    let Selection { path, verb, deed, noun, .. } = chosen;
    let title = format!("{verb} {}?", many(chosen.items.len(), noun));
    let mut hidden = vec![("act", asked.field("act").to_owned())];
    for item in &chosen.items {
        hidden.push(("item", item.key.clone()));
        hidden.push(("sure_of", format!("{} {}", item.version, item.key)));
    }
    let lines = chosen.items.iter().map(|item| {
        let (key, what) = (item.key.clone(), item.what.clone());
        view! { <li><strong>{key}</strong>": "{what}</li> }
    });
    let warning = if deed == Deed::Delete { "It cannot be taken back. " } else { "" };
    let body = view! { <p>{warning}"What comes with it:"</p><ul>{lines.collect_view()}</ul> };
    let body = confirm(Confirm {
        action: format!("{path}/-/selected"),
        label: format!("{verb} {}", many(chosen.items.len(), noun)),
        hidden,
        back: path.to_owned(),
        body: body.into_any(),
        kept: None,
    });
    page(&chosen, &title, body)
}

fn page(chosen: &Selection, title: &str, body: AnyView) -> Reply {
    let up = Some((chosen.path.to_owned(), chosen.up));
    Reply::Page(Sheet { title: title.to_owned(), up, body: Some(body), ..Sheet::default() }.drawing())
}

/// Version and key of a row that was asked about.
fn told_apart(text: &str) -> Option<(String, u64)> {
    let (version, key) = text.split_once(' ')?;
    Some((key.to_owned(), version.parse().ok()?))
}
