//! Signatures in a form, by a key or with an algorithm that must not count.

use super::*;

#[test]
fn a_reference_that_is_empty_or_a_pointer_or_points_outside_is_refused_and_never_followed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    for uri in
        ["", "#xpointer(/)", "#xpointer(id('_genuine'))", "file:///etc/hostname", "/etc/hostname", &url, "_genuine"]
    {
        let text = Template { uri, ..Template::default() }.document();
        refused_for(&text.replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>"), "not the root");
    }
    assert!(listener.accept().is_err(), "something was fetched");
    // An empty reference is what others accept as the whole document.
    refused_for(&Template { uri: "", ..Template::default() }.signed(), "not the root");
}

#[test]
fn foreign_transforms_and_canonicalisations_are_refused_even_when_the_signature_is_genuine() {
    let enveloped = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#;
    let transform = |uri: &str| format!(r#"{enveloped}<ds:Transform Algorithm="{uri}"/>"#);
    let xpath = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"#;
    let genuine = [
        transform(INCLUSIVE),
        transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        enveloped.to_owned(),
        format!("{xpath}{enveloped}"),
        format!("{enveloped}{xpath}"),
        format!("{STANDARD_TRANSFORMS}{xpath}"),
        // This one leaves out the signature just as the enveloped transform does, so its digest would match.
        format!(r#"{xpath}<ds:Transform Algorithm="{EXCLUSIVE}"/>"#),
    ];
    for transforms in &genuine {
        let refused = refusal(&Template { transforms, ..Template::default() }.signed());
        assert!(refused.contains("transform") || refused.contains("canonicalisation"), "{refused}");
    }
    for uri in ["http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/2000/09/xmldsig#base64"] {
        refused_for(&Template { transforms: &transform(uri), ..Template::default() }.document(), "canonicalisation");
    }
    refused_for(&Template { canonicalization: INCLUSIVE, ..Template::default() }.signed(), "canonicalisation");
}

#[test]
fn objects_manifests_and_keys_by_address_are_refused() {
    let address = |name: &str| format!(r#"<ds:KeyInfo><ds:{name} URI="http://127.0.0.1/key"/></ds:KeyInfo>"#);
    for (after, reason) in [
        ("<ds:Object/>".to_owned(), "Object"),
        ("<ds:Object><ds:Manifest/></ds:Object>".to_owned(), "Object"),
        ("<ds:KeyInfo><ds:Manifest/></ds:KeyInfo>".to_owned(), "Manifest"),
        (address("RetrievalMethod"), "RetrievalMethod"),
        ("<ds:Foreign/>".to_owned(), "does not consist of"),
    ] {
        refused_for(&Template { after: &after, ..Template::default() }.document(), reason);
    }
    let typed = Template::default()
        .document()
        .replace("<ds:Reference ", "<ds:Reference Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" ");
    refused_for(&typed, "Type");
}

#[test]
fn the_attackers_certificate_in_key_info_is_not_looked_at() {
    let forged = signed_by(attacker_key(), &request("_evil", EVIL, ""), "_evil");
    assert!(forged.contains(attacker_key().certificate_base64()));
    assert!(matches!(verified(&forged), Err(SamlError::Signature(SignatureFault::Value(1)))));
    // Nor does the partner's certificate there make a forged signature genuine.
    let borrowed = forged.replace(attacker_key().certificate_base64(), partner_key().certificate_base64());
    assert!(matches!(verified(&borrowed), Err(SamlError::Signature(SignatureFault::Value(1)))));
}

#[test]
fn a_message_whose_signature_was_taken_away_is_not_verified() {
    let (_, rest) = parted();
    assert!(matches!(verified(&rest), Err(SamlError::Signature(SignatureFault::Missing))));
    let emptied = genuine().replace("ds:Signature ", "ds:Sign ").replace("</ds:Signature>", "</ds:Sign>");
    assert!(verified(&emptied).is_err());
}

#[test]
fn without_a_registered_certificate_nothing_verifies() {
    let inbound = Inbound::post("SAMLRequest", &STANDARD.encode(genuine()), None).unwrap();
    assert!(matches!(inbound.verify(&[]), Err(SamlError::Signature(SignatureFault::Value(0)))));
    let several = [key().certificate().clone(), trusted()[0].clone()];
    assert!(inbound.verify(&several).is_ok(), "during a rotation there are two");
}

#[test]
fn weaker_algorithms_are_refused_even_when_the_signature_is_genuine() {
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    let rsa_sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    let by_public_key = xmlsec1_signs(
        &Template { method: hmac, ..Template::default() }.document(),
        "--hmackey",
        partner().certificate_pem.as_bytes(),
    );
    for xml in [
        Template { digest: sha1, ..Template::default() }.signed(),
        Template { method: rsa_sha1, ..Template::default() }.signed(),
        by_public_key,
        Template { method: "none", ..Template::default() }.document(),
        Template { method: "", ..Template::default() }.document(),
    ] {
        let refused = verified(&xml);
        assert!(matches!(refused, Err(SamlError::Signature(SignatureFault::Algorithm(_)))), "{refused:?}");
    }
    let truncated = Template::default()
        .document()
        .replace("#rsa-sha256\"/>", "#rsa-sha256\"><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>");
    refused_for(&truncated, "parameters");
    // An elliptic algorithm over an RSA key, and the other way round, verify nothing.
    let crossed = genuine().replace("#rsa-sha256", "#ecdsa-sha256");
    assert!(matches!(verified(&crossed), Err(SamlError::Signature(SignatureFault::Value(_)))));
}

#[test]
fn every_part_of_a_signature_has_its_name_its_place_and_nothing_more_in_it() {
    let genuine = genuine();
    for part in [
        "SignedInfo",
        "CanonicalizationMethod",
        "SignatureMethod",
        "Reference",
        "Transforms",
        "Transform",
        "DigestMethod",
        "DigestValue",
        "SignatureValue",
    ] {
        let renamed = genuine
            .replace(&format!("<ds:{part}>"), "<ds:Other>")
            .replace(&format!("<ds:{part} "), "<ds:Other ")
            .replace(&format!("</ds:{part}>"), "</ds:Other>");
        refused_for(&renamed, &format!("{part} is not where it must be"));
    }
    for (from, to, reason) in [
        ("</ds:SignatureValue>", "<x/></ds:SignatureValue>", "elements inside SignatureValue"),
        ("</ds:DigestValue>", "<x/></ds:DigestValue>", "elements inside DigestValue"),
        ("</ds:DigestMethod>", "<x/></ds:DigestMethod>", "DigestMethod has parameters"),
        ("</ds:SignatureMethod>", "<x/></ds:SignatureMethod>", "SignatureMethod has parameters"),
        ("</ds:CanonicalizationMethod>", "<x/></ds:CanonicalizationMethod>", "other than InclusiveNamespaces"),
        (
            "</ds:CanonicalizationMethod>",
            "<InclusiveNamespaces xmlns=\"urn:x\" PrefixList=\"\"/></ds:CanonicalizationMethod>",
            "other than InclusiveNamespaces",
        ),
        ("<ds:SignatureValue>", "<ds:SignatureValue>%", "not base64"),
        ("<ds:DigestValue>", "<ds:DigestValue>%", "not base64"),
        ("<ds:Reference URI=\"#_genuine\">", "<ds:Reference>", "no URI"),
        ("</ds:Transforms>", "</ds:Transforms><ds:Transforms/>", "does not consist of"),
    ] {
        let changed = genuine.replacen(from, to, 1);
        assert_ne!(changed, genuine);
        refused_for(&changed, reason);
    }
    let many = (0..33).map(|n| format!("p{n} ")).collect::<String>();
    let list =
        format!("<i:InclusiveNamespaces xmlns:i=\"{EXCLUSIVE}\" PrefixList=\"{many}\"/></ds:CanonicalizationMethod>");
    refused_for(&genuine.replacen("</ds:CanonicalizationMethod>", &list, 1), "more than 32");
}
