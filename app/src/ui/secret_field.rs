use leptos::prelude::*;

/// A secret on its way in. It is masked, the browser is asked not to keep it, and the server never sends it back.
#[component]
pub fn SecretField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] help: String,
) -> impl IntoView {
    let (fault, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let describedby = format!("{fault} {help_id}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone() name=id type="password" autocomplete="off" spellcheck="false" prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describedby
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p class="field-error" id=fault>{move || error.get()}</p>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}
