use leptos::prelude::*;
use model::ScimPending;

use super::api::{approve_scim_plan, sync_scim_provider, verify_scim_provider};
use crate::{
    error::Answer,
    ui::{ConfirmDialog, Time, Toasts},
};

/// What came of an action is said, and the page is read again.
fn settle(action: Action<(), Answer<()>>, done: &'static str, again: Callback<()>) {
    let toasts = use_context::<Toasts>();
    Effect::new(move |_| {
        if let Some(Ok(())) = action.value().get() {
            if let Some(toasts) = toasts {
                toasts.good(done);
            }
            again.run(());
        }
    });
}

fn refusal(action: Action<(), Answer<()>>) -> Signal<Option<String>> {
    Signal::derive(move || action.value().get().and_then(Result::err).map(|error| error.to_string()))
}

/// Synchronising again, and comparing with what is really there.
#[component]
pub fn RunAgain(name: String, again: Callback<()>) -> impl IntoView {
    let (to_sync, to_verify) = (name.clone(), name);
    let sync = Action::new(move |(): &()| sync_scim_provider(to_sync.clone()));
    let verify = Action::new(move |(): &()| verify_scim_provider(to_verify.clone()));
    settle(sync, "A synchronisation was asked for", again);
    settle(verify, "A comparison was asked for", again);
    let (failed, failed_too) = (refusal(sync), refusal(verify));
    view! {
        <p class="actions">
            <button type="button" class="primary" prop:disabled=move || sync.pending().get() on:click=move |_| drop(sync.dispatch(()))>"Run sync again"</button>
            <button type="button" prop:disabled=move || verify.pending().get() on:click=move |_| drop(verify.dispatch(()))>"Compare with the service"</button>
        </p>
        <p class="field-error" role="alert">{move || failed.get()}{move || failed_too.get()}</p>
    }
}

/// A plan that takes much away, and the decision about it.
#[component]
pub fn Waiting(name: String, pending: ScimPending, administers: bool, again: Callback<()>) -> impl IntoView {
    let ScimPending { id, since, why, counts, removals } = pending;
    let approve = Action::new(move |(): &()| approve_scim_plan(name.clone(), id.clone()));
    settle(approve, "The plan was approved", again);
    let failed = refusal(approve);
    let on_confirm = Callback::new(move |()| drop(approve.dispatch(())));
    let decision = administers.then(|| {
        view! {
            <ConfirmDialog id="approve" open="Approve the plan …" title="Let this plan go ahead?" confirm="Approve" pending=approve.pending() on_confirm>
                <p>{format!("{removals} users or groups are deactivated, emptied or deleted at the service.")}</p>
            </ConfirmDialog>
        }
    });
    view! {
        <section class="notice bad" aria-labelledby="waiting">
            <h2 id="waiting">"A plan waits for approval"</h2>
            <p>{why}" It has waited since "<Time at=since />". Nothing was removed."</p>
            <ul>
                <li>{format!("{} users deactivated, {} deleted", counts.users_deactivated, counts.users_deleted)}</li>
                <li>{format!("{} groups deleted, {} members removed", counts.groups_deleted, counts.members_removed)}</li>
                <li>{format!("{} users created, {} changed", counts.users_created, counts.users_changed)}</li>
            </ul>
            {decision}
            <p class="field-error" role="alert">{move || failed.get()}</p>
        </section>
    }
}
