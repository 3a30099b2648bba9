//! What a person finds after signing in.

use std::sync::Arc;

use model::{Application, Decision, Tile};

use crate::{
    Caller, Error, Member, access,
    content::{Asked, Content},
    identifiers,
    offered::offered,
    person::Person,
    snapshot::Snapshot,
};

impl Member<'_> {
    /// The applications this person may open, by name.
    pub async fn tiles(&self) -> Result<Vec<Tile>, Error> {
        let Caller { services, person, origin, .. } = self.0;
        let (person, address) = (Arc::clone(person), origin.address.clone());
        let (snapshot, nonce) = (services.snapshot(), identifiers::hex::<16>(services.entropy()));
        services
            .brief(move || {
                let applications = snapshot.configuration.applications.values().map(|a| &a.value);
                let tiles = applications.filter_map(|a| tile(&snapshot, a, &person, &address, &nonce));
                let mut tiles: Vec<Tile> = tiles.collect();
                tiles.sort_by_key(|tile| tile.name.to_lowercase());
                tiles
            })
            .await
    }
}

/// None for an application that leads nowhere or is not for this person.
fn tile(snapshot: &Snapshot, application: &Application, person: &Person, address: &str, nonce: &str) -> Option<Tile> {
    let provider = snapshot.provider_of(application).ok();
    let href = match (&application.launch_url, provider) {
        (Some(url), _) => url.clone(),
        (None, Some(_)) => format!("/application/saml/{}/sso/binding/init/", application.slug),
        (None, None) => return None,
    };
    let context = person.context(application, provider, address, true);
    if access::decide(snapshot, application, person, &context).decision == Decision::Denied {
        return None;
    }
    let roles = provider.filter(|p| p.is_aws()).and_then(|provider| {
        let asked = Asked::at_first(snapshot, application, provider, address);
        // Where it cannot be made, signing on says why; the other tiles are there all the same.
        let content = Content::of(snapshot, (application, provider), person, None, asked, nonce).ok()?;
        Some(offered(&content.attributes).into_iter().map(|offer| offer.role).collect())
    });
    Some(Tile {
        slug: application.slug.to_string(),
        name: application.name.clone(),
        description: application.description.clone(),
        icon: application.icon.clone(),
        href,
        roles: roles.unwrap_or_default(),
    })
}
