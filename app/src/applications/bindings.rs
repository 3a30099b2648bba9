use leptos::prelude::*;
use model::ApplicationChoices;

use super::{
    draft::{BindingDraft, SubjectKind},
    form_state::FormState,
};
use crate::ui::{CheckField, SelectField, TextField, focus_soon};

/// Who may open the application.
#[component]
pub fn BindingsEditor(state: FormState, choices: ApplicationChoices) -> impl IntoView {
    let keys = move || state.draft.with(|draft| draft.bindings.iter().map(|b| b.key).collect::<Vec<_>>());
    let options = |id: &'static str, names: Vec<String>| {
        view! { <datalist id=id>{names.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist> }
    };
    let add = move |_| {
        state.draft.update(|draft| draft.add_binding());
        if let Some(key) = state.draft.with_untracked(|draft| draft.bindings.last().map(|b| b.key)) {
            focus_soon(format!("binding-{key}-kind"));
        }
    };
    view! {
        <fieldset class="rows">
            <legend>"Bindings"</legend>
            <p class="help">"Each asks one thing about a person. With none at all, every active user may open the application."</p>
            {options("group-names", choices.groups)}
            {options("policy-names", choices.policies)}
            <For each=keys key=|key| *key let:key><BindingRow state key /></For>
            <button type="button" id="add-binding" on:click=add>"Add a binding"</button>
        </fieldset>
    }
}

#[component]
fn BindingRow(state: FormState, key: u32) -> impl IntoView {
    let id = |part: &str| format!("binding-{key}-{part}");
    let kinds = SubjectKind::ALL.map(|kind| (kind.code().to_owned(), kind.code().to_owned())).to_vec();
    let kind = state.binding(key, |b| b.kind, SubjectKind::Group);
    let proposals = Signal::derive(move || match kind.get() {
        SubjectKind::Group => Some("group-names".to_owned()),
        SubjectKind::Policy => Some("policy-names".to_owned()),
        SubjectKind::User => None,
    });
    let touch_name = Callback::new(move |()| state.touch(state.binding_path(key, "")()).run(()));
    let touch_order = Callback::new(move |()| state.touch(state.binding_path(key, "order")()).run(()));
    let remove = move |_| {
        focus_soon("add-binding".to_owned());
        state.draft.update(|draft| draft.bindings.retain(|b| b.key != key));
    };
    let yes = move |read: fn(&BindingDraft) -> bool| state.binding(key, read, false);
    let on_kind = state.set_binding(key, |b, code: String| b.kind = SubjectKind::of(&code));
    let kind_code = Signal::derive(move || kind.get().code().to_owned());
    let policy_only = move || {
        (kind.get() == SubjectKind::Policy).then(|| {
            let value = yes(|b| b.failure_result);
            let on_change = state.set_binding(key, |b, v| b.failure_result = v);
            view! { <CheckField id=format!("binding-{key}-failure") label="Passes when the policy itself fails" value on_change /> }
        })
    };
    view! {
        <div class="row" role="group" aria-label=move || format!("Binding: {} {}", kind.get().code(), state.binding(key, |b| b.name.clone(), String::new()).get())>
            <SelectField id=id("kind") label="Kind" value=kind_code choices=kinds on_change=on_kind error=Signal::stored(None::<String>) />
            <TextField id=id("name") label="Name" value=state.binding(key, |b| b.name.clone(), String::new())
                on_input=state.set_binding(key, |b, v| b.name = v) on_blur=touch_name error=state.error(state.binding_path(key, "")) proposals />
            <TextField id=id("order") label="Order" value=state.binding(key, |b| b.order.clone(), String::new())
                on_input=state.set_binding(key, |b, v| b.order = v) on_blur=touch_order error=state.error(state.binding_path(key, "order")) />
            <div class="checks">
                <CheckField id=id("negate") label="Negate" value=yes(|b| b.negate) on_change=state.set_binding(key, |b, v| b.negate = v) />
                <CheckField id=id("enabled") label="Enabled" value=yes(|b| b.enabled) on_change=state.set_binding(key, |b, v| b.enabled = v) />
                {policy_only}
            </div>
            <button type="button" on:click=remove>"Remove"</button>
        </div>
    }
}
