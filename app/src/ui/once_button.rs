use leptos::prelude::*;

/// A button whose work runs once at a time. It keeps the focus while that is under way.
#[component]
pub fn OnceButton(
    #[prop(into)] label: String,
    /// What it is called where the label alone does not say what it acts on.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional)] primary: bool,
    #[prop(into)] pending: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    let press = move |_| {
        if !pending.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button type="button" class:primary=primary aria-label=name aria-disabled=waiting(pending) on:click=press>{label}</button>
    }
}

/// `aria-disabled` of a button while its work is under way: a button that is disabled loses the focus.
pub fn waiting(pending: Signal<bool>) -> impl Fn() -> Option<&'static str> + Copy {
    move || pending.get().then_some("true")
}
