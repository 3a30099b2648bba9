use leptos::prelude::*;
use model::{Day, FieldError, ScimChoices, ScimProvider};

use super::{
    api::create_scim_provider,
    connection::{ConnectionTest, TokenDraft, TokenFields},
    draft::ScimDraft,
    fields::{Fields, RemovalFields, ScopeFields, ServiceFields, named},
};
use crate::ui::{CheckField, CheckList, Outcome, SaveForm, Saving};

/// All that is sent for a new SCIM provider.
#[derive(Clone)]
struct Asked {
    provider: ScimProvider,
    token: Option<String>,
    expires: Option<Day>,
    applications: Vec<String>,
}

/// The form of a new SCIM provider.
#[component]
pub fn CreateScimForm(
    start: ScimDraft,
    choices: ScimChoices,
    /// The applications that it is behind from the start (slugs), where that is decided already.
    #[prop(optional)]
    behind: Vec<String>,
    /// Called after a success with the name; says where it leads.
    done: Callback<String, String>,
) -> impl IntoView {
    let (draft, token) = (RwSignal::new(start.clone()), TokenDraft::new());
    let (decided, applications) = (!behind.is_empty(), RwSignal::new(behind.clone()));
    let dirty =
        Signal::derive(move || draft.with(|d| *d != start) || token.dirty() || applications.with(|a| *a != behind));
    let saving = Saving::new("The SCIM provider was created", dirty, move |asked: &Asked| {
        let Asked { provider, token: secret, expires, applications } = asked.clone();
        async move {
            let name = provider.name.clone();
            match create_scim_provider(provider, secret, expires, applications).await {
                Ok(()) => {
                    token.forget();
                    Outcome::Saved(done.run(name))
                }
                Err(error) => Outcome::Refused(error.0),
            }
        }
    });
    let fields = Fields { draft, refusals: saving.refusals };
    let typed = Callback::new(move |()| {
        let (provider, expires) = (draft.with_untracked(ScimDraft::provider), token.day());
        match (provider, expires) {
            (Ok(provider), Ok(expires)) => {
                Ok(Asked { provider, token: token.secret(), expires, applications: applications.get_untracked() })
            }
            (provider, expires) => {
                let faults: Vec<FieldError> = provider.err().unwrap_or_default();
                Err(faults.into_iter().chain(expires.err()).collect())
            }
        }
    });
    let reach = Callback::new(move |()| draft.with_untracked(ScimDraft::reach));
    let behind = (!decided).then(|| {
        view! {
            <CheckList id="applications" label="Applications" choices=named(choices.applications.clone()) value=applications on_change=Callback::new(move |all| applications.set(all))
                error=fields.error("applications") none="There is no application yet." help="Who may open them is pushed. None ticked: nobody, until an application names this provider." />
        }
    });
    view! {
        <SaveForm saving typed label="Create the SCIM provider">
            <fieldset>
                <legend>"Service"</legend>
                <ServiceFields fields is_new=true />
                <TokenFields token refusals=saving.refusals />
                <ConnectionTest reach token=Some(token) refusals=saving.refusals />
                {behind}
                <CheckField id="enabled" label="Changes are sent from the start" value=fields.read(|d| d.enabled) on_change=fields.write(|d, v| d.enabled = v) />
                <p class="help">"Not ticked: nothing is sent, and the first plan can be looked at before."</p>
            </fieldset>
            <ScopeFields fields choices />
            <RemovalFields fields />
        </SaveForm>
    }
}
