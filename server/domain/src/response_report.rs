//! A response, received and judged: by a service provider by the book, and by AWS's rules.

use std::borrow::Cow;

use model::{EncryptedContent, PreviewAttribute, ResponseReport, SamlProvider, Verdict, VerdictStatus};
use saml::aws::USER_NAME;
use saml::{AwsFacts, AwsVerdict, Certificate, DecryptionKey, Examined, Level, ServiceProvider, SpVerdict, examine};
use serde::{Deserialize, Serialize};

use crate::{Error, aws_trace, exchange::SKEW, render, sign_on::verdict, snapshot::Snapshot};

/// What a response was made with, where that is known: the settings may be others by now.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Moment {
    /// The key that signed: its name, and its certificate in base64.
    pub key: String,
    pub certificate: String,
    pub acs: String,
    pub audience: String,
    pub issuer: String,
}

/// What is judged, and when.
pub(crate) struct Received<'a> {
    /// The form field `SAMLResponse`.
    pub field: &'a str,
    /// As what it is judged: the moment it was issued, or now. Unix seconds.
    pub at: i64,
    /// The request that it answers, where that is known.
    pub request: Option<&'a str>,
    /// The mapping behind each attribute, where that is known.
    pub sources: &'a [String],
    /// With what it was made. None: it is held against what the metadata shows now.
    pub moment: Option<&'a Moment>,
    /// Of a response that was made now: what sign-on says of AWS's rules. From there comes what the response alone does not
    /// tell, whether the NameID is the userName that is pushed.
    pub made: &'a [AwsVerdict],
    /// In a test, what decrypts in the place of the service, which alone has its own key. None: what is encrypted stays
    /// closed.
    pub stand_in: Option<&'a DecryptionKey>,
    /// What the service gets, where that is not `field` itself.
    pub sent: Option<Sent>,
}

/// What a service gets in the place of the response that is judged: one that is encrypted to its own key, whose certificate
/// may be longer or shorter, or one whose plain twin was kept.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub encrypted: bool,
    /// The length of the form field. None: an earlier version did not write it down.
    pub size: Option<usize>,
}

/// What a service would hold a response against.
struct Terms<'a> {
    provider: Cow<'a, SamlProvider>,
    /// Name and base64 of each.
    certificates: Vec<(String, String)>,
    issuers: Vec<String>,
}

fn terms<'a>(
    snapshot: &Snapshot,
    provider: &'a SamlProvider,
    moment: Option<&Moment>,
    public_url: &str,
) -> Result<Terms<'a>, Error> {
    if let Some(moment) = moment {
        let then = SamlProvider {
            acs_url: moment.acs.clone(),
            acs: Vec::new(),
            audience: moment.audience.clone(),
            ..provider.clone()
        };
        return Ok(Terms {
            provider: Cow::Owned(then),
            certificates: vec![(moment.key.clone(), moment.certificate.clone())],
            issuers: vec![moment.issuer.clone()],
        });
    }
    let names = crate::key_life::shown(provider, snapshot.default_key()).into_iter().map(|(name, _)| name);
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let uses = applications.filter(|a| a.saml_provider.as_deref() == Some(&provider.name));
    Ok(Terms {
        certificates: names.zip(snapshot.shown_certificates(provider)?).collect(),
        issuers: uses.map(|a| render::issuer(provider, a, public_url)).collect(),
        provider: Cow::Borrowed(provider),
    })
}

