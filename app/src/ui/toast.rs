use std::time::Duration;

use leptos::prelude::*;

use super::{Badge, Tone};

#[derive(Debug, Clone)]
struct Toast {
    id: u64,
    good: bool,
    text: String,
}

/// Short messages at the edge of the page. Never the only place of an error.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<(u64, Vec<Toast>)>);

const SHOWN: Duration = Duration::from_secs(6);

/// Makes [`Toasts`] available to every page. Call it once, at the root.
pub fn provide_toasts() {
    provide_context(Toasts(RwSignal::new((0, Vec::new()))));
}

/// Where to tell something short. Outside of the pages, as in tests, nobody hears it.
pub fn toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts(RwSignal::new((0, Vec::new()))))
}

impl Toasts {
    pub fn good(self, text: impl Into<String>) {
        self.show(true, text.into());
    }

    pub fn bad(self, text: impl Into<String>) {
        self.show(false, text.into());
    }

    fn show(self, good: bool, text: String) {
        let id = self.0.with_untracked(|(last, _)| last + 1);
        self.0.update(|(last, toasts)| {
            *last = id;
            toasts.push(Toast { id, good, text });
        });
        set_timeout(move || self.close(id), SHOWN);
    }

    fn close(self, id: u64) {
        self.0.update(|(_, toasts)| toasts.retain(|toast| toast.id != id));
    }
}

/// Where toasts appear; a live region that is there from the start.
#[component]
pub fn Toaster() -> impl IntoView {
    let toasts = toasts();
    let all = move || toasts.0.with(|(_, all)| all.clone());
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=all key=|toast| toast.id let:toast>
                <div class="toast">
                    {if toast.good { view! { <Badge tone=Tone::Good text="Done" /> } } else { view! { <Badge tone=Tone::Bad text="Failed" /> } }}
                    <span>{toast.text}</span>
                    <button type="button" class="icon-button" aria-label="Close the message" on:click=move |_| toasts.close(toast.id)>"×"</button>
                </div>
            </For>
        </div>
    }
}
