use leptos::prelude::*;
use model::{Application, ApplicationChoices, ApplicationDetail};

use super::{
    api::{create_application, read_application, update_application},
    bindings::BindingsEditor,
    draft::ApplicationDraft,
    form_state::FormState,
    roles::RolesEditor,
    words::application_path,
};
use crate::{
    conflict::{Conflict, Theirs},
    ui::{CheckList, SaveForm, Saving, SelectField, TextArea, TextField},
};

/// The form of an application, new or existing. `saved` is called after a save.
#[component]
pub fn ApplicationForm(
    /// None: a new one.
    existing: Option<ApplicationDetail>,
    choices: ApplicationChoices,
    saved: Callback<()>,
) -> impl IntoView {
    let start = existing.as_ref().map(|detail| ApplicationDraft::from(&detail.application)).unwrap_or_default();
    let state = FormState::new(start);
    let version = RwSignal::new(existing.as_ref().map(|detail| detail.version));
    let theirs = Theirs::<Application>::new();
    let is_new = existing.is_none();
    let dirty = state.dirty();
    let saving =
        Saving::new("The application was saved", dirty, move |(version, application): &(Option<u64>, Application)| {
            let (version, application, slug) = (*version, application.clone(), application.slug.to_string());
            async move {
                let answer = match version {
                    None => create_application(application).await,
                    Some(version) => update_application(slug.clone(), version, application).await,
                };
                if answer.is_ok() {
                    saved.run(());
                }
                let read = async { read_application(slug.clone()).await.map(|d| (d.version, d.application)) };
                theirs.outcome(answer, application_path(&slug), read).await
            }
        });
    state.heed(saving.refusals);
    let typed = Callback::new(move |()| {
        state.attempted.set(true);
        theirs.forget();
        let application = state.draft.with_untracked(ApplicationDraft::application);
        // The form shows by itself what does not parse.
        application.map(|application| (version.get_untracked(), application)).map_err(|_| Vec::new())
    });
    let label = if is_new { "Create the application" } else { "Save" };
    let mine = Callback::new(move |()| state.draft.with_untracked(ApplicationDraft::application).ok());
    let keep = Callback::new(move |newer| {
        version.set(Some(newer));
        saving.submit(typed.run(()));
    });
    let take = Callback::new(move |(newer, application): (u64, Application)| {
        version.set(Some(newer));
        state.replace(ApplicationDraft::from(&application));
    });
    view! {
        <SaveForm saving typed label problems=state.problems()>
            <Conflict what="application" theirs mine keep take />
            <Basics state is_new providers=choices.saml_providers.clone() scim_providers=choices.scim_providers.clone() />
            <BindingsEditor state choices=choices.clone() />
            <RolesEditor state groups=choices.groups />
        </SaveForm>
    }
}

/// What an application is, apart from its rows.
#[component]
fn Basics(state: FormState, is_new: bool, providers: Vec<String>, scim_providers: Vec<String>) -> impl IntoView {
    type Read = fn(&ApplicationDraft) -> &String;
    let read = move |read: Read| Signal::derive(move || state.draft.with(|draft| read(draft).clone()));
    let write = move |write: fn(&mut ApplicationDraft, String)| {
        Callback::new(move |text| state.draft.update(|draft| write(draft, text)))
    };
    let error = move |field: &'static str| state.error(move || field.to_owned());
    let touch = move |field: &'static str| state.touch(field.to_owned());
    let none = (String::new(), "none".to_owned());
    let providers = std::iter::once(none).chain(providers.into_iter().map(|p| (p.clone(), p))).collect();
    let scim_providers = scim_providers.into_iter().map(|p| (p.clone(), p)).collect();
    let backchannel = Signal::derive(move || state.draft.with(|draft| draft.backchannel_providers.clone()));
    let set_backchannel = Callback::new(move |all| state.draft.update(|draft| draft.backchannel_providers = all));
    let modes = vec![
        ("any".to_owned(), "one binding that passes is enough".to_owned()),
        ("all".to_owned(), "every binding must pass".to_owned()),
    ];
    let mode = Signal::derive(move || state.draft.with(|draft| if draft.all { "all" } else { "any" }.to_owned()));
    view! {
        <fieldset>
            <legend>"Application"</legend>
            <TextField id="name" label="Name" value=read(|d| &d.name) on_input=write(|d, v| d.name = v) on_blur=touch("name") error=error("name") help="As members see it." />
            <TextField id="slug" label="Slug" value=read(|d| &d.slug) on_input=write(|d, v| d.slug = v) on_blur=touch("slug") error=error("slug") readonly=!is_new
                help="The name in its addresses, such as aws. It cannot be changed later: service providers keep those addresses." />
            <TextArea id="description" label="Description" value=read(|d| &d.description) on_input=write(|d, v| d.description = v) error=error("description") help="One line under the name." />
            <SelectField id="saml_provider" label="SAML provider" value=read(|d| &d.saml_provider) choices=providers on_change=write(|d, v| d.saml_provider = v)
                error=error("saml_provider") help="How the service is spoken to." />
            <CheckList id="backchannel_providers" label="SCIM providers" choices=scim_providers value=backchannel on_change=set_backchannel error=error("backchannel_providers")
                help="Backchannel: who may open the application is pushed to them." none="There is none yet." />
            <SelectField id="policy_engine_mode" label="Access" value=mode choices=modes on_change=write(|d, v| d.all = v == "all") error=error("policy_engine_mode") />
            <details>
                <summary>"Icon and launch address"</summary>
                <TextField id="icon" label="Icon" value=read(|d| &d.icon) on_input=write(|d, v| d.icon = v) error=error("icon") help="An image inside the address itself: data:image/svg+xml;base64,… of at most 32 KiB. None: the first letters of the name." />
                <TextField id="launch_url" label="Launch address" value=read(|d| &d.launch_url) on_input=write(|d, v| d.launch_url = v) error=error("launch_url") help="Where the tile leads. None: the sign-on of the SAML provider." />
            </details>
        </fieldset>
    }
}
