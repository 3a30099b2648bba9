use leptos::{html, prelude::*};

use super::waiting;

/// A question before something that cannot be taken back. The browser traps the focus, Escape closes, and whoever presses
/// Enter without reading has cancelled.
#[component]
pub fn ConfirmDialog(
    #[prop(into)] id: String,
    /// The label of the button that opens it.
    #[prop(into)]
    open: String,
    #[prop(into)] title: String,
    /// The label of the button that does it.
    #[prop(into)]
    confirm: String,
    #[prop(into)] pending: Signal<bool>,
    on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    let (dialog, cancel) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Button>::new());
    let show = move |_| {
        if let Some(dialog) = dialog.get() {
            // It fails where the dialog is open already.
            drop(dialog.show_modal());
        }
        if let Some(cancel) = cancel.get() {
            drop(cancel.focus());
        }
    };
    // A button that is disabled would let go of the focus.
    let sure = move |_| {
        if !pending.get_untracked() {
            on_confirm.run(());
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let heading = format!("{id}-title");
    let labelledby = heading.clone();
    view! {
        <button type="button" class="danger" on:click=show>{open}</button>
        <dialog node_ref=dialog id=id aria-labelledby=labelledby class="dialog">
            <h2 id=heading>{title}</h2>
            {children()}
            <div class="actions">
                <button type="button" class="danger" aria-disabled=waiting(pending) on:click=sure>{confirm}</button>
                <button type="button" node_ref=cancel on:click=close>"Cancel"</button>
            </div>
        </dialog>
    }
}
