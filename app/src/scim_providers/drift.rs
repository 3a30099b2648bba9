use leptos::prelude::*;
use model::{ScimDrift, ScimDriftRow};

use super::api::repair_scim_drift;
use crate::{
    error::AppError,
    session::visitor,
    ui::{Deed, DeedButton, Failure, Scroll, Time, many},
};

/// What others changed of ours at the service, and the decision about it. Nothing where nothing was found.
#[component]
pub fn Drifted(name: String, found: Result<ScimDrift, AppError>, again: Callback<()>) -> impl IntoView {
    let drift = match found {
        Ok(drift) if drift.total == 0 => return ().into_any(),
        Ok(drift) => drift,
        Err(error) => return view! { <Failure error retry=again /> }.into_any(),
    };
    let (id, repaired) = (drift.id.clone(), drift.repaired);
    let repair = Deed::new("The repair was asked for", move || repair_scim_drift(name.clone(), id.clone()), again);
    let decision =
        (visitor().administers() && !repaired).then(|| view! { <DeedButton deed=repair label="Put it right" /> });
    let standing = if repaired { "It is put right." } else { "It waits for an administrator; nothing was changed." };
    view! {
        <section aria-labelledby="drift">
            <h2 id="drift">"Changed there by others"</h2>
            <p>{format!("{}, found ", many(drift.total, "difference"))}<Time at=drift.found />". "{standing}</p>
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
