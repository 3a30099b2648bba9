use std::sync::Arc;

use model::{Decision, EventKind, ResponseReport, SamlProvider};
use serde_json::json;

use crate::{
    Admin, Error,
    events::Entry,
    identifiers,
    issue::issue,
    port::Kind,
    render::{self, Occasion},
    response_report::{Received, Sent, outcome, report},
    snapshot::Snapshot,
    test_key::TestKey,
};

impl Admin<'_> {
    /// Makes the response that a person would get now, by the code of sign-on, receives it with a service provider of our
    /// own and judges it. Where assertions are encrypted, that one has a key of its own. Nothing is sent and no session is
    /// made; it leaves an event.
    pub async fn test_sign_on(&self, provider: &str, slug: &str, username: &str) -> Result<ResponseReport, Error> {
        let services = &self.caller().services;
        let person = services.person(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let snapshot = services.snapshot();
        let (name, slug_owned, address) = (provider.to_owned(), slug.to_owned(), self.caller().origin.address.clone());
        let (public_url, entropy) = (services.public_url().to_owned(), services.entropy_handle());
        let (now, nonce) = (services.clock().now(), identifiers::hex::<16>(services.entropy()));
        let accounts = services.accounts_behind(slug).await?;
        let made = services.busy(move || {
            let application = snapshot.application(&slug_owned)?;
            let provider = snapshot.provider_of(application)?;
            if provider.name != name {
                return Err(Error::Conflict(format!("{slug_owned} does not use the SAML provider {name}")));
            }
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
            if rendered.content.access.decision == Decision::Denied {
                let why = format!("{} may not open it: {}", person.user.username, rendered.content.access.summary);
                return Err(Error::Conflict(why));
            }
            if let Some(failure) = rendered.content.failures.iter().find(|f| f.needed) {
                let why = format!("the property mapping `{}` failed: {}", failure.mapping, failure.message);
                return Err(Error::Conflict(why));
            }
            let key = snapshot.signing_key(provider)?;
            let sent = issue(&rendered.spec, provider, key, entropy.as_ref())?.base64();
            let sources = &rendered.content.sources;
            let made = &rendered.content.verdicts;
            let received = Received {
                field: &sent,
                at: now,
                request: None,
                sources,
                moment: None,
                made,
                stand_in: None,
                sent: None,
            };
            if provider.encryption.is_none() {
                return report(&snapshot, provider, &received, &public_url);
            }
            // What the service gets nobody here can open, so it is made once more, to a key that is at hand.
            let own = TestKey::generate(now)?;
            let field = issue(&rendered.spec, &own.instead(provider), key, entropy.as_ref())?.base64();
            let (stand_in, sent) = (Some(&own.private), Some(Sent { encrypted: true, size: Some(sent.len()) }));
            report(&snapshot, provider, &Received { field: &field, stand_in, sent, ..received }, &public_url)
        });
        let mut found = made.await??;
        slug.clone_into(&mut found.application);
        username.clone_into(&mut found.username);
        let told = format!("tested the response that {username} would get for {slug}");
        self.tested(provider, &told, &found).await?;
        Ok(found)
    }

    /// Judges a response that somebody has at hand, such as one that a browser's tools show. What is encrypted in it stays
    /// closed: it was encrypted to the service. It leaves an event.
    pub async fn judge_response(&self, provider: &str, field: &str) -> Result<ResponseReport, Error> {
        let field = field.trim().to_owned();
        if field.is_empty() {
            return Err(Error::invalid("saml_response", "paste the value of the form field SAMLResponse"));
        }
        let services = &self.caller().services;
        let (snapshot, name) = (services.snapshot(), provider.to_owned());
        let (public_url, now) = (services.public_url().to_owned(), services.clock().now());
        let judged = services.busy(move || {
            let provider = provider_named(&snapshot, &name)?;
            // Which request it answers is not known here; the one that it names is taken for the one that was sent.
            let request = in_response_to(&field);
            let request = request.as_deref();
            let received = Received {
                field: &field,
                at: now,
                request,
                sources: &[],
                moment: None,
                made: &[],
                stand_in: None,
                sent: None,
            };
            report(&snapshot, provider, &received, &public_url)
        });
        let found = judged.await??;
        self.tested(provider, "judged a response that was pasted", &found).await?;
        Ok(found)
    }

    async fn tested(&self, provider: &str, told: &str, found: &ResponseReport) -> Result<(), Error> {
        let caller = self.caller();
        let event = caller.services.event(Entry {
            kind: EventKind::ResponseTested,
            actor: caller.username(),
            target: format!("{} {provider}", Kind::SamlProvider.word()),
            address: &caller.origin.address,
            message: format!("{} {told}: {}", caller.username(), outcome(found)),
            detail: json!({ "application": found.application, "user": found.username }),
        });
        Ok(caller.services.store().append_events(vec![event]).await?)
    }
}

/// A provider by its name, with the certificates that it names filled in.
pub(crate) fn provider_named<'a>(snapshot: &'a Arc<Snapshot>, name: &str) -> Result<&'a SamlProvider, Error> {
    let found = snapshot.configuration.saml_providers.get(name);
    found.map(|p| &p.value).ok_or_else(|| Error::missing(Kind::SamlProvider, name))
}

/// `InResponseTo` as a response names it.
pub(crate) fn in_response_to(field: &str) -> Option<String> {
    let nobody = saml::ServiceProvider {
        now: 0,
        skew: 0,
        issuers: &[],
        certificates: &[],
        entity_id: "",
        acs: &[],
        request: None,
        decryption_key: None,
    };
    saml::examine(field, &nobody).in_response_to
}
