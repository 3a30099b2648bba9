//! What is not opened, and what is said of it.

use super::*;

/// Every way in which it can fail behind the signature, each with what it is.
fn failures() -> Vec<(&'static str, String)> {
    let (gcm, cbc) = (Recipe::new(GCM), Recipe::new(CBC));
    let changed = |mut bytes: Vec<u8>, place: usize| {
        bytes[place] ^= 1;
        bytes
    };
    let (wrapped, sealed) = (gcm.wrapped(Padding::PKCS1_OAEP), gcm.sealed(NAME.as_bytes()));
    let cbc_key = cbc.wrapped(Padding::PKCS1_OAEP);
    let block = |end: u8| cbc.blocks(&[[b' '; 15].as_slice(), &[end]].concat());
    let padding = 2 * BLOCK - NAME.len() % BLOCK;
    let long = [NAME.as_bytes(), &vec![u8::try_from(padding).unwrap(); padding]].concat();
    let twice = format!("<ds:KeyInfo>{}{}</ds:KeyInfo>", gcm.key(&wrapped), gcm.key(&wrapped));
    let other = gcm.key(&wrapped).replace("xenc:EncryptedKey", "xenc:Other");
    let one = format!("<ds:KeyInfo>{}</ds:KeyInfo>", gcm.key(&wrapped));
    let with = |change: &dyn Fn(&mut Recipe)| {
        let mut recipe = gcm.clone();
        change(&mut recipe);
        recipe
    };
    let whole = gcm.of(NAME);
    let elsewhere = |element: &str| whole.replace("<ds:KeyInfo>", &format!("<ds:KeyInfo><{element} URI=\"#_lo1\"/>"));
    let mut found = vec![
        ("a changed text", gcm.whole(&wrapped, &changed(sealed.clone(), 30))),
        ("a changed tag", gcm.whole(&wrapped, &changed(sealed.clone(), sealed.len() - 1))),
        ("a changed key", gcm.whole(&changed(wrapped.clone(), 9), &sealed)),
        ("no key at all", gcm.whole(&[], &sealed)),
        ("no text at all", gcm.whole(&wrapped, &[])),
        ("a vector alone", gcm.whole(&wrapped, &sealed[..GCM_IV])),
        ("another's key", with(&|r| r.recipient = attacker_key().certificate().clone()).of(NAME)),
        ("a content key that is too short", with(&|r| r.key_length = 16).of(NAME)),
        (
            "RSA 1.5",
            with(&|r| r.transport = "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
                .whole(&gcm.wrapped(Padding::PKCS1), &sealed),
        ),
        ("RSA 1.5 by another name", gcm.whole(&gcm.wrapped(Padding::PKCS1), &sealed)),
        (
            "triple DES",
            with(&|r| r.content = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc").whole(&wrapped, &sealed),
        ),
        ("no algorithm", whole.replace(&format!(" Algorithm=\"{GCM}\""), "")),
        ("a parameter of the content", with(&|r| r.extra = "<xenc:KeySize>256</xenc:KeySize>").of(NAME)),
        ("a parameter of OAEP", with(&|r| r.parameters = "<xenc:OAEPparams>AA==</xenc:OAEPparams>".into()).of(NAME)),
        ("another digest", with(&|r| r.parameters = SHA256.replace("sha256", "sha512")).of(NAME)),
        (
            "another mask",
            with(&|r| (r.transport, r.parameters) = (RSA_OAEP, MGF_SHA1.replace("sha1", "sha512"))).of(NAME),
        ),
        ("a mask where there is none", with(&|r| r.parameters = MGF_SHA1.into()).of(NAME)),
        ("a padding of nothing", cbc.whole(&cbc_key, &block(0))),
        ("a padding of more than a block", cbc.whole(&cbc_key, &cbc.blocks(&long))),
        ("half a block", cbc.whole(&cbc_key, &block(1)[..24])),
        ("a changed text in CBC", cbc.whole(&cbc_key, &changed(cbc.sealed(NAME.as_bytes()), 3))),
        ("a content key that is too long", Recipe { key_length: 32, ..cbc.clone() }.of(NAME)),
        ("another element beside", id(&format!("{}{}", gcm.data(&one, &sealed), other))),
        ("two keys", id(&gcm.data(&twice, &sealed))),
        ("two keys, one beside", id(&format!("{}{}", gcm.data(&one, &sealed), gcm.key(&wrapped)))),
        ("a key that is missing", id(&gcm.data("", &sealed))),
        ("two texts", id(&format!("{}{}", gcm.data(&one, &sealed), gcm.data("", &sealed)))),
        ("nothing", id("")),
        ("content, not an element", with(&|r| r.kind = "http://www.w3.org/2001/04/xmlenc#Content").of(NAME)),
        ("a key that is elsewhere", elsewhere("ds:RetrievalMethod")),
        ("a text that is elsewhere", whole.replace("CipherValue", "CipherReference")),
        ("an element in the text", whole.replacen("</xenc:CipherValue>", "<x/></xenc:CipherValue>", 1)),
        ("no base64", whole.replacen("<xenc:CipherValue>", "<xenc:CipherValue>*", 1)),
    ];
    for (what, plain) in [
        ("no XML", "ada"),
        ("half of an element", "<saml:NameID>ada"),
        ("another element", "<saml:Issuer>ada</saml:Issuer>"),
        ("another namespace", "<samlp:NameID>ada</samlp:NameID>"),
        ("a prefix of nothing", "<x:NameID>ada</x:NameID>"),
        ("two names", "<saml:NameID>ada</saml:NameID><saml:NameID>root</saml:NameID>"),
        ("text beside the name", "<saml:NameID>ada</saml:NameID>root"),
        ("an end of what is around it", "<saml:NameID>ada</saml:NameID></saml:EncryptedID><x>"),
        ("an end, then a name", "</w><saml:NameID>ada</saml:NameID><w>"),
        ("a DOCTYPE", "<!DOCTYPE a [<!ENTITY e \"root\">]><saml:NameID>&e;</saml:NameID>"),
        ("an entity", "<saml:NameID>&e;</saml:NameID>"),
        ("a comment in the name", "<saml:NameID>root<!-- -->.example</saml:NameID>"),
        ("an instruction", "<saml:NameID>root<?x?></saml:NameID>"),
        ("CDATA", "<saml:NameID><![CDATA[root]]></saml:NameID>"),
        ("an element in the name", "<saml:NameID>ada<x/></saml:NameID>"),
        ("an empty name", "<saml:NameID> </saml:NameID>"),
        ("an attribute with a prefix", "<saml:NameID saml:Format=\"x\">ada</saml:NameID>"),
    ] {
        found.push((what, gcm.of(plain)));
        found.push((what, cbc.of(plain)));
    }
    found.push(("no UTF-8", gcm.whole(&wrapped, &gcm.sealed(b"<saml:NameID>\xff</saml:NameID>"))));
    found.push(("a name that is too long", gcm.of(&format!("<saml:NameID>{}</saml:NameID>", "x".repeat(1025)))));
    let deep = format!("{}{}", "<saml:NameID>".repeat(40), "</saml:NameID>".repeat(40));
    found.push(("40 levels", gcm.of(&deep)));
    found
}

#[test]
fn whatever_does_not_open_is_refused_with_the_same_words_wherever_it_failed() {
    let words = SamlError::Undecipherable.to_string();
    assert!(words.contains("cannot be decrypted with the key that this provider has for it"), "{words}");
    for (what, encrypted) in failures() {
        match read(&encrypted) {
            Err(error @ SamlError::Undecipherable) => assert_eq!(error.to_string(), words, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn nothing_is_opened_unless_the_signature_of_the_sender_holds() {
    let xml = request(&Recipe::new(CBC).of(NAME));
    let signed = signed(&xml);
    let unsigned = Inbound::post("SAMLRequest", &STANDARD.encode(&xml), None).unwrap();
    assert!(matches!(unsigned.verified(&trusted()), Err(SamlError::Signature(SignatureFault::Missing))));
    for certificates in [vec![], vec![attacker_key().certificate().clone()]] {
        assert!(matches!(signed.verified(&certificates), Err(SamlError::Signature(SignatureFault::Value(_)))));
    }
    // Whoever reads it without having verified it gets no name, and is told why.
    for inbound in [&signed, &unsigned] {
        let refused = inbound.logout_request().unwrap_err();
        assert!(matches!(refused, SamlError::Unsupported { what: "EncryptedID", .. }), "{refused}");
        assert!(refused.to_string().contains("only where the message is signed"), "{refused}");
    }
}

#[test]
fn without_a_key_for_it_the_refusal_says_what_to_set() {
    let inbound = signed(&request(&Recipe::new(GCM).of(NAME)));
    let refused = inbound.verified(&trusted()).unwrap().logout_request(None).unwrap_err().to_string();
    assert!(refused.starts_with("EncryptedID ") && refused.contains("set decryption_key"), "{refused}");
    // In clear nobody needs one.
    let clear = signed(&request(NAME));
    assert_eq!(clear.verified(&trusted()).unwrap().logout_request(None).unwrap().name_id, expected());
}

#[test]
fn one_name_is_meant_and_it_is_said_once() {
    let encrypted = Recipe::new(GCM).of(NAME);
    for (who, reason) in [
        (format!("{NAME}{encrypted}"), "both NameID and EncryptedID"),
        (format!("{encrypted}{NAME}"), "both NameID and EncryptedID"),
        (format!("{encrypted}{encrypted}"), "`EncryptedID` twice"),
        (String::new(), "NameID is absent"),
        (format!("<saml:BaseID/>{encrypted}"), "only NameID and EncryptedID"),
    ] {
        let refused = read(&who).unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn what_is_too_long_is_refused_before_the_key_is_asked() {
    // Sixteen thousand characters are twelve thousand bytes of what would be a good name with much around it.
    let padded = |length: usize| format!("<saml:NameID>ada{}</saml:NameID>", " ".repeat(length));
    let recipe = Recipe::new(GCM);
    let fits = MAX_CIPHERTEXT / 4 * 3 - GCM_IV - GCM_TAG - padded(0).len();
    assert_eq!(read(&recipe.of(&padded(fits))).unwrap().name_id.value, "ada");
    assert!(matches!(read(&recipe.of(&padded(fits + 1))), Err(SamlError::TooLarge { limit: MAX_CIPHERTEXT, .. })));
    let sealed = recipe.sealed(NAME.as_bytes());
    assert!(matches!(read(&recipe.whole(&vec![0; 20_000], &sealed)), Err(SamlError::TooLarge { .. })));
}

#[test]
fn only_an_rsa_key_decrypts_and_it_is_not_printed() {
    for (_, curve) in curves() {
        assert!(matches!(DecryptionKey::new(curve.clone()), Err(SamlError::Key(_))));
    }
    assert_eq!(ours().certificate_base64(), key().certificate_base64());
    assert!(!format!("{:?}", ours()).contains("PRIVATE"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_change_of_a_bit_opens_as_another_name_in_gcm_or_makes_the_reader_panic(place in 0usize..400, bit in 0u8..8) {
        for content in [GCM, CBC] {
            let recipe = Recipe::new(content);
            let mut sealed = recipe.sealed(NAME.as_bytes());
            let place = place % sealed.len();
            sealed[place] ^= 1 << bit;
            let found = read(&recipe.whole(&recipe.wrapped(Padding::PKCS1_OAEP), &sealed));
            proptest::prop_assert!(content == CBC || matches!(found, Err(SamlError::Undecipherable)));
        }
    }
}
