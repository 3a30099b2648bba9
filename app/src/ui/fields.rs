use leptos::prelude::*;

/// A value of a select, and what a person reads.
pub type Choice = (String, String);

/// The ids that describe a field: its help, and its error while there is one.
fn described(id: &str, error: Signal<Option<String>>) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let (help, fault) = (format!("{id}-help"), format!("{id}-error"));
    move || if error.with(Option::is_some) { format!("{fault} {help}") } else { help.clone() }
}

/// Label above; control; error and help below.
#[component]
fn Frame(id: String, label: String, help: String, error: Signal<Option<String>>, children: Children) -> impl IntoView {
    let (fault, help_id) = (format!("{id}-error"), format!("{id}-help"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {children()}
            <p class="field-error" id=fault>{move || error.get()}</p>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_input: Callback<String>,
    /// When the field is left: the time to say what is wrong.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] help: String,
    /// Id of a `<datalist>` with proposals.
    #[prop(optional, into)]
    proposals: Signal<Option<String>>,
    #[prop(optional)] readonly: bool,
) -> impl IntoView {
    let describedby = described(&id, error);
    view! {
        <Frame id=id.clone() label help error>
            <input
                id=id.clone() name=id type="text" readonly=readonly autocomplete="off" spellcheck="false"
                value=value.get_untracked() prop:value=move || value.get()
                list=move || proposals.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describedby
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| if let Some(blur) = on_blur { blur.run(()) }
            />
        </Frame>
    }
}

/// A secret on its way in. It is masked, the browser is asked not to keep it, and the server never sends it back.
#[component]
pub fn SecretField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] help: String,
) -> impl IntoView {
    let describedby = described(&id, error);
    view! {
        <Frame id=id.clone() label help error>
            <input
                id=id.clone() name=id type="password" autocomplete="off" spellcheck="false" prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describedby
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Frame>
    }
}

/// One of a few.
#[component]
pub fn SelectField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    choices: Vec<Choice>,
    on_change: Callback<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    let describedby = described(&id, error);
    let now = value.get_untracked();
    let options = choices.into_iter().map(move |(key, text)| {
        let selected = key == now;
        let this = key.clone();
        view! { <option value=key selected=selected prop:selected=move || value.with(|v| *v == this)>{text}</option> }
    });
    view! {
        <Frame id=id.clone() label help error>
            <select
                id=id.clone() name=id aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=describedby on:change=move |event| on_change.run(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        </Frame>
    }
}

/// Yes or no.
#[component]
pub fn CheckField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<bool>,
    on_change: Callback<bool>,
) -> impl IntoView {
    let (label_for, name) = (id.clone(), id.clone());
    view! {
        <label class="check" for=label_for>
            <input
                id=id name=name type="checkbox" checked=value.get_untracked() prop:checked=move || value.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
}
