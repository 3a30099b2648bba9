use leptos::prelude::*;
use model::{Fault, ScimChoices, ScimProvider, ScimProviderDetail};

use super::{
    api::{read_scim_provider, update_scim_provider},
    connection::ConnectionTest,
    draft::ScimDraft,
    fields::{Fields, RemovalFields, ScopeFields, ServiceFields},
    words::scim_path,
};
use crate::{
    conflict::Conflict,
    ui::{CheckField, Outcome, SaveForm, Saving},
};

/// Saves; where somebody was faster, also fetches what they saved.
async fn save(version: u64, provider: ScimProvider, theirs: RwSignal<Option<ScimProviderDetail>>) -> Outcome {
    let name = provider.name.clone();
    match update_scim_provider(name.clone(), version, provider).await.map_err(|error| error.0) {
        Ok(()) => Outcome::Saved(scim_path(&name)),
        Err(Fault::Conflict(_)) => match read_scim_provider(name).await {
            Ok(detail) => {
                theirs.set(Some(detail));
                Outcome::Open
            }
            Err(error) => Outcome::Refused(error.0),
        },
        Err(fault) => Outcome::Refused(fault),
    }
}

/// The settings of a SCIM provider that is there already. Its tokens are set elsewhere.
#[component]
pub fn ScimSettingsForm(existing: ScimProviderDetail, choices: ScimChoices) -> impl IntoView {
    let start = RwSignal::new(ScimDraft::from(&existing.provider));
    let (draft, version) = (RwSignal::new(start.get_untracked()), RwSignal::new(existing.version));
    let theirs = RwSignal::new(None::<ScimProviderDetail>);
    let dirty = Signal::derive(move || draft.with(|d| start.with(|s| d != s)));
    let saving = Saving::new("The SCIM provider was saved", dirty, move |(version, provider): &(u64, ScimProvider)| {
        save(*version, provider.clone(), theirs)
    });
    let fields = Fields { draft, refusals: saving.refusals };
    let typed = Callback::new(move |()| {
        theirs.set(None);
        Ok((version.get_untracked(), draft.with_untracked(ScimDraft::provider)?))
    });
    let reach = Callback::new(move |()| draft.with_untracked(ScimDraft::reach));
    let overtaken = move || {
        theirs.get().map(|detail| {
            let newer = detail.version;
            let mine = draft.with_untracked(ScimDraft::provider).ok();
            let keep = Callback::new(move |()| {
                version.set(newer);
                saving.submit(typed.run(()));
            });
            let take = ScimDraft::from(&detail.provider);
            let take = Callback::new(move |()| {
                version.set(newer);
                start.set(take.clone());
                draft.set(take.clone());
                theirs.set(None);
            });
            view! { <Conflict what="SCIM provider" theirs=detail.provider mine keep take /> }
        })
    };
    view! {
        <SaveForm saving typed label="Save">
            {overtaken}
            <fieldset>
                <legend>"Service"</legend>
                <ServiceFields fields is_new=false />
                <ConnectionTest reach token=None refusals=saving.refusals />
                <CheckField id="enabled" label="Changes are sent" value=fields.read(|d| d.enabled) on_change=fields.write(|d, v| d.enabled = v) />
            </fieldset>
            <ScopeFields fields choices />
            <RemovalFields fields />
        </SaveForm>
    }
}