/// Judges a response for a provider with what its metadata tells a service, or told it at the moment of the response.
pub(crate) fn report(
    snapshot: &Snapshot,
    provider: &SamlProvider,
    received: &Received<'_>,
    public_url: &str,
) -> Result<ResponseReport, Error> {
    let Terms { provider, certificates, issuers } = terms(snapshot, provider, received.moment, public_url)?;
    let provider = provider.as_ref();
    let read = |(name, text): (String, String)| {
        Ok((name, Certificate::from_base64(&text).map_err(|e| Error::Internal(e.to_string()))?))
    };
    let certificates = certificates.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    let acs: Vec<String> = provider.acs_endpoints().map(|(url, _)| url.to_owned()).collect();
    let service = ServiceProvider {
        now: received.at,
        skew: SKEW,
        issuers: &issuers,
        certificates: &certificates,
        entity_id: &provider.audience,
        acs: &acs,
        request: received.request,
        decryption_key: received.stand_in,
    };
    let seen = examine(received.field, &service);
    // Without an assertion, or with one that stays closed, there is nothing that AWS could be asked about.
    let aws = if seen.assertion_id.is_empty() { Vec::new() } else { aws_verdicts(provider, &seen, received) };
    let content = if seen.opened.is_empty() { EncryptedContent::Closed } else { EncryptedContent::Decrypted };
    Ok(ResponseReport {
        application: String::new(),
        username: String::new(),
        traces: aws_trace::traces(provider, &seen, &aws),
        service: seen.verdicts.iter().map(by_the_book).collect(),
        aws,
        destination: seen.destination,
        name_id: seen.name_id,
        name_id_format: seen.name_id_format,
        attributes: attributes(seen.attributes, received.sources),
        encrypted: seen.encrypted,
        content: seen.encrypted.then_some(content),
        xml: seen.xml,
        assertion: seen.opened,
    })
}

fn attributes(found: Vec<saml::Attribute>, sources: &[String]) -> Vec<PreviewAttribute> {
    let sources = sources.iter().cloned().chain(std::iter::repeat(String::new()));
    let both = found.into_iter().zip(sources);
    both.map(|(attribute, source)| PreviewAttribute {
        name: attribute.name,
        friendly_name: attribute.friendly_name,
        values: attribute.values,
        source,
    })
    .collect()
}

fn aws_verdicts(provider: &SamlProvider, seen: &Examined, received: &Received<'_>) -> Vec<Verdict> {
    if !provider.is_aws() && !provider.is_identity_center() {
        return Vec::new();
    }
    let from = seen.issued.unwrap_or(received.at);
    // Not what the provider does today: the response may be older, or of elsewhere.
    let sent = received.sent.unwrap_or(Sent { encrypted: seen.encrypted, size: Some(received.field.len()) });
    let facts = AwsFacts {
        destination: &seen.destination,
        recipient: &seen.recipient,
        audience: &seen.audience,
        name_id: &seen.name_id,
        name_id_format: &seen.name_id_format,
        assertion_signed: seen.assertion_signed,
        encrypted: sent.encrypted,
        attributes: &seen.attributes,
        sources: received.sources,
        lifetime_seconds: seen.not_on_or_after.unwrap_or(from) - from,
        // A response without an end of the session leaves it to AWS.
        session_seconds: seen.session_end.map_or(i64::MAX, |end| end - from),
        response_size: sent.size,
        in_response_to: seen.in_response_to.is_some(),
        // What was pushed then is not what is pushed now; of a response that was made now, sign-on has said it.
        user_name: None,
    };
    let made = received.made.iter().find(|verdict| verdict.rule == USER_NAME);
    let told = saml::lint(&facts);
    told.iter().map(|own| verdict(made.filter(|made| made.rule == own.rule).unwrap_or(own))).collect()
}

fn by_the_book(v: &SpVerdict) -> Verdict {
    Verdict {
        rule: v.rule.to_owned(),
        status: match v.level {
            Level::Passed => VerdictStatus::Passed,
            Level::Warning => VerdictStatus::Warning,
            Level::Failed => VerdictStatus::Failed,
        },
        found: v.found.clone(),
        aws_message: String::new(),
        source: String::new(),
    }
}

/// One line about whether it would be taken.
pub(crate) fn outcome(report: &ResponseReport) -> String {
    let broken = report.service.iter().chain(&report.aws).filter(|v| v.status == VerdictStatus::Failed);
    match broken.count() {
        0 => "no rule is broken".to_owned(),
        count => format!("{count} rules are broken"),
    }
}
