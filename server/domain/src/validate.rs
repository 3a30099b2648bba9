use std::collections::{BTreeMap, BTreeSet};

use expression::Expression;
use model::{
    Application, BindingSubject, FieldError, MappingKind, NameIdFormat, Policy, PropertyMapping, SamlProvider,
    ScimDialect, ScimProvider, Webhook,
};
use saml::{Certificate, KeyKind, aws::MAX_KEYS};
use url::Url;

/// The names that others may refer to, as they will be once a change is made.
#[derive(Debug, Default)]
pub struct Names {
    pub groups: BTreeSet<String>,
    pub saml_providers: BTreeSet<String>,
    pub scim_providers: BTreeSet<String>,
    pub policies: BTreeSet<String>,
    /// Keys that can sign.
    pub keys: BTreeSet<String>,
    /// All keys: each has a certificate.
    pub certificates: BTreeSet<String>,
    /// Those on elliptic curves, as far as is known.
    pub elliptic: BTreeSet<String>,
    /// What signs for providers that name no key.
    pub default_key: Option<String>,
    /// With each mapping, whether it has a SAML name.
    pub mappings: BTreeMap<String, (MappingKind, bool)>,
    /// Users named in bindings that do exist, in lower case.
    pub users: BTreeSet<String>,
}

/// Of one provider: a response with what goes with it has some 20 KiB.
const MOST_KEPT: u32 = 200;

/// Collects what is wrong.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    fn name(&mut self, field: &str, name: &str) {
        if let Some(fault) = model::name_fault(name) {
            self.add(field, fault);
        }
    }
}

/// An address that a browser may be sent to: https, or http on this very machine.
pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| format!("`{text}` is not an address: {e}"))?;
    let name = url.host_str().unwrap_or_default();
    // Names under localhost lead to this machine and nowhere else (RFC 6761 §6.3).
    let loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost");
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err("plain http is accepted for this machine itself only; use https".to_owned()),
        other => return Err(format!("`{other}:` is not accepted; use https")),
    }
    if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("an address here has a host and no user, password or fragment".to_owned());
    }
    Ok(url)
}

/// A path of our own: it cannot lead to another host.
fn local_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') && !text.chars().any(char::is_control)
}

/// An image that needs no request: pages may load nothing from elsewhere.
fn inline_image(text: &str) -> bool {
    const KINDS: [&str; 4] = ["svg+xml", "png", "jpeg", "webp"];
    let data = text.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
    text.len() <= 32 * 1024
        && data.is_some_and(|(kind, data)| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
            KINDS.contains(&kind) && !data.is_empty() && data.bytes().all(plain)
        })
}

pub fn application(application: &Application, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &application.name);
    if application.description.chars().count() > 1000 {
        faults.add("description", "a description has at most 1000 characters");
    }
    if let Some(url) = &application.launch_url
        && !local_path(url)
        && let Err(why) = web_address(url)
    {
        faults.add("launch_url", why);
    }
    if let Some(icon) = &application.icon
        && !inline_image(icon)
    {
        faults.add(
            "icon",
            "an icon is an image inside the address itself, such as data:image/svg+xml;base64,…, of at most 32 KiB: pages load images from nowhere else",
        );
    }
    if let Some(provider) = &application.saml_provider
        && !names.saml_providers.contains(provider)
    {
        faults.add("saml_provider", format!("there is no SAML provider `{provider}`"));
    }
    for provider in &application.backchannel_providers {
        if !names.scim_providers.contains(provider) {
            faults.add("backchannel_providers", format!("there is no SCIM provider `{provider}`"));
        }
    }
    for (index, binding) in application.bindings.iter().enumerate() {
        let (known, kind, name) = match &binding.subject {
            BindingSubject::Group(name) => (names.groups.contains(name), "group", name),
            BindingSubject::Policy(name) => (names.policies.contains(name), "policy", name),
            BindingSubject::User(name) => (names.users.contains(&name.to_lowercase()), "user", name),
        };
        if !known {
            faults.add(format!("bindings.{index}"), format!("there is no {kind} `{name}`"));
        }
    }
    for (index, row) in application.aws_roles.iter().enumerate() {
        if row.role.account() != row.provider.account() || row.role.partition() != row.provider.partition() {
            faults.add(
                format!("aws_roles.{index}"),
                format!(
                    "{} and {} are of different accounts; AWS takes a role and a provider of one account",
                    row.role, row.provider
                ),
            );
        }
        for group in row.groups.iter().filter(|g| !names.groups.contains(*g)) {
            faults.add(format!("aws_roles.{index}"), format!("there is no group `{group}`"));
        }
    }
    faults.0
}

