use leptos::{html, prelude::*};

use crate::{list::here, session::visitor};

/// What keys do, and switching off those that are a single one: people who speak to their computer set them off by
/// accident (WCAG 2.1.4).
#[component]
pub fn Shortcuts(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let here = here();
    let on = visitor().single_keys;
    let (state, value) = if on { ("Switch / and ? off", "off") } else { ("Switch / and ? on", "on") };
    let rows = [("Ctrl K, ⌘ K", "search everything"), ("/", "search the list"), ("?", "this list"), ("Esc", "close")];
    let rows = rows.map(|(keys, what)| view! { <div><dt><kbd>{keys}</kbd></dt><dd>{what}</dd></div> });
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="shortcuts">
            <h2 id="shortcuts">"Keyboard shortcuts"</h2>
            <dl class="facts">{rows.into_iter().collect_view()}</dl>
            <form method="post" action="/theme" class="actions">
                <input type="hidden" name="next" prop:value=move || here.get() />
                <button name="single" value=value>{state}</button>
                <button type="submit" formmethod="dialog">"Close"</button>
            </form>
        </dialog>
    }
}
