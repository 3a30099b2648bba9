use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::Tile;

use super::roles::{RoleChooser, offers};
use crate::ui::Empty;

/// Search appears when there are more than fit at a glance.
const SEARCH_FROM: usize = 7;

#[component]
pub fn Tiles(tiles: Vec<Tile>) -> impl IntoView {
    if tiles.is_empty() {
        let text = "There is no application for you yet. Ask the administrators of this sign-in service for access.";
        return view! { <Empty text /> }.into_any();
    }
    let asked = use_query_map().with_untracked(|query| query.get("q"));
    let wanted = RwSignal::new(asked.unwrap_or_default());
    let search = (tiles.len() >= SEARCH_FROM).then(|| {
        view! {
            // It is searched while it is typed; without JavaScript, when it is sent.
            <form class="search" method="get" action="/" role="search" on:submit=|event| event.prevent_default()>
                <input id="search" type="search" name="q" aria-label="Search your applications" placeholder="Search your applications"
                    value=wanted.get_untracked() prop:value=move || wanted.get() on:input=move |event| wanted.set(event_target_value(&event)) />
                <button type="submit">"Search"</button>
            </form>
        }
    });
    let all = StoredValue::new(tiles);
    let found = Memo::new(move |_| all.with_value(|all| wanted.with(|wanted| matching(all, wanted))));
    view! {
        {search}
        <ul class="tiles"><For each=move || found.get() key=|tile| tile.slug.clone() let:tile><TileLink tile /></For></ul>
        <p class="help" role="status">{move || found.with(Vec::is_empty).then_some("No application matches.")}</p>
    }
    .into_any()
}

fn matching(all: &[Tile], wanted: &str) -> Vec<Tile> {
    let wanted = wanted.trim().to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&wanted);
    let fit = |tile: &&Tile| fits(&tile.name) || fits(&tile.description) || tile.roles.iter().any(|role| fits(role));
    all.iter().filter(fit).cloned().collect()
}

/// The server answers a tile's address, not the router.
#[component]
fn TileLink(tile: Tile) -> impl IntoView {
    let Tile { slug, name, description, icon, href, roles } = tile;
    let letters: String = name.chars().take(2).collect();
    let image = match icon {
        Some(icon) => view! { <img src=icon alt="" width="40" height="40" /> }.into_any(),
        None => view! { <span class="letters" aria-hidden="true">{letters}</span> }.into_any(),
    };
    let offers = offers(roles);
    let single = (offers.len() == 1).then(|| view! { <span>"1 AWS role"</span> });
    let choice = (offers.len() > 1).then(|| view! { <RoleChooser slug href=href.clone() offers /> });
    view! {
        <li>
            <a href=href rel="external">{image}<strong>{name}</strong><span>{description}</span>{single}</a>
            {choice}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{Tile, matching};

    #[test]
    fn a_tile_is_found_by_its_role_too() {
        let tile = |name: &str, role: &str| Tile {
            slug: name.into(),
            name: name.into(),
            description: String::new(),
            icon: None,
            href: "/".into(),
            roles: vec![role.into()],
        };
        let all = [tile("One", "arn:x:role/Admin"), tile("Two", "arn:x:role/Reader")];
        assert_eq!(matching(&all, " reader ").iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Two"]);
        assert_eq!(matching(&all, "").len(), 2);
    }
}
