use leptos::prelude::*;

/// What is wider than a small screen scrolls by itself, and by keyboard.
#[component]
pub fn Scroll(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <div class="scroll" tabindex="0" role="region" aria-label=label>{children()}</div> }
}
