use leptos::prelude::*;
use model::ScimDriftRow;

use super::api::{read_scim_drift, repair_scim_drift};
use crate::{
    session::visitor,
    ui::{Deed, DeedButton, Failure, Scroll, Time, retry},
};

/// What others changed of ours at the service, and the decision about it. Nothing where nothing was found.
#[component]
pub fn Drifted(name: String, again: Callback<()>) -> impl IntoView {
    let asked = name.clone();
    let found = Resource::new(move || asked.clone(), read_scim_drift);
    let body = move || {
        let name = name.clone();
        Suspend::new(async move {
            let drift = match found.await {
                Ok(drift) => drift,
                Err(error) => return view! { <Failure error retry=retry(found) /> }.into_any(),
            };
            if drift.total == 0 {
                return ().into_any();
            }
            let (id, repaired) = (drift.id.clone(), drift.repaired);
            let then = Callback::new(move |()| {
                found.refetch();
                again.run(());
            });
            let repair =
                Deed::new("The repair was asked for", move || repair_scim_drift(name.clone(), id.clone()), then);
            let decision = (visitor().administers() && !repaired)
                .then(|| view! { <DeedButton deed=repair label="Put it right" /> });
            let standing =
                if repaired { "It is put right." } else { "It waits for an administrator; nothing was changed." };
            view! {
                <section aria-labelledby="drift">
                    <h2 id="drift">"Changed there by others"</h2>
                    <p>{format!("{} differences, found ", drift.total)}<Time at=drift.found />". "{standing}</p>
                    <Scroll label="Differences">
                        <table>
                            <thead><tr><th>"What"</th><th>"Object"</th><th>"Here"</th><th>"There"</th></tr></thead>
                            <tbody>{drift.rows.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </Scroll>
                    {decision}
                </section>
            }
            .into_any()
        })
    };
    view! { <Transition>{body}</Transition> }
}

fn row(row: ScimDriftRow) -> AnyView {
    let ScimDriftRow { kind, name, what, path, ours, theirs, .. } = row;
    let what = match what.as_str() {
        "missing" => "deleted there".to_owned(),
        "attribute" => format!("{path} changed"),
        "member_added" => format!("{path} put in"),
        "member_removed" => format!("{path} taken out"),
        "strangers" => "members who are not ours".to_owned(),
        "forgotten" => "there, and not in scope".to_owned(),
        other => other.to_owned(),
    };
    view! { <tr><td>{what}</td><td>{kind}" "{name}</td><td><code>{ours}</code></td><td><code>{theirs}</code></td></tr> }
        .into_any()
}
