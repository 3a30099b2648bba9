use leptos::prelude::*;
use model::{
    AccessBinding, Application, ApplicationChoices, ApplicationDetail, BindingSubject, FieldError, PolicyEngineMode,
    Slug,
};

use super::{
    frame::{Onward, StepPage},
    state::Connection,
    words::{Step, step_path},
};
use crate::{
    applications::{
        api::{create_application, read_choices},
        application_path,
    },
    ui::{CheckField, CheckList, Failure, Outcome, SaveForm, Saving, Skeleton, TextField, retry},
};

/// What people open, and who may.
#[component]
pub fn ApplicationStep() -> impl IntoView {
    view! { <StepPage step=Step::Application content=content /> }
}

fn content(connection: Connection, again: Callback<()>) -> AnyView {
    let provider = connection.provider.provider.name;
    if let Some(detail) = connection.application {
        return there(provider, detail);
    }
    let choices = Resource::new(|| (), |()| read_choices());
    let form = move || {
        let provider = provider.clone();
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => view! { <ApplicationForm provider choices again /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p>"The application is the tile in people's portal, and it decides who may go to AWS. If there is one already, "<a href="/admin/applications">"edit it"</a>" and choose this SAML provider there."</p>
        <Suspense fallback=Skeleton>{form}</Suspense>
    }
    .into_any()
}

/// The application that is there already.
fn there(provider: String, detail: ApplicationDetail) -> AnyView {
    let application = detail.application;
    let path = application_path(application.slug.as_str());
    let who = if application.bindings.is_empty() {
        "every active user".to_owned()
    } else {
        let names = application.bindings.iter().map(|binding| match &binding.subject {
            BindingSubject::Group(name) => format!("group {name}"),
            BindingSubject::User(name) => format!("user {name}"),
            BindingSubject::Policy(name) => format!("policy {name}"),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    view! {
        <dl class="facts">
            <div><dt>"Application"</dt><dd><a href=path.clone()>{application.name}</a></dd></div>
            <div><dt>"Who may open it"</dt><dd>{who}</dd></div>
        </dl>
        <p><a href=format!("{path}/edit")>"Change the application"</a></p>
        <Onward provider step=Step::Application />
    }
    .into_any()
}

#[component]
fn ApplicationForm(provider: String, choices: ApplicationChoices, again: Callback<()>) -> impl IntoView {
    let (name, slug) = (RwSignal::new("AWS".to_owned()), RwSignal::new("identity-center".to_owned()));
    let (groups, everybody) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false));
    let onward = step_path(&provider, Step::Exchange);
    let dirty = Signal::derive(move || groups.with(|g| !g.is_empty()) || everybody.get());
    let saving = Saving::new("The application was created", dirty, move |application: &Application| {
        let (creating, onward) = (create_application(application.clone()), onward.clone());
        async move {
            let answer = creating.await;
            if answer.is_ok() {
                again.run(());
            }
            Outcome::of(answer, onward)
        }
    });
    let typed = Callback::new(move |()| {
        let mut faults = Vec::new();
        let parsed: Result<Slug, _> = slug.with_untracked(|slug| slug.trim().parse());
        let bindings = bound(groups.get_untracked(), everybody.get_untracked()).map_err(|fault| faults.push(fault));
        match (parsed, bindings) {
            (Ok(slug), Ok(bindings)) => Ok(Application {
                slug,
                name: name.get_untracked().trim().to_owned(),
                description: String::new(),
                icon: None,
                saml_provider: Some(provider.clone()),
                backchannel_providers: Vec::new(),
                launch_url: None,
                policy_engine_mode: PolicyEngineMode::Any,
                bindings,
                aws_roles: Vec::new(),
            }),
            (parsed, _) => {
                faults.extend(parsed.err().map(|error| FieldError::new("slug", error.to_string())));
                Err(faults)
            }
        }
    });
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let refusals = saving.refusals;
    let offered = choices.groups.into_iter().map(|group| (group.clone(), group)).collect();
    view! {
        <SaveForm saving typed label="Create the application">
            <fieldset>
                <legend>"Application"</legend>
                <TextField id="name" label="Name" value=name on_input=set(name) error=refusals.error("name") help="As members see it." />
                <TextField id="slug" label="Slug" value=slug on_input=set(slug) error=refusals.error("slug")
                    help="The name in its addresses. AWS keeps those addresses, so it cannot be changed later." />
                <CheckList id="groups" label="Who may open it" choices=offered value=groups on_change=Callback::new(move |all| groups.set(all)) error=refusals.error("groups")
                    none="There is no group yet." help="The members of these groups, and of the groups inside them." />
                <CheckField id="everybody" label="Every active user" value=everybody on_change=Callback::new(move |on| everybody.set(on)) />
            </fieldset>
        </SaveForm>
    }
}

/// Deny by default: a choice must be made.
fn bound(groups: Vec<String>, everybody: bool) -> Result<Vec<AccessBinding>, FieldError> {
    if everybody {
        return Ok(Vec::new());
    }
    if groups.is_empty() {
        return Err(FieldError::new("groups", "tick the groups whose members may open it, or every active user"));
    }
    let binding = |(order, group)| AccessBinding {
        subject: BindingSubject::Group(group),
        negate: false,
        order,
        enabled: true,
        failure_result: false,
    };
    Ok((0..).zip(groups).map(binding).collect())
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn nobody_is_let_in_by_not_choosing() {
        assert!(bound(Vec::new(), false).is_err());
        assert!(bound(Vec::new(), true).unwrap().is_empty());
        let bindings = bound(vec!["a".into(), "b".into()], false).unwrap();
        assert!(bindings.iter().all(|b| b.enabled && !b.negate) && bindings.len() == 2);
    }
}
