use std::collections::BTreeSet;

use model::ScimProvider;

use super::{
    mapping,
    scope::{Covers, Scope},
    settings,
    wanted::context,
};
use crate::{person::Person, snapshot::Snapshot};

/// The SCIM providers that an application uses: nothing is sent to others.
fn connected(snapshot: &Snapshot) -> impl Iterator<Item = &ScimProvider> {
    let applications = snapshot.configuration.applications.values().map(|application| &application.value);
    let used: BTreeSet<&String> = applications.flat_map(|application| &application.backchannel_providers).collect();
    let providers = snapshot.configuration.scim_providers.values().map(|record| &record.value.provider);
    providers.filter(move |provider| used.contains(&provider.name))
}

/// Names of the SCIM providers that push a group.
pub(crate) fn pushing(snapshot: &Snapshot, group: &str) -> Vec<String> {
    let pushes = |provider: &&ScimProvider| Scope::new(snapshot, provider).groups().contains(group);
    connected(snapshot).filter(pushes).map(|provider| provider.name.clone()).collect()
}

/// Names of the SCIM providers that would be told when somebody becomes somebody a little different.
pub(crate) fn told_of(snapshot: &Snapshot, before: &Person, after: &Person) -> Vec<String> {
    let told = |provider: &&ScimProvider| {
        let (users, _) = settings::mappings(provider);
        let made = |person: &Person| mapping::render(snapshot, &users, &context(Some(provider), person));
        Scope::new(snapshot, provider).covers(before) != Covers::No && made(before) != made(after)
    };
    connected(snapshot).filter(told).map(|provider| provider.name.clone()).collect()
}
