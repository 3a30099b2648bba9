use leptos::prelude::*;
use model::Tile;

use super::document::{Frame, framed};

/// The applications that a person may open.
pub fn portal(frame: &Frame, tiles: Vec<Tile>) -> String {
    let body = if tiles.is_empty() {
        view! { <p>"There is no application for you yet. Ask the administrators of this sign-in service for access."</p> }.into_any()
    } else {
        let tiles = tiles.into_iter().map(|tile| {
            let letters: String = tile.name.chars().take(2).collect();
            let image = match tile.icon {
                Some(icon) => view! { <img src=icon alt="" width="40" height="40" /> }.into_any(),
                None => view! { <span class="letters" aria-hidden="true">{letters}</span> }.into_any(),
            };
            view! { <li><a href=tile.href>{image}<strong>{tile.name}</strong><span>{tile.description}</span></a></li> }
        });
        view! { <ul class="tiles">{tiles.collect_view()}</ul> }.into_any()
    };
    framed("Your applications", frame, body)
}
