use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{bn::BigNumRef, x509::X509};

use super::kit::{C14N, ENVELOPED, EXCLUSIVE, Kind, Kit, Template, parted, xmlsec1_signs};

const XPATH: &str = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"#;
const XSLT: &str = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/></ds:Transform>"#;

#[tokio::test(flavor = "multi_thread")]
async fn references_to_files_to_other_machines_and_to_nothing_are_refused_and_nothing_is_fetched() {
    let kit = Kit::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = format!("http://{}/metadata", listener.local_addr().unwrap());
    for kind in Kind::ALL {
        for uri in [
            here.as_str(),
            "file:///etc/hostname",
            "/etc/hostname",
            "#xpointer(/)",
            "#xpointer(id('_a'))",
            "_a",
            "#_other",
        ] {
            let template = Template { uri: uri.to_owned(), ..Template::of("_a") };
            let text = template.text().replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>");
            kit.refused(kind, uri, &kit.message(kind, "_a", false, &text), "not the root").await;
        }
        // A genuine signature over the whole document, as others take it.
        let whole = kit.signed(kind, "_a", &Template { uri: String::new(), ..Template::of("_a") });
        kit.refused(kind, "an empty reference", &whole, "not the root").await;
        for (name, after) in [
            ("RetrievalMethod", format!("<ds:KeyInfo><ds:RetrievalMethod URI=\"{here}\"/></ds:KeyInfo>")),
            (
                "KeyInfoReference",
                format!(
                    "<ds:KeyInfo><d:KeyInfoReference xmlns:d=\"http://www.w3.org/2009/xmldsig11#\" URI=\"{here}\"/></ds:KeyInfo>"
                ),
            ),
            ("Manifest", format!("<ds:KeyInfo><ds:Manifest><ds:Reference URI=\"{here}\"/></ds:Manifest></ds:KeyInfo>")),
        ] {
            let template = Template { after: &after, ..Template::of("_a") };
            kit.refused(kind, name, &kit.message(kind, "_a", false, &template.text()), name).await;
        }
    }
    assert!(listener.accept().is_err(), "something was fetched");
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_transforms_are_refused_even_under_a_genuine_signature() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        for (what, transforms) in [
            ("XPath after", format!("{ENVELOPED}{XPATH}")),
            ("XPath as a third", format!("{ENVELOPED}{EXCLUSIVE}{XPATH}")),
            (
                "inclusive canonicalisation",
                format!("{ENVELOPED}{}", EXCLUSIVE.replace(C14N, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")),
            ),
            ("comments kept", format!("{ENVELOPED}{}", EXCLUSIVE.replace(C14N, &format!("{C14N}WithComments")))),
        ] {
            let xml = kit.signed(kind, "_a", &Template { transforms: &transforms, ..Template::of("_a") });
            let answer = kit.send(kind, &xml).await;
            let reasons = ["not exclusive canonicalisation", "the transforms are not"];
            let reason = reasons.into_iter().find(|reason| answer.body.contains(reason)).unwrap_or(reasons[0]);
            kit.was_refused(&format!("{kind:?}, {what}"), answer, reason).await;
        }
        let template = Template { transforms: &format!("{ENVELOPED}{XSLT}"), ..Template::of("_a") };
        kit.refused(kind, "XSLT", &kit.message(kind, "_a", false, &template.text()), "canonicalisation").await;
    }
}

/// Those that xmlsec1 does not know or does not run; some verifiers do.
#[tokio::test(flavor = "multi_thread")]
async fn transforms_that_read_files_filter_decode_or_decrypt_are_refused_in_either_place() {
    let kit = Kit::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = format!("http://{}/x", listener.local_addr().unwrap());
    let transform = |uri: &str, inside: &str| format!("<ds:Transform Algorithm=\"{uri}\">{inside}</ds:Transform>");
    let style = |place: &str| {
        let sheet = format!(
            "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"><xsl:template match=\"/\"><xsl:copy-of select=\"document('{place}')\"/></xsl:template></xsl:stylesheet>"
        );
        transform("http://www.w3.org/TR/1999/REC-xslt-19991116", &sheet)
    };
    let filter = "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"subtract\">//*</f:XPath>";
    for (what, transform) in [
        ("XSLT with a file", style("file:///etc/hostname")),
        ("XSLT with an address", style(&here)),
        ("XPath Filter 2.0", transform("http://www.w3.org/2002/06/xmldsig-filter2", filter)),
        ("base64", transform("http://www.w3.org/2000/09/xmldsig#base64", "")),
        ("decryption", transform("http://www.w3.org/2002/07/decrypt#XML", "")),
        ("XPointer", transform("http://www.w3.org/2001/04/xmldsig-more/xptr", "")),
        ("one of nobody's", transform("urn:x", "")),
    ] {
        let (second, first) = (format!("{ENVELOPED}{transform}"), format!("{transform}{EXCLUSIVE}"));
        let many = format!("{ENVELOPED}{EXCLUSIVE}{}", transform.repeat(10));
        for (transforms, reason) in [
            (&second, "not exclusive canonicalisation"),
            (&first, "the first transform is not"),
            (&many, "the transforms are not"),
        ] {
            for kind in Kind::ALL {
                let text = Template { transforms, ..Template::of("_a") }.text();
                let text = text.replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>");
                kit.refused(kind, what, &kit.message(kind, "_a", false, &text), reason).await;
            }
        }
    }
    assert!(listener.accept().is_err(), "something was fetched");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_in_another_canonical_form_is_refused_although_the_signature_is_genuine() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        for canonicalization in [
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            "http://www.w3.org/2006/12/xml-c14n11",
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        ] {
            let xml = kit.signed(kind, "_a", &Template { canonicalization, ..Template::of("_a") });
            kit.refused(kind, canonicalization, &xml, "not exclusive canonicalisation").await;
        }
    }
}

