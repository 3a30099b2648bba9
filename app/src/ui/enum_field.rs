use leptos::prelude::*;

use super::SelectField;

/// Each value with its code in the form and what a person reads.
pub type Values<T> = &'static [(T, &'static str, &'static str)];

/// One of the values of a type.
#[component]
pub fn EnumField<T: Copy + PartialEq + Send + Sync + 'static>(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    values: Values<T>,
    #[prop(into)] value: Signal<T>,
    on_change: Callback<T>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    let choices = values.iter().map(|(_, code, text)| ((*code).to_owned(), (*text).to_owned())).collect();
    let code = Signal::derive(move || {
        let now = value.get();
        values.iter().find(|(v, ..)| *v == now).map(|(_, code, _)| (*code).to_owned()).unwrap_or_default()
    });
    // A code that is not offered changes nothing.
    let on_code = Callback::new(move |code: String| {
        if let Some((value, ..)) = values.iter().find(|(_, c, _)| *c == code) {
            on_change.run(*value);
        }
    });
    view! { <SelectField id label value=code choices on_change=on_code error help /> }
}
