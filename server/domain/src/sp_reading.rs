//! Metadata of service providers, read and shown before anything is kept.

use model::{EventKind, MOST_METADATA_IN_A_FORM, SpFacts};

use crate::{Admin, Error, Services, events::Entry, port::NotFetched, sp_import};

impl Services {
    /// Whatever lies at an address, and an event: a request has left the house.
    pub(crate) async fn fetch_metadata(
        &self,
        url: &str,
        actor: &str,
        address: &str,
    ) -> Result<Result<String, NotFetched>, Error> {
        let fetched = self.metadata_source().fetch(url).await;
        let shown = without_secrets(url);
        let outcome = match &fetched {
            Ok(text) => format!("{} bytes", text.len()),
            Err(why) => why.to_string(),
        };
        let event = self.event(Entry {
            kind: EventKind::MetadataFetched,
            actor,
            target: "SAML providers".to_owned(),
            address,
            message: format!("{actor} read metadata from {shown}: {outcome}"),
            detail: serde_json::json!({ "url": shown }),
        });
        self.store().append_events(vec![event]).await?;
        Ok(fetched)
    }
}

/// An address as events may tell of it, and whoever reads them: a password or a token in it is nobody else's.
fn without_secrets(url: &str) -> String {
    let Ok(mut url) = url::Url::parse(url.trim()) else { return "what is no address".to_owned() };
    // Neither is refused where there is a host, and without one there is nothing to leave out.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().chars().filter(|c| !c.is_control()).take(200).collect()
}

impl Admin<'_> {
    /// What a service provider's metadata says, one entry for each service provider in it, also for those that cannot be
    /// used; nothing is kept. With a certificate (PEM), the file must be signed by it. With `existing`, each entry's
    /// provider is what the file would make of that one, keeping what was set by hand. With `entity_id`, of that one alone;
    /// a file of many needs it.
    pub async fn read_sp_metadata(
        &self,
        metadata: String,
        certificate: Option<String>,
        existing: Option<String>,
        entity_id: Option<String>,
    ) -> Result<Vec<SpFacts>, Error> {
        let services = &self.caller().services;
        let snapshot = services.snapshot();
        let kept = match &existing {
            Some(name) => Some(self.saml_provider(name).await?.provider),
            None => None,
        };
        let now = services.clock().now();
        services
            .busy(move || {
                let mut reading = sp_import::read(metadata.as_bytes(), certificate.as_deref())?;
                reading.narrow(entity_id.as_deref())?;
                let mut facts = reading.all_facts(&snapshot, kept.as_ref())?;
                for (facts, sp) in facts.iter_mut().zip(&reading.entities) {
                    if sp.valid_until.is_some_and(|until| until <= now) {
                        let why = "the metadata has ended; its addresses and certificates may have changed since: ask for newer";
                        facts.unsupported.push(("validUntil".to_owned(), why.to_owned()));
                    }
                }
                Ok(facts)
            })
            .await?
    }

    /// As [`Self::read_sp_metadata`], of what a service or a federation publishes at an address, however large a file of
    /// metadata may be; it leaves an event.
    pub async fn read_sp_metadata_at(
        &self,
        url: &str,
        certificate: Option<String>,
        existing: Option<String>,
        entity_id: Option<String>,
    ) -> Result<Vec<SpFacts>, Error> {
        let caller = self.caller();
        let fetched = caller.services.fetch_metadata(url, caller.username(), &caller.origin.address).await?;
        let text = fetched.map_err(|why| Error::invalid("url", why.to_string()))?;
        let mut facts = self.read_sp_metadata(text, certificate, existing, entity_id).await?;
        for imported in facts.iter_mut().filter_map(|facts| facts.provider.imported.as_mut()) {
            imported.url = Some(url.trim().to_owned());
        }
        Ok(facts)
    }

    /// The metadata that a service publishes at an address, once it has proved to be some; it leaves an event. Refused where
    /// it is more than a form carries back.
    pub async fn fetch_sp_metadata(&self, url: &str) -> Result<String, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let fetched = services.fetch_metadata(url, caller.username(), &caller.origin.address).await?;
        let text = fetched.map_err(|why| Error::invalid("url", why.to_string()))?;
        if u32::try_from(text.len()).is_ok_and(|bytes| bytes > MOST_METADATA_IN_A_FORM) {
            let why = format!(
                "there are {} bytes, and a form carries {MOST_METADATA_IN_A_FORM}: leave the metadata empty and press \
                 \"Read the metadata\", and the server reads it where it is",
                text.len()
            );
            return Err(Error::invalid("url", why));
        }
        services
            .busy(move || {
                // Whatever else lies at the address is not handed on.
                let read = sp_import::read(text.as_bytes(), None);
                read.map(|_| text)
                    .map_err(|error| Error::invalid("url", format!("what is there is no metadata: {error}")))
            })
            .await?
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn an_event_tells_of_an_address_without_its_password_and_its_token() {
        for (url, told) in [
            ("https://ada:s3cret@sp.example:8443/md?token=abc#x", "https://sp.example:8443/md"),
            (" https://sp.example/md/aws ", "https://sp.example/md/aws"),
            ("token=abc", "what is no address"),
        ] {
            assert_eq!(without_secrets(url), told);
        }
    }
}
