use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use expression::{Context, ExpressionErrorKind, Limits};
use model::{AccessTrace, Application, NameIdFormat, SamlProvider, SignWhat};
use saml::{Attribute, AwsFacts, AwsVerdict, Level, ResponseSpec, Sign};
use serde_json::Value;

use crate::{
    Error, access, aws_attributes,
    exchange::{Exchange, STRONGEST},
    person::Person,
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

/// A mapping that failed, and whether the provider can do without it.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingFailure {
    pub mapping: String,
    pub message: String,
    pub needed: bool,
}

/// All that a sign-on comes to, short of the signature.
pub struct Rendered {
    pub access: AccessTrace,
    pub spec: ResponseSpec,
    /// Beside `spec.attributes`: which mapping gave each.
    pub sources: Vec<String>,
    pub failures: Vec<MappingFailure>,
    /// AWS's rules; empty where the provider is not AWS.
    pub verdicts: Vec<AwsVerdict>,
}

impl Rendered {
    /// Whether a response may leave: every mapping that is needed worked and no rule of AWS is broken.
    pub fn may_issue(&self) -> bool {
        !self.failures.iter().any(|f| f.needed) && !self.verdicts.iter().any(|v| matches!(v.level, Level::Failed))
    }
}

/// The entityID towards a provider's application.
pub fn issuer(provider: &SamlProvider, application: &Application, public_url: &str) -> String {
    provider.issuer.clone().unwrap_or_else(|| format!("{public_url}/application/saml/{}/metadata/", application.slug))
}

/// Decides access, runs the mappings, builds the response's content and asks AWS's rules about it.
pub fn render(
    snapshot: &Snapshot,
    application: &Application,
    provider: &SamlProvider,
    person: &Person,
    occasion: &Occasion<'_>,
) -> Result<Rendered, Error> {
    let context = person.context(application, Some(provider), occasion.address, occasion.agreed.is_none());
    let access = access::decide(snapshot, application, person, &context);
    let mut failures = Vec::new();
    let (mut attributes, mut sources) = (Vec::<Attribute>::new(), Vec::<String>::new());
    for name in &provider.property_mappings {
        let Some(mapping) = snapshot.configuration.property_mappings.get(name).map(|m| &m.value) else {
            failures.push(MappingFailure {
                mapping: name.clone(),
                message: "there is no such mapping".into(),
                needed: true,
            });
            continue;
        };
        let Some(saml_name) = mapping.saml_name.clone() else { continue };
        match evaluate(snapshot, name, &context) {
            Ok(values) if values.is_empty() => {}
            Ok(values) => add(&mut attributes, &mut sources, saml_name, mapping.friendly_name.clone(), values, name),
            Err(message) => {
                let needed =
                    provider.is_aws() && (saml_name == saml::aws::ROLE || saml_name == saml::aws::ROLE_SESSION_NAME);
                failures.push(MappingFailure { mapping: name.clone(), message, needed });
            }
        }
    }
    let table = role_table(application, person);
    if !table.is_empty() {
        add(&mut attributes, &mut sources, saml::aws::ROLE.to_owned(), Some("Role".into()), table, "role table");
    }
    let given = aws_attributes::attributes(&provider.aws, person);
    for (name, values) in given.attributes {
        add(&mut attributes, &mut sources, name, None, values, aws_attributes::SOURCE);
    }
    failures.extend(given.failures.into_iter().map(|(key, message)| MappingFailure {
        mapping: format!("{}: {key}", aws_attributes::SOURCE),
        message,
        needed: false,
    }));
    let format = occasion.agreed.and_then(|a| a.name_id_format).unwrap_or(provider.name_id.format);
    let name_id = name_id(snapshot, provider, person, format, occasion, &context, &mut failures)?;
    let spec = ResponseSpec {
        response_id: format!("_{}r", occasion.nonce),
        assertion_id: format!("_{}a", occasion.nonce),
        in_response_to: occasion.agreed.map(|a| a.in_response_to.to_owned()),
        issue_instant: occasion.now,
        destination: occasion.agreed.map_or(provider.acs_url.as_str(), |a| a.acs_url).to_owned(),
        issuer: issuer(provider, application, occasion.public_url),
        audience: provider.audience.clone(),
        name_id,
        name_id_format: format.urn().to_owned(),
        sp_name_qualifier: None,
        session_index: occasion.session_index.to_owned(),
        authn_instant: occasion.authenticated,
        not_before: occasion.now + provider.assertion_not_before.as_seconds(),
        not_on_or_after: occasion.now + provider.assertion_not_on_or_after.as_seconds(),
        session_not_on_or_after: occasion.now + provider.session_not_on_or_after.as_seconds(),
        authn_context: occasion.agreed.and_then(|a| a.authn_context).unwrap_or(STRONGEST).to_owned(),
        attributes,
        sign: match provider.sign {
            SignWhat::Assertion => Sign::Assertion,
            SignWhat::Response => Sign::Response,
            SignWhat::Both => Sign::Both,
        },
    };
    let verdicts = lint(&spec, &sources, provider, None);
    Ok(Rendered { access, spec, sources, failures, verdicts })
}

/// AWS's rules over what is about to be signed, or, with a size, over what has been. None where the provider is not AWS.
pub fn lint(spec: &ResponseSpec, sources: &[String], provider: &SamlProvider, size: Option<usize>) -> Vec<AwsVerdict> {
    if !provider.is_aws() && !provider.is_identity_center() {
        return Vec::new();
    }
    saml::lint(&AwsFacts {
        destination: &spec.destination,
        recipient: &spec.destination,
        audience: &spec.audience,
        name_id: &spec.name_id,
        name_id_format: &spec.name_id_format,
        assertion_signed: spec.sign != Sign::Response,
        encrypted: provider.encryption.is_some(),
        attributes: &spec.attributes,
        sources,
        lifetime_seconds: provider.assertion_not_on_or_after.as_seconds(),
        session_seconds: provider.session_not_on_or_after.as_seconds(),
        response_size: size,
        in_response_to: spec.in_response_to.is_some(),
    })
}

