use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Browser, World};

/// A pair made by OpenSSL, as an administrator would bring it.
pub fn pair() -> (String, String) {
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
async fn a_key_on_a_curve_signs_with_ecdsa_and_an_algorithm_that_does_not_fit_is_refused_where_it_is_named() {
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
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let misfit = provider(", signature_algorithm: rsa-sha256");
    let refused = world.services.apply("f.yaml", &misfit, &none, "test", false).await.err().unwrap().to_string();
    assert!(refused.contains("signature_algorithm: rsa-sha256 is for RSA keys"), "{refused}");
    assert!(refused.contains("`curve` is elliptic curve P-256"), "{refused}");
    // What was there before still signs.
    assert!(crate::sign_on::xml(&ada.get(init).await).contains("xmldsig-more#ecdsa-sha256"));
    // The algorithm of a provider that names no key is held against the default one, now and when that changes.
    let root = world.signed_in("root").await;
    let unnamed = |algorithm: &str| provider(algorithm).replace(", signing_key: curve", "");
    let misfit = unnamed(", signature_algorithm: ecdsa-sha256");
    let refused = world.services.apply("f.yaml", &misfit, &none, "test", false).await.err().unwrap().to_string();
    assert!(refused.contains("the key `rolecall` is RSA"), "{refused}");
    world.apply(&unnamed(", signature_algorithm: rsa-sha512")).await;
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "curve" })).await;
    assert!(default.status == StatusCode::CONFLICT && default.body.contains("`sp` cannot sign"), "{}", default.body);
    assert!(crate::sign_on::xml(&ada.get(init).await).contains("xmldsig-more#rsa-sha512"));
    // A file that puts another key in the place of one that signs must fit what it does not speak of, too.
    world.apply(&provider(", signature_algorithm: ecdsa-sha256")).await;
    let (certificate, key) = pair();
    let indented = |pem: &str| pem.lines().map(|line| format!("      {line}\n")).collect::<String>();
    let (certificate, key) = (indented(&certificate), indented(&key));
    let replaced =
        format!("version: 1\nkeys:\n  - name: curve\n    certificate: |\n{certificate}    private_key: |\n{key}");
    let refused = world.services.apply("f.yaml", &replaced, &none, "test", false).await.err().unwrap().to_string();
    assert!(refused.contains("keys, `curve`: the SAML provider `sp` shows it"), "{refused}");
}

/// A PKCS#12 file of a pair, made by OpenSSL.
pub fn pkcs12(certificate: &str, key: &str, password: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let [key_file, certificate_file, out] = ["k.pem", "c.pem", "b.p12"].map(|name| folder.path().join(name));
    std::fs::write(&key_file, key).unwrap();
    std::fs::write(&certificate_file, certificate).unwrap();
    let made = std::process::Command::new("openssl")
        .args(["pkcs12", "-export", "-passout", &format!("pass:{password}"), "-inkey"])
        .arg(&key_file)
        .arg("-in")
        .arg(&certificate_file)
        .arg("-out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::read(out).unwrap()
}

async fn bring(browser: &Browser, fields: &[(&str, &str)]) -> tests::Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "application/x-www-form-urlencoded";
    browser.send(Method::POST, "/admin/keys/-/import", &[("accept", "application/json")], Some((kind, body))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pkcs12_file_gives_both_halves_and_the_wrong_password_none() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (certificate, key) = pair();
    let file = STANDARD.encode(pkcs12(&certificate, &key, "open sesame"));
    for (what, fields, field) in [
        ("a wrong password", vec![("pkcs12", file.as_str()), ("password", "guess")], "pkcs12"),
        ("no PKCS#12", vec![("pkcs12", "aGVsbG8="), ("password", "")], "pkcs12"),
        ("no base64", vec![("pkcs12", "%%%")], "pkcs12"),
        ("both forms", vec![("pkcs12", &file), ("password", "open sesame"), ("certificate", &certificate)], "pkcs12"),
    ] {
        let answer = bring(&root, &[vec![("name", "p12")], fields].concat()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.body);
        let fault: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(fault["detail"][0]["field"], field, "{what}: {fault}");
    }
    let made = bring(&root, &[("name", "p12"), ("pkcs12", &file), ("password", "open sesame")]).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "p12" })).await;
    assert_eq!(default.status, StatusCode::OK, "{}", default.body);
    let page = world.signed_in("ada").await.get(crate::sign_on::INIT).await;
    let der: String = certificate.lines().filter(|l| !l.starts_with("-----")).collect();
    assert!(crate::sign_on::xml(&page).contains(&der), "the brought key does not sign");
    // The same in a declarative file, from a file that is no text; applied twice it changes nothing.
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let binary = file.clone();
    let resolver = move |place: &domain::declarative::Elsewhere| match place {
        domain::declarative::Elsewhere::Binary(name) if name == "b.p12" => Ok(binary.clone()),
        other => Err(format!("{other:?}")),
    };
    let text = "version: 1\nkeys: [{ name: from-file, pkcs12: { file: b.p12 }, password: open sesame }]";
    let plan = world.services.apply("f.yaml", text, &resolver, "test", false).await.unwrap();
    assert_eq!(plan.steps.len(), 1, "{plan}");
    let again = world.services.apply("f.yaml", text, &resolver, "test", false).await.unwrap();
    assert!(again.steps.is_empty(), "{again}");
    for (text, told) in [
        ("version: 1\nkeys: [{ name: x, pkcs12: aGVsbG8=, password: a }]", "not PKCS#12"),
        ("version: 1\nkeys: [{ name: x, pkcs12: '%', password: a }]", "base64"),
        ("version: 1\nkeys: [{ name: x, password: a }]", "pkcs12"),
        ("version: 1\nkeys: [{ name: x, pkcs12: aGVsbG8=, certificate: c }]", "one of"),
        ("version: 1\nkeys: [{ name: x }]", "one of"),
    ] {
        let refused = world.services.apply("f.yaml", text, &none, "test", false).await.err().unwrap().to_string();
        assert!(refused.contains(told), "{text}: {refused}");
    }
}

