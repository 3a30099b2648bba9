use std::collections::BTreeSet;

use leptos::prelude::*;

use super::CheckField;

/// Any number of a few, each with a box of its own.
#[component]
pub fn CheckList(
    /// The id of the whole; the boxes are numbered behind it.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// Each value and what a person reads.
    choices: Vec<super::Choice>,
    /// The values that are ticked, in the order of ticking.
    #[prop(into)]
    value: Signal<Vec<String>>,
    on_change: Callback<Vec<String>>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] help: String,
    /// What is said where there is nothing to tick.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    // What was ticked earlier and is gone since must still be there to be taken away.
    let known: BTreeSet<String> = choices.iter().map(|(key, _)| key.clone()).collect();
    let gone = value.get_untracked().into_iter().filter(|key| !known.contains(key));
    let gone: Vec<_> = gone.map(|key| (key.clone(), format!("{key} (it does not exist any more)"))).collect();
    let all: Vec<_> = choices.into_iter().chain(gone).collect();
    let empty = all.is_empty().then(|| view! { <p class="help">{none}</p> });
    let boxes = all.into_iter().enumerate().map(|(index, (key, text))| {
        let this = key.clone();
        let on = Signal::derive(move || value.with(|all| all.contains(&this)));
        let on_change = Callback::new(move |on: bool| {
            let mut all = value.get_untracked();
            all.retain(|kept| *kept != key);
            if on {
                all.push(key.clone());
            }
            on_change.run(all);
        });
        view! { <CheckField id=format!("{id}-{index}") label=text value=on on_change /> }
    });
    let boxes = boxes.collect_view();
    let (label_id, fault, help_id) = (format!("{id}-label"), format!("{id}-error"), format!("{id}-help"));
    let (labelledby, describedby) = (label_id.clone(), format!("{fault} {help_id}"));
    view! {
        <div class="field check-list" id=id.clone() tabindex="-1" role="group" aria-labelledby=labelledby aria-describedby=describedby>
            <p class="label" id=label_id>{label}</p>
            <div class="boxes">{boxes}</div>
            {empty}
            <p class="field-error" id=fault>{move || error.get()}</p>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}
