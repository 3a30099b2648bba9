use leptos::prelude::*;

/// What a list shows when it has no rows: what this is, and the first thing to do.
#[component]
pub fn Empty(#[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! { <div class="empty-state"><p>{text}</p>{children.map(|children| children())}</div> }
}
