use leptos::prelude::*;
use model::{Day, ScimProvider, ScimTokenFacts};

use super::{
    api::{remove_scim_token, set_scim_token, switch_scim_token, test_scim_token},
    connection::{ConnectionTest, TokenDraft, TokenFields},
    words::scim_path,
};
use crate::ui::{Deed, DeedButton, EnumField, Outcome, SaveForm, Saving, Time, Values};

const SLOTS: Values<u8> = &[(1, "1", "1: the one in use"), (2, "2", "2: takes over when the first is refused")];

/// What is known of the tokens, and setting one. A token itself is never shown.
#[component]
pub fn Tokens(
    provider: ScimProvider,
    version: u64,
    tokens: Vec<ScimTokenFacts>,
    administers: bool,
    again: Callback<()>,
) -> impl IntoView {
    let none = tokens.is_empty().then(|| view! { <p>"There is no token yet, so nothing can be sent."</p> });
    let (first, name) = (tokens.is_empty(), provider.name.clone());
    let lines = tokens.into_iter().map(|token| {
        let end = match token.expires {
            Some(expires) => view! { ", ends "<Time at=expires /> }.into_any(),
            None => ", its end is not known".into_any(),
        };
        let deeds = administers.then(|| slot_deeds(&name, version, token.slot, again));
        view! { <li>{format!("Slot {}", token.slot)}{end}{deeds}</li> }
    });
    let lines = lines.collect_view();
    let form = administers.then(|| {
        view! {
            <details open=first>
                <summary>"Set a token"</summary>
                <TokenForm provider version again />
            </details>
        }
    });
    view! { <h2>"Tokens"</h2>{none}<ul>{lines}</ul>{form} }
}

/// Trying what is kept, taking it out, and putting the next one in the place of the first.
fn slot_deeds(name: &str, version: u64, slot: u8, again: Callback<()>) -> AnyView {
    let name = || name.to_owned();
    let (tested, removed) = (name(), name());
    let accepted = format!("The service accepts the token in slot {slot}");
    let test = Deed::new(accepted, move || test_scim_token(tested.clone(), slot), Callback::new(|()| ()));
    let gone = format!("The token in slot {slot} was taken out");
    let remove = Deed::new(gone, move || remove_scim_token(removed.clone(), version, slot), again);
    let switch = (slot == 2).then(|| {
        let name = name();
        let switched = move || switch_scim_token(name.clone(), version);
        let deed = Deed::new("The next token is the one in use", switched, again);
        view! { <DeedButton deed label="Use slot 2 from now on" /> }
    });
    view! {
        <div class="actions">
            <DeedButton deed=test label=format!("Test slot {slot}") />
            {switch}
            <DeedButton deed=remove label=format!("Take the token out of slot {slot}") />
        </div>
    }
    .into_any()
}

#[component]
fn TokenForm(provider: ScimProvider, version: u64, again: Callback<()>) -> impl IntoView {
    let (token, slot) = (TokenDraft::new(), RwSignal::new(1u8));
    let (name, path) = (provider.name.clone(), scim_path(&provider.name));
    let saving = Saving::new(
        "The token was set",
        Signal::derive(move || token.dirty()),
        move |(slot, secret, expires): &(u8, String, Option<Day>)| {
            let setting = set_scim_token(name.clone(), version, *slot, secret.clone(), *expires);
            let path = path.clone();
            async move {
                let answer = setting.await;
                if answer.is_ok() {
                    token.forget();
                    again.run(());
                }
                Outcome::of(answer, path)
            }
        },
    )
    .summary("token-problems");
    let typed = Callback::new(move |()| {
        let expires = token.day().map_err(|fault| vec![fault])?;
        Ok((slot.get_untracked(), token.secret().unwrap_or_default(), expires))
    });
    let reach = Callback::new(move |()| provider.clone());
    view! {
        <SaveForm saving typed label="Set the token">
            <EnumField id="slot" label="Slot" values=SLOTS value=slot on_change=Callback::new(move |s| slot.set(s)) error=saving.refusals.error("slot")
                help="To change a token without a gap: make the new one at AWS, set it in slot 2, test it, press \"Use slot 2 from now on\", and delete the old one at AWS." />
            <TokenFields token refusals=saving.refusals />
            <ConnectionTest reach token=Some(token) refusals=saving.refusals />
        </SaveForm>
    }
}
