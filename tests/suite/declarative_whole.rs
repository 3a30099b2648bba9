//! Whole files: what is written comes back, all of it.

use std::collections::BTreeMap;

use domain::declarative::{Elsewhere, Plan};
use saml::{KeyKind, SigningKey};
use tests::{PASSWORD, World};

/// The example of the public contract.
const EXAMPLE: &str = include_str!("../fixtures/declarative/example.yaml");
const EVERYTHING: &str = include_str!("../fixtures/declarative/everything.yaml");
const METADATA: &str = include_str!("../fixtures/declarative/sp-metadata.xml");
const NAME_ID_SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// The files and environment variables that the fixtures name.
struct Around(BTreeMap<&'static str, String>);

impl Around {
    fn new() -> Self {
        let pair = |name: &str| SigningKey::generate(KeyKind::Rsa(2048), name, 730, 1_700_000_000).unwrap();
        let (brought, theirs) = (pair("brought"), pair("theirs"));
        Self(BTreeMap::from([
            ("cert.pem", brought.certificate_pem),
            ("key.pem", brought.private_key_pem.clone()),
            // Where an export without secrets says that the private half is.
            ("ROLECALL_KEY_BROUGHT", brought.private_key_pem),
            ("theirs.pem", theirs.certificate_pem),
            ("sp-metadata.xml", METADATA.to_owned()),
            ("ADA_PASSWORD", PASSWORD.to_owned()),
            ("PASSWORD", PASSWORD.to_owned()),
            ("AWS_SCIM_TOKEN", "first".to_owned()),
            ("NAME_ID_SECRET", NAME_ID_SECRET.to_owned()),
        ]))
    }

    async fn apply(&self, world: &World, text: &str) -> Plan {
        let resolver = |place: &Elsewhere| {
            let (Elsewhere::Env(name) | Elsewhere::File(name) | Elsewhere::Binary(name)) = place;
            self.0.get(name.as_str()).cloned().ok_or_else(|| format!("there is no {name}"))
        };
        let applied = world.services.apply("f.yaml", text, &resolver, "test", false).await;
        applied.unwrap_or_else(|error| panic!("{error}\n{text}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_contract_is_applied_exported_and_applied_again() {
    let (around, world) = (Around::new(), World::empty().await);
    around.apply(&world, EXAMPLE).await;
    let again = around.apply(&world, EXAMPLE).await;
    assert_eq!(again.steps, [], "{again}");
    assert_eq!(world.browser().sign_in("ada", PASSWORD).await.status, 303);
    for secrets in [false, true] {
        let text = world.services.export(secrets).await.unwrap();
        let same = around.apply(&world, &text).await;
        assert_eq!(same.steps, [], "{same}");
        let other = World::empty().await;
        around.apply(&other, &text).await;
        assert_eq!(other.services.export(secrets).await.unwrap(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_every_section_comes_back_from_an_export() {
    let (around, world) = (Around::new(), World::empty().await);
    let theirs = around.0["theirs.pem"].replace('\n', "\\n");
    let file = EVERYTHING.replace("{theirs}", &theirs);
    around.apply(&world, &file).await;
    let again = around.apply(&world, &file).await;
    assert_eq!(again.steps, [], "{again}");
    let full = world.services.export(true).await.unwrap();
    let other = World::empty().await;
    around.apply(&other, &full).await;
    assert_eq!(other.services.export(true).await.unwrap(), full);
    let plain = world.services.export(false).await.unwrap();
    for text in [&full, &plain] {
        let same = around.apply(&other, text).await;
        assert_eq!(same.steps, [], "{same}");
    }
    // What both exports lost would not differ.
    for line in file.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        for (field, _) in line.split(['{', ',', '-']).filter_map(|part| part.trim().split_once(": ")) {
            let declared = field.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
            // A password is its hash, metadata what was read of it; and a made key is exported whole.
            let gone = ["password", "metadata", "file", "env"].contains(&field);
            let has = |text: &str| text.contains(&format!("{field}:"));
            assert!(!declared || gone || has(&full) || has(&plain), "{field} is not in\n{full}");
        }
    }
    for part in [
        "default: true",
        "private_key:",
        "certificate_only: true",
        "password_hash:",
        NAME_ID_SECRET,
        "imported:",
        "renamed_from: builders",
        "verify_every: null",
        "failure_result: true",
    ] {
        assert!(full.contains(part), "{part} is not in\n{full}");
    }
    assert_eq!(other.browser().sign_in("ada", PASSWORD).await.status, 303);
}
