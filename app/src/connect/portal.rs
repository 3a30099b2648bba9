use leptos::prelude::*;
use model::{Application, ApplicationDetail, FieldError, Partition};

use super::{
    frame::{Onward, StepPage, application_first},
    state::Connection,
    words::{Step, step_path},
};
use crate::{
    applications::api::update_application,
    ui::{Outcome, SaveForm, Saving, TextField},
};

/// Where the tile leads: the AWS access portal.
#[component]
pub fn PortalStep() -> impl IntoView {
    view! { <StepPage step=Step::Portal content=content /> }
}

fn content(connection: Connection, again: Callback<()>) -> AnyView {
    // A double of AWS is of no partition.
    let example = connection.provider.provider.partition().unwrap_or(Partition::Aws).portal_example();
    let provider = connection.provider.provider.name;
    let Some(detail) = connection.application else { return application_first(&provider) };
    view! {
        <p>"At AWS, under "<b>"Settings"</b>" and "<b>"Identity source"</b>", click "<b>"Actions"</b>", then "<b>"Manage authentication"</b>", and note the "<b>"AWS access portal sign-in URL"</b>"."</p>
        <PortalForm provider=provider.clone() detail example again />
        <Onward provider step=Step::Portal label="Go on without it" aside=true />
    }
    .into_any()
}

#[component]
fn PortalForm(
    provider: String,
    detail: ApplicationDetail,
    example: &'static str,
    again: Callback<()>,
) -> impl IntoView {
    let ApplicationDetail { version, application, .. } = detail;
    let start = application.launch_url.clone().unwrap_or_default();
    let (address, before) = (RwSignal::new(start.clone()), start);
    let dirty = Signal::derive(move || address.with(|a| *a != before));
    let onward = step_path(&provider, Step::NameId);
    let saving = Saving::new("The start address was saved", dirty, move |application: &Application| {
        let slug = application.slug.to_string();
        let (updating, onward) = (update_application(slug, version, application.clone()), onward.clone());
        async move {
            let answer = updating.await;
            if answer.is_ok() {
                again.run(());
            }
            Outcome::of(answer, onward)
        }
    });
    let typed = Callback::new(move |()| -> Result<Application, Vec<FieldError>> {
        let launch_url = Some(address.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Application { launch_url, ..application.clone() })
    });
    view! {
        <SaveForm saving typed label="Save and go on">
            <fieldset>
                <legend>"Application"</legend>
                <TextField id="launch_url" label="AWS access portal sign-in URL" value=address on_input=Callback::new(move |v| address.set(v)) error=saving.refusals.error("launch_url")
                    help=format!("Where the tile leads, such as {example}. Empty: the tile signs in and goes to the portal by itself.") />
            </fieldset>
        </SaveForm>
    }
}
