//! A response, received and judged: by a service provider by the book, and by AWS's rules.

use model::{PreviewAttribute, ResponseReport, SamlProvider, Verdict, VerdictStatus};
use saml::{AwsFacts, Certificate, Examined, Level, ServiceProvider, SpVerdict, examine};

use crate::{Error, aws_trace, exchange::SKEW, render, sign_on::verdict, snapshot::Snapshot};

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
}

/// Judges a response for a provider with what its metadata tells a service.
pub(crate) fn report(
    snapshot: &Snapshot,
    provider: &SamlProvider,
    received: &Received<'_>,
    public_url: &str,
) -> Result<ResponseReport, Error> {
    let names = crate::key_life::shown(provider, snapshot.default_key());
    let certificates = names.into_iter().map(|(name, _)| name).zip(snapshot.shown_certificates(provider)?);
    let read = |(name, text): (String, String)| {
        Ok((name, Certificate::from_base64(&text).map_err(|e| Error::Internal(e.to_string()))?))
    };
    let certificates = certificates.map(read).collect::<Result<Vec<_>, Error>>()?;
    let applications = snapshot.configuration.applications.values().map(|a| &a.value);
    let uses = applications.filter(|a| a.saml_provider.as_deref() == Some(&provider.name));
    let issuers: Vec<String> = uses.map(|a| render::issuer(provider, a, public_url)).collect();
    let acs: Vec<String> = provider.acs_endpoints().map(|(url, _)| url.to_owned()).collect();
    let service = ServiceProvider {
        now: received.at,
        skew: SKEW,
        issuers: &issuers,
        certificates: &certificates,
        entity_id: &provider.audience,
        acs: &acs,
        request: received.request,
    };
    let seen = examine(received.field, &service);
    let aws = if seen.encrypted || seen.assertion_id.is_empty() {
        Vec::new()
    } else {
        aws_verdicts(provider, &seen, received)
    };
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
        xml: seen.xml,
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
    let facts = AwsFacts {
        destination: &seen.destination,
        recipient: &seen.recipient,
        audience: &seen.audience,
        name_id: &seen.name_id,
        name_id_format: &seen.name_id_format,
        assertion_signed: seen.assertion_signed,
        encrypted: provider.encryption.is_some(),
        attributes: &seen.attributes,
        sources: received.sources,
        lifetime_seconds: seen.not_on_or_after.unwrap_or(from) - from,
        // A response without an end of the session leaves it to AWS.
        session_seconds: seen.session_end.map_or(i64::MAX, |end| end - from),
        response_size: Some(received.field.len()),
        in_response_to: seen.in_response_to.is_some(),
    };
    saml::lint(&facts).iter().map(verdict).collect()
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
