use reqwest::StatusCode;
use serde_json::json;
use tests::{Answer, Browser, World};

/// A service provider that asks for nothing.
pub const METADATA: &str = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example\"><md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/acs\" index=\"0\"/></md:SPSSODescriptor></md:EntityDescriptor>";

#[tokio::test(flavor = "multi_thread")]
async fn one_service_of_a_file_that_cannot_be_used_says_why_and_leaves_the_others_alone() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let named = |name: &str| METADATA.replace("https://sp.example\"", &format!("https://{name}.example\""));
    let broken = named("broken").replace(" Location=\"https://sp.example/acs\"", "");
    let artifact = named("artifact").replace("HTTP-POST", "HTTP-Artifact");
    let good = named("good");
    let file = |entities: &[&str]| {
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</md:EntitiesDescriptor>",
            entities.concat()
        )
    };
    let read = async |metadata: String| {
        let body = json!({ "metadata": metadata, "certificate": null, "existing": null });
        root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await
    };
    let answer = read(file(&[&broken, &artifact, &good])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let all = answer.json();
    let why = |place: usize| all[place]["unusable"].as_str().unwrap_or_default().to_owned();
    assert!(why(0).contains("Location is absent") && all[0]["entity_id"] == "https://broken.example", "{all}");
    assert!(why(1).contains("HTTP-POST"), "{all}");
    assert!(all[2]["unusable"].is_null() && all[2]["provider"]["acs_url"] == "https://sp.example/acs", "{all}");
    let none = read(file(&[&artifact, &broken])).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("HTTP-POST"), "{}", none.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_replaces_the_certificate_that_assertions_are_encrypted_to() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let offering = || {
        let pair = saml::SigningKey::generate_self_signed(2048, "sp", 30, 1_700_000_000).unwrap();
        let base64: String = pair.certificate_pem.lines().filter(|line| !line.starts_with('-')).collect();
        let key = format!(
            "<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"/></md:KeyDescriptor>"
        );
        METADATA.replace("<md:AssertionConsumerService", &format!("{key}<md:AssertionConsumerService"))
    };
    let (before, after) = (offering(), offering());
    let indented = before.lines().map(|line| format!("      {line}\n")).collect::<String>();
    world
        .apply(&format!("version: 1\nsaml_providers:\n  - name: sp\n    encrypt: true\n    metadata: |\n{indented}"))
        .await;
    let read = async |metadata: &str| {
        let body = json!({ "metadata": metadata, "certificate": null, "existing": "sp" });
        let answer = root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()[0].clone()
    };
    let (same, renewed) = (read(&before).await, read(&after).await);
    assert_eq!(same["provider"]["encryption"], same["encrypt"], "{same}");
    assert_eq!(renewed["provider"]["encryption"], renewed["encrypt"], "{renewed}");
    assert_ne!(same["encrypt"]["certificate"], renewed["encrypt"]["certificate"]);
    assert_eq!(renewed["encrypt"]["cipher"], "aes-128-gcm");
    let gone = read(METADATA).await;
    assert_eq!(gone["provider"]["encryption"], same["encrypt"], "{gone}");
    assert!(gone["unsupported"].to_string().contains("no certificate to encrypt to any more"), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_metadata_is_held_against_the_last_and_takes_nothing_that_was_set_by_hand() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let acs = |index: u32, url: &str| {
        format!(
            "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/{url}\" index=\"{index}\"/>"
        )
    };
    let file = |addresses: &[(u32, &str)]| {
        let all: String = addresses.iter().map(|(index, url)| acs(*index, url)).collect();
        METADATA
            .replace(&acs(0, "acs"), &all)
            .replace("<md:EntityDescriptor ", "<md:EntityDescriptor cacheDuration=\"PT1H\" ")
    };
    let before = file(&[(0, "acs"), (1, "one"), (2, "two")]);
    world.apply(&format!("version: 1\nsaml_providers: [{{ name: sp, metadata: {} }}]\n", json!(before))).await;
    let detail =
        async || root.post_json("/fn/app/saml_providers/api/read_provider", &json!({ "name": "sp" })).await.json();
    let save = async |provider: &serde_json::Value| {
        let version = detail().await["version"].clone();
        let body = json!({ "name": "sp", "version": version, "provider": provider });
        let answer = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    };
    let read = async |metadata: &str| {
        let body = json!({ "metadata": metadata, "certificate": null, "existing": "sp" });
        let answer = root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()[0].clone()
    };
    let standing = |facts: &serde_json::Value| -> Vec<(String, String)> {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let changes = facts["changes"].as_array().unwrap().iter();
        changes.map(|change| (text(&change["what"]), text(&change["by"]))).collect()
    };
    let row = |index: u32, by: &str| (format!("ACS address, index {index}"), by.to_owned());

    let mut provider = detail().await["provider"].clone();
    assert_eq!(provider["imported"]["cache_seconds"], 3600, "{provider}");
    provider["acs"][0]["url"] = json!("https://sp.example/one-by-hand");
    provider["acs"][1]["url"] = json!("https://sp.example/two-by-hand");
    provider["require_signed_requests"] = json!(false);
    save(&provider).await;
    assert_eq!(standing(&read(&before).await), [row(1, "hand"), row(2, "hand")]);

    let after = file(&[(0, "acs-new"), (1, "one"), (2, "two-new")]);
    let facts = read(&after).await;
    assert_eq!(standing(&facts), [row(0, "file"), row(1, "hand"), row(2, "both")], "{facts}");
    assert_eq!(facts["provider"]["acs_url"], "https://sp.example/acs-new");
    assert_eq!(facts["provider"]["acs"], provider["acs"], "what was set by hand was lost");
    assert!(facts["unsupported"].to_string().contains("read again after 3600 seconds"), "{facts}");
    save(&facts["provider"]).await;
    // What the file said is the ground that the next one stands on, also where it was not taken.
    assert_eq!(standing(&read(&after).await), [row(1, "hand"), row(2, "hand")]);

    let exported = world.services.export(false).await.unwrap();
    assert!(exported.contains("said:"), "{exported}");
    world.apply(&exported).await;
    assert_eq!(world.services.export(false).await.unwrap(), exported);
    assert_eq!(standing(&read(&after).await), [row(1, "hand"), row(2, "hand")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_more_services_than_can_be_looked_at_needs_the_name_of_one() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let all: String =
        (0..51).map(|n| METADATA.replace("https://sp.example\"", &format!("https://sp{n}.example\""))).collect();
    let file = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{all}</md:EntitiesDescriptor>"
    );
    let read = async |entity_id: Option<&str>| {
        let body = json!({ "metadata": file, "certificate": null, "existing": null, "entity_id": entity_id });
        root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await
    };
    let none = read(None).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", none.body);
    assert!(none.body.contains("51 service providers") && none.body.contains("entity_id"), "{}", none.body);
    let one = read(Some("https://sp7.example")).await.json();
    assert!(one.as_array().unwrap().len() == 1 && one[0]["entity_id"] == "https://sp7.example", "{one}");
    assert_eq!(read(Some("https://sp99.example")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// What a browser without JavaScript sends of the form with a file in it.
async fn upload(browser: &Browser, file: &str, headers: &[(&str, &str)]) -> Answer {
    let part = |field: &str, text: &str| format!("--mark\r\nContent-Disposition: form-data; {field}\r\n\r\n{text}\r\n");
    let (text, url) = (part("name=\"metadata\"", ""), part("name=\"url\"", ""));
    let file = part("name=\"file\"; filename=\"sp.xml\"\r\nContent-Type: text/xml", file);
    let body = Some(("multipart/form-data; boundary=mark", format!("{file}{url}{text}--mark--\r\n")));
    browser.send(reqwest::Method::POST, "/admin/saml-providers/-/read", headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_is_read_looked_at_and_taken_without_javascript() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let page = root.get("/admin/saml-providers/-/import").await;
    assert!(page.body.contains("action=\"/admin/saml-providers/-/read\""), "{}", page.body);
    let hidden = |page: &tests::Answer| {
        let form = page
            .body
            .split("action=\"/admin/saml-providers/-/take\"")
            .nth(1)
            .unwrap_or_else(|| panic!("{}", page.body));
        let field = |name: &str| {
            let rest = form.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
            rest.split("value=\"").nth(1).unwrap_or_default().split('"').next().unwrap().to_owned()
        };
        (field("sha256"), field("version"))
    };
    let broken = root.post("/admin/saml-providers/-/read", &[("metadata", "<html/>")]).await;
    assert!(broken.status == 422 && broken.body.contains("EntityDescriptor"), "{}", broken.body);
    let looked = root.post("/admin/saml-providers/-/read", &[("metadata", METADATA)]).await;
    assert!(looked.body.contains("not signed, not verified"), "{}", looked.body);
    let (print, _) = hidden(&looked);
    assert!(
        page.body.contains("enctype=\"multipart/form-data\"") && page.body.contains("name=\"file\""),
        "{}",
        page.body
    );
    let from_disk = upload(&root, METADATA, &[]).await;
    assert!(from_disk.status == 200 && hidden(&from_disk).0 == print, "{}", from_disk.body);
    let large = upload(&root, &format!("{METADATA}<!--{}-->", "x".repeat(180 * 1024)), &[]).await;
    assert!(large.status == 422 && large.body.contains("Give its address in place of it"), "{}", large.body);
    assert_eq!(upload(&root, METADATA, &[("sec-fetch-site", "cross-site")]).await.status, 403);
    let take = "/admin/saml-providers/-/take";
    let nameless = root.post(take, &[("metadata", METADATA), ("sha256", &print), ("name", "")]).await;
    assert_eq!(nameless.status, 422, "{}", nameless.body);
    let unseen = root.post(take, &[("metadata", METADATA), ("sha256", "0"), ("name", "sp")]).await;
    assert!(unseen.status == 422 && unseen.body.contains("look at it again"), "{}", unseen.body);
    let made = root.post(take, &[("metadata", METADATA), ("sha256", &print), ("name", "sp")]).await;
    assert_eq!(made.location(), "/admin/saml-providers/sp", "{}", made.body);

    let moved = METADATA.replace("/acs", "/acs-2");
    let looked = root.post("/admin/saml-providers/-/read", &[("metadata", &moved), ("existing", "sp")]).await;
    assert!(looked.body.contains("ACS address, index 0") && looked.body.contains("the file"), "{}", looked.body);
    let (print, version) = hidden(&looked);
    let fields = [("metadata", moved.as_str()), ("existing", "sp"), ("sha256", &print), ("version", &version)];
    // What is not ticked is not taken.
    let kept = root.post(take, &fields).await;
    assert_eq!(kept.location(), "/admin/saml-providers/sp", "{}", kept.body);
    assert!(!world.services.export(false).await.unwrap().contains("acs_url: https://sp.example/acs-2"));
    let again = root.post(take, &[&fields[..], &[("take", "0")]].concat()).await;
    assert!(again.status == 422, "an old version was written over: {}", again.body);
    let looked = root.post("/admin/saml-providers/-/read", &[("metadata", &moved), ("existing", "sp")]).await;
    let (print, version) = hidden(&looked);
    let fields =
        [("metadata", moved.as_str()), ("existing", "sp"), ("sha256", &print), ("version", &version), ("take", "0")];
    assert_eq!(root.post(take, &fields).await.location(), "/admin/saml-providers/sp");
    assert!(world.services.export(false).await.unwrap().contains("acs_url: https://sp.example/acs-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_of_a_file_says_what_of_the_metadata_is_not_used_how_long_it_holds_and_who_vouches_for_it() {
    let world = World::new().await;
    let twice = "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/other\" index=\"0\"/></md:SPSSODescriptor>";
    let metadata = METADATA
        .replace("</md:SPSSODescriptor>", twice)
        .replace(" entityID", " validUntil=\"2126-01-01T00:00:00Z\" cacheDuration=\"PT1H\" entityID")
        .replacen(
            "<md:SPSSODescriptor",
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/><md:SPSSODescriptor",
            1,
        );
    let file = format!("version: 1\nsaml_providers: [{{ name: sp, metadata: {} }}]\n", json!(metadata));
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let plan = world.services.apply("f.yaml", &file, &none, "test", true).await.unwrap().to_string();
    for told in [
        "AssertionConsumerService https://sp.example/other: the index 0 is taken; it is left out",
        "cacheDuration: the service asks to be read again after 3600 seconds",
        "nobody verified the signature",
        "it is valid until 2126-01-01T00:00:00Z",
    ] {
        assert!(plan.contains(&format!("! SAML provider sp, of its metadata: {told}")), "{told}: {plan}");
    }
    world.apply(&file).await;
    let again = world.apply(&file).await;
    assert!(again.warnings.is_empty() && again.steps.is_empty(), "{again}");
}
