use leptos::{html, prelude::*};

/// A question before something that cannot be taken back. The browser traps the focus, and Escape closes.
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
    let dialog = NodeRef::<html::Dialog>::new();
    let show = move |_| {
        if let Some(dialog) = dialog.get() {
            // It fails where the dialog is open already.
            drop(dialog.show_modal());
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
                <button type="button" class="danger" prop:disabled=move || pending.get() on:click=move |_| on_confirm.run(())>{confirm}</button>
                <button type="button" on:click=close>"Cancel"</button>
            </div>
        </dialog>
    }
}