pub fn saml_provider(provider: &SamlProvider, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &provider.name);
    if let Err(why) = web_address(&provider.acs_url) {
        faults.add("acs_url", why);
    }
    for (index, endpoint) in provider.acs.iter().enumerate() {
        if let Err(why) = web_address(&endpoint.url) {
            faults.add(format!("acs.{index}"), why);
        }
        if provider.acs_endpoints().filter(|(_, i)| *i == endpoint.index).count() > 1 {
            faults.add(format!("acs.{index}"), format!("the index {} is there twice", endpoint.index));
        }
    }
    exchange(provider, names, &mut faults);
    for (field, value) in [("audience", Some(&provider.audience)), ("issuer", provider.issuer.as_ref())] {
        if let Some(value) = value
            && (value.is_empty() || value.len() > 1024 || value.chars().any(|c| c.is_whitespace() || c.is_control()))
        {
            faults.add(field, "an entityID has 1 to 1024 characters and no spaces (SAML core §8.3.6)");
        }
    }
    if let Some(key) = &provider.signing_key {
        signs("signing_key", key, names, &mut faults);
    }
    rotation(provider, names, &mut faults);
    for (field, why) in provider.aws.faults() {
        faults.add(format!("aws.{field}"), why);
    }
    if provider.is_identity_center()
        && (!provider.aws.principal_tags.is_empty() || provider.aws.source_identity.is_some())
    {
        faults.add("aws.principal_tags", "IAM Identity Center reads access_control; session tags are for IAM");
    }
    if !provider.is_identity_center() && !provider.aws.access_control.is_empty() {
        faults.add("aws.access_control", "access_control is for IAM Identity Center; IAM reads principal_tags");
    }
    if provider.keep_responses > MOST_KEPT {
        faults.add("keep_responses", format!("this is 0 (none) to {MOST_KEPT}"));
    }
    if provider.assertion_not_before.as_seconds() > 0 {
        faults.add("assertion_not_before", "this is zero or negative, such as -5m");
    }
    if !(30..=86_400).contains(&provider.assertion_not_on_or_after.as_seconds()) {
        faults.add("assertion_not_on_or_after", "this is 30s to 24h");
    }
    if provider.session_not_on_or_after.as_seconds() <= 0 {
        faults.add("session_not_on_or_after", "this is positive, such as 12h");
    }
    for name in &provider.property_mappings {
        match names.mappings.get(name) {
            None => faults.add("property_mappings", format!("there is no property mapping `{name}`")),
            Some((MappingKind::Saml, true)) => {}
            Some((MappingKind::Saml, false)) => {
                faults.add("property_mappings", format!("the mapping `{name}` has no saml_name"))
            }
            Some(_) => faults.add("property_mappings", format!("the mapping `{name}` is for SCIM")),
        }
    }
    if let Some(name) = &provider.name_id.mapping
        && names.mappings.get(name).map(|m| m.0) != Some(MappingKind::Saml)
    {
        faults.add("name_id.mapping", format!("there is no SAML property mapping `{name}`"));
    }
    faults.0
}

/// A key that is to sign.
fn signs(field: &str, key: &str, names: &Names, faults: &mut Faults) {
    if names.keys.contains(key) {
        return;
    }
    if names.certificates.contains(key) {
        faults.add(field, format!("the key `{key}` is a certificate alone, and signs nothing"));
    } else {
        faults.add(field, format!("there is no key `{key}`"));
    }
}

/// The keys that the metadata shows beside the one that signs.
fn rotation(provider: &SamlProvider, names: &Names, faults: &mut Faults) {
    let current = provider.signing_key.as_ref().or(names.default_key.as_ref());
    if let Some(next) = &provider.next_signing_key {
        signs("next_signing_key", next, names, faults);
        if current == Some(next) || provider.retiring_keys.contains(next) {
            faults
                .add("next_signing_key", format!("the key `{next}` signs or signed already; the next one is another"));
        }
    }
    for (index, key) in provider.retiring_keys.iter().enumerate() {
        signs("retiring_keys", key, names, faults);
        if current == Some(key) || provider.retiring_keys.iter().take(index).any(|before| before == key) {
            faults.add("retiring_keys", format!("the key `{key}` signs, or is named twice"));
        }
    }
    if 1 + usize::from(provider.next_signing_key.is_some()) + provider.retiring_keys.len() > MAX_KEYS {
        faults.add("retiring_keys", format!("the metadata shows at most {MAX_KEYS} keys, which is what AWS takes"));
    }
}

