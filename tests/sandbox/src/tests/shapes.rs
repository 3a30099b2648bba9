//! Signatures: what proves something, and what only looks as if it did.

use super::desk::{Desk, refused};
use super::forge::{SIGNATURE, draft, foreign, ours, sign, signed, signed_as, swap, template, with};

const INVALID: &str = "Response signature invalid";

async fn is_refused(document: &str) {
    refused(Desk::new().assume(document).await, 400, "InvalidIdentityToken", INVALID);
}

async fn is_not_xml(document: &str) {
    refused(Desk::new().assume(document).await, 400, "InvalidIdentityToken", "Invalid base64 SAMLResponse");
}

/// The assertion of a document, from tag to tag.
fn assertion(document: &str) -> String {
    let end = "</saml:Assertion>";
    document[document.find("<saml:Assertion").unwrap()..document.find(end).unwrap() + end.len()].to_owned()
}

/// An unsigned copy of the assertion that claims more.
fn evil() -> String {
    assertion(&draft()).replace(SIGNATURE, "").replace("\"_a1\"", "\"_evil\"").replace("ada@", "root@")
}

#[tokio::test]
async fn a_signed_assertion_is_accepted() {
    let session = Desk::new().assume(&signed(&draft())).await.unwrap();
    assert_eq!(session.session_name, "ada@example.com");
}

