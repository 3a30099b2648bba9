use leptos::prelude::*;
use model::{FieldError, ListQuery, Page, ProviderChoices, ProviderRow, SamlProvider, SpFacts};

use super::words::{Step, step_path};
use crate::{
    saml_providers::{
        KEEPING, NO_COUNT, ReadForm,
        api::{create_provider, list_providers},
    },
    session::visitor,
    ui::{Choice, Empty, Failure, Heading, Outcome, SaveForm, Saving, SelectField, Skeleton, TextField, retry},
};

/// Where connecting begins: AWS's file in, or a connection that was begun taken up again.
#[component]
pub fn ConnectPage() -> impl IntoView {
    view! {
        <p><a href="/admin/saml-providers">"All SAML providers"</a></p>
        <Heading title="Connect IAM Identity Center" />
        {visitor().administers().then(|| view! { <Begin /> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators connect AWS." /> })}
    }
}

#[component]
fn Begin() -> impl IntoView {
    let providers = Resource::new(|| (), |()| list_providers(ListQuery::default()));
    let begun = move || {
        Suspend::new(async move {
            match providers.await {
                Ok(page) => begun(page),
                Err(error) => view! { <Failure error retry=retry(providers) /> }.into_any(),
            }
        })
    };
    let next = Callback::new(|(facts, choices): (SpFacts, ProviderChoices)| {
        if facts.provider.is_identity_center() {
            view! { <NameForm found=facts.provider keys=choices.keys /> }.into_any()
        } else {
            view! { <p class="notice bad">"This is not the file of IAM Identity Center: its entityID ends with /platform/saml/d- and ten characters. For another service, "<a href="/admin/saml-providers/-/import">"make a SAML provider from its metadata"</a>"."</p> }
                .into_any()
        }
    });
    view! {
        <p class="lead">"People sign in here and arrive in the AWS access portal; who may do that is kept right there by provisioning. It takes six steps, and each shows what to click at AWS. You can leave at any time: what is saved is there when you return."</p>
        <Suspense fallback=Skeleton>{begun}</Suspense>
        <section class="guide" aria-label="At AWS">
            <h2>"At AWS"</h2>
            <ol>
                <li>"Open "<b>"IAM Identity Center"</b>", then "<b>"Settings"</b>", then the tab "<b>"Identity source"</b>"."</li>
                <li>"Click "<b>"Actions"</b>", then "<b>"Change identity source"</b>", and select "<b>"External identity provider"</b>"."</li>
                <li>"Under "<b>"Service provider metadata"</b>" click "<b>"Download metadata file"</b>", and keep that page open for the third step."</li>
            </ol>
        </section>
        <h2>"AWS's metadata"</h2>
        <ReadForm existing=None next />
    }
}

/// Connections that were begun.
fn begun(page: Page<ProviderRow>) -> AnyView {
    let centers =
        page.rows.into_iter().filter(|row| SamlProvider::new("", "", row.audience.clone()).is_identity_center());
    let links = centers.map(|row| {
        let path = step_path(&row.name, Step::Application);
        view! { <li><a href=path>{row.name}</a>" "<code>{row.audience}</code></li> }
    });
    let links: Vec<_> = links.collect();
    if links.is_empty() {
        return ().into_any();
    }
    view! { <section class="panel" aria-label="Begun"><h2>"Take one up again"</h2><ul>{links}</ul></section> }
        .into_any()
}

/// A name for what was understood, and what signs for it.
#[component]
fn NameForm(found: SamlProvider, keys: Vec<String>) -> impl IntoView {
    let (name, key) = (RwSignal::new("identity-center".to_owned()), RwSignal::new(String::new()));
    let keep = RwSignal::new(found.keep_responses.to_string());
    let saving = Saving::new("The SAML provider was saved", Signal::stored(true), move |provider: &SamlProvider| {
        let provider = provider.clone();
        async move {
            let path = step_path(&provider.name, Step::Application);
            Outcome::of(create_provider(provider).await, path)
        }
    });
    let typed = Callback::new(move |()| -> Result<SamlProvider, Vec<FieldError>> {
        let signing_key = Some(key.get_untracked()).filter(|key| !key.is_empty());
        let keep_responses = keep.with_untracked(|keep| keep.trim().parse::<u32>());
        let keep_responses = keep_responses.map_err(|_| vec![FieldError::new("keep_responses", NO_COUNT)])?;
        let name = name.get_untracked().trim().to_owned();
        Ok(SamlProvider { name, signing_key, keep_responses, ..found.clone() })
    });
    let default = std::iter::once((String::new(), "the default key".to_owned()));
    let keys: Vec<Choice> = default.chain(keys.into_iter().map(|key| (key.clone(), key))).collect();
    view! {
        <SaveForm saving typed label="Save and go on">
            <fieldset>
                <legend>"SAML provider"</legend>
                <TextField id="name" label="Name" value=name on_input=Callback::new(move |v| name.set(v)) error=saving.refusals.error("name")
                    help="How applications refer to it; it cannot be changed later." />
                <SelectField id="signing_key" label="Signing key" value=key choices=keys on_change=Callback::new(move |v| key.set(v)) error=saving.refusals.error("signing_key")
                    help="Signs what people bring to AWS. AWS gets its certificate in the third step." />
                <TextField id="keep_responses" label="Responses to keep" value=keep on_input=Callback::new(move |v| keep.set(v)) error=saving.refusals.error("keep_responses") help=KEEPING />
            </fieldset>
        </SaveForm>
    }
}
