use leptos::prelude::*;
use model::{KeySeenBy, KeyState, MetadataAddress, ProviderDetail, ProviderKey, RetiredKey};

use super::{
    api::{confirm_key, promote_key, retire_key},
    metadata_address::metadata_address,
    retired_keys::retired_keys,
};
use crate::{
    error::{Answer, AppError},
    keys::expiry_badge,
    list::segment,
    session::visitor,
    ui::{Badge, OnceButton, Scroll, Time, Tone, toasts},
};

/// What is done to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    /// The service has it, or has it no more.
    Confirm(String, bool),
    Promote(String),
    Retire(String),
}

impl Act {
    const fn done(&self) -> &'static str {
        match self {
            Self::Confirm(_, true) => "Written down: the service has the key",
            Self::Confirm(_, false) => "Taken back: the service does not have the key",
            Self::Promote(_) => "The key signs from now on",
            Self::Retire(_) => "The metadata shows the key no more",
        }
    }
}

/// The keys that the metadata shows, which of them the service has, and the steps from one to the next.
#[component]
pub fn SigningKeys(
    name: String,
    version: u64,
    keys: Vec<ProviderKey>,
    /// Those that it shows no more.
    retired: Vec<RetiredKey>,
    is_aws: bool,
    /// The applications whose metadata shows the keys.
    slugs: Vec<String>,
    address: Option<MetadataAddress>,
    resource: Resource<Answer<ProviderDetail>>,
) -> impl IntoView {
    // A promotion that nobody has vouched for asks a second time.
    let anyway = RwSignal::new(false);
    let own = name.clone();
    let acting = Action::new(move |act: &Act| {
        let (name, act, anyway) = (name.clone(), act.clone(), anyway.get_untracked());
        async move {
            let done = act.done();
            match act {
                Act::Confirm(key, has) => confirm_key(name, key, has).await,
                Act::Promote(key) => promote_key(name, version, key, anyway).await,
                Act::Retire(key) => retire_key(name, version, key, anyway).await,
            }
            .map(|()| done)
        }
    });
    let toasts = toasts();
    Effect::new(move |_| {
        if let Some(Ok(done)) = acting.value().get() {
            toasts.good(done);
            resource.refetch();
        }
    });
    let error = move || acting.value().get().and_then(Result::err).map(|error: AppError| error.to_string());
    let who = if is_aws { "AWS" } else { "The service" };
    let has_next = keys.iter().any(|key| key.state == KeyState::Next);
    let unproven = visitor().administers() && !keys.iter().all(ProviderKey::vouched) && keys.len() > 1;
    let trials = visitor().administers().then(|| trials(&keys, &slugs));
    let rows = keys.into_iter().map(|key| row(key, who, acting)).collect_view();
    let links = slugs.into_iter().map(|slug| {
        let href = format!("/application/saml/{slug}/metadata/");
        view! { <a class="button" href=href rel="external" download="">"Download the metadata"</a> }
    });
    let links = links.collect_view();
    let how = if has_next {
        "Give the service the metadata, look there whether both keys have arrived, say so here, then promote the next one. Nobody is locked out meanwhile: the metadata shows both."
    } else {
        "To change the key without locking anybody out, edit the provider and name a next signing key."
    };
    let insist = unproven.then(|| {
        view! {
            <label class="check" for="anyway">
                <input id="anyway" type="checkbox" prop:checked=move || anyway.get() on:change=move |event| anyway.set(event_target_checked(&event)) />
                <span>{format!("Promote and retire though nothing speaks for it that {} has the key that signs then", if is_aws { "AWS" } else { "the service" })}</span>
            </label>
        }
    });
    view! {
        <section aria-labelledby="signing-keys">
            <h2 id="signing-keys">"Signing keys"</h2>
            <p class="help">{how}</p>
            <Scroll label="Keys of the metadata">
                <table>
                    <thead><tr>
                        <th scope="col">"Key"</th><th scope="col">"State"</th><th scope="col">"Expires"</th>
                        <th scope="col">{format!("{who} has it")}</th><th scope="col">"Fingerprint"</th><th scope="col">"Actions"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
            <p class="field-error" role="alert">{error}</p>
            {insist}
            <p class="actions">{links}</p>
            {metadata_address(own, address)}
            {trials}
            {retired_keys(retired)}
        </section>
    }
}

