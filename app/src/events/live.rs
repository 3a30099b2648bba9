use leptos::prelude::*;

/// Says that newer events are there, and reads the list again when asked to. The list itself never moves by itself
/// under a reader's eyes.
#[component]
pub fn NewEvents(
    /// The id of the newest event that is shown; empty: none.
    #[prop(into)]
    newest: Signal<String>,
    show: Callback<()>,
) -> impl IntoView {
    let count = RwSignal::new(0u32);
    follow(newest, count);
    let line = move || match count.get() {
        0 => None,
        1 => Some("1 new event".to_owned()),
        many if many >= MOST => Some(format!("{MOST} or more new events")),
        many => Some(format!("{many} new events")),
    };
    let on_click = move |_| {
        count.set(0);
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

/// Listens to the server as long as the page is shown.
#[cfg(feature = "hydrate")]
fn follow(newest: Signal<String>, count: RwSignal<u32>) {
    use gloo_net::eventsource::futures::EventSource;
    use leptos::task::spawn_local;

    // The source closes when it is dropped, which ends its task.
    let source = StoredValue::new_local(None::<EventSource>);
    Effect::new(move |_| {
        let id = newest.get();
        let Ok(mut opened) = EventSource::new(&format!("/admin/events/stream?after={id}")) else { return };
        let Ok(mut messages) = opened.subscribe("count") else { return };
        source.set_value(Some(opened));
        spawn_local(async move {
            use futures_util::StreamExt;
            while let Some(Ok((_, message))) = messages.next().await {
                let text = message.data().as_string().unwrap_or_default();
                // The page may have gone while the message was on its way.
                if count.try_set(text.parse().unwrap_or_default()).is_some() {
                    break;
                }
            }
        });
    });
    on_cleanup(move || drop(source.try_update_value(Option::take)));
}

#[cfg(not(feature = "hydrate"))]
fn follow(_newest: Signal<String>, _count: RwSignal<u32>) {}
