use leptos::prelude::*;

/// Listens to the server-sent events of a name as long as the page is shown, and keeps the text of the last one. The
/// browser connects again by itself.
#[cfg(feature = "hydrate")]
pub fn listen(url: Signal<String>, event: &'static str, heard: RwSignal<String>) {
    use gloo_net::eventsource::futures::EventSource;
    use leptos::task::spawn_local;

    // The source closes when it is dropped, which ends its task.
    let source = StoredValue::new_local(None::<EventSource>);
    Effect::new(move |_| {
        let url = url.get();
        // What was told from elsewhere says nothing of here.
        heard.set(String::new());
        let Ok(mut opened) = EventSource::new(&url) else { return };
        let Ok(mut messages) = opened.subscribe(event) else { return };
        source.set_value(Some(opened));
        spawn_local(async move {
            use futures_util::StreamExt;
            while let Some(Ok((_, message))) = messages.next().await {
                // The page may have gone while the message was on its way.
                if heard.try_set(message.data().as_string().unwrap_or_default()).is_some() {
                    break;
                }
            }
        });
    });
    on_cleanup(move || drop(source.try_update_value(Option::take)));
}

/// On the server nothing is listened to: the page that is sent is whole.
#[cfg(not(feature = "hydrate"))]
pub fn listen(_url: Signal<String>, _event: &'static str, _heard: RwSignal<String>) {}
