use model::EventKind;
use scim::state::Observed;
use serde_json::json;
use url::Url;

use super::{
    drift_report::Report,
    refused::{REFUSED, Refused},
    state::State,
    verification::DRIFT,
    worker::Worker,
};
use crate::{
    Error, Services,
    port::{Lease, ScimRecord, ScimToken},
};

/// An address as everybody would spell it: what is known is of one service, however its address is written.
pub(super) fn spelling(url: &str) -> String {
    let plain = url.trim().trim_end_matches('/');
    Url::parse(plain).map_or_else(|_| plain.to_owned(), |url| url.as_str().trim_end_matches('/').to_owned())
}

/// The tokens that stay with a provider at an address: those of a host that somebody has just typed are given anew. A token
/// is write-only, and an address of one's own would read it.
pub(crate) fn tokens_at(record: ScimRecord, url: &str) -> Vec<ScimToken> {
    let host = |url: &str| Url::parse(url.trim()).map(|url| url.origin());
    match (host(&record.provider.url), host(url)) {
        (Ok(former), Ok(latter)) if former == latter => record.tokens,
        _ => Vec::new(),
    }
}

/// How many users and groups are ours there.
fn ours(observed: &Observed) -> (usize, usize) {
    (observed.users.len(), observed.groups.len())
}

impl State {
    /// Whether the mirror is of another service than the one at `url`.
    pub(super) fn is_of_another(&self, url: &str) -> bool {
        !self.address.is_empty() && self.address != spelling(url)
    }
}

impl Services {
    /// What a change of the address means, in a sentence; None: it is the same service, or nothing is known of it.
    pub(crate) async fn moves(&self, provider: &str, url: &str) -> Result<Option<String>, Error> {
        let before = self.scim_record(provider)?.provider.url;
        let state = self.scim_state(provider).await?;
        // What is known may be of an address before that one, if the one before never answered.
        let known = if state.address.is_empty() { spelling(&before) } else { state.address };
        if known == spelling(url) {
            return Ok(None);
        }
        let Some(mirror) = self.kept_mirror(provider, Lease { fence: 0 }).await? else { return Ok(None) };
        let (users, groups) = ours(&mirror.observed);
        Ok((users + groups > 0).then(|| {
            format!(
                "this is another service than {known}: what is known of {users} users and {groups} groups there is forgotten, they stay there as they are, and the first plan for the new address waits for approval"
            )
        }))
    }
}

impl Worker {
    /// Lets go of the mirror in memory when it is of another service. The one on the disk stays until the new service was
    /// read: an address typed wrong and put right again has lost nothing.
    pub(super) async fn follow_address(&mut self, record: &ScimRecord) -> Result<(), Error> {
        let url = &record.provider.url;
        if self.state.address.is_empty() && self.kept().await? {
            // Written by a version that did not note the address: it is of the present one.
            self.state.address = spelling(url);
            return self.keep_state().await;
        }
        if self.state.is_of_another(url) {
            self.mirror = None;
        }
        Ok(())
    }

    async fn kept(&self) -> Result<bool, Error> {
        Ok(self.mirror.is_some() || self.services.provisioning().mirror(&self.provider).await?.snapshot.is_some())
    }

    /// Before the mirror is made anew from what is at the address: where it takes the place of one of another service, that
    /// is told, and the first plan waits for an administrator. Written down before the former mirror is gone.
    pub(super) async fn leave_address(&mut self, url: &str) -> Result<(), Error> {
        if self.state.address.is_empty() {
            self.state.address = spelling(url);
        }
        if !self.state.is_of_another(url) {
            return Ok(());
        }
        let former = &self.state.address;
        let mirror = self.services.kept_mirror(&self.provider, self.lease).await?;
        let (users, groups) = mirror.map(|mirror| ours(&mirror.observed)).unwrap_or_default();
        if users + groups == 0 {
            return Ok(());
        }
        let message = format!(
            "{} is at another address now: what was known of {users} users and {groups} groups at {former} is dropped; they stay there as they are",
            self.provider
        );
        let detail = json!({ "former": former, "address": spelling(url), "users": users, "groups": groups });
        self.tell(EventKind::Updated, message, detail).await?;
        self.put_note(DRIFT, &Report::default()).await?;
        self.put_note(REFUSED, &Vec::<Refused>::new()).await?;
        self.forget_taken().await?;
        self.state.moved = true;
        (self.state.approved, self.state.removals) = Default::default();
        (self.state.health.pending, self.state.health.drift) = (None, 0);
        Ok(())
    }

    /// Notes whose mirror is on the disk now.
    pub(super) async fn arrive_at(&mut self, url: &str) -> Result<(), Error> {
        let address = spelling(url);
        if self.state.address == address {
            return Ok(());
        }
        self.state.address = address;
        self.keep_state().await
    }
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[test]
    fn one_service_has_one_spelling_and_another_tenant_is_another_service() {
        let one = spelling("https://scim.eu-west-1.amazonaws.com/11111111111-2222/scim/v2");
        for same in [
            "https://scim.eu-west-1.amazonaws.com/11111111111-2222/scim/v2/",
            "HTTPS://SCIM.EU-WEST-1.AMAZONAWS.COM:443/11111111111-2222/scim/v2",
            " https://scim.eu-west-1.amazonaws.com/11111111111-2222/./scim/v2// ",
        ] {
            assert_eq!(spelling(same), one, "{same}");
        }
        for other in [
            "https://scim.eu-west-1.amazonaws.com/11111111111-3333/scim/v2",
            "https://scim.us-east-1.amazonaws.com/11111111111-2222/scim/v2",
            "https://scim.eu-west-1.amazonaws.com:8443/11111111111-2222/scim/v2",
        ] {
            assert_ne!(spelling(other), one, "{other}");
        }
    }
}
