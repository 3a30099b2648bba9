use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{Application, ApplicationChoices, ApplicationDetail, Fault};

use super::{
    api::{create_application, read_application, update_application},
    bindings::BindingsEditor,
    conflict::Conflict,
    draft::ApplicationDraft,
    form_state::FormState,
    roles::RolesEditor,
};
use crate::{
    error::Answer,
    ui::{ErrorSummary, SelectField, TextArea, TextField, Toasts, Unsaved, focus},
};

/// How a save went.
#[derive(Debug, Clone)]
enum Outcome {
    Saved(String),
    Refused(Fault),
    /// Somebody saved meanwhile; what they saved, where it can be read.
    Overtaken(Box<Answer<ApplicationDetail>>),
}

/// Saves; where somebody was faster, also fetches what they saved.
async fn save(existing: Option<u64>, application: Application) -> Outcome {
    let slug = application.slug.to_string();
    let answer = match existing {
        None => create_application(application).await,
        Some(version) => update_application(slug.clone(), version, application).await,
    };
    match answer.map_err(|error| error.0) {
        Ok(()) => Outcome::Saved(slug),
        Err(Fault::Conflict(_)) if existing.is_some() => Outcome::Overtaken(Box::new(read_application(slug).await)),
        Err(fault) => Outcome::Refused(fault),
    }
}

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
    let theirs = RwSignal::new(None::<ApplicationDetail>);
    let is_new = existing.is_none();
    let unsaved = use_context::<Unsaved>();
    let dirty = state.dirty();
    Effect::new(move |_| {
        if let Some(Unsaved(flag)) = unsaved {
            flag.set(dirty.get());
        }
    });
    on_cleanup(move || {
        if let Some(Unsaved(flag)) = unsaved {
            flag.set(false);
        }
    });
    let saving =
        Action::new(move |(version, application): &(Option<u64>, Application)| save(*version, application.clone()));
    let navigate = use_navigate();
    let toasts = use_context::<Toasts>();
    Effect::new(move |_| match saving.value().get() {
        Some(Outcome::Saved(slug)) => {
            if let Some(Unsaved(flag)) = unsaved {
                flag.set(false);
            }
            if let Some(toasts) = toasts {
                toasts.good("The application was saved");
            }
            saved.run(());
            navigate(&format!("/admin/applications/{slug}"), NavigateOptions::default());
        }
        Some(Outcome::Refused(fault)) => state.refused.set(match fault {
            Fault::Invalid(fields) => fields,
            other => vec![model::FieldError::new("", other.to_string())],
        }),
        Some(Outcome::Overtaken(newer)) => match *newer {
            Ok(detail) => theirs.set(Some(detail)),
            Err(error) => state.refused.set(vec![model::FieldError::new("", error.to_string())]),
        },
        None => {}
    });
    let submit = move || {
        state.attempted.set(true);
        state.refused.set(Vec::new());
        theirs.set(None);
        match state.draft.with_untracked(ApplicationDraft::application) {
            Ok(application) => drop(saving.dispatch((version.get_untracked(), application))),
            Err(_) => focus("form-problems"),
        }
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let overtaken = move || {
        theirs.get().map(|detail| {
            let newer = detail.version;
            let mine = state.draft.with_untracked(ApplicationDraft::application).ok();
            let keep = Callback::new(move |()| {
                version.set(Some(newer));
                submit();
            });
            let draft = ApplicationDraft::from(&detail.application);
            let take = Callback::new(move |()| {
                version.set(Some(newer));
                state.replace(draft.clone());
                theirs.set(None);
            });
            view! { <Conflict theirs=detail.application mine keep take /> }
        })
    };
    view! {
        <form class="form" on:submit=on_submit novalidate>
            <div id="form-problems" tabindex="-1"><ErrorSummary problems=state.problems() /></div>
            {overtaken}
            <Basics state is_new providers=choices.saml_providers.clone() />
            <BindingsEditor state choices=choices.clone() />
            <RolesEditor state groups=choices.groups />
            <div class="save-bar">
                <button type="submit" class="primary" prop:disabled=move || saving.pending().get()>{if is_new { "Create the application" } else { "Save" }}</button>
                <span role="status">{move || dirty.get().then_some("There are unsaved changes.")}</span>
            </div>
        </form>
    }
}

/// What an application is, apart from its rows.
#[component]
fn Basics(state: FormState, is_new: bool, providers: Vec<String>) -> impl IntoView {
    type Read = fn(&ApplicationDraft) -> &String;
    let read = move |read: Read| Signal::derive(move || state.draft.with(|draft| read(draft).clone()));
    let write = move |write: fn(&mut ApplicationDraft, String)| {
        Callback::new(move |text| state.draft.update(|draft| write(draft, text)))
    };
    let error = move |field: &'static str| state.error(move || field.to_owned());
    let touch = move |field: &'static str| state.touch(field.to_owned());
    let none = (String::new(), "none".to_owned());
    let providers = std::iter::once(none).chain(providers.into_iter().map(|p| (p.clone(), p))).collect();
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
            <SelectField id="policy_engine_mode" label="Access" value=mode choices=modes on_change=write(|d, v| d.all = v == "all") error=error("policy_engine_mode") />
            <details>
                <summary>"Icon and launch address"</summary>
                <TextField id="icon" label="Icon" value=read(|d| &d.icon) on_input=write(|d, v| d.icon = v) error=error("icon") help="An image inside the address itself: data:image/svg+xml;base64,… of at most 32 KiB. None: the first letters of the name." />
                <TextField id="launch_url" label="Launch address" value=read(|d| &d.launch_url) on_input=write(|d, v| d.launch_url = v) error=error("launch_url") help="Where the tile leads. None: the sign-on of the SAML provider." />
            </details>
        </fieldset>
    }
}