/// It leaves the signature out just as the enveloped transform does, so its digest is right and so is its signature.
#[tokio::test(flavor = "multi_thread")]
async fn another_transform_in_the_place_of_the_enveloped_one_is_refused_although_all_of_it_is_genuine() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        for transforms in [format!("{XPATH}{EXCLUSIVE}"), format!("{XPATH}{ENVELOPED}")] {
            let xml = kit.signed(kind, "_a", &Template { transforms: &transforms, ..Template::of("_a") });
            kit.refused(kind, &transforms, &xml, "the first transform is not").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_message_brings_along_counts_for_nothing() {
    let kit = Kit::new().await;
    let certificate =
        |text: &str| format!("<ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data>");
    let public = X509::from_pem(kit.attacker.made.certificate_pem.as_bytes()).unwrap().public_key().unwrap();
    let (rsa, number) = (public.rsa().unwrap(), |number: &BigNumRef| STANDARD.encode(number.to_vec()));
    let bare = format!(
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>{}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
        number(rsa.n()),
        number(rsa.e())
    );
    let named = "<ds:KeyName>Partner</ds:KeyName>".to_owned();
    let (attackers, partners) =
        (certificate(kit.attacker.key.certificate_base64()), certificate(kit.partner.key.certificate_base64()));
    for kind in Kind::ALL {
        for brought in [&attackers, &partners, &bare, &named] {
            let info = format!("<ds:KeyInfo>{brought}</ds:KeyInfo>");
            let document = kit.message(kind, "_a", true, &Template::of("_a").text());
            let forged = xmlsec1_signs(&document, "--privkey-pem", &kit.attacker.made.private_key_pem);
            let forged = forged.replace("</ds:SignatureValue>", &format!("</ds:SignatureValue>{info}"));
            kit.refused(kind, "KeyInfo", &forged, "registered for the sender").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_that_stands_twice_is_refused() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        let genuine = kit.genuine(kind, "_a");
        for twin in
            ["<x ID=\"_a\"/>", "<x id=\"_a\"/>", "<x xml:id=\"_a\"/>", "<ds:Signature xmlns:ds=\"urn:x\" Id=\"_a\"/>"]
        {
            let doubled = genuine.replace("</saml:Issuer>", &format!("</saml:Issuer>{}", super::kit::extensions(twin)));
            kit.refused(kind, twin, &doubled, "twice").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_signature_was_left_out_or_renamed_is_refused() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        let genuine = kit.genuine(kind, "_a");
        let (_, rest) = parted(&genuine);
        kit.refused(kind, "left out", &rest, "Signature").await;
        let elsewhere = genuine.replace("xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "xmlns:ds=\"urn:x\"");
        kit.refused(kind, "in another namespace", &elsewhere, "Signature").await;
        let emptied =
            genuine.replace(&parted(&genuine).0, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>");
        kit.refused(kind, "emptied", &emptied, "Signature").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn weaker_algorithms_are_refused_even_under_a_genuine_signature() {
    let kit = Kit::new().await;
    let (sha1, rsa_sha1) = ("http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2000/09/xmldsig#rsa-sha1");
    let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    let (md5, rsa_md5) =
        ("http://www.w3.org/2001/04/xmldsig-more#md5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5");
    let dsa = "http://www.w3.org/2000/09/xmldsig#dsa-sha1";
    let unsigned = |kind: Kind, template: Template<'_>| {
        let text = template.text().replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>");
        kit.message(kind, "_a", false, &text)
    };
    for kind in Kind::ALL {
        let signed = |template| kit.signed(kind, "_a", &template);
        let by_public_key = xmlsec1_signs(
            &kit.message(kind, "_a", false, &Template { method: hmac, ..Template::of("_a") }.text()),
            "--hmackey",
            &kit.partner.made.certificate_pem,
        );
        for (what, xml) in [
            ("a digest by SHA-1", signed(Template { digest: sha1, ..Template::of("_a") })),
            ("RSA with SHA-1", signed(Template { method: rsa_sha1, ..Template::of("_a") })),
            ("HMAC with the public certificate", by_public_key),
            ("none", kit.message(kind, "_a", false, &Template { method: "none", ..Template::of("_a") }.text())),
            ("RSA with MD5", unsigned(kind, Template { method: rsa_md5, ..Template::of("_a") })),
            ("a digest by MD5", unsigned(kind, Template { digest: md5, ..Template::of("_a") })),
            ("DSA with SHA-1", unsigned(kind, Template { method: dsa, ..Template::of("_a") })),
        ] {
            kit.refused(kind, what, &xml, "not accepted").await;
        }
        // Of which eight bits are compared, so that one in 256 is right.
        let short = Template { method: hmac, ..Template::of("_a") }.text().replace(
            &format!("{hmac}\"/>"),
            &format!("{hmac}\"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>"),
        );
        kit.refused(kind, "HMAC cut short", &kit.message(kind, "_a", false, &short), "has parameters").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_cannot_cut_an_issuer_or_a_name_short() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        // A comment is no part of the canonical form, so the signature over it holds.
        let genuine = kit.genuine(kind, "_a");
        let issuer = genuine.replace("https://sp.example</saml:Issuer>", "https://sp.<!-- -->example</saml:Issuer>");
        kit.refused(kind, "Issuer", &issuer, "comment").await;
        let end = genuine.replace("</saml:NameID>", "<!-- -->.evil</saml:NameID>");
        if end != genuine {
            kit.refused(kind, "NameID", &end, "comment").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_cdata_nor_an_instruction_nor_an_element_can_cut_an_issuer_or_a_name_short() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        // What is in a CDATA section is text in the canonical form, so the signature over it holds.
        let genuine = kit.genuine(kind, "_a");
        let issuer = |end: &str| genuine.replace("https://sp.example</saml:Issuer>", &format!("{end}</saml:Issuer>"));
        for (what, xml, reason) in [
            ("CDATA in Issuer", issuer("https://sp.<![CDATA[example]]>"), "CDATA"),
            ("empty CDATA in Issuer", issuer("https://sp.<![CDATA[]]>example"), "CDATA"),
            ("an instruction in Issuer", issuer("https://sp.example<?x?>"), "processing instruction"),
            ("an element in Issuer", issuer("https://sp.example<x/>.evil"), "elements inside Issuer"),
        ] {
            assert_ne!(xml, genuine, "{what}");
            kit.refused(kind, what, &xml, reason).await;
        }
        if kind != Kind::Logout {
            continue;
        }
        for (what, inside, reason) in
            [("CDATA", "<![CDATA[]]>.evil", "CDATA"), ("an instruction", "<?x?>.evil", "processing instruction")]
        {
            let name = genuine.replace("</saml:NameID>", &format!("{inside}</saml:NameID>"));
            assert_ne!(name, genuine, "{what}");
            kit.refused(kind, &format!("{what} in NameID"), &name, reason).await;
        }
    }
}