/// It would open: it is the size that stands in the way, before a library is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_pkcs12_file_that_is_larger_than_any_real_one_is_not_opened() {
    let world = World::new().await;
    let (certificate, key) = pair();
    let large = [certificate.as_str()].repeat(400).concat();
    let file = STANDARD.encode(pkcs12(&large, &key, "open sesame"));
    assert!(file.len() > 350 * 1024, "{}", file.len());
    let resolver = move |_: &domain::declarative::Elsewhere| Ok(file.clone());
    let text = "version: 1\nkeys: [{ name: x, password: open sesame, pkcs12: { file: b.p12 } }]";
    let refused = world.services.apply("f.yaml", text, &resolver, "test", false).await;
    let refused = refused.expect_err("it was opened").to_string();
    assert!(refused.contains("PKCS#12 in bytes is larger than"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_alone_verifies_and_encrypts_and_signs_nothing() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (certificate, key) = pair();
    let both = [("name", "theirs"), ("certificate", &certificate), ("private_key", &key), ("certificate_only", "on")];
    assert_eq!(bring(&root, &both).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let alone = [("name", "theirs"), ("certificate", certificate.as_str()), ("certificate_only", "on")];
    let made = bring(&root, &alone).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "theirs" })).await;
    assert!(default.status == StatusCode::CONFLICT && default.body.contains("signs nothing"), "{}", default.body);
    let provider = |rest: &str| {
        format!(
            "version: 1\nsaml_providers: [{{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', {rest} }}]\n\
             applications: [{{ slug: sp, name: SP, saml_provider: sp }}]\n"
        )
    };
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    for (rest, told) in [
        ("signing_key: theirs", "signs nothing"),
        ("next_signing_key: theirs", "signs nothing"),
        ("verification_keys: [nobody]", "there is no key `nobody`"),
        ("encryption: { key: nobody }", "there is no key `nobody`"),
        ("encryption: { key: theirs, certificate: x }", "not both"),
        ("require_signed_requests: true", "no certificate"),
    ] {
        let refused = world.services.apply("f.yaml", &provider(rest), &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{rest} was taken")).to_string();
        assert!(refused.contains(told), "{rest}: {refused}");
    }
    world
        .apply(&provider("encryption: { key: theirs }, verification_keys: [theirs], require_signed_requests: true"))
        .await;
    let xml = crate::sign_on::xml(&world.signed_in("ada").await.get("/application/saml/sp/sso/binding/init/").await);
    assert!(xml.contains("EncryptedAssertion") && !xml.contains("<saml:Subject>"), "{xml}");
    assert!(opens(&xml, &key), "the private key that belongs to it does not open the assertion");
    let used = root.post_json("/fn/app/keys/api/delete_key", &json!({ "name": "theirs", "version": 1 })).await;
    assert!(used.status == StatusCode::CONFLICT && used.body.contains("sp"), "{}", used.body);
    let exported = world.services.export(true).await.unwrap();
    assert!(exported.contains("certificate_only: true"), "{exported}");
    let again = world.apply(&exported).await;
    assert!(again.steps.is_empty(), "{again}");
    let page = root.get("/admin/keys/theirs").await.body;
    assert!(page.contains("no private half") && !page.contains("Make it the default key"), "{page}");
}

