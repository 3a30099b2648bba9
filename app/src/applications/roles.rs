use leptos::prelude::*;

use super::form_state::FormState;
use crate::ui::{SelectField, TextField, focus_soon};

/// AWS roles without code.
#[component]
pub fn RolesEditor(state: FormState, groups: Vec<String>) -> impl IntoView {
    let keys = move || state.draft.with(|draft| draft.aws_roles.iter().map(|r| r.key).collect::<Vec<_>>());
    let groups = StoredValue::new(groups);
    let add = move |_| {
        state.draft.update(|draft| draft.add_role());
        if let Some(key) = state.draft.with_untracked(|draft| draft.aws_roles.last().map(|r| r.key)) {
            focus_soon(format!("role-{key}-role"));
        }
    };
    view! {
        <fieldset class="rows">
            <legend>"AWS roles"</legend>
            <p class="help">"Who is in one of the groups may take the role. They are added to what the Role mapping gives."</p>
            <For each=keys key=|key| *key let:key><RoleRow state key groups=groups.get_value() /></For>
            <button type="button" id="add-role" on:click=add>"Add a role"</button>
        </fieldset>
    }
}

#[component]
fn RoleRow(state: FormState, key: u32, groups: Vec<String>) -> impl IntoView {
    let id = |part: &str| format!("role-{key}-{part}");
    let touch = move |part: &'static str| Callback::new(move |()| state.touch(state.role_path(key, part)()).run(()));
    let remove = move |_| {
        focus_soon("add-role".to_owned());
        state.draft.update(|draft| draft.aws_roles.retain(|r| r.key != key));
    };
    let role = state.role(key, |r| r.role.clone());
    let whole_row = state.error(state.role_path(key, ""));
    view! {
        <div class="row" role="group" aria-label=move || format!("AWS role {}", role.get())>
            <TextField id=id("role") label="Role ARN" value=role on_input=state.set_role(key, |r, v| r.role = v) on_blur=touch("role")
                error=state.error(state.role_path(key, "role")) help="arn:aws:iam::123412341234:role/Admin" />
            <TextField id=id("provider") label="SAML provider ARN" value=state.role(key, |r| r.provider.clone())
                on_input=state.set_role(key, |r, v| r.provider = v) on_blur=touch("provider")
                error=state.error(state.role_path(key, "provider")) help="arn:aws:iam::123412341234:saml-provider/rolecall" />
            <Groups state key groups />
            <p class="field-error">{move || whole_row.get()}</p>
            <button type="button" on:click=remove>"Remove"</button>
        </div>
    }
}

/// The groups of a role: chosen ones can be taken away, the others added.
#[component]
fn Groups(state: FormState, key: u32, groups: Vec<String>) -> impl IntoView {
    let chosen = state.role(key, |r| r.groups.clone());
    let take = state.set_role(key, |r, name: String| r.groups.retain(|g| *g != name));
    let first = (String::new(), "Add a group …".to_owned());
    let choices = std::iter::once(first).chain(groups.into_iter().map(|g| (g.clone(), g))).collect();
    let picked = state.role(key, |r| r.picked.clone());
    let pick = state.set_role(key, |r, name| r.picked = name);
    // Not by each change: the arrow keys pass over groups on the way to the one that is meant.
    let add = state.set_role(key, |r, ()| r.add_picked());
    let nobody = move || chosen.with(Vec::is_empty) && picked.with(String::is_empty);
    let empty = move || nobody().then_some("Everyone who may open the application.");
    view! {
        <div class="chips">
            <SelectField id=format!("role-{key}-groups") label="Groups" value=picked choices on_change=pick error=Signal::stored(None::<String>) />
            <button type="button" on:click=move |_| add.run(())>"Add the group"</button>
            <ul>
                <For each=move || chosen.get() key=Clone::clone let:name>
                    {
                        let label = format!("Take away the group {name}");
                        let this = name.clone();
                        let on_click = move |_| {
                            focus_soon(format!("role-{key}-groups"));
                            take.run(this.clone());
                        };
                        view! { <li>{name}<button type="button" class="icon-button" aria-label=label on:click=on_click>"×"</button></li> }
                    }
                </For>
            </ul>
            <p class="help">{empty}</p>
        </div>
    }
}
