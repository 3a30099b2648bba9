use leptos::prelude::*;
use model::{Day, ScimProvider, ScimTokenFacts};

use super::{
    api::set_scim_token,
    connection::{ConnectionTest, TokenDraft, TokenFields},
    words::scim_path,
};
use crate::ui::{EnumField, Outcome, SaveForm, Saving, Time, Values};

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
    let first = tokens.is_empty();
    let lines = tokens.into_iter().map(|token| {
        let end = match token.expires {
            Some(expires) => view! { ", ends "<Time at=expires /> }.into_any(),
            None => ", its end is not known".into_any(),
        };
        view! { <li>{format!("Slot {}", token.slot)}{end}</li> }
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
                help="To change a token without a gap: make the new one at AWS, set it in slot 2, test it, then set it in slot 1 and delete the old one at AWS." />
            <TokenFields token refusals=saving.refusals />
            <ConnectionTest reach token=Some(token) refusals=saving.refusals />
        </SaveForm>
    }
}
