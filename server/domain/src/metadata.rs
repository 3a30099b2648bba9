use saml::MetadataSpec;

use crate::{Error, Services, identifiers, key_seen, name_identifier::formats, render};

/// Metadata is valid for this many seconds; it is made anew at each request.
const VALID: i64 = 365 * 86_400;

/// Metadata of ours.
pub struct Metadata {
    pub xml: String,
    /// The keys in it, by name and fingerprint.
    pub(crate) keys: Vec<(String, String)>,
}

impl Services {
    /// Our metadata towards the service provider of an application (SAML metadata §2.4.3). Public.
    pub async fn metadata(&self, slug: &str) -> Result<Metadata, Error> {
        let snapshot = self.snapshot();
        let (slug, public_url) = (slug.to_owned(), self.public_url().to_owned());
        let (id, now) = (identifiers::hex::<16>(self.entropy()), self.clock().now());
        self.busy(move || {
            let application = snapshot.application(&slug)?;
            let provider = snapshot.provider_of(application)?;
            let key = snapshot.signing_key(provider)?;
            let decryption = snapshot.decryption_key(provider)?;
            let base = format!("{public_url}/application/saml/{slug}/sso/binding");
            let logout = format!("{public_url}/application/saml/{slug}/slo/binding");
            // One that has no use for logout may not know the element, and AWS has none.
            let takes_logout = !provider.logout.is_empty();
            let spec = MetadataSpec {
                id: format!("_{id}"),
                entity_id: render::issuer(provider, application, &public_url),
                sso_redirect_url: format!("{base}/redirect/"),
                sso_post_url: format!("{base}/post/"),
                slo_redirect_url: takes_logout.then(|| format!("{logout}/redirect/")),
                slo_post_url: takes_logout.then(|| format!("{logout}/post/")),
                valid_until: now + VALID,
                name_id_formats: formats(provider).into_iter().map(|f| f.urn().to_owned()).collect(),
                want_requests_signed: provider.require_signed_requests,
                certificates: snapshot.shown_certificates(provider)?,
                encryption_certificate: decryption.map(|key| key.certificate_base64().to_owned()),
            };
            let xml = saml::build_metadata(&spec, key).map_err(|e| Error::Internal(e.to_string()))?;
            Ok(Metadata { xml, keys: key_seen::shown(&snapshot, provider) })
        })
        .await?
    }
}
