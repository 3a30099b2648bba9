use leptos::prelude::*;

use crate::ui::listen;

/// Says that newer events are there, and reads the list again when asked to. The list itself never moves by itself
/// under a reader's eyes.
#[component]
pub fn NewEvents(
    /// The id of the newest event that is shown; empty: none.
    #[prop(into)]
    newest: Signal<String>,
    show: Callback<()>,
) -> impl IntoView {
    let heard = RwSignal::new(String::new());
    listen(Signal::derive(move || format!("/admin/events/stream?after={}", newest.get())), "count", heard);
    let line = move || match heard.with(|text| text.parse().unwrap_or_default()) {
        0u32 => None,
        1 => Some("1 new event".to_owned()),
        many if many >= MOST => Some(format!("{MOST} or more new events")),
        many => Some(format!("{many} new events")),
    };
    let on_click = move |_| {
        heard.set(String::new());
        show.run(());
    };
    view! {
        <div class="live" role="status">
            {move || line().map(|text| view! { <button type="button" on:click=on_click>{text}</button> })}
        </div>
    }
}

/// What the server counts up to.
pub const MOST: u32 = 100;
