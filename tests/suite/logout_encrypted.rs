//! A service that encrypts whom it means: `EncryptedID` in a logout request (SAML core §2.2.4, §3.7.1).

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    rsa::Padding,
    symm::{Cipher, encrypt},
    x509::X509,
};
use reqwest::StatusCode;
use saml::{KeyKind, SignatureAlgorithm, SigningKey, sign_redirect};
use serde_json::json;
use tests::{Answer, Browser, World};

use crate::logout::{ServiceProvider, sign_on, statuses};

const KEYS: &str =
    "version: 1\nkeys: [{ name: opens, generate: { algorithm: rsa-2048, common_name: opens, valid_days: 900 } }]\n";

/// The file of a service provider, with what else its provider says.
fn file(sp: &ServiceProvider, rest: &str) -> String {
    sp.file("redirect").replace("    audience", &format!("    {rest}\n    audience")).replace("version: 1\n", KEYS)
}

async fn metadata(world: &World, slug: &str) -> String {
    world.browser().get(&format!("/application/saml/{slug}/metadata/")).await.body
}

/// The certificate that our metadata has for encryption.
fn certificate(metadata: &str) -> Option<X509> {
    let descriptor = metadata.split("<md:KeyDescriptor use=\"encryption\">").nth(1)?;
    let text = descriptor.split("<ds:X509Certificate>").nth(1)?.split('<').next()?;
    X509::from_der(&STANDARD.decode(text).ok()?).ok()
}

/// A name as python3-saml encrypts it: AES-128 in CBC, the key under RSA-OAEP, the prefix declared around it.
fn encrypted(plain: &str, certificate: &X509) -> String {
    let (secret, vector) = ([0x42; 16], [0x17; 16]);
    let sealed = encrypt(Cipher::aes_128_cbc(), &secret, Some(&vector), plain.as_bytes()).unwrap();
    let public = certificate.public_key().unwrap().rsa().unwrap();
    let mut wrapped = vec![0; usize::try_from(public.size()).unwrap()];
    public.public_encrypt(&secret, &mut wrapped, Padding::PKCS1_OAEP).unwrap();
    let (xenc, saml) = ("http://www.w3.org/2001/04/xmlenc#", "urn:oasis:names:tc:SAML:2.0:assertion");
    let value = |bytes: &[u8]| {
        format!("<x:CipherData><x:CipherValue>{}</x:CipherValue></x:CipherData>", STANDARD.encode(bytes))
    };
    format!(
        "<saml:EncryptedID xmlns:saml=\"{saml}\"><x:EncryptedData xmlns:x=\"{xenc}\" Type=\"{xenc}Element\">\
         <x:EncryptionMethod Algorithm=\"{xenc}aes128-cbc\"/><d:KeyInfo xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">\
         <x:EncryptedKey><x:EncryptionMethod Algorithm=\"{xenc}rsa-oaep-mgf1p\"/>{}</x:EncryptedKey></d:KeyInfo>{}\
         </x:EncryptedData></saml:EncryptedID>",
        value(&wrapped),
        value(&[vector.as_slice(), &sealed].concat())
    )
}

/// A logout request that says so in the place of a name, signed.
fn request(world: &World, sp: &ServiceProvider, id: &str, who: &str, key: &SigningKey) -> String {
    let message = sp.message(world, id, "somebody", &[]);
    let (before, rest) = message.xml().split_once("<saml:NameID").unwrap();
    let (_, after) = rest.split_once("</saml:NameID>").unwrap();
    let xml = format!("{before}{who}{after}");
    let query = sign_redirect("SAMLRequest", &xml, None, SignatureAlgorithm::RsaSha256, key).unwrap();
    format!("{}?{query}", sp.endpoint(world))
}

