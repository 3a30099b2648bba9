use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::Hit;

use super::{
    api::find,
    keys::{Wish, wish},
    shortcuts::Shortcuts,
};
use crate::{
    session::visitor,
    ui::{focus, leaving},
};

/// How long nothing is typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// The way to everything by keyboard: a field above a list of what fits (the combobox pattern of ARIA). Its button in the bar
/// leads to the search page where there is no JavaScript.
#[component]
pub fn Palette() -> impl IntoView {
    let (dialog, help) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Dialog>::new());
    let field = NodeRef::<html::Input>::new();
    let (hits, active, turn) = (RwSignal::new(Vec::<Hit>::new()), RwSignal::new(0usize), StoredValue::new(0u32));
    let single = visitor().single_keys;
    let navigate = use_navigate();
    // Of several answers on their way only the one to what was typed last counts.
    let ask = move |text: String, pause: Duration| {
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let send = move || {
            if turn.try_get_value() != Some(mine) {
                return;
            }
            spawn_local(async move {
                let found = find(text).await.unwrap_or_default();
                if turn.try_get_value() == Some(mine) {
                    active.set(0);
                    hits.set(found);
                }
            });
        };
        set_timeout(send, pause);
    };
    let open = move || {
        if let Some(field) = field.get() {
            field.set_value("");
        }
        show(dialog);
        ask(String::new(), Duration::ZERO);
    };
    let may_leave = leaving();
    let go = move |href: &str| {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
        if !may_leave.run(()) {
            return;
        }
        navigate(href, NavigateOptions::default());
    };
    let choose = Callback::new(move |place: usize| {
        if let Some(hit) = hits.with(|hits| hits.get(place).cloned()) {
            go(&hit.href);
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        let last = hits.with(Vec::len).saturating_sub(1);
        let now = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => active.set(if now >= last { 0 } else { now + 1 }),
            "ArrowUp" => active.set(if now == 0 { last } else { now - 1 }),
            "Enter" => choose.run(now),
            _ => return,
        }
        event.prevent_default();
        reveal(active.get_untracked());
    };
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            let Some(wish) = wish(&event, single) else { return };
            event.prevent_default();
            match wish {
                Wish::Palette => open(),
                Wish::Search => focus("search"),
                Wish::Shortcuts => show(help),
            }
        });
        on_cleanup(move || handle.remove());
    });
    let options = move || {
        let option = |(place, hit): (usize, Hit)| {
            let selected = move || if active.get() == place { "true" } else { "false" };
            view! {
                <li id=option_id(place) role="option" aria-selected=selected on:click=move |_| choose.run(place)>
                    <span class="kind">{hit.kind}</span><span>{hit.title}</span><span class="help">{hit.detail}</span>
                </li>
            }
        };
        hits.get().into_iter().enumerate().map(option).collect_view()
    };
    let current = move || hits.with(|hits| (!hits.is_empty()).then(|| option_id(active.get())));
    let on_click = move |event: ev::MouseEvent| {
        event.prevent_default();
        open();
    };
    view! {
        <form method="get" action="/admin/search" class="find"><button on:click=on_click>"Find "<kbd>"Ctrl K"</kbd></button></form>
        <dialog node_ref=dialog class="dialog palette" aria-label="Find anything">
            <input
                node_ref=field type="text" role="combobox" aria-label="Find pages, actions and things" aria-expanded="true"
                aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Find anything"
                aria-activedescendant=current on:keydown=on_key on:input=move |event| ask(event_target_value(&event), PAUSE)
            />
            <ul id="palette-list" role="listbox" aria-label="What fits">{options}</ul>
            <p class="help" role="status">{move || format!("{} found", hits.with(Vec::len))}</p>
        </dialog>
        <Shortcuts dialog=help />
    }
}

fn option_id(place: usize) -> String {
    format!("hit-{place}")
}

fn show(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked()
        && !dialog.open()
    {
        // It fails where the dialog is not in the document.
        drop(dialog.show_modal());
    }
}

/// The active option is in sight.
#[cfg(feature = "hydrate")]
fn reveal(place: usize) {
    if let Some(option) = document().get_element_by_id(&option_id(place)) {
        option.scroll_into_view_with_bool(false);
    }
}

#[cfg(not(feature = "hydrate"))]
fn reveal(_place: usize) {}
