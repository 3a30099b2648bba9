use leptos::prelude::*;

/// HTML that our own server drew, where every text was escaped. The only place that may show HTML as it is.
#[component]
pub fn Drawn(html: String) -> impl IntoView {
    view! { <div inner_html=html></div> }
}
