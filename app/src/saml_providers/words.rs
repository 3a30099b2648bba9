use model::{
    AssertionCipher, LogoutBinding, MOST_METADATA_IN_A_FORM, MovedBy, NameIdFormat, SignWhat, SignatureMethod,
};

use crate::ui::Values;

/// What is kept of people where responses are, for how long, who sees it and how to do without; wherever a SAML provider
/// is made.
pub const KEEPING: &str = "So many of the last responses are kept, encrypted, for 14 days at most, so that a refusal can be explained when it happens. They hold what assertions say of people. Administrators alone open one, and each look leaves an event. 0 keeps none, and lets go of those that are there.";

/// What is wrong with another text there.
pub const NO_COUNT: &str = "write a number, such as 20; 0 keeps none";

/// The address of the list.
pub const PATH: &str = "/admin/saml-providers";

/// The address of one SAML provider.
pub fn provider_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// Each value with its code in a form and what a person reads.
pub const SIGN: Values<SignWhat> = &[
    (SignWhat::Assertion, "assertion", "the assertion, as AWS wants it"),
    (SignWhat::Response, "response", "the response around it"),
    (SignWhat::Both, "both", "both"),
];

pub const FORMATS: Values<NameIdFormat> = &[
    (NameIdFormat::Persistent, "persistent", "persistent: opaque, another one for each service"),
    (NameIdFormat::EmailAddress, "email_address", "email address, as IAM Identity Center wants it"),
    (NameIdFormat::Transient, "transient", "transient: new each time"),
    (NameIdFormat::Unspecified, "unspecified", "unspecified: the user name"),
    (NameIdFormat::X509SubjectName, "x509_subject_name", "X.509 subject name (by mapping)"),
    (NameIdFormat::WindowsDomainQualifiedName, "windows_domain_qualified_name", "Windows domain name (by mapping)"),
    (NameIdFormat::Kerberos, "kerberos", "Kerberos principal (by mapping)"),
    (NameIdFormat::Entity, "entity", "entity (by mapping)"),
];

type Method = (Option<SignatureMethod>, &'static str, &'static str);

const OF_THE_KEY: Method = (None, "", "that of the key");
const RSA: [Method; 3] = [
    (Some(SignatureMethod::RsaSha256), "rsa-sha256", "RSA-SHA256"),
    (Some(SignatureMethod::RsaSha384), "rsa-sha384", "RSA-SHA384"),
    (Some(SignatureMethod::RsaSha512), "rsa-sha512", "RSA-SHA512"),
];
const CURVE: [Method; 3] = [
    (Some(SignatureMethod::EcdsaSha256), "ecdsa-sha256", "ECDSA-SHA256"),
    (Some(SignatureMethod::EcdsaSha384), "ecdsa-sha384", "ECDSA-SHA384"),
    (Some(SignatureMethod::EcdsaSha512), "ecdsa-sha512", "ECDSA-SHA512"),
];

pub const METHODS: Values<Option<SignatureMethod>> =
    &[OF_THE_KEY, RSA[0], RSA[1], RSA[2], CURVE[0], CURVE[1], CURVE[2]];

/// Those of RSA keys.
pub const RSA_METHODS: Values<Option<SignatureMethod>> = &[OF_THE_KEY, RSA[0], RSA[1], RSA[2]];

/// Those of keys on elliptic curves.
pub const CURVE_METHODS: Values<Option<SignatureMethod>> = &[OF_THE_KEY, CURVE[0], CURVE[1], CURVE[2]];

pub const CIPHERS: Values<AssertionCipher> = &[
    (AssertionCipher::Aes256Gcm, "aes-256-gcm", "AES-256-GCM"),
    (AssertionCipher::Aes128Gcm, "aes-128-gcm", "AES-128-GCM"),
    (AssertionCipher::Aes256Cbc, "aes-256-cbc", "AES-256-CBC, for services that know no GCM"),
];

/// Metadata of so many bytes goes another way than by a form.
pub fn too_large(bytes: &str) -> String {
    format!(
        "The file has {bytes} bytes, and a form carries {MOST_METADATA_IN_A_FORM}. Give its address in place of it, or name it in a declarative file (metadata: {{ file: PATH }}) for `rolecall apply`, which takes up to 10 MiB."
    )
}

/// Who moved a setting away from what the last metadata said, and what becomes of it.
pub const fn moved_words(by: MovedBy) -> &'static str {
    match by {
        MovedBy::File => "the file",
        MovedBy::Hand => "hand: it stays",
        MovedBy::Both => "both: decide",
        MovedBy::Unknown => "not known: decide",
    }
}

pub const fn logout_word(binding: LogoutBinding) -> &'static str {
    match binding {
        LogoutBinding::Redirect => "redirect",
        LogoutBinding::Post => "post",
    }
}
