use leptos::prelude::*;

use super::{
    editor::{editor, list_id},
    source::line_of,
};

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
    /// It is Python with these names; see [`super::python::tokens`].
    #[prop(optional)]
    names: Option<&'static str>,
    /// The line that is at fault, where `error` does not name it.
    #[prop(optional, into)]
    line: Signal<Option<u32>>,
) -> impl IntoView {
    let (fault, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let describedby = format!("{fault} {help_id}");
    let marked = Signal::derive(move || line.get().or_else(|| error.with(|e| e.as_deref().and_then(line_of))));
    let control = view! {
        <textarea
            id=id.clone() name=id.clone() rows=rows.to_string() class:source=code spellcheck=(!code).to_string() autocomplete="off" prop:value=move || value.get()
            aria-autocomplete=names.map(|_| "list") aria-controls=names.map(|_| list_id(&id))
            aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describedby
            on:input=move |event| on_input.run(event_target_value(&event))
            on:blur=move |_| if let Some(blur) = on_blur { blur.run(()) }
        >
            {initial(value.get_untracked())}
        </textarea>
    };
    let control = control.into_any();
    let control = match names {
        Some(names) => {
            follow(id.clone(), value, marked);
            editor(&id, names, marked.get_untracked(), &value.get_untracked(), control)
        }
        None => control,
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
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

/// What is not typed but set, such as what somebody else has saved, is painted too.
#[cfg(feature = "hydrate")]
fn follow(id: String, value: Signal<String>, marked: Signal<Option<u32>>) {
    Effect::new(move |_| {
        value.track();
        let (id, marked) = (id.clone(), marked.get());
        // When the text area has it.
        request_animation_frame(move || super::repaint(&id, marked));
    });
}

#[cfg(not(feature = "hydrate"))]
fn follow(_id: String, _value: Signal<String>, _marked: Signal<Option<u32>>) {}

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

    #[test]
    fn python_is_painted_behind_its_text_area_with_the_line_that_was_refused() {
        Owner::new().with(|| {
            let (source, refused) = ("x = 1\nreturn <".to_owned(), Some("line 2, column 9: SyntaxError".to_owned()));
            let html = view! {
                <TextArea id="x" label="X" code=true names="user" value=Signal::stored(source) on_input=Callback::new(|_| ()) error=Signal::stored(refused) />
            }
            .to_html();
            assert!(html.contains("data-fault=\"2\"") && html.contains("line fault\"><span class=\"keyword\">return</span> &lt;"), "{html}");
            assert!(html.contains("aria-controls=\"x-names\"") && html.contains("id=\"x-names\""), "{html}");
        });
    }
}
