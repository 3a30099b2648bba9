//! Metadata of service providers as others publish it (tests/fixtures/sp-metadata, ORIGIN.md there), imported by the very
//! door that a declarative file takes. UNDERSTOOD.txt is what came of each; write it anew with
//! `UNDERSTOOD=write cargo test --test suite published_metadata`, and read the difference.

use std::{fmt::Write as _, fs, path::PathBuf};

use model::{NameIdFormat, Partition, SamlProvider};
use saml::{Limits, SpMetadata};
use tests::World;

use crate::responses::good;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/sp-metadata")
}

/// The files, by name, with their text.
fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name.ends_with(".xml"))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn declared(xml: &str) -> String {
    let quoted = serde_json::to_string(xml).unwrap();
    format!("version: 1\nsaml_providers: [{{ name: published, metadata: {quoted} }}]\n")
}

/// What the reader made of a file, and what became of it as a provider.
async fn understood(world: &World, xml: &str) -> String {
    let mut text = String::new();
    if let Ok(read) = saml::parse_sp_metadata(xml.as_bytes(), &Limits::METADATA) {
        for sp in &read {
            facts(&mut text, sp);
        }
    }
    let applied = world.services.apply("f.yaml", &declared(xml), &|_| Err(String::new()), "test", false).await;
    match applied {
        Err(error) => writeln!(text, "  refused: {error}").unwrap(),
        Ok(_) => {
            let file = world.services.export(false).await.unwrap();
            let provider = file.split("- name: published\n").nth(1).unwrap();
            let provider = provider.split("\n- name:").next().unwrap().split("\napplications:").next().unwrap();
            for line in once(provider).filter(|line| kept(line)) {
                writeln!(text, "  imported: {}", line.trim()).unwrap();
            }
        }
    }
    text
}

/// The lines of a provider without those that repeat what its metadata said.
fn once(provider: &str) -> impl Iterator<Item = &str> {
    let mut said = None::<usize>;
    provider.lines().filter(move |line| {
        let indent = line.len() - line.trim_start().len();
        if said.is_some_and(|said| indent > said) {
            return false;
        }
        said = (line.trim() == "said:").then_some(indent);
        true
    })
}

/// The lines of an export that metadata decides; certificates are told by `facts`.
fn kept(line: &str) -> bool {
    let line = line.trim();
    [
        "acs_url:",
        "audience:",
        "- url:",
        "index:",
        "format:",
        "require_signed",
        "binding:",
        "url:",
        "response_url:",
        "valid_until:",
        "acs_index:",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

fn facts(text: &mut String, sp: &SpMetadata) {
    let certificates = |list: &[saml::Certificate]| {
        let list = list.iter().map(saml::Certificate::facts);
        list.map(|facts| format!("{} {}", facts.subject, &facts.fingerprint_sha256[..23])).collect::<Vec<_>>()
    };
    writeln!(text, "  entity: {}, signs requests: {}", sp.entity_id, sp.authn_requests_signed).unwrap();
    for (what, list) in [("signing", &sp.signing), ("encryption", &sp.encryption)] {
        for certificate in certificates(list) {
            writeln!(text, "  {what}: {certificate}").unwrap();
        }
    }
    for attribute in &sp.requested_attributes {
        let required = if attribute.required { " (required)" } else { "" };
        writeln!(text, "  asks for: {}{required}", attribute.name).unwrap();
    }
    for note in &sp.unsupported {
        writeln!(text, "  not used: {}: {}", note.what, note.why).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_others_publish_is_imported_or_refused_with_a_reason_that_names_the_element() {
    let files = files();
    assert!(files.len() >= 30, "{} files", files.len());
    let origin = fs::read_to_string(folder().join("ORIGIN.md")).unwrap();
    let world = World::empty().await;
    let (mut all, mut imported) = (String::new(), 0);
    for (name, xml) in &files {
        assert!(origin.contains(&format!("| {name} |")), "ORIGIN.md does not say where {name} is from");
        let text = understood(&world, xml).await;
        if let Some(refusal) = text.lines().find_map(|line| line.trim().strip_prefix("refused: ")) {
            let words = [
                "AssertionConsumerService",
                "SingleLogoutService",
                "KeyDescriptor",
                "AuthnRequestsSigned",
                "SPSSODescriptor",
            ];
            assert!(words.iter().any(|word| refusal.contains(word)), "{name}: the refusal names no element: {refusal}");
        } else {
            imported += 1;
        }
        writeln!(all, "{name}\n{text}").unwrap();
    }
    assert!(imported * 10 >= files.len() * 6, "only {imported} of {} are imported", files.len());
    let path = folder().join("UNDERSTOOD.txt");
    if std::env::var_os("UNDERSTOOD").is_some() {
        fs::write(&path, &all).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    let difference = all.lines().zip(expected.lines()).find(|(now, then)| now != then);
    assert!(all == expected, "understood differently than UNDERSTOOD.txt says (now, then): {difference:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_aws_make_providers_that_are_held_against_its_rules() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let read = async |name: &str| {
        let metadata = fs::read_to_string(folder().join(name)).unwrap();
        let asked = serde_json::json!({ "metadata": metadata, "certificate": null, "existing": null });
        let all = good(&root, "read_sp_metadata", asked).await;
        serde_json::from_value::<SamlProvider>(all[0]["provider"].clone()).unwrap()
    };
    let iam = read("aws-sign-in.xml").await;
    assert!(iam.is_aws() && !iam.is_identity_center());
    assert_eq!((iam.acs_url.as_str(), iam.acs_index), ("https://signin.aws.amazon.com/saml", 1));
    let center = read("aws-identity-center.xml").await;
    assert!(center.is_identity_center() && !center.is_aws());
    assert_eq!(center.name_id.format, NameIdFormat::EmailAddress);
    assert_eq!((center.partition(), center.region()), (Some(Partition::Aws), Some("us-west-2")));
    // A response may go to each of its hosts, and by default to the first.
    let hosts = ["us-west-2.signin.aws", "us-west-2.signin.aws.amazon.com", "us-west-2.sso.signin.aws"];
    let known: Vec<_> = center.acs_endpoints().filter_map(|(url, _)| url.split('/').nth(2)).collect();
    assert_eq!(known, hosts);
}