fn row(key: ProviderKey, who: &'static str, acting: Action<Act, Answer<&'static str>>) -> AnyView {
    let (tone, state) = match key.state {
        KeyState::Current => (Tone::Good, "current: it signs"),
        KeyState::Next => (Tone::Quiet, "next"),
        KeyState::Retiring => (Tone::Quiet, "retiring"),
    };
    let href = format!("/admin/keys/{}", segment(&key.name));
    let confirmed = match &key.confirmed {
        Some(said) => {
            view! { <Badge tone=Tone::Good text="yes" />" said "{said.by.clone()}", "<Time at=said.at.clone() /> }
                .into_any()
        }
        None if key.seen.is_some() => view! { "nobody said so" }.into_any(),
        None => view! { <Badge tone=Tone::Caution text="not confirmed" /> }.into_any(),
    };
    let seen = key.seen.as_ref().map(|seen| {
        let text = match seen.by {
            KeySeenBy::Fetch => "fetched it",
            KeySeenBy::Trial => "took a response signed with it",
        };
        let from = if seen.user_agent.is_empty() {
            seen.address.clone()
        } else {
            format!("{}, {}", seen.address, seen.user_agent)
        };
        view! { <br /><span title=from><Badge tone=Tone::Good text />" "<Time at=seen.at.clone() /></span> }
    });
    let print: String = key.fingerprint.chars().take(16).collect();
    let actions = visitor().administers().then(|| buttons(&key, who, acting));
    view! {
        <tr>
            <th scope="row"><a href=href>{key.name.clone()}</a></th>
            <td><Badge tone text=state /></td>
            <td><Time at=key.not_after.clone() />{expiry_badge(key.warning)}</td>
            <td>{confirmed}{seen}</td>
            <td><code title=key.fingerprint.clone()>{format!("{print}…")}</code></td>
            <td>{actions}</td>
        </tr>
    }
    .into_any()
}

fn buttons(key: &ProviderKey, who: &'static str, acting: Action<Act, Answer<&'static str>>) -> AnyView {
    let has = key.confirmed.is_some();
    let mut acts = vec![(
        if has { "It does not".to_owned() } else { format!("{who} has it") },
        Act::Confirm(key.name.clone(), !has),
    )];
    match key.state {
        KeyState::Current => {}
        KeyState::Next => acts.push(("Promote".to_owned(), Act::Promote(key.name.clone()))),
        KeyState::Retiring => {
            acts.push(("Sign with it again".to_owned(), Act::Promote(key.name.clone())));
            acts.push(("Retire".to_owned(), Act::Retire(key.name.clone())));
        }
    }
    let name = key.name.clone();
    let buttons = acts.into_iter().map(move |(word, act)| {
        let label = format!("{word}: {name}");
        view! {
            <OnceButton label=word name=label pending=acting.pending() on_press=move |()| drop(acting.dispatch(act.clone())) />
        }
    });
    view! { <span class="actions">{buttons.collect_view()}</span> }.into_any()
}

/// Ways to sign on with a key that does not sign yet, to see at the service whether it takes it.
fn trials(keys: &[ProviderKey], slugs: &[String]) -> Option<AnyView> {
    let next = keys.iter().filter(|key| key.state == KeyState::Next);
    let pairs = next.flat_map(|key| slugs.iter().map(move |slug| (key.name.clone(), slug.clone())));
    let links = pairs.map(|(key, slug)| {
        let href = format!("/application/saml/{}/sso/binding/init/?key={}", segment(&slug), segment(&key));
        view! { <a class="button" href=href rel="external">{format!("Sign on to {slug} with {key}")}</a> }
    });
    let links: Vec<_> = links.collect();
    (!links.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Try the next key"</summary>
                <p class="help">"You sign on yourself, this once with the next key; nobody else is touched. See at the service whether you arrive, and say so above. A service that signs its logout requests proves it: sign out there afterwards."</p>
                <p class="actions">{links}</p>
            </details>
        }
        .into_any()
    })
}