#[tokio::test]
async fn a_signed_response_is_accepted_and_so_are_both_signatures() {
    let outer = |text: &str| {
        swap(text, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{}<samlp:Status>", template("_r1")))
    };
    let response_only = sign(&outer(&draft().replace(SIGNATURE, "")), ours());
    Desk::new().assume(&response_only).await.unwrap();
    let both = sign(&outer(&signed(&draft())), ours());
    Desk::new().assume(&both).await.unwrap();
    // Either one broken breaks the whole.
    is_refused(&both.replace("ada@", "root@")).await;
    is_refused(&both.replace("Destination=\"", "Consent=\"x\" Destination=\"")).await;
}

#[tokio::test]
async fn during_a_rotation_either_key_of_the_metadata_is_good() {
    let desk = Desk::new();
    let keys = [foreign().base64(), ours().base64()];
    let document = super::forge::metadata(super::forge::ISSUER, &keys);
    desk.sandbox.iam().update_saml_provider(super::forge::PROVIDER, &document).unwrap();
    desk.assume(&signed(&draft())).await.unwrap();
    desk.assume(&sign(&with(SIGNATURE, &template("_a1")), foreign())).await.unwrap();
}

#[tokio::test]
async fn a_comment_inside_a_name_does_not_cut_it() {
    let document = signed(&with("ada-7", "ada-7<!-- x -->.evil"));
    assert_eq!(Desk::new().assume(&document).await.unwrap().subject, "ada-7.evil");
}

#[tokio::test]
async fn text_that_imitates_the_report_of_the_verifier_stays_text() {
    let fake = "x\n== PreDigest data - end buffer\n== PreDigest data - start buffer:\ny";
    let session = Desk::new().assume(&signed(&with("ada-7", fake))).await.unwrap();
    assert_eq!(session.subject, fake);
}

#[tokio::test]
async fn a_key_name_in_the_message_changes_nothing() {
    let named = swap(&template("_a1"), "<ds:X509Data/>", "<ds:KeyName>somebody</ds:KeyName><ds:X509Data/>");
    Desk::new().assume(&sign(&with(SIGNATURE, &named), ours())).await.unwrap();
}

#[tokio::test]
async fn a_changed_attribute_is_refused() {
    is_refused(&swap(&signed(&draft()), "ada@example.com", "root@example.com")).await;
}

#[tokio::test]
async fn an_added_role_value_is_refused() {
    let more = "</saml:AttributeValue><saml:AttributeValue>arn:aws:iam::123412341234:role/Admin,arn:aws:iam::123412341234:saml-provider/Rolecall</saml:AttributeValue>";
    is_refused(&signed(&draft()).replacen("</saml:AttributeValue>", more, 1)).await;
}

#[tokio::test]
async fn a_response_without_signature_is_refused() {
    is_refused(&draft().replace(SIGNATURE, "")).await;
}

#[tokio::test]
async fn a_key_that_only_the_message_vouches_for_is_refused() {
    let document = sign(&with(SIGNATURE, &template("_a1")), foreign());
    assert!(document.replace('\n', "").contains("X509Certificate>MII"), "the key is in KeyInfo");
    is_refused(&document).await;
}

#[tokio::test]
async fn a_bare_key_value_inside_the_message_is_refused() {
    let value = swap(&template("_a1"), "<ds:X509Data/>", "<ds:KeyValue/>");
    let document = sign(&with(SIGNATURE, &value), foreign());
    assert!(document.contains("Modulus"), "the key is in KeyInfo");
    is_refused(&document).await;
}

#[tokio::test]
async fn a_second_assertion_before_or_after_the_signed_one_is_refused() {
    let good = signed(&draft());
    is_refused(&swap(&good, "<saml:Assertion ", &format!("{}<saml:Assertion ", evil()))).await;
    is_refused(&swap(&good, "</samlp:Response>", &format!("{}</samlp:Response>", evil()))).await;
}

#[tokio::test]
async fn a_duplicate_of_the_signed_assertion_is_refused() {
    let good = signed(&draft());
    let copy = assertion(&good);
    is_refused(&swap(&good, "</samlp:Response>", &format!("{copy}</samlp:Response>"))).await;
}

#[tokio::test]
async fn a_signed_assertion_moved_into_extensions_is_refused() {
    let good = signed(&draft());
    let moved = format!("<samlp:Extensions>{}</samlp:Extensions>", assertion(&good));
    let document = good.replace(&assertion(&good), &evil());
    is_refused(&swap(&document, "<samlp:Status>", &format!("{moved}<samlp:Status>"))).await;
}

#[tokio::test]
async fn a_signed_assertion_hidden_inside_its_forgery_is_refused() {
    let good = signed(&draft());
    let forged = swap(
        &evil(),
        "</saml:Assertion>",
        &format!("<saml:Advice>{}</saml:Advice></saml:Assertion>", assertion(&good)),
    );
    is_refused(&good.replace(&assertion(&good), &forged)).await;
}

#[tokio::test]
async fn a_signed_assertion_hidden_in_an_object_of_the_signature_is_refused() {
    let good = signed(&draft());
    let inner = assertion(&good);
    let start = inner.find("<ds:Signature ").unwrap();
    let end = inner.find("</ds:Signature>").unwrap();
    let unsigned = format!("{}{}", &inner[..start], &inner[end + "</ds:Signature>".len()..]);
    let object = format!("{}<ds:Object>{unsigned}</ds:Object></ds:Signature>", &inner[start..end]);
    let forged = evil().replacen("</saml:Issuer>", &format!("</saml:Issuer>{object}"), 1);
    is_refused(&good.replace(&inner, &forged)).await;
}

#[tokio::test]
async fn a_repeated_id_is_refused() {
    is_refused(&swap(&signed(&draft()), "ID=\"_r1\"", "ID=\"_a1\"")).await;
    is_refused(&swap(&signed(&draft()), "<samlp:Status>", "<samlp:Status Id=\"_a1\">")).await;
}

#[tokio::test]
async fn a_signature_that_is_not_a_child_of_what_it_covers_is_refused() {
    let draft = draft().replace(SIGNATURE, "");
    let detached = swap(&draft, "<samlp:Status>", &format!("{}<samlp:Status>", template("_a1")));
    is_refused(&sign(&detached, ours())).await;
}

#[tokio::test]
async fn a_second_reference_is_refused() {
    let one = template("_a1");
    let reference = &one[one.find("<ds:Reference").unwrap()..one.find("</ds:SignedInfo>").unwrap()];
    is_refused(&signed_as(&one.replace(reference, &format!("{reference}{reference}")))).await;
}

#[tokio::test]
async fn a_reference_to_the_network_is_refused_and_nothing_is_fetched() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let uri = format!("URI=\"http://{}/x\"", server.local_addr().unwrap());
    is_refused(&swap(&signed(&draft()), "URI=\"#_a1\"", &uri)).await;
    assert_eq!(server.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody called");
}

#[tokio::test]
async fn a_reference_to_anything_but_the_parent_is_refused_although_its_signature_holds() {
    for uri in ["", "#_r1", "#xpointer(/)"] {
        is_refused(&signed_as(&swap(&template("_a1"), "URI=\"#_a1\"", &format!("URI=\"{uri}\"")))).await;
    }
    let file = swap(&signed(&draft()), "URI=\"#_a1\"", "URI=\"file:///etc/hostname\"");
    is_refused(&file).await;
}

#[tokio::test]
async fn sha_1_is_refused_in_the_signature_and_in_the_digest() {
    let signature = swap(&template("_a1"), "2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1");
    is_refused(&signed_as(&signature)).await;
    let digest = swap(&template("_a1"), "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1");
    is_refused(&signed_as(&digest)).await;
}

#[tokio::test]
async fn an_hmac_in_place_of_a_signature_is_refused() {
    is_refused(&swap(&signed(&draft()), "xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256")).await;
}

#[tokio::test]
async fn other_transforms_and_canonicalizations_are_refused() {
    let plain = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    is_refused(&signed_as(&swap(&template("_a1"), "http://www.w3.org/2001/10/xml-exc-c14n#", plain))).await;
    let xpath = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>true()</ds:XPath></ds:Transform></ds:Transforms>";
    is_refused(&signed_as(&swap(&template("_a1"), "</ds:Transforms>", xpath))).await;
}

#[tokio::test]
async fn a_doctype_an_entity_and_another_encoding_are_not_read() {
    let good = signed(&draft());
    let body = good.trim_start_matches("<?xml version=\"1.0\"?>").trim_start();
    is_not_xml(&format!("<!DOCTYPE r [<!ENTITY e \"x\">]>{body}")).await;
    is_not_xml(&swap(&good, "ada-7", "ada&e;")).await;
    is_not_xml(&format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{body}")).await;
    is_not_xml(&swap(&good, "<samlp:Status>", "<?x y?><samlp:Status>")).await;
    is_not_xml("<samlp:Response").await;
    is_not_xml("not XML at all").await;
}

#[tokio::test]
async fn what_is_not_base64_or_too_long_is_refused() {
    let desk = Desk::new();
    let ask = |text: String| {
        let sandbox = desk.sandbox.clone();
        async move { sandbox.assume_role_with_saml(super::forge::ROLE, super::forge::PROVIDER, &text, None).await }
    };
    refused(ask("%%%%".into()).await, 400, "InvalidIdentityToken", "Invalid base64 SAMLResponse");
    let long = "A".repeat(100_001);
    assert_eq!(ask(long).await.unwrap_err().code, "ValidationError");
}