/// A certificate on a curve, and its key.
fn curved() -> (String, String) {
    let made = saml::SigningKey::generate(saml::KeyKind::P256, "curved", 30, 1_700_000_000).unwrap();
    (made.certificate_pem, made.private_key_pem)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_on_a_curve_is_refused_as_one_to_encrypt_to_however_it_comes() {
    let world = World::new().await;
    let indented = |pem: &str| pem.lines().map(|line| format!("      {line}\n")).collect::<String>();
    let brought = |certificate: &str| {
        format!(
            "version: 1\nkeys:\n  - name: theirs\n    certificate_only: true\n    certificate: |\n{}",
            indented(certificate)
        )
    };
    let provider = "saml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', encryption: { key: theirs } }]\n";
    let refusal = async |text: &str| {
        let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
        world.services.apply("f.yaml", text, &none, "test", false).await.expect_err("it was taken").to_string()
    };
    let ((curve, _), (rsa, _)) = (curved(), pair());
    let told = "the key `theirs` is elliptic curve P-256, and assertions are encrypted to RSA keys only";
    let refused = refusal(&format!("{}{provider}", brought(&curve))).await;
    assert!(refused.contains("encryption.key") && refused.contains(told), "{refused}");
    // A file of the key alone, in the place of one that a provider encrypts to.
    world.apply(&format!("{}{provider}", brought(&rsa))).await;
    let refused = refusal(&brought(&curve)).await;
    assert!(refused.contains("`sp` shows it or encrypts to it") && refused.contains(told), "{refused}");
    // And by the form.
    world.apply(&brought(&curve).replace("name: theirs", "name: curve")).await;
    let root = world.signed_in("root").await;
    let found = crate::rotation::detail(&root, "sp").await;
    let mut changed = found["provider"].clone();
    changed["encryption"]["key"] = json!("curve");
    let body = json!({ "name": "sp", "version": found["version"], "provider": changed });
    let answer = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("encryption.key") && answer.body.contains("RSA keys only"), "{}", answer.body);
}

/// Whether xmlsec1 decrypts a response with a private key.
fn opens(xml: &str, key: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let [document, secret] = ["r.xml", "k.pem"].map(|name| folder.path().join(name));
    std::fs::write(&document, xml).unwrap();
    std::fs::write(&secret, key).unwrap();
    let output = std::process::Command::new("xmlsec1")
        .args(["--decrypt", "--privkey-pem"])
        .args([&secret, &document])
        .output()
        .expect("xmlsec1 is part of the set-up");
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("<saml:Subject>")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_does_not_make_a_stored_key_the_default_one_that_cannot_sign_for_a_stored_provider() {
    let world = World::new().await;
    let keys = |name: &str, default: bool| {
        format!(
            "version: 1\nkeys: [{{ name: {name}, default: {default}, generate: {{ algorithm: p-256, common_name: c, valid_days: 30 }} }}]\n"
        )
    };
    let provider = "saml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', signature_algorithm: rsa-sha256 }]\n";
    world.apply(&format!("{}{provider}", keys("curve", false))).await;
    let refusal = async |text: &str| {
        let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
        world.services.apply("f.yaml", text, &none, "test", false).await.expect_err("it was taken").to_string()
    };
    let refused = refusal(&keys("curve", true)).await;
    assert!(refused.contains("keys, `curve`: the SAML provider `sp` shows it"), "{refused}");
    assert!(refused.contains("rsa-sha256 is for RSA keys"), "{refused}");
    // Nor one that is a certificate alone, which a file that would generate it leaves as it is.
    let (certificate, _) = pair();
    let indented: String = certificate.lines().map(|line| format!("      {line}\n")).collect();
    let alone = "version: 1\nkeys:\n  - name: theirs\n    certificate_only: true\n    certificate: |\n";
    world.apply(&format!("{alone}{indented}")).await;
    let refused = refusal(&keys("theirs", true)).await;
    assert!(refused.contains("a certificate alone, and signs nothing"), "{refused}");
}