/// One attribute for each name: AWS reads only one claim of a kind, so values of the same name go together.
fn add(
    attributes: &mut Vec<Attribute>,
    sources: &mut Vec<String>,
    name: String,
    friendly_name: Option<String>,
    values: Vec<String>,
    source: &str,
) {
    let found = attributes.iter().position(|a| a.name == name);
    if let Some((attribute, from)) = found.and_then(|i| attributes.get_mut(i).zip(sources.get_mut(i))) {
        for value in values {
            if !attribute.values.contains(&value) {
                attribute.values.push(value);
            }
        }
        from.push_str(", ");
        from.push_str(source);
    } else {
        attributes.push(Attribute { name, friendly_name, values });
        sources.push(source.to_owned());
    }
}

/// `role,provider` pairs of the table whose groups this person is in.
fn role_table(application: &Application, person: &Person) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for row in &application.aws_roles {
        if row.groups.is_empty() || row.groups.iter().any(|g| person.all_groups.contains(g)) {
            let pair = format!("{},{}", row.role, row.provider);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

/// Runs one mapping and turns its result into attribute values.
fn evaluate(snapshot: &Snapshot, name: &str, context: &Context) -> Result<Vec<String>, String> {
    let expression = match snapshot.mapping(name) {
        Some(Ok(expression)) => expression,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("there is no such mapping".to_owned()),
    };
    match expression.evaluate(context, &Limits::default()) {
        Ok(value) => attribute_values(&value),
        Err(error) if error.kind == ExpressionErrorKind::Skip => Ok(Vec::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// `None` leaves the attribute out, a list gives one value each.
pub(crate) fn attribute_values(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Null => Ok(Vec::new()),
        value => Ok(vec![text(value)?]),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(s) => Ok(s.clone()),
        // As Python writes them.
        Value::Bool(b) => Ok(if *b { "True" } else { "False" }.to_owned()),
        Value::Number(n) => Ok(n.to_string()),
        Value::Null => Err("a list of values holds None; leave it out of the list".to_owned()),
        Value::Array(_) => Err("a list of values holds a list; an attribute value is text".to_owned()),
        Value::Object(_) => {
            Err("the result is a dict; an attribute value is text, a number or a list of those".to_owned())
        }
    }
}

/// What the service provider of an application knows somebody by; None: it cannot be made, or is another one at every
/// sign-on.
pub(crate) fn known_as(
    snapshot: &Snapshot,
    application: &Application,
    provider: &SamlProvider,
    person: &Person,
) -> Option<String> {
    let format = provider.name_id.format;
    if provider.name_id.mapping.is_none() && format == NameIdFormat::Transient {
        return None;
    }
    let occasion =
        Occasion { now: 0, authenticated: 0, session_index: "", nonce: "", agreed: None, address: "", public_url: "" };
    let context = person.context(application, Some(provider), "", true);
    let made = name_id(snapshot, provider, person, format, &occasion, &context, &mut Vec::new());
    made.ok().filter(|value| !value.is_empty())
}

fn name_id(
    snapshot: &Snapshot,
    provider: &SamlProvider,
    person: &Person,
    format: NameIdFormat,
    occasion: &Occasion<'_>,
    context: &Context,
    failures: &mut Vec<MappingFailure>,
) -> Result<String, Error> {
    if let Some(mapping) = &provider.name_id.mapping {
        let fail = |message: String| MappingFailure { mapping: mapping.clone(), message, needed: true };
        match evaluate(snapshot, mapping, context) {
            Ok(values) => match values.as_slice() {
                [value] if !value.is_empty() => return Ok(value.clone()),
                _ => failures.push(fail(format!("a NameID is one text, the mapping gave {} values", values.len()))),
            },
            Err(message) => failures.push(fail(message)),
        }
        return Ok(String::new());
    }
    let value = match format {
        NameIdFormat::Persistent => pairwise(snapshot, provider, person)?,
        NameIdFormat::Transient => format!("_{}t", occasion.nonce),
        NameIdFormat::EmailAddress => person.user.email.clone(),
        NameIdFormat::Unspecified => person.user.username.clone(),
        _ => String::new(),
    };
    if value.is_empty() {
        let message = match format {
            NameIdFormat::EmailAddress => format!("the user {} has no email address", person.user.username),
            _ => "this NameID format needs a property mapping that gives its value".to_owned(),
        };
        failures.push(MappingFailure { mapping: "NameID".to_owned(), message, needed: true });
    }
    Ok(value)
}

/// SAML core §8.3.7: opaque, the same at every sign-on, and different for each service provider.
/// HMAC-SHA256 over the two parts, each preceded by its length.
fn pairwise(snapshot: &Snapshot, provider: &SamlProvider, person: &Person) -> Result<String, Error> {
    let failed = |e: openssl::error::ErrorStack| Error::Internal(format!("name identifier: {e}"));
    let key = openssl::pkey::PKey::hmac(&snapshot.pairwise_secret).map_err(failed)?;
    let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &key).map_err(failed)?;
    for part in [provider.audience.as_bytes(), person.user.uid.as_bytes()] {
        signer.update(&(part.len() as u64).to_be_bytes()).map_err(failed)?;
        signer.update(part).map_err(failed)?;
    }
    Ok(URL_SAFE_NO_PAD.encode(signer.sign_to_vec().map_err(failed)?))
}
