use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Browser, World};

/// A pair made by OpenSSL, as an administrator would bring it.
fn pair() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let [key, certificate] = ["key.pem", "certificate.pem"].map(|name| folder.path().join(name));
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=brought", "-days", "30", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (std::fs::read_to_string(certificate).unwrap(), std::fs::read_to_string(key).unwrap())
}

async fn import(browser: &Browser, name: &str, certificate: &str, key: &str) -> tests::Answer {
    let fields = [("name", name), ("certificate", certificate), ("private_key", key)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "application/json")];
    let kind = "application/x-www-form-urlencoded";
    browser.send(Method::POST, "/admin/keys/-/import", &headers, Some((kind, body))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_key_signs_and_its_private_half_is_never_given_out() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (certificate, key) = pair();
    let answer = import(&root, "brought", &certificate, &key).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.location(), "/admin/keys/brought");
    let made = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "brought" })).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let metadata = root.get("/application/saml/aws/metadata/").await.body;
    let der: String = certificate.lines().filter(|l| !l.starts_with("-----")).collect();
    assert!(metadata.replace('\n', "").contains(&der), "the metadata does not show the new key");
    let middle = key.lines().nth(5).unwrap();
    for path in ["/admin/keys", "/admin/keys/brought", "/admin/keys/brought/certificate.pem", "/admin/events"] {
        let page = root.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains(middle), "{path} shows the private key");
    }
    let read = root.post_json("/fn/app/keys/api/read_key", &json!({ "name": "brought" })).await;
    assert!(!read.body.contains(middle) && !read.body.contains("ciphertext"), "{}", read.body);
    let download = root.get("/admin/keys/brought/certificate.pem").await;
    assert_eq!(download.body, certificate);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_used_is_refused_at_its_field_and_nothing_is_kept() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (certificate, key) = pair();
    let (_, other) = pair();
    for (what, name, certificate, key, field) in [
        ("no name", "", certificate.as_str(), key.as_str(), "name"),
        ("a name that is taken", "rolecall", &certificate, &key, "name"),
        ("no certificate", "k", "", &key, "certificate"),
        ("no private key", "k", &certificate, " ", "private_key"),
        ("halves of two pairs", "k", &certificate, &other, "private_key"),
        ("not PEM", "k", "hello", &key, "private_key"),
    ] {
        let answer = import(&root, name, certificate, key).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.body);
        let fault: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(fault["detail"][0]["field"], field, "{what}: {fault}");
    }
    let list = root.post_json("/fn/app/keys/api/list_keys", &json!({ "query": {} })).await;
    assert_eq!(serde_json::from_str::<Value>(&list.body).unwrap()["total"], 1, "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_somebody_signs_with_cannot_be_deleted() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let call = |path: &'static str, body: Value| {
        let root = &root;
        async move { root.post_json(&format!("/fn/app/keys/api/{path}"), &body).await }
    };
    let how = json!({ "algorithm": "rsa-2048", "common_name": "next", "valid_days": 30 });
    let made = call("generate_key", json!({ "name": "next", "generation": how })).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let default = call("delete_key", json!({ "name": "rolecall", "version": 1 })).await;
    assert!(default.status == StatusCode::CONFLICT && default.body.contains("default"), "{}", default.body);
    call("make_key_default", json!({ "name": "next" })).await;
    let stale = call("delete_key", json!({ "name": "rolecall", "version": 9 })).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    let gone = call("delete_key", json!({ "name": "rolecall", "version": 1 })).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    let page = root.get("/admin/keys/rolecall").await;
    assert!(page.body.contains("There is no key"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_paths_of_keys_and_of_the_live_trail_are_for_their_roles_only() {
    let world = World::new().await;
    let (certificate, key) = pair();
    let (stranger, ada, audrey) = (world.browser(), world.signed_in("ada").await, world.signed_in("audrey").await);
    assert_eq!(import(&stranger, "k", &certificate, &key).await.status, StatusCode::UNAUTHORIZED);
    for browser in [&ada, &audrey] {
        assert_eq!(import(browser, "k", &certificate, &key).await.status, StatusCode::FORBIDDEN);
    }
    let path = "/admin/keys/rolecall/certificate.pem";
    assert_eq!(stranger.get(path).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ada.get(path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(audrey.get(path).await.status, StatusCode::OK);
    let stream = "/admin/events/stream?after=";
    assert_eq!(stranger.get(stream).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get(stream).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_on_a_curve_signs_with_ecdsa_and_an_algorithm_that_does_not_fit_is_said_to_not_fit() {
    let world = World::new().await;
    let provider = |algorithm: &str| {
        format!(
            "version: 1\nkeys: [{{ name: curve, generate: {{ algorithm: p-256, common_name: c, valid_days: 30 }} }}]\nsaml_providers:\n  \
             - {{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', signing_key: curve{algorithm} }}\n\
             applications: [{{ slug: sp, name: SP, saml_provider: sp }}]\n"
        )
    };
    world.apply(&provider("")).await;
    let ada = world.signed_in("ada").await;
    let init = "/application/saml/sp/sso/binding/init/";
    let xml = crate::sign_on::xml(&ada.get(init).await);
    assert!(xml.contains("xmldsig-more#ecdsa-sha256"), "{xml}");
    world.apply(&provider(", signature_algorithm: rsa-sha256")).await;
    let refused = ada.get(init).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("cannot sign"), "{}", refused.body);
}
