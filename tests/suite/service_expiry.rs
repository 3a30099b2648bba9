use model::EventKind;
use serde_json::{Value, json};
use tests::{Browser, World};

const DAY: i64 = 86_400;

/// A key as an administrator reads it.
async fn key(root: &Browser, name: &str) -> Value {
    let read = root.post_json("/fn/app/keys/api/read_key", &json!({ "name": name })).await;
    serde_json::from_str::<Value>(&read.body).unwrap_or_else(|e| panic!("{e}: {}", read.body))["key"].clone()
}

/// Metadata with one certificate for both uses, valid until some time.
fn metadata(pem: &str, until: &str) -> String {
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let descriptor = |usage: &str| {
        format!(
            "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}\
             </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    };
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://sp.example\" validUntil=\"{until}\">\
         <md:SPSSODescriptor AuthnRequestsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp.example/acs\" index=\"0\"/></md:SPSSODescriptor></md:EntityDescriptor>",
        descriptor("signing"),
        descriptor("encryption")
    )
}

/// A provider whose service gave certificates that end in 100 days, in metadata that is valid for 130.
async fn with_service(world: &World) {
    let generate = |name: &str, days: u32| {
        format!(
            "  - {{ name: {name}, generate: {{ algorithm: rsa-2048, common_name: {name}, valid_days: {days} }} }}\n"
        )
    };
    world.apply(&format!("version: 1\nkeys:\n{}{}", generate("lent", 100), generate("until", 130))).await;
    let root = world.signed_in("root").await;
    let (lent, until) = (key(&root, "lent").await, key(&root, "until").await);
    let text = metadata(lent["certificate"].as_str().unwrap(), until["not_after"].as_str().unwrap());
    world
        .apply(&format!(
            "version: 1\nsaml_providers:\n  - {{ name: sp, encrypt: true, metadata: {} }}\n",
            serde_json::to_string(&text).unwrap()
        ))
        .await;
    // They were only lent: what is told is of the service alone.
    for name in ["lent", "until"] {
        let version = serde_json::from_str::<Value>(
            &root.post_json("/fn/app/keys/api/read_key", &json!({ "name": name })).await.body,
        )
        .unwrap()["version"]
            .clone();
        let gone = root.post_json("/fn/app/keys/api/delete_key", &json!({ "name": name, "version": version })).await;
        assert!(gone.status.is_success(), "{}", gone.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_what_a_service_gave_is_told_once_at_each_threshold_and_shown() {
    let world = World::new().await;
    with_service(&world).await;
    let told = || async { world.services.warn_of_expiries().await.unwrap() };
    assert_eq!(told().await, 0, "100 days are left");
    // Two certificates at 100 days, and the metadata at 130.
    for (days, count, warning) in [
        (11, 2, "within 90 days"),
        (30, 1, "within 90 days"),
        (30, 2, "within 30 days"),
        (23, 2, "within 7 days"),
        (7, 3, "expired"),
    ] {
        world.clock.advance(days * DAY);
        assert_eq!(told().await, count, "{days} days on: {warning}");
        assert_eq!(told().await, 0, "{warning} was told twice");
        assert_eq!(world.restarted().await.warn_of_expiries().await.unwrap(), 0, "{warning} was told by another");
        let root = world.signed_in("root").await;
        for path in ["/admin", "/admin/saml-providers/sp"] {
            let page = root.get(path).await.body;
            assert!(page.contains(warning), "{path} does not say {warning}: {page}");
            assert!(page.contains("signing certificate") && page.contains("encryption certificate"), "{path}: {page}");
        }
    }
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": EventKind::ServiceExpires.code() } });
    let events: Value =
        serde_json::from_str(&root.post_json("/fn/app/events/api/list_events", &asked).await.body).unwrap();
    assert_eq!(events["total"], 10, "{events}");
    let newest = events["rows"][0]["message"].as_str().unwrap();
    assert!(newest.contains("service of sp") && newest.contains("new metadata"), "{newest}");
    assert_eq!(events["rows"][0]["target"], "SAML provider sp");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_reads_when_what_a_service_gave_ends() {
    let world = World::new().await;
    with_service(&world).await;
    let text = Browser::new(&world.url).get("/metrics").await.body;
    let of = |what: &str| {
        let series = format!("rolecall_saml_service_not_after_timestamp_seconds{{provider=\"sp\",what=\"{what}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&series));
        line.unwrap_or_else(|| panic!("no {series} in {text}")).parse::<i64>().unwrap()
    };
    let (signing, encryption) = (of("signing_certificate"), of("encryption_certificate"));
    assert_eq!(signing, encryption);
    let between = of("metadata") - signing;
    assert!((30 * DAY - 5..=30 * DAY + 5).contains(&between), "{between} seconds between the two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_named_as_a_key_is_told_of_as_a_key_with_who_trusts_it() {
    let world = World::new().await;
    world
        .apply(
            "version: 1\nkeys: [{ name: theirs, generate: { algorithm: rsa-2048, common_name: t, valid_days: 20 } }]\n\
             saml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', \
             verification_keys: [theirs] }]\n",
        )
        .await;
    assert_eq!(world.services.warn_of_expiries().await.unwrap(), 1);
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": EventKind::KeyExpires.code() } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert!(events.contains("these trust its certificate: sp"), "{events}");
    let page = root.get("/admin").await.body;
    assert!(page.contains("trusted by sp"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_has_ended_is_said_to_have_before_it_is_saved() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let lent = key(&root, "rolecall").await;
    for (until, told) in [("2020-01-01T00:00:00Z", true), ("2090-01-01T00:00:00Z", false)] {
        let text = metadata(lent["certificate"].as_str().unwrap(), until);
        let body = json!({ "metadata": text, "certificate": null, "existing": null });
        let read = root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await;
        assert!(read.status.is_success(), "{}", read.body);
        assert_eq!(read.body.contains("the metadata has ended"), told, "{until}: {}", read.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_iam_provider_says_how_its_key_is_handed_over() {
    let world = World::new().await;
    world
        .apply("version: 1\nsaml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example' }]\n")
        .await;
    let root = world.signed_in("root").await;
    let page = root.get("/admin/saml-providers/aws-iam").await.body;
    for told in [
        "--assertion-encryption-mode Allowed",
        "https://signin.aws.amazon.com/saml/acs/SAMLSP",
        "must not be set to Required",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!root.get("/admin/saml-providers/sp").await.body.contains("assertion-encryption-mode"));
}
