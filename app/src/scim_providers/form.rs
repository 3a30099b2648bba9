use leptos::prelude::*;
use model::{ScimChoices, ScimProvider, ScimProviderDetail};

use super::{
    api::{read_scim_provider, update_scim_provider},
    connection::ConnectionTest,
    draft::ScimDraft,
    fields::{Fields, RemovalFields, ScopeFields, ServiceFields},
    words::scim_path,
};
use crate::{
    conflict::{Conflict, Theirs},
    ui::{CheckField, SaveForm, Saving},
};

/// The settings of a SCIM provider that is there already. Its tokens are set elsewhere.
#[component]
pub fn ScimSettingsForm(existing: ScimProviderDetail, choices: ScimChoices) -> impl IntoView {
    let start = RwSignal::new(ScimDraft::from(&existing.provider));
    let (draft, version) = (RwSignal::new(start.get_untracked()), RwSignal::new(existing.version));
    let another = RwSignal::new(false);
    let theirs = Theirs::<ScimProvider>::new();
    let dirty = Signal::derive(move || draft.with(|d| start.with(|s| d != s)));
    let saving = Saving::new("The SCIM provider was saved", dirty, move |(version, provider): &(u64, ScimProvider)| {
        let (version, provider, name) = (*version, provider.clone(), provider.name.clone());
        async move {
            let answer = update_scim_provider(name.clone(), version, provider, another.get_untracked()).await;
            let read = async { read_scim_provider(name.clone()).await.map(|d| (d.version, d.provider)) };
            theirs.outcome(answer, scim_path(&name), read).await
        }
    });
    let fields = Fields { draft, refusals: saving.refusals };
    let typed = Callback::new(move |()| {
        theirs.forget();
        Ok((version.get_untracked(), draft.with_untracked(ScimDraft::provider)?))
    });
    let reach = Callback::new(move |()| draft.with_untracked(ScimDraft::reach));
    let mine = Callback::new(move |()| draft.with_untracked(ScimDraft::provider).ok());
    let keep = Callback::new(move |newer| {
        version.set(newer);
        saving.submit(typed.run(()));
    });
    let take = Callback::new(move |(newer, provider): (u64, ScimProvider)| {
        version.set(newer);
        start.set(ScimDraft::from(&provider));
        draft.set(ScimDraft::from(&provider));
    });
    view! {
        <SaveForm saving typed label="Save">
            <Conflict what="SCIM provider" theirs mine keep take />
            <fieldset>
                <legend>"Service"</legend>
                <ServiceFields fields is_new=false />
                <Show when=move || draft.with(|d| start.with(|s| d.url != s.url))>
                    <CheckField id="another_service" label="The address is that of another service" value=another on_change=Callback::new(move |is| another.set(is)) />
                    <p class="help">"What is known of the users and groups at the former address is forgotten; they stay there as they are. The first plan for the new one waits for approval. Another host is given its own token."</p>
                </Show>
                <ConnectionTest reach token=None refusals=saving.refusals />
                <CheckField id="enabled" label="Changes are sent" value=fields.read(|d| d.enabled) on_change=fields.write(|d, v| d.enabled = v) />
            </fieldset>
            <ScopeFields fields choices />
            <RemovalFields fields />
        </SaveForm>
    }
}
