use super::*;
use crate::judge::{NOW, curves, key, pair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::rsa::Rsa;
use openssl::sign::Verifier;
use openssl::x509::{X509, X509Builder};

fn reason_of(result: Result<SigningKey, SamlError>) -> String {
    match result {
        Err(SamlError::Key(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_generated_pair_is_accepted_and_its_facts_are_those_asked_for() {
    let generated = SigningKey::generate_self_signed(2048, "Rolecall é", 30, NOW).unwrap();
    let key = SigningKey::from_pem(&generated.certificate_pem, &generated.private_key_pem).unwrap();
    let facts = key.facts();
    assert_eq!((facts.bits, facts.subject.as_str()), (2048, "CN=Rolecall é"));
    assert_eq!(facts.not_after_unix, NOW + 30 * 86_400);
    assert_eq!(facts.fingerprint_sha256.len(), 64);
    assert_eq!(facts, certificate_facts(&generated.certificate_pem).unwrap());
    assert!(generated.private_key_pem.starts_with("-----BEGIN PRIVATE KEY-----"), "PKCS#8");

    let certificate = X509::from_pem(generated.certificate_pem.as_bytes()).unwrap();
    assert_eq!(certificate.version(), 2, "X.509 v3");
    assert_eq!(certificate.serial_number().to_bn().unwrap().num_bits(), 128);
    assert!(certificate.verify(&certificate.public_key().unwrap()).unwrap());
    assert_eq!(certificate.signature_algorithm().object().nid(), Nid::SHA256WITHRSAENCRYPTION);
    assert_eq!(STANDARD.decode(key.certificate_base64()).unwrap(), certificate.to_der().unwrap());
}

#[test]
fn two_generated_certificates_differ_in_serial_number() {
    let serial = |generated: &GeneratedKey| {
        X509::from_pem(generated.certificate_pem.as_bytes()).unwrap().serial_number().to_bn().unwrap()
    };
    let other = SigningKey::generate_self_signed(2048, "Rolecall", 30, NOW).unwrap();
    assert_ne!(serial(pair()), serial(&other));
}

#[test]
fn a_signature_verifies_with_the_public_key_and_only_over_the_same_bytes() {
    let signature = key().sign_sha256(b"bytes").unwrap();
    let public = X509::from_pem(pair().certificate_pem.as_bytes()).unwrap().public_key().unwrap();
    let verifies = |bytes: &[u8]| {
        Verifier::new(MessageDigest::sha256(), &public).unwrap().verify_oneshot(&signature, bytes).unwrap()
    };
    assert!(verifies(b"bytes"));
    assert!(!verifies(b"other"));
}

#[test]
fn a_private_key_of_another_certificate_is_refused_by_name() {
    let other = SigningKey::generate_self_signed(2048, "Other", 30, NOW).unwrap();
    let reason = reason_of(SigningKey::from_pem(&pair().certificate_pem, &other.private_key_pem));
    assert!(reason.contains("does not belong"), "{reason}");
}

#[test]
fn a_key_of_another_kind_than_its_certificate_or_of_no_accepted_kind_is_refused_by_name() {
    let text = |key: PKey<Private>| String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let curve = |nid| {
        let group = EcGroup::from_curve_name(nid).unwrap();
        text(PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap())
    };
    let with = |private: &str| reason_of(SigningKey::from_pem(&pair().certificate_pem, private));
    assert!(with(&curve(Nid::X9_62_PRIME256V1)).contains("does not belong"));
    assert!(with(&curve(Nid::SECP256K1)).contains("another elliptic curve"));
    assert!(with(&text(PKey::generate_ed25519().unwrap())).contains("neither RSA"));
}

#[test]
fn a_weak_key_is_refused_in_both_directions() {
    assert!(matches!(SigningKey::generate_self_signed(1024, "Weak", 30, NOW), Err(SamlError::Key(_))));
    let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let mut builder = X509Builder::new().unwrap();
    builder.set_pubkey(&weak).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(NOW).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(NOW + 1).unwrap()).unwrap();
    builder.sign(&weak, MessageDigest::sha256()).unwrap();
    let certificate = String::from_utf8(builder.build().to_pem().unwrap()).unwrap();
    let private = String::from_utf8(weak.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let reason = reason_of(SigningKey::from_pem(&certificate, &private));
    assert!(reason.contains("1024 bits"), "{reason}");
}

#[test]
fn rubbish_and_encrypted_keys_are_refused_without_asking_for_a_passphrase() {
    assert!(reason_of(SigningKey::from_pem("x", &pair().private_key_pem)).contains("certificate is not readable"));
    assert!(reason_of(SigningKey::from_pem(&pair().certificate_pem, "x")).contains("private key is not readable"));
    let plain = PKey::private_key_from_pem(pair().private_key_pem.as_bytes()).unwrap();
    let cipher = openssl::symm::Cipher::aes_256_cbc();
    let sealed = String::from_utf8(plain.private_key_to_pem_pkcs8_passphrase(cipher, b"secret").unwrap()).unwrap();
    assert!(reason_of(SigningKey::from_pem(&pair().certificate_pem, &sealed)).contains("encrypted"));
}

#[test]
fn names_and_lifetimes_out_of_range_are_refused() {
    for (name, days) in [("", 30), ("x".repeat(65).as_str(), 30), ("x", 0), ("x", 36_526)] {
        assert!(
            matches!(SigningKey::generate_self_signed(2048, name, days, NOW), Err(SamlError::Key(_))),
            "{name} {days}"
        );
    }
}

#[test]
fn printing_a_key_shows_no_private_part() {
    assert!(!format!("{:?}{:?}", key(), pair()).contains("PRIVATE"));
}

#[test]
fn an_elliptic_pair_is_made_accepted_and_signs_in_equal_halves() {
    for ((made, key), (kind, length, default)) in curves().iter().zip([
        (KeyKind::P256, 64, SignatureAlgorithm::EcdsaSha256),
        (KeyKind::P384, 96, SignatureAlgorithm::EcdsaSha384),
    ]) {
        assert_eq!((key.kind(), key.facts().bits, key.default_algorithm()), (kind, kind.bits(), default));
        let certificate = X509::from_pem(made.certificate_pem.as_bytes()).unwrap();
        assert!(certificate.verify(&certificate.public_key().unwrap()).unwrap());
        for algorithm in SignatureAlgorithm::ALL {
            let signature = key.sign(algorithm, b"bytes");
            assert_eq!(signature.is_ok(), algorithm.is_elliptic(), "{algorithm:?}");
            let Ok(signature) = signature else { continue };
            assert_eq!(signature.len(), length);
            assert!(key.certificate().verifies(algorithm, b"bytes", &signature));
            assert!(!key.certificate().verifies(algorithm, b"other", &signature));
            let (r, s) = signature.split_at(length / 2);
            let (r, s) = (BigNum::from_slice(r).unwrap(), BigNum::from_slice(s).unwrap());
            let der = EcdsaSig::from_private_components(r, s).unwrap().to_der().unwrap();
            assert!(key.certificate().verifies_der(algorithm, b"bytes", &der));
            for other in [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha384, SignatureAlgorithm::RsaSha512] {
                assert!(!key.certificate().verifies(other, b"bytes", &der), "the algorithm is named wrongly");
            }
        }
    }
}

#[test]
fn rsa_signs_with_three_hashes_and_with_no_elliptic_algorithm() {
    for algorithm in SignatureAlgorithm::ALL {
        let signature = key().sign(algorithm, b"bytes");
        assert_eq!(signature.is_err(), algorithm.is_elliptic());
        if let Ok(signature) = signature {
            assert!(key().certificate().verifies(algorithm, b"bytes", &signature));
            assert!(!key().certificate().verifies(algorithm, b"other", &signature));
        }
    }
    let larger = SigningKey::generate(KeyKind::Rsa(3072), "Larger", 30, NOW).unwrap();
    assert_eq!(certificate_facts(&larger.certificate_pem).unwrap().bits, 3072);
}

#[test]
fn a_certificate_reads_alike_from_pem_and_from_metadata() {
    let certificate = Certificate::from_pem(&pair().certificate_pem).unwrap();
    let mut lines = certificate.base64().to_owned();
    lines.insert_str(64, "\r\n  ");
    assert_eq!(Certificate::from_base64(&lines).unwrap(), certificate);
    assert_eq!(certificate.pem(), pair().certificate_pem);
}

fn pkcs12(made: &GeneratedKey, password: &str) -> Vec<u8> {
    let key = PKey::private_key_from_pem(made.private_key_pem.as_bytes()).unwrap();
    let certificate = X509::from_pem(made.certificate_pem.as_bytes()).unwrap();
    openssl::pkcs12::Pkcs12::builder().pkey(&key).cert(&certificate).build2(password).unwrap().to_der().unwrap()
}

#[test]
fn a_pkcs12_file_gives_back_the_pair_that_went_into_it() {
    for made in [pair(), &curves()[0].0, &curves()[1].0] {
        let imported = import_pkcs12(&pkcs12(made, "sécret"), "sécret").unwrap();
        assert_eq!(imported.certificate_pem, made.certificate_pem);
        let key = SigningKey::from_pem(&imported.certificate_pem, &imported.private_key_pem).unwrap();
        assert!(key.sign(key.default_algorithm(), b"x").is_ok());
    }
}

#[test]
fn a_pkcs12_file_that_does_not_open_is_refused_by_name() {
    let reason = |file: &[u8], password: &str| match import_pkcs12(file, password) {
        Err(SamlError::Key(reason)) => reason,
        other => panic!("{other:?}"),
    };
    let file = pkcs12(pair(), "secret");
    assert!(reason(&file, "other").contains("password is wrong"));
    assert!(reason(&file, "sec\0ret").contains("zero byte"));
    assert!(reason(b"x", "secret").contains("not PKCS#12"));
    assert!(matches!(import_pkcs12(&vec![0; 300 * 1024], ""), Err(SamlError::TooLarge { .. })));
}
