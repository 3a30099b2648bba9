//! What AWS takes of our own metadata, before it is uploaded (IAM quotas; Identity Center: "IAM Identity Center quotas").

use super::verdict::AwsVerdict;

/// The most characters of one certificate in PEM (Identity Center).
pub const MAX_CERTIFICATE: usize = 2_500;
/// The most characters of a metadata file at Identity Center.
pub const MAX_CENTER_METADATA: usize = 75_000;
/// The most characters of a metadata file at IAM.
pub const MAX_IAM_METADATA: usize = 10_000_000;
/// The most keys of one SAML provider (IAM).
pub const MAX_KEYS: usize = 10;

/// A certificate that the metadata shows, to verify with or to encrypt to.
#[derive(Clone, Copy, Debug)]
pub struct ShownCertificate<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Its length in PEM, in characters.
    pub characters: usize,
    /// On an elliptic curve, not RSA.
    pub elliptic: bool,
    /// Until its end; zero and below: it has ended.
    pub seconds_left: i64,
}

/// What is known of our metadata before AWS reads it.
#[derive(Clone, Copy, Debug)]
pub struct MetadataFacts<'a> {
    /// The metadata is for Identity Center, not for IAM.
    pub identity_center: bool,
    /// The one that signs comes first, one to encrypt to last.
    pub certificates: &'a [ShownCertificate<'a>],
    /// The length of the file in characters, once there is one.
    pub characters: Option<usize>,
}

/// Holds our metadata against AWS's limits. Each rule gives one verdict, always in the same order.
#[must_use]
pub fn lint_metadata(facts: &MetadataFacts) -> Vec<AwsVerdict> {
    vec![keys(facts), kinds(facts), certificates(facts), validity(facts), size(facts)]
}

fn keys(facts: &MetadataFacts) -> AwsVerdict {
    const RULE: &str = "Keys in the metadata";
    let count = facts.certificates.len();
    if count > MAX_KEYS {
        let message = "Cannot exceed quota for KeysPerSAMLProvider: 10";
        return AwsVerdict::failed(RULE, format!("{count} keys; up to {MAX_KEYS} are allowed."), message);
    }
    AwsVerdict::passed(RULE, format!("{count}, of up to {MAX_KEYS}."))
}

fn kinds(facts: &MetadataFacts) -> AwsVerdict {
    const RULE: &str = "Kind of key";
    match facts.certificates.iter().find(|certificate| certificate.elliptic) {
        Some(curve) => AwsVerdict::warning(
            RULE,
            format!("`{}` is on an elliptic curve; AWS is known to take RSA and says nothing of curves.", curve.name),
        ),
        None => AwsVerdict::passed(RULE, "RSA."),
    }
}

fn certificates(facts: &MetadataFacts) -> AwsVerdict {
    const RULE: &str = "Certificate size";
    let largest = facts.certificates.iter().max_by_key(|certificate| certificate.characters);
    match largest {
        Some(one) if one.characters > MAX_CERTIFICATE => {
            let text = format!(
                "The certificate of `{}` has {} characters in PEM; up to {MAX_CERTIFICATE} are accepted.",
                one.name, one.characters
            );
            AwsVerdict::failed(RULE, text, "")
        }
        Some(one) => {
            AwsVerdict::passed(RULE, format!("{} characters in PEM, of up to {MAX_CERTIFICATE}.", one.characters))
        }
        None => AwsVerdict::failed(RULE, "The metadata has no certificate.", "Could not parse metadata"),
    }
}

fn validity(facts: &MetadataFacts) -> AwsVerdict {
    const RULE: &str = "Certificate validity";
    let ended = facts.certificates.iter().find(|certificate| certificate.seconds_left <= 0);
    match ended {
        // Identity Center wants at least one that is valid; of IAM nothing is written down.
        Some(one) => AwsVerdict::warning(RULE, format!("The certificate of `{}` has expired.", one.name)),
        None => AwsVerdict::passed(RULE, "No certificate has expired."),
    }
}

fn size(facts: &MetadataFacts) -> AwsVerdict {
    const RULE: &str = "Metadata size";
    let limit = if facts.identity_center { MAX_CENTER_METADATA } else { MAX_IAM_METADATA };
    match facts.characters {
        None => {
            AwsVerdict::passed(RULE, format!("Not measured: no application shows it yet. Up to {limit} are accepted."))
        }
        Some(size) if size > limit => {
            AwsVerdict::failed(RULE, format!("{size} characters; up to {limit} are accepted."), "")
        }
        Some(size) if !facts.identity_center && size < 1_000 => AwsVerdict::failed(
            RULE,
            format!("{size} characters; at least 1000 are needed."),
            "Could not parse metadata",
        ),
        Some(size) => AwsVerdict::passed(RULE, format!("{size} characters, of up to {limit}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Level;

    const GOOD: ShownCertificate =
        ShownCertificate { name: "now", characters: 1_100, elliptic: false, seconds_left: 1 };

    fn levels(
        identity_center: bool,
        certificates: &[ShownCertificate],
        characters: usize,
    ) -> Vec<(&'static str, Level)> {
        let facts = MetadataFacts { identity_center, certificates, characters: Some(characters) };
        let bad = lint_metadata(&facts).into_iter().filter(|v| v.level != Level::Passed);
        bad.map(|v| (v.rule, v.level)).collect()
    }

    #[test]
    fn each_limit_of_aws_holds_to_the_last_character() {
        let many = |n| vec![GOOD; n];
        let of = |characters| [ShownCertificate { characters, ..GOOD }];
        assert_eq!(levels(true, &many(10), 75_000), []);
        assert_eq!(levels(true, &many(11), 75_000), [("Keys in the metadata", Level::Failed)]);
        assert_eq!(levels(true, &of(2_500), 75_000), []);
        assert_eq!(levels(true, &of(2_501), 75_000), [("Certificate size", Level::Failed)]);
        assert_eq!(levels(true, &many(1), 75_001), [("Metadata size", Level::Failed)]);
        assert_eq!(levels(false, &many(1), 75_001), []);
        assert_eq!(levels(false, &many(1), 999), [("Metadata size", Level::Failed)]);
        assert_eq!(levels(false, &[], 5_000), [("Certificate size", Level::Failed)]);
        let ended = ShownCertificate { seconds_left: 0, elliptic: true, ..GOOD };
        let warned = [("Kind of key", Level::Warning), ("Certificate validity", Level::Warning)];
        assert_eq!(levels(true, &[GOOD, ended], 5_000), warned);
    }
}
