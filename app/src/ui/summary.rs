use leptos::prelude::*;

/// Something wrong in a form: the id of the field (empty: the whole) and what.
pub type Problem = (String, String);

/// All that is wrong in a form, with links to the fields. Mounted from the start, so that it is read out when filled.
#[component]
pub fn ErrorSummary(#[prop(into)] problems: Signal<Vec<Problem>>) -> impl IntoView {
    let lines = move || {
        let line = |(id, text): Problem| {
            if id.is_empty() {
                return view! { <li>{text}</li> }.into_any();
            }
            let href = format!("#{id}");
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                super::focus(&id);
            };
            view! { <li><a href=href on:click=go>{text}</a></li> }.into_any()
        };
        problems.get().into_iter().map(line).collect_view()
    };
    let class = move || if problems.with(Vec::is_empty) { "summary" } else { "summary notice bad" };
    view! {
        <div class=class role="alert">
            <p>{move || (!problems.with(Vec::is_empty)).then_some("Nothing was saved yet:")}</p>
            <ul>{lines}</ul>
        </div>
    }
}
