use leptos::prelude::*;
use model::FieldError;

use super::field_id;

/// A form that saves something.
pub struct Form {
    /// Where it posts to.
    pub action: String,
    /// Of the button.
    pub label: &'static str,
    /// The version that the change is made from.
    pub version: Option<u64>,
    pub body: AnyView,
    /// Another button beside the one that saves: value of `act`, and label.
    pub other: Option<(&'static str, &'static str)>,
    /// A form that saves asks before it is left unsaved.
    pub guarded: bool,
}

/// The summary of what is wrong, then the fields, then the button.
pub fn form(form: Form, faults: &[FieldError]) -> AnyView {
    let Form { action, label, version, body, other, guarded } = form;
    let version = version.map(|version| view! { <input type="hidden" name="version" value=version.to_string() /> });
    let other = other.map(|(act, label)| view! { <button type="submit" name="act" value=act>{label}</button> });
    let unsaved = guarded.then(|| view! { <span class="unsaved" role="status">"There are unsaved changes."</span> });
    view! {
        <form class=if guarded { "form" } else { "asked" } method="post" action=action novalidate>
            {problems(faults)}
            {version}
            {body}
            <div class="save-bar">
                <button type="submit" class="primary">{label}</button>
                {other}
                {unsaved}
            </div>
        </form>
    }
    .into_any()
}

/// A form that makes something. `label` is that of the button.
pub fn making(action: String, label: &'static str, body: AnyView, faults: &[FieldError]) -> AnyView {
    form(Form { action, label, version: None, body, other: None, guarded: true }, faults)
}

/// A form that changes something from a version. Where somebody was faster, both sides stand above it, and it saves over
/// theirs.
pub fn changing(
    action: String,
    version: u64,
    conflict: Option<AnyView>,
    body: AnyView,
    faults: &[FieldError],
) -> AnyView {
    let label = if conflict.is_some() { "Save mine over it" } else { "Save" };
    let form = form(Form { action, label, version: Some(version), body, other: None, guarded: true }, faults);
    view! { {conflict}{form} }.into_any()
}

/// All that is wrong, with links to the fields.
fn problems(faults: &[FieldError]) -> AnyView {
    if faults.is_empty() {
        return ().into_any();
    }
    let lines = faults.iter().map(|fault| {
        let text = fault.message.clone();
        match field_id(&fault.field) {
            "" => view! { <li>{text}</li> }.into_any(),
            id => view! { <li><a href=format!("#{id}") rel="external">{text}</a></li> }.into_any(),
        }
    });
    view! {
        <div class="summary notice bad" role="alert"><p>"Nothing was saved yet:"</p><ul>{lines.collect_view()}</ul></div>
    }
    .into_any()
}

/// A question before something that cannot be taken back.
pub struct Confirm {
    pub action: String,
    /// What it does, in a word or two.
    pub label: String,
    pub hidden: Vec<(&'static str, String)>,
    /// Where to go instead.
    pub back: String,
    /// What it brings about.
    pub body: AnyView,
    /// Why it cannot be done now. None: it can.
    pub kept: Option<String>,
}

pub fn confirm(confirm: Confirm) -> AnyView {
    let Confirm { action, label, hidden, back, body, kept } = confirm;
    if let Some(why) = kept {
        return view! { {body}<p class="notice bad">{why}</p><p><a class="button" href=back>"Go back"</a></p> }
            .into_any();
    }
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        {body}
        <form method="post" action=action class="actions">
            {hidden.collect_view()}
            <button type="submit" name="sure" value="yes" class="danger">{label}</button>
            <a class="button" href=back>"Cancel"</a>
        </form>
    }
    .into_any()
}
