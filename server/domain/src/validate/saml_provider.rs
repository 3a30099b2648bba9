use model::{FieldError, MappingKind, SamlProvider};
use saml::aws::MAX_KEYS;

use super::{Names, address::web_address, exchange::exchange, faults::Faults, partition::addresses};

/// Of one provider: a response with what goes with it has some 20 KiB.
const MOST_KEPT: u32 = 200;

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
    addresses(provider, &mut faults);
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
    aws_attributes(provider, &mut faults);
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
                faults.add("property_mappings", format!("the mapping `{name}` has no saml_name"));
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

/// What AWS reads differs from one of its services to the other, and no other service reads any of it.
fn aws_attributes(provider: &SamlProvider, faults: &mut Faults) {
    let aws = &provider.aws;
    let iam = [
        ("principal_tags", !aws.principal_tags.is_empty(), "give the tags as access_control instead"),
        ("source_identity", aws.source_identity.is_some(), "leave it out"),
        ("session_duration", aws.session_duration.is_some(), "leave it out, and set the session at AWS"),
    ];
    let center = [("access_control", !aws.access_control.is_empty(), "give the tags as principal_tags instead")];
    if provider.is_identity_center() {
        for (field, _, instead) in iam.into_iter().filter(|(_, given, _)| *given) {
            faults.add(
                format!("aws.{field}"),
                format!("{field} is for IAM, and IAM Identity Center ignores it: {instead}"),
            );
        }
        return;
    }
    // The audience may be an address of AWS's sign-in, which is seen to work.
    if provider.is_aws() || provider.partition().is_some() {
        for (field, _, instead) in center.into_iter().filter(|(_, given, _)| *given) {
            faults.add(
                format!("aws.{field}"),
                format!("{field} is for IAM Identity Center, and IAM ignores it: {instead}"),
            );
        }
        return;
    }
    for (field, ..) in iam.into_iter().chain(center).filter(|(_, given, _)| *given) {
        let why = format!(
            "{field} is for AWS, and `{}` is no audience of AWS: leave it out, and give a property mapping where the service is to have the attribute",
            provider.audience.chars().take(100).collect::<String>()
        );
        faults.add(format!("aws.{field}"), why);
    }
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
    let beside = usize::from(provider.next_signing_key.is_some()) + usize::from(provider.decryption_key.is_some());
    if 1 + beside + provider.retiring_keys.len() > MAX_KEYS {
        faults.add("retiring_keys", format!("the metadata shows at most {MAX_KEYS} keys, which is what AWS takes"));
    }
}
