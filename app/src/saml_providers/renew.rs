use leptos::prelude::*;
use model::{
    MetadataChange, MetadataStep, MovedBy, PropertyMapping, ProviderDetail, SamlProvider, SpFacts, WantedAttribute,
    take_steps, take_suggestions,
};

use super::{
    api::{read_provider, renew_provider},
    detail::name,
    draft::ProviderDraft,
    import::{Next, ReadForm},
    wanted_fields::wanted_fields,
    words::{moved_words, provider_path},
};
use crate::{
    session::visitor,
    ui::{Badge, Deed, DeedButton, Empty, Failure, Heading, Scroll, Skeleton, Tone, lead_to, retry},
};

/// What is taken: the provider as it becomes, and the property mappings that are made with it.
type Taken = (SamlProvider, Vec<PropertyMapping>);

/// New metadata for an existing provider: what would change is shown, what was set by hand stays.
#[component]
pub fn RenewPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_provider);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => {
                    let existing = Some(found.provider.name.clone());
                    let address = found.provider.imported.as_ref().and_then(|imported| imported.url.clone());
                    let address = address.unwrap_or_default();
                    let next = Callback::new(move |(facts, _): Next| difference(&found, facts));
                    view! { <ReadForm existing address next /> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || provider_path(&name.get())>"Back to the SAML provider"</a></p>
        <Heading title=Signal::derive(move || format!("New metadata for {}", name.get())) />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{body}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change SAML providers." /> })}
    }
}

fn difference(found: &ProviderDetail, facts: SpFacts) -> AnyView {
    let (kept, wanted) = (found.provider.clone(), facts.not_given());
    let SpFacts { provider, changes, .. } = facts;
    let offered = wanted.iter().any(WantedAttribute::is_offered);
    if changes.is_empty() && !offered && kept.imported == provider.imported {
        return view! { <p class="notice">"Nothing would change."</p> }.into_any();
    }
    let disputed = changes.iter().filter(|change| change.disputed()).count();
    let taken = RwSignal::new(changes.iter().map(MetadataChange::proposed).collect::<Vec<bool>>());
    let rows = changes.iter().enumerate().map(|(place, change)| row(place, change, taken)).collect_view();
    let imported = provider.imported;
    let steps: Vec<MetadataStep> = changes.into_iter().map(|change| change.step).collect();
    let (draft, made) = (RwSignal::new(ProviderDraft::from(&kept)), RwSignal::new(Vec::<String>::new()));
    let asked = wanted.clone();
    let chosen = Callback::new(move |()| {
        let ticked = taken.get_untracked();
        let steps = steps.iter().zip(ticked).filter(|(_, ticked)| *ticked).map(|(step, _)| step);
        let mut provider = SamlProvider { imported: imported.clone(), ..take_steps(&kept, steps) };
        provider.property_mappings = draft.with_untracked(|draft| draft.mappings.clone());
        let mappings = made.with_untracked(|names| take_suggestions(&mut provider, &asked, names));
        (provider, mappings)
    });
    let note = if rows.is_empty() {
        "No setting would change. What the file said is remembered, so that the next one can be held against it."
    } else if disputed > 0 {
        "Where the file and somebody here both changed a setting, or it is not known who did, what is here stays unless you tick the file's."
    } else {
        "What is ticked is taken from the file. What was set by hand stays."
    };
    let table = (!rows.is_empty()).then(|| {
        view! {
            <Scroll label="Differences">
                <table class="changes">
                    <thead><tr>
                        <th scope="col">"Field"</th><th scope="col">"Now"</th><th scope="col">"With the new metadata"</th>
                        <th scope="col">"Changed by"</th><th scope="col">"Take the file's"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
        }
    });
    let (version, name) = (found.version, found.provider.name.clone());
    view! {
        <h2>"What would change"</h2>
        <p class="help">{note}</p>
        {table}
        {wanted_fields(draft, made, wanted)}
        <Approve version name chosen />
    }
    .into_any()
}

fn row(place: usize, change: &MetadataChange, taken: RwSignal<Vec<bool>>) -> AnyView {
    let tone = match change.by {
        MovedBy::File => Tone::Quiet,
        MovedBy::Hand => Tone::Good,
        MovedBy::Both | MovedBy::Unknown => Tone::Caution,
    };
    let by = moved_words(change.by);
    let label = format!("Take the file's: {}", change.what);
    let words = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let ticked = move || taken.with(|all| all.get(place).copied().unwrap_or_default());
    let tick = move |event| {
        taken.update(|all| all.iter_mut().skip(place).take(1).for_each(|one| *one = event_target_checked(&event)));
    };
    view! {
        <tr>
            <th scope="row">{change.what.clone()}</th><td><code>{words(&change.now)}</code></td><td><code>{words(&change.file)}</code></td>
            <td><Badge tone text=by /></td>
            <td><input type="checkbox" aria-label=label prop:checked=ticked on:change=tick /></td>
        </tr>
    }
    .into_any()
}

#[component]
fn Approve(version: u64, name: String, chosen: Callback<(), Taken>) -> impl IntoView {
    let after = lead_to(provider_path(&name));
    let save = move || {
        let (provider, mappings) = chosen.run(());
        renew_provider(name.clone(), version, provider, mappings)
    };
    let deed = Deed::new("The SAML provider was saved", save, after);
    view! { <DeedButton deed label="Take these changes" primary=true /> }
}
