use leptos::prelude::*;
use model::{Page, ScimAdoptionDecision, ScimAdoptionRow};

use super::api::decide_scim_adoption;
use crate::{
    error::AppError,
    session::visitor,
    ui::{Deed, DeedButton, Failure, Scroll},
};

/// Objects at the service that have the names of ours, and the decision about each. Nothing is written before.
#[component]
pub fn Undecided(name: String, found: Result<Page<ScimAdoptionRow>, AppError>, again: Callback<()>) -> impl IntoView {
    let page = match found {
        Ok(page) => page,
        Err(error) => return view! { <Failure error retry=again /> }.into_any(),
    };
    let rows = page.rows.into_iter().map(|row| decision(&name, row, again)).collect_view();
    view! {
        <section class="notice" aria-labelledby="adoption">
            <h2 id="adoption">"Whose are these?"</h2>
            <p>{format!("{} objects at the service have the names of ours. Nothing is written before each is decided.", page.total)}</p>
            <Scroll label="Undecided objects">
                <table>
                    <thead><tr><th>"Object"</th><th>"Identifier there"</th><th>"Decision"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
        </section>
    }
    .into_any()
}

fn decision(provider: &str, row: ScimAdoptionRow, then: Callback<()>) -> AnyView {
    let ScimAdoptionRow { kind, name, remote, .. } = row;
    let deed = |adopt: bool, done: String| {
        let (provider, remote) = (provider.to_owned(), remote.clone());
        let decide = move || {
            let decisions = vec![ScimAdoptionDecision { remote: remote.clone(), adopt }];
            decide_scim_adoption(provider.clone(), decisions)
        };
        Deed::new(done, decide, then)
    };
    let buttons = visitor().administers().then(|| {
        let (adopt, leave) = (deed(true, format!("{name} becomes ours")), deed(false, format!("{name} is left alone")));
        view! {
            <DeedButton deed=adopt label=format!("Take over {name}") />
            <DeedButton deed=leave label=format!("Leave {name} alone") />
        }
    });
    view! { <tr><td>{kind}" "{name.clone()}</td><td><code>{remote.clone()}</code></td><td class="actions">{buttons}</td></tr> }.into_any()
}
