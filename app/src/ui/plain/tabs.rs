use leptos::prelude::*;

/// The pages of one thing; `now` is the end of the address of the one that is shown.
pub fn tabs(label: &'static str, path: &str, now: &str, all: &[(&'static str, &'static str)]) -> AnyView {
    let links = all.iter().map(|(end, name)| {
        let current = (*end == now).then_some("page");
        view! { <a href=format!("{path}{end}") aria-current=current>{*name}</a> }
    });
    view! { <nav class="tabs" aria-label=label>{links.collect_view()}</nav> }.into_any()
}