async fn goes(world: &World, url: &str) -> Answer {
    world.browser().get(url).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_logout_request_whose_name_is_encrypted_ends_the_session_and_an_unsigned_one_does_not() {
    let world = World::new().await;
    let (sp, other) = (ServiceProvider::new("hidden"), ServiceProvider::new("other"));
    world.apply(&file(&sp, "decryption_key: opens")).await;
    world.apply(&other.file("redirect")).await;
    assert!(!metadata(&world, "other").await.contains("use=\"encryption\""), "nobody asked for that");
    let (ada, grace) = (world.signed_in("ada").await, world.signed_in("grace").await);
    let (name, _) = sign_on(&ada, &sp).await;
    sign_on(&grace, &sp).await;
    let ours = certificate(&metadata(&world, "hidden").await).expect("the metadata has a certificate to encrypt to");
    let who = encrypted(&format!("<saml:NameID>{name}</saml:NameID>"), &ours);
    let good = request(&world, &sp, "_e1", &who, &sp.key);
    let unsigned = good.split("&SigAlg").next().unwrap();
    for (what, url) in [
        ("unsigned", unsigned.to_owned()),
        ("signed by another", request(&world, &sp, "_e1", &who, &other.key)),
        ("changed", good.replacen("SAMLRequest=", "SAMLRequest=A", 1)),
    ] {
        let refused = goes(&world, &url).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{what}: {}", refused.body);
        assert!(!refused.body.contains("decrypt"), "{what}: it was opened: {}", refused.body);
        assert_eq!(ada.get("/").await.status, StatusCode::OK, "{what} ended the session");
    }
    let answer = goes(&world, &good).await;
    assert_eq!(statuses(answer.location()), ["Success"], "{}", answer.body);
    assert_eq!(ada.get("/").await.status, StatusCode::SEE_OTHER, "the session lives on");
    assert_eq!(grace.get("/").await.status, StatusCode::OK, "somebody else was signed out too");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_open_is_refused_alike_and_without_a_key_for_it_the_refusal_says_what_to_set() {
    let world = World::new().await;
    let sp = ServiceProvider::new("hidden");
    world.apply(&file(&sp, "decryption_key: opens")).await;
    let ada = world.signed_in("ada").await;
    let (name, _) = sign_on(&ada, &sp).await;
    let ours = certificate(&metadata(&world, "hidden").await).unwrap();
    let signing = X509::from_pem(sp.key.certificate().pem().as_bytes()).unwrap();
    let plain = format!("<saml:NameID>{name}</saml:NameID>");
    let who = encrypted(&plain, &ours);
    for (id, bad) in [
        ("_f1", encrypted(&plain, &signing)),
        ("_f2", encrypted("no XML", &ours)),
        ("_f3", who.replace("rsa-oaep-mgf1p", "rsa-1_5")),
        ("_f4", encrypted(&format!("<!DOCTYPE a>{plain}"), &ours)),
    ] {
        let refused = goes(&world, &request(&world, &sp, id, &bad, &sp.key)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{id}: {}", refused.body);
        let words = "EncryptedID cannot be decrypted with the key that this provider has for it";
        assert!(refused.body.contains(words), "{id}: {}", refused.body);
    }
    world.apply(&sp.file("redirect")).await;
    let good = request(&world, &sp, "_f5", &who, &sp.key);
    let refused = goes(&world, &good).await;
    assert!(
        refused.status == StatusCode::BAD_REQUEST && refused.body.contains("set decryption_key"),
        "{}",
        refused.body
    );
    assert_eq!(ada.get("/").await.status, StatusCode::OK, "the session was ended all the same");
    world.apply(&file(&sp, "decryption_key: opens")).await;
    assert_eq!(statuses(goes(&world, &good).await.location()), ["Success"]);
}

async fn refusal(world: &World, text: &str) -> String {
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let refused = world.services.apply("f.yaml", text, &none, "test", false).await;
    refused.err().unwrap_or_else(|| panic!("it was taken: {text}")).to_string()
}

async fn delete(root: &Browser, key: &str) -> Answer {
    root.post_json("/fn/app/keys/api/delete_key", &json!({ "name": key, "version": 1 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decryption_key_is_rsa_with_a_private_half_signs_nothing_there_and_stays_while_it_is_named() {
    let world = World::new().await;
    let sp = ServiceProvider::new("hidden");
    let theirs: String = sp.key.certificate().pem().lines().map(|line| format!("      {line}\n")).collect();
    let more = "  - { name: curve, generate: { algorithm: p-256, common_name: curve, valid_days: 900 } }\n  \
                - { name: later, generate: { algorithm: rsa-2048, common_name: later, valid_days: 900 } }\n";
    let alone = format!("  - name: theirs\n    certificate_only: true\n    certificate: |\n{theirs}");
    world.apply(&format!("version: 1\nkeys:\n{more}{alone}")).await;
    for (rest, told) in [
        ("decryption_key: nobody", "there is no key `nobody`"),
        ("decryption_key: theirs", "the key `theirs` is a certificate alone, and decrypts nothing"),
        ("decryption_key: curve", "the key `curve` is elliptic curve P-256, and only RSA keys decrypt"),
        ("decryption_key: rolecall", "the key `rolecall` signs for this provider"),
        ("decryption_key: later\n    signing_key: later", "the key `later` signs for this provider"),
        ("decryption_key: later\n    next_signing_key: later", "the key `later` signs for this provider"),
        ("decryption_key: later\n    retiring_keys: [later]", "the key `later` signs for this provider"),
    ] {
        let refused = refusal(&world, &file(&sp, rest)).await;
        assert!(refused.contains("decryption_key") && refused.contains(told), "{rest}: {refused}");
    }
    let whole = file(&sp, "decryption_key: opens");
    world.apply(&whole).await;
    assert!(world.apply(&whole).await.steps.is_empty());
    let exported = world.services.export(true).await.unwrap();
    assert!(exported.contains("decryption_key: opens"), "{exported}");
    assert!(world.apply(&exported).await.steps.is_empty());

    // A file that says nothing of the provider cannot make its key one that does not decrypt.
    let alone = format!("version: 1\nkeys:\n{}", alone.replace("theirs", "opens"));
    let refused = refusal(&world, &alone).await;
    assert!(refused.contains("`hidden` signs or decrypts with it"), "{refused}");
    let pair = SigningKey::generate(KeyKind::P256, "opens", 30, 1_700_000_000).unwrap();
    let indent = |pem: &str| pem.lines().map(|line| format!("      {line}\n")).collect::<String>();
    let (certificate, private) = (indent(&pair.certificate_pem), indent(&pair.private_key_pem));
    let curve = format!("  - name: opens\n    certificate: |\n{certificate}    private_key: |\n{private}");
    let refused = refusal(&world, &format!("version: 1\nkeys:\n{curve}")).await;
    assert!(refused.contains("`hidden` shows it") && refused.contains("only RSA keys decrypt"), "{refused}");
    let root = world.signed_in("root").await;
    let kept = delete(&root, "opens").await;
    assert!(kept.status == StatusCode::CONFLICT && kept.body.contains("decrypt with it"), "{}", kept.body);
    let default = root.post_json("/fn/app/keys/api/make_key_default", &json!({ "name": "opens" })).await;
    assert!(
        default.status == StatusCode::CONFLICT && default.body.contains("decrypts with `opens`"),
        "{}",
        default.body
    );
    let page = root.get("/admin/keys/opens").await.body;
    assert!(page.contains("Decrypts for</dt><dd>hidden"), "{page}");
    assert!(root.get("/admin/saml-providers/hidden").await.body.contains("Decryption key"));
    let form = root.get("/admin/saml-providers/hidden/edit").await.body;
    let field = form.split("id=\"decryption_key\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(field.contains("opens") && field.contains("later") && !field.contains("curve"), "{field}");

    world.apply(&sp.file("redirect")).await;
    assert_eq!(delete(&root, "opens").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decryption_key_is_one_of_the_ten_keys_that_aws_takes() {
    let world = World::new().await;
    let sp = ServiceProvider::new("many");
    let names: Vec<String> = (0..9).map(|n| format!("k{n}")).collect();
    let keys = names
        .iter()
        .map(|n| format!("  - {{ name: {n}, generate: {{ algorithm: p-256, common_name: {n}, valid_days: 900 }} }}\n"));
    world.apply(&format!("version: 1\nkeys:\n{}", keys.collect::<String>())).await;
    let retiring = |names: &[String]| format!("retiring_keys: [{}]", names.join(", "));
    let one_too_many = format!("decryption_key: opens\n    {}", retiring(&names));
    assert!(refusal(&world, &file(&sp, &one_too_many)).await.contains("at most 10 keys"));
    world.apply(&file(&sp, &format!("decryption_key: opens\n    {}", retiring(&names[1..])))).await;
    assert_eq!(metadata(&world, "many").await.matches("<md:KeyDescriptor ").count(), 10);
}
