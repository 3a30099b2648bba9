use leptos::prelude::*;

/// Several lines of text. The only place that may write a `<textarea>`: the framework does not escape its children on
/// the server, so this does.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_input: Callback<String>,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] help: String,
    #[prop(default = 3)] rows: u32,
    /// For source code and keys: a fixed-width typeface, and no correction by the browser.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let (fault, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let describedby = format!("{fault} {help_id}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id.clone() name=id rows=rows.to_string() class:source=code spellcheck=(!code).to_string() autocomplete="off" prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describedby
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| if let Some(blur) = on_blur { blur.run(()) }
            >
                {initial(value.get_untracked())}
            </textarea>
            <p class="field-error" id=fault>{move || error.get()}</p>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}

#[cfg(feature = "ssr")]
fn initial(text: String) -> String {
    html_escape::encode_text(&text).into_owned()
}

/// In the browser the child is never looked at: the property holds the value.
#[cfg(not(feature = "ssr"))]
fn initial(text: String) -> String {
    text
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::TextArea;

    #[test]
    fn a_text_cannot_leave_its_text_area() {
        Owner::new().with(|| {
            let hostile = "</textarea><script>alert(1)</script>".to_owned();
            let html = view! {
                <TextArea id="x" label="X" value=Signal::stored(hostile) on_input=Callback::new(|_| ()) error=Signal::stored(None::<String>) />
            }
            .to_html();
            assert!(!html.contains("<script") && html.matches("</textarea>").count() == 1, "{html}");
        });
    }
}
