use std::sync::Arc;

use model::{Application, NameIdFormat, SamlProvider, SignWhat};
use saml::{AwsVerdict, Level, ResponseSpec, Sign};

use crate::{
    Error,
    content::{Asked, Content},
    exchange::{Exchange, STRONGEST},
    person::Person,
    provisioning::Accounts,
    snapshot::Snapshot,
};

/// What differs from one sign-on to the next and is not configuration. All of it is given, so that
/// the preview and the real sign-on are one function.
pub struct Occasion<'a> {
    /// Unix seconds.
    pub now: i64,
    pub authenticated: i64,
    pub session_index: &'a str,
    /// Hexadecimal, unpredictable; two ids are made of it.
    pub nonce: &'a str,
    /// With a request of the service provider: what was agreed. Without one, the provider's own settings hold.
    pub agreed: Option<Agreed<'a>>,
    pub address: &'a str,
    /// Base of every address of ours, without a slash at its end.
    pub public_url: &'a str,
    /// What is known of the accounts at the service, where we push them.
    pub accounts: Option<&'a Accounts>,
    /// The ARN of the one role of AWS that the person chose. None: all that are offered are sent.
    pub role: Option<&'a str>,
}

/// What a request asks for and is given.
#[derive(Clone, Copy)]
pub struct Agreed<'a> {
    pub in_response_to: &'a str,
    /// Where the response goes: one of the provider's addresses.
    pub acs_url: &'a str,
    pub name_id_format: Option<NameIdFormat>,
    pub authn_context: Option<&'a str>,
}

impl<'a> From<&'a Exchange> for Agreed<'a> {
    fn from(exchange: &'a Exchange) -> Self {
        Self {
            in_response_to: &exchange.request.id,
            acs_url: &exchange.accepted.acs.url,
            name_id_format: NameIdFormat::from_urn(&exchange.accepted.name_id_format),
            // The strongest of those that satisfy the request: more than was asked for is no harm.
            authn_context: exchange.accepted.authn_contexts.last().map(String::as_str),
        }
    }
}

/// All that a sign-on comes to, short of the signature.
pub struct Rendered {
    pub content: Arc<Content>,
    pub spec: ResponseSpec,
    /// A role was chosen that is not offered, so nothing may be issued: this holds all that are.
    pub foreign_role: bool,
}

impl Rendered {
    /// AWS's rules, with that about the size of what is sent where that is known.
    pub fn verdicts(&self, size: Option<AwsVerdict>) -> Vec<AwsVerdict> {
        let mut verdicts = self.content.verdicts.clone();
        if let Some((place, size)) =
            size.and_then(|size| Some((verdicts.iter_mut().find(|v| v.rule == size.rule)?, size)))
        {
            *place = size;
        }
        verdicts
    }
}

/// Whether responses of this provider are held against AWS's rules.
pub fn speaks_to_aws(provider: &SamlProvider) -> bool {
    provider.is_aws() || provider.is_identity_center()
}

/// AWS's rule about the length of the form field, once it is known. None where the provider is not AWS.
pub fn size(provider: &SamlProvider, spec: &ResponseSpec, length: usize) -> Option<AwsVerdict> {
    speaks_to_aws(provider).then(|| saml::lint_size(&spec.destination, &spec.audience, length))
}

/// Whether AWS refuses what a verdict is about.
pub fn failed(verdict: &AwsVerdict) -> bool {
    matches!(verdict.level, Level::Failed)
}

/// The entityID towards a provider's application.
pub fn issuer(provider: &SamlProvider, application: &Application, public_url: &str) -> String {
    provider.issuer.clone().unwrap_or_else(|| format!("{public_url}/application/saml/{}/metadata/", application.slug))
}

/// What the response is to say: what is known of the person, with the times and ids of this occasion.
pub fn render(
    snapshot: &Snapshot,
    application: &Application,
    provider: &SamlProvider,
    person: &Person,
    occasion: &Occasion<'_>,
) -> Result<Rendered, Error> {
    let agreed = occasion.agreed;
    let format = agreed.and_then(|a| a.name_id_format).unwrap_or(provider.name_id.format);
    let mut asked = Asked::at_first(snapshot, application, provider, occasion.address);
    if let Some(agreed) = agreed {
        (asked.idp_initiated, asked.name_id_format) = (false, format);
        agreed.acs_url.clone_into(&mut asked.acs_url);
    }
    let chosen = occasion.role.map(|role| (role, asked.clone()));
    let mut content = Content::of(snapshot, (application, provider), person, occasion.accounts, asked, occasion.nonce)?;
    let mut foreign_role = false;
    if let Some((role, asked)) = chosen {
        match content.narrowed(provider, &asked, role) {
            Some(narrowed) => content = Arc::new(narrowed),
            None => foreign_role = true,
        }
    }
    let spec = ResponseSpec {
        response_id: format!("_{}r", occasion.nonce),
        assertion_id: format!("_{}a", occasion.nonce),
        in_response_to: agreed.map(|a| a.in_response_to.to_owned()),
        issue_instant: occasion.now,
        destination: agreed.map_or(provider.acs_url.as_str(), |a| a.acs_url).to_owned(),
        issuer: issuer(provider, application, occasion.public_url),
        audience: provider.audience.clone(),
        name_id: content.name_id.clone(),
        name_id_format: format.urn().to_owned(),
        sp_name_qualifier: None,
        session_index: occasion.session_index.to_owned(),
        authn_instant: occasion.authenticated,
        not_before: occasion.now + provider.assertion_not_before.as_seconds(),
        not_on_or_after: occasion.now + provider.assertion_not_on_or_after.as_seconds(),
        session_not_on_or_after: occasion.now + provider.session_not_on_or_after.as_seconds(),
        authn_context: agreed.and_then(|a| a.authn_context).unwrap_or(STRONGEST).to_owned(),
        attributes: content.attributes.clone(),
        sign: sign(provider),
    };
    Ok(Rendered { content, spec, foreign_role })
}

/// What the provider wants to be signed.
pub fn sign(provider: &SamlProvider) -> Sign {
    match provider.sign {
        SignWhat::Assertion => Sign::Assertion,
        SignWhat::Response => Sign::Response,
        SignWhat::Both => Sign::Both,
    }
}
