use leptos::prelude::*;
use leptos_router::components::A;
use model::ScimPending;

use super::{
    api::{approve_scim_plan, cancel_scim_run, sync_scim_provider, verify_scim_provider},
    words::scim_path,
};
use crate::ui::{ConfirmDialog, Deed, DeedButton, Time, many};

/// Synchronising again, comparing with what is really there, and breaking off what is under way.
#[component]
pub fn Actions(name: Memo<String>, busy: Memo<bool>, again: Callback<()>) -> impl IntoView {
    let name = move || name.get_untracked();
    let cancelled = "It is broken off; nothing is sent until you run it again";
    let cancel = Deed::new(cancelled, move || cancel_scim_run(name()), again);
    let sync = Deed::new("A synchronisation was asked for", move || sync_scim_provider(name()), again);
    let verify = Deed::new("A comparison was asked for", move || verify_scim_provider(name()), again);
    view! {
        <div class="actions">
            <DeedButton deed=sync label="Run sync again" primary=true />
            <DeedButton deed=verify label="Compare with the service" />
            {move || busy.get().then(|| view! { <DeedButton deed=cancel label="Cancel" /> })}
        </div>
    }
}

/// A plan that takes much away, and the decision about it.
#[component]
pub fn Waiting(name: String, pending: ScimPending, administers: bool, again: Callback<()>) -> impl IntoView {
    let ScimPending { id, since, why, counts, removals, taken } = pending;
    let plan = format!("{}/plan", scim_path(&name));
    let more = removals.saturating_sub(taken.len() as u64);
    let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
    let taken = (!taken.is_empty()).then(|| {
        let lines = taken.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <details open=true><summary>"What it takes away"</summary><ul>{lines}{more}</ul></details> }
    });
    let consequence = why.clone();
    let approve = Deed::new("The plan was approved", move || approve_scim_plan(name.clone(), id.clone()), again);
    let failed = approve.refusal();
    let on_confirm = Callback::new(move |()| approve.run());
    let decision = administers.then(|| {
        view! {
            <ConfirmDialog id="approve" open="Approve the plan …" title="Let this plan go ahead?" confirm="Approve" pending=approve.pending() on_confirm>
                <p>{format!("{} at the service: {consequence}.", many(removals, "removal"))}</p>
            </ConfirmDialog>
        }
    });
    view! {
        <section class="notice bad" aria-labelledby="waiting">
            <h2 id="waiting">"A plan waits for approval"</h2>
            <p>{why}" It has waited since "<Time at=since />". Nothing was removed."</p>
            <ul>
                <li>{format!("{} deactivated, {} deleted", many(counts.users_deactivated, "user"), counts.users_deleted)}</li>
                <li>{format!("{} deleted, {} removed", many(counts.groups_deleted, "group"), many(counts.members_removed, "member"))}</li>
                <li>{format!("{} created, {} changed", many(counts.users_created, "user"), counts.users_changed)}</li>
            </ul>
            {taken}
            <p><A href=plan>"The whole plan, as it would be now"</A></p>
            {decision}
            <p class="field-error" role="alert">{move || failed.get()}</p>
        </section>
    }
}
