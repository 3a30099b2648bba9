use leptos::prelude::*;
use model::RetiredKey;

use crate::{
    list::segment,
    ui::{Badge, Scroll, Time, Tone},
};

/// The keys that the metadata showed once: who took them out, and when. None: there are none.
pub fn retired_keys(keys: Vec<RetiredKey>) -> Option<AnyView> {
    if keys.is_empty() {
        return None;
    }
    let rows = keys.into_iter().map(row).collect_view();
    Some(
        view! {
            <h3>"Retired keys"</h3>
            <p class="help">"The metadata shows them no more, and nothing is signed with them here. Where the service still has one, take it out there too."</p>
            <Scroll label="Retired keys">
                <table>
                    <thead><tr><th scope="col">"Key"</th><th scope="col">"State"</th><th scope="col">"Fingerprint"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
        }
        .into_any(),
    )
}

fn row(key: RetiredKey) -> AnyView {
    let RetiredKey { name, fingerprint, kept, at, by } = key;
    let print: String = fingerprint.chars().take(16).collect();
    let named = if kept {
        let href = format!("/admin/keys/{}", segment(&name));
        view! { <a href=href>{name}</a> }.into_any()
    } else {
        view! { {name}" (deleted or replaced since)" }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{named}</th>
            <td><Badge tone=Tone::Quiet text="retired" />" "<Time at />" by "{by}</td>
            <td><code title=fingerprint>{format!("{print}…")}</code></td>
        </tr>
    }
    .into_any()
}
