use leptos::{html, prelude::*};
use leptos_meta::Title;

/// True until the first page of the document has been shown; after that, a new heading takes the focus.
#[derive(Clone, Copy)]
pub struct FirstPage(pub StoredValue<bool>);

/// The one heading of a page, and the document's title.
#[component]
pub fn Heading(
    #[prop(into)] title: Signal<String>,
    /// What stands before it in the document's title, such as the name of a tab.
    #[prop(optional, into)]
    prefix: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let first = use_context::<FirstPage>();
    Effect::new(move |_| {
        let (Some(heading), Some(FirstPage(first))) = (heading.get(), first) else { return };
        if !first.get_value() {
            drop(heading.focus());
        }
        first.set_value(false);
    });
    let document = move || {
        let prefix = prefix.get();
        if prefix.is_empty() { title.get() } else { format!("{prefix} · {}", title.get()) }
    };
    // The server puts the title into the document when the page around it may be gone already, so it takes the words and
    // not where they come from. There they do not change any more.
    #[cfg(feature = "ssr")]
    let document = untrack(document);
    view! {
        <Title text=document formatter=|text| format!("{text} · Rolecall") />
        <div class="heading">
            <h1 tabindex="-1" node_ref=heading>{move || title.get()}</h1>
            <div class="actions">{children.map(|children| children())}</div>
        </div>
    }
}