/// What is signed, verified, encrypted and ended with a service provider.
fn exchange(provider: &SamlProvider, names: &Names, faults: &mut Faults) {
    if !provider.name_id.format.has_own_value() && provider.name_id.mapping.is_none() {
        faults.add("name_id.mapping", "this NameID format needs a property mapping that gives its value");
    }
    for (index, pem) in provider.verification_certificates.iter().enumerate() {
        if let Err(error) = Certificate::from_pem(pem) {
            faults.add(format!("verification_certificates.{index}"), error.to_string());
        }
    }
    for key in provider.verification_keys.iter().filter(|key| !names.certificates.contains(*key)) {
        faults.add("verification_keys", format!("there is no key `{key}`"));
    }
    let none = provider.verification_certificates.is_empty() && provider.verification_keys.is_empty();
    if provider.require_signed_requests && none {
        let why = "requests must be signed, and there is no certificate to verify them with: add one";
        faults.add("require_signed_requests", why);
    }
    for (index, service) in provider.logout.iter().enumerate() {
        for url in std::iter::once(&service.url).chain(&service.response_url) {
            if let Err(why) = web_address(url) {
                faults.add(format!("logout.{index}"), why);
            }
        }
    }
    if let Some(encryption) = &provider.encryption {
        match encryption
            .key
            .as_ref()
            .map_or_else(|| Certificate::from_pem(&encryption.certificate).map(Some), |_| Ok(None))
        {
            Ok(None) => {}
            Ok(Some(certificate)) if matches!(certificate.kind(), KeyKind::Rsa(_)) => {}
            Ok(Some(_)) => faults.add("encryption.certificate", "assertions are encrypted to RSA keys only"),
            Err(error) => faults.add("encryption.certificate", error.to_string()),
        }
        if let Some(key) = &encryption.key {
            if !names.certificates.contains(key) {
                faults.add("encryption.key", format!("there is no key `{key}`"));
            }
            if names.elliptic.contains(key) {
                faults.add(
                    "encryption.key",
                    format!("the key `{key}` is on a curve; assertions are encrypted to RSA keys only"),
                );
            }
            if !encryption.certificate.is_empty() {
                faults.add("encryption.certificate", "either the name of a key or a certificate, not both");
            }
        }
        if provider.is_identity_center() {
            faults.add("encryption", "IAM Identity Center does not decrypt assertions; leave encryption out");
        }
    }
    if provider.is_identity_center() && provider.name_id.format != NameIdFormat::EmailAddress {
        faults.add("name_id.format", "IAM Identity Center takes the format email_address only");
    }
}

pub fn scim_provider(provider: &ScimProvider, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &provider.name);
    match web_address(&provider.url) {
        Ok(url) if url.query().is_some() => faults.add("url", "the address of a SCIM endpoint has no query"),
        Ok(_) => {}
        Err(why) => faults.add("url", why),
    }
    for (field, named, kind) in [
        ("user_mappings", &provider.user_mappings, MappingKind::ScimUser),
        ("group_mappings", &provider.group_mappings, MappingKind::ScimGroup),
    ] {
        for name in named {
            match names.mappings.get(name) {
                None => faults.add(field, format!("there is no property mapping `{name}`")),
                Some((found, _)) if *found == kind => {}
                Some(_) => faults.add(field, format!("the mapping `{name}` is of another kind")),
            }
        }
    }
    for group in provider.groups.iter().filter(|g| !names.groups.contains(*g)) {
        faults.add("groups", format!("there is no group `{group}`"));
    }
    faults.0.extend(provider.faults());
    if provider.dialect == ScimDialect::Aws && provider.url.contains("/scim/v2/") && !provider.url.ends_with("/v2/") {
        faults.add("url", "the address ends with /scim/v2; what follows it is added to every request");
    }
    faults.0
}

pub fn webhook(webhook: &Webhook) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &webhook.name);
    if let Err(why) = web_address(&webhook.url) {
        faults.add("url", why);
    }
    faults.0
}

pub fn property_mapping(mapping: &PropertyMapping) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &mapping.name);
    if let Some(name) = &mapping.saml_name
        && (name.is_empty() || name.len() > 1024 || name.chars().any(|c| c.is_whitespace() || c.is_control()))
    {
        faults.add("saml_name", "an attribute's name has 1 to 1024 characters and no spaces");
    }
    if let Err(error) = Expression::compile(&mapping.name, &mapping.expression) {
        faults.add("expression", error.to_string());
    }
    faults.0
}

pub fn policy(policy: &Policy) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &policy.name);
    if let Err(error) = Expression::compile(&policy.name, &policy.expression) {
        faults.add("expression", error.to_string());
    }
    faults.0
}

pub fn object_name(name: &str) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", name);
    faults.0
}

#[cfg(test)]
mod tests {
    use super::{inline_image, local_path, web_address};

    #[test]
    fn addresses_that_run_code_or_hide_a_host_are_refused() {
        assert!(web_address("https://signin.aws.amazon.com/saml").is_ok());
        assert!(web_address("http://127.0.0.1:8181/saml").is_ok());
        for bad in
            ["javascript:alert(1)", "http://example.com/", "https://a@b/", "data:text/html,x", "x", "https://a/#b"]
        {
            assert!(web_address(bad).is_err(), "{bad}");
        }
        assert!(inline_image("data:image/png;base64,iVBORw0KGgo="));
        for bad in [
            "https://evil.example/x.png",
            "data:text/html;base64,PHNjcmlwdD4=",
            "data:image/png;base64,",
            "/icons/aws.svg",
        ] {
            assert!(!inline_image(bad), "{bad}");
        }
        assert!(local_path("/a/b"));
        for bad in ["//evil.example", "/\\evil.example", "a", "/\n"] {
            assert!(!local_path(bad), "{bad}");
        }
    }
}
