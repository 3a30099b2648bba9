use leptos::prelude::*;

/// A table's shape while its rows are on their way; the style sheet shows it after 150 ms.
#[component]
pub fn Skeleton() -> impl IntoView {
    let row = || view! { <span></span> };
    view! { <div class="skeleton" role="status" aria-label="Loading">{row()}{row()}{row()}{row()}</div> }
}
