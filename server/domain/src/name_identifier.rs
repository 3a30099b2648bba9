use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use expression::Context;
use model::{Application, NameIdFormat, SamlProvider};

use crate::{
    Error, content::MappingFailure, mapped::evaluate, person::Person, provisioning::UserName, snapshot::Snapshot,
};

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
    let context = person.context(application, Some(provider), "", true);
    let user_name = UserName::of(snapshot, application, provider, person, None);
    let how = (format, "");
    let made = name_id(snapshot, provider, person, how, &context, user_name.as_ref(), &mut Vec::new());
    made.ok().filter(|value| !value.is_empty())
}

/// The formats that can be given, the provider's own first: what the metadata offers is what a request may ask for. A
/// mapping makes values of that one only, and IAM Identity Center takes no other.
pub(crate) fn formats(provider: &SamlProvider) -> Vec<NameIdFormat> {
    let own = provider.name_id.format;
    let others = NameIdFormat::ALL.into_iter().filter(|f| *f != own && f.has_own_value());
    let others = others.filter(|_| provider.name_id.mapping.is_none() && !provider.is_identity_center());
    std::iter::once(own).chain(others).collect()
}

/// The value of NameID in a format (SAML core §8.3), by the provider's mapping where it names one. `nonce` makes a
/// transient one. Without a mapping, an email address for an Identity Center that we push users to is their userName there:
/// one setting for both. A value that cannot be had is a failure that withholds the response.
pub(crate) fn name_id(
    snapshot: &Snapshot,
    provider: &SamlProvider,
    person: &Person,
    (format, nonce): (NameIdFormat, &str),
    context: &Context,
    user_name: Option<&UserName>,
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
    if let (NameIdFormat::EmailAddress, Some(user_name)) = (format, user_name) {
        if user_name.value().is_empty() {
            failures.push(user_name.failure());
        }
        return Ok(user_name.value().to_owned());
    }
    let value = match format {
        NameIdFormat::Persistent => pairwise(snapshot, provider, person)?,
        NameIdFormat::Transient => format!("_{nonce}t"),
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
    // Without a secret, whoever knows the parts could tell who somebody is.
    if snapshot.pairwise_secret.len() < 32 {
        return Err(Error::Internal("the secret of persistent identifiers is not there".into()));
    }
    let key = openssl::pkey::PKey::hmac(&snapshot.pairwise_secret).map_err(failed)?;
    let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &key).map_err(failed)?;
    for part in [provider.audience.as_bytes(), person.user.uid.as_bytes()] {
        signer.update(&(part.len() as u64).to_be_bytes()).map_err(failed)?;
        signer.update(part).map_err(failed)?;
    }
    Ok(URL_SAFE_NO_PAD.encode(signer.sign_to_vec().map_err(failed)?))
}

#[cfg(test)]
mod tests {
    use model::User;
    use serde_json::json;

    use super::*;
    use crate::{MasterKey, Vault, port::Configuration};

    const SERVICE: &str = "https://sp";

    /// What the service of an audience knows somebody by, with a secret of this byte.
    fn made(secret: u8, audience: &str, uid: &str, username: &str) -> String {
        let vault = Vault::new(MasterKey::new([1; 32]), vec![]);
        let mut snapshot = Snapshot::derive(Configuration::default(), &vault, None).unwrap();
        snapshot.pairwise_secret = vec![secret; 32];
        let provider = SamlProvider::new("sp", "https://sp.example/acs", audience);
        let email = format!("{username}@example.com");
        let user: User = serde_json::from_value(json!({
            "username": username, "uid": uid, "name": username, "given_name": "", "family_name": "", "email": email,
            "active": true, "role": "member", "service_account": false, "groups": [], "attributes": {},
        }))
        .unwrap();
        let made = pairwise(&snapshot, &provider, &Person::new(user.clone(), &snapshot)).unwrap();
        snapshot.pairwise_secret = Vec::new();
        assert!(pairwise(&snapshot, &provider, &Person::new(user, &snapshot)).is_err(), "made without a secret");
        made
    }

    #[test]
    fn a_persistent_identifier_stays_the_same_and_differs_by_key_service_and_person() {
        let first = made(7, SERVICE, "u1", "ada");
        // For good, so also over versions: services keep accounts by it.
        assert_eq!(first, "dtuvekjffqiuNzl_5Y0HdvI-LnpWPOT1DmkOaHYZoV0");
        assert_eq!(first, made(7, SERVICE, "u1", "ada"));
        for (what, other) in [
            ("key", made(8, SERVICE, "u1", "ada")),
            ("service", made(7, "https://sp2", "u1", "ada")),
            ("person", made(7, SERVICE, "u2", "ada")),
        ] {
            assert_ne!(first, other, "another {what}");
        }
        assert_ne!(made(7, "ab", "c", "ada"), made(7, "a", "bc", "ada"), "one name runs over into the next");
    }

    #[test]
    fn a_persistent_identifier_says_nothing_of_the_person_and_outlives_a_new_user_name() {
        let identifier = made(7, SERVICE, "person-1", "lovelace");
        assert_eq!(identifier, made(7, SERVICE, "person-1", "countess"));
        let raw = URL_SAFE_NO_PAD.decode(&identifier).unwrap();
        for told in ["person-1", "lovelace"] {
            assert!(!identifier.contains(told), "{told} is in {identifier}");
            assert!(
                !raw.windows(told.len()).any(|part| part == told.as_bytes()),
                "{told} is in what {identifier} encodes"
            );
        }
    }

    #[test]
    fn a_persistent_identifier_has_at_most_256_characters_however_long_the_names() {
        let long = "x".repeat(1_000);
        for identifier in [made(7, SERVICE, "u1", "ada"), made(7, &long, &long, &long)] {
            assert!((1..=256).contains(&identifier.chars().count()), "{identifier}");
        }
    }
}
