use model::{AssertionCipher, LogoutBinding, NameIdFormat, SignWhat, SignatureMethod};

/// The address of the list.
pub const PATH: &str = "/admin/saml-providers";

/// The address of one SAML provider.
pub fn provider_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// Each value with its code in a form and what a person reads.
pub const SIGN: [(SignWhat, &str, &str); 3] = [
    (SignWhat::Assertion, "assertion", "the assertion, as AWS wants it"),
    (SignWhat::Response, "response", "the response around it"),
    (SignWhat::Both, "both", "both"),
];

pub const FORMATS: [(NameIdFormat, &str, &str); 8] = [
    (NameIdFormat::Persistent, "persistent", "persistent: opaque, another one for each service"),
    (NameIdFormat::EmailAddress, "email_address", "email address, as IAM Identity Center wants it"),
    (NameIdFormat::Transient, "transient", "transient: new each time"),
    (NameIdFormat::Unspecified, "unspecified", "unspecified: the user name"),
    (NameIdFormat::X509SubjectName, "x509_subject_name", "X.509 subject name (by mapping)"),
    (NameIdFormat::WindowsDomainQualifiedName, "windows_domain_qualified_name", "Windows domain name (by mapping)"),
    (NameIdFormat::Kerberos, "kerberos", "Kerberos principal (by mapping)"),
    (NameIdFormat::Entity, "entity", "entity (by mapping)"),
];

pub const METHODS: [(Option<SignatureMethod>, &str, &str); 7] = [
    (None, "", "that of the key"),
    (Some(SignatureMethod::RsaSha256), "rsa-sha256", "RSA-SHA256"),
    (Some(SignatureMethod::RsaSha384), "rsa-sha384", "RSA-SHA384"),
    (Some(SignatureMethod::RsaSha512), "rsa-sha512", "RSA-SHA512"),
    (Some(SignatureMethod::EcdsaSha256), "ecdsa-sha256", "ECDSA-SHA256"),
    (Some(SignatureMethod::EcdsaSha384), "ecdsa-sha384", "ECDSA-SHA384"),
    (Some(SignatureMethod::EcdsaSha512), "ecdsa-sha512", "ECDSA-SHA512"),
];

pub const CIPHERS: [(AssertionCipher, &str, &str); 3] = [
    (AssertionCipher::Aes256Gcm, "aes-256-gcm", "AES-256-GCM"),
    (AssertionCipher::Aes128Gcm, "aes-128-gcm", "AES-128-GCM"),
    (AssertionCipher::Aes256Cbc, "aes-256-cbc", "AES-256-CBC, for services that know no GCM"),
];

pub const fn logout_word(binding: LogoutBinding) -> &'static str {
    match binding {
        LogoutBinding::Redirect => "redirect",
        LogoutBinding::Post => "post",
    }
}

/// What a select offers.
pub fn choices<T>(rows: &[(T, &str, &str)]) -> Vec<crate::ui::Choice> {
    rows.iter().map(|(_, code, text)| ((*code).to_owned(), (*text).to_owned())).collect()
}

/// The code of a value.
pub fn code<T: PartialEq>(rows: &[(T, &'static str, &str)], value: &T) -> String {
    rows.iter().find(|(v, ..)| v == value).map(|(_, code, _)| (*code).to_owned()).unwrap_or_default()
}

/// The value of a code; one that is not known leaves things as they are.
pub fn value<T: Copy>(rows: &[(T, &str, &str)], code: &str, now: T) -> T {
    rows.iter().find(|(_, c, _)| *c == code).map_or(now, |(value, ..)| *value)
}
