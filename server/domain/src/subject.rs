//! Whether the `Subject` of a request means the person who is signed in.

use model::{NameIdFormat, User};
use saml::NameId;

/// Whether an identifier of a request names a person (SAML core §3.4.1.4): one of the format of the response by its
/// value, and an email address or a name of no format by what a service may have asked the person for, too.
/// `given` is what the response says, with the URI of its format.
pub(crate) fn names(wanted: &NameId, given: (&str, &str), user: &User) -> bool {
    let format = wanted.format.as_deref().filter(|format| !format.is_empty());
    let format = format.unwrap_or(NameIdFormat::Unspecified.urn());
    let same = wanted.value == given.0;
    // Neither tells people apart by the case of its letters here.
    let is = |text: &str| !text.is_empty() && text.to_lowercase() == wanted.value.to_lowercase();
    match NameIdFormat::from_urn(format) {
        Some(NameIdFormat::Unspecified) => same || is(&user.username) || is(&user.email),
        _ if format == given.1 => same,
        Some(NameIdFormat::EmailAddress) => is(&user.email),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;

    #[test]
    fn a_subject_is_compared_by_its_format() {
        let user = User { username: "ada".into(), email: "ada@example.com".into(), ..user() };
        let (persistent, email) = (NameIdFormat::Persistent.urn(), NameIdFormat::EmailAddress.urn());
        let opaque = ("k3Jd", persistent);
        let named = |value: &str, format: Option<&str>, given| {
            let wanted = NameId { value: value.to_owned(), format: format.map(str::to_owned), ..NameId::default() };
            names(&wanted, given, &user)
        };
        assert!(named("k3Jd", Some(persistent), opaque));
        assert!(named("Ada@example.com", Some(email), opaque));
        for format in [None, Some(""), Some(NameIdFormat::Unspecified.urn())] {
            assert!(named("ada", format, opaque) && named("ada@example.com", format, opaque));
            assert!(named("k3Jd", format, opaque) && !named("grace", format, opaque));
        }
        assert!(!named("K3jD", Some(persistent), opaque), "an opaque value is compared to the letter");
        assert!(!named("ada@example.com", Some(persistent), opaque));
        assert!(!named("ada", Some(email), opaque) && !named("grace@example.com", Some(email), opaque));
        // A mapping gives the service another address than the person's own, and the service knows that one.
        assert!(named("a@other.example", Some(email), ("a@other.example", email)));
        assert!(!named("ada@example.com", Some(email), ("a@other.example", email)));
        assert!(!named("k3Jd", Some(NameIdFormat::Kerberos.urn()), opaque));
        let nobody = User { email: String::new(), ..user };
        assert!(!names(&NameId::default(), opaque, &nobody));
    }

    fn user() -> User {
        User {
            username: "x".into(),
            uid: "1".into(),
            name: "X".into(),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            active: true,
            role: Role::Member,
            service_account: false,
            groups: Default::default(),
            attributes: Default::default(),
        }
    }
}
