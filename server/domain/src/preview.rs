use std::sync::Arc;

use model::{Decision, EventKind, Preview, PreviewAttribute, SamlProvider};
use saml::AwsVerdict;
use serde_json::json;

use crate::{
    Auditor, Error, Services,
    events::Entry,
    identifiers,
    issue::issue,
    person::Person,
    port::Kind,
    render::{self, Occasion, Rendered},
    sign_on::verdict,
};

impl Services {
    /// The very response a person would get: the code of sign-on, with nothing issued and nothing kept.
    pub async fn preview(&self, slug: &str, username: &str, address: &str) -> Result<Preview, Error> {
        let person = self.person(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let snapshot = self.snapshot();
        let (slug, address, public_url) = (slug.to_owned(), address.to_owned(), self.public_url().to_owned());
        let (entropy, accounts) = (self.entropy_handle(), self.accounts_behind(&slug).await?);
        let (now, nonce) = (self.clock().now(), identifiers::hex::<16>(self.entropy()));
        self.busy(move || {
            let application = snapshot.application(&slug)?;
            let provider = snapshot.provider_of(application)?;
            let session_index = format!("_{nonce}s");
            let occasion = Occasion {
                now,
                authenticated: now,
                session_index: &session_index,
                nonce: &nonce,
                agreed: None,
                address: &address,
                public_url: &public_url,
                accounts: accounts.as_deref(),
                role: None,
            };
            let rendered = render::render(&snapshot, application, provider, &person, &occasion)?;
            let (mut xml, mut size) = (String::new(), None);
            if rendered.content.access.decision == Decision::Granted && rendered.content.may_issue() {
                let key = snapshot.signing_key(provider)?;
                // What is encrypted cannot be read in a preview; its size is what AWS measures.
                let sent = issue(&rendered.spec, provider, key, entropy.as_ref())?;
                size = render::size(provider, &rendered.spec, sent.base64().len());
                let plain = SamlProvider { encryption: None, ..provider.clone() };
                xml = if provider.encryption.is_some() {
                    issue(&rendered.spec, &plain, key, entropy.as_ref())?.xml
                } else {
                    sent.xml
                };
            }
            Ok(finish(&slug, &person, rendered, size, xml))
        })
        .await?
    }
}

fn finish(slug: &str, person: &Arc<Person>, rendered: Rendered, size: Option<AwsVerdict>, xml: String) -> Preview {
    let verdicts = rendered.verdicts(size).iter().map(verdict).collect();
    let Rendered { content, spec, .. } = rendered;
    let attributes = spec.attributes.into_iter().zip(&content.sources);
    Preview {
        application: slug.to_owned(),
        username: person.user.username.clone(),
        access: content.access.clone(),
        name_id: spec.name_id,
        name_id_format: spec.name_id_format,
        attributes: attributes
            .map(|(a, source)| PreviewAttribute {
                name: a.name,
                friendly_name: a.friendly_name,
                values: a.values,
                source: source.clone(),
            })
            .collect(),
        verdicts,
        mapping_errors: content.failures.iter().map(|f| (f.mapping.clone(), f.message.clone())).collect(),
        xml,
    }
}

/// A response without the value of any signature. It is one that we wrote, in which nothing of a person has the form of a tag.
fn unsigned(xml: &str) -> String {
    const BEGINS: &str = "<ds:SignatureValue>";
    let mut pieces = xml.split(BEGINS);
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shown.push_str(BEGINS);
        shown.push_str("left out of a preview");
        shown.push_str(piece.find('<').and_then(|end| piece.get(end..)).unwrap_or_default());
    }
    shown
}

impl Auditor<'_> {
    /// As [`Services::preview`], without the values of the signatures: who reads everything must not be able to sign on with
    /// what is read. Somebody else's assertion is looked at, so it leaves an event.
    pub async fn preview(&self, slug: &str, username: &str) -> Result<Preview, Error> {
        let caller = self.0;
        let mut preview = caller.services.preview(slug, username, &caller.origin.address).await?;
        preview.xml = unsigned(&preview.xml);
        let event = caller.services.event(Entry {
            kind: EventKind::Previewed,
            actor: caller.username(),
            target: format!("application {slug}"),
            address: &caller.origin.address,
            message: format!("{} looked at what {username} would get", caller.username()),
            detail: json!({ "user": username }),
        });
        caller.services.store().append_events(vec![event]).await?;
        Ok(preview)
    }
}
