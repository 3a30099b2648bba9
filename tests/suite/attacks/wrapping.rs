use super::kit::{Kind, Kit, Template, extensions, parted, xmlsec1_signs};

/// Every way to let a genuine signature vouch for a message that was never signed: its name, the forgery, the reason.
fn shapes(kit: &Kit, kind: Kind, genuine: &str) -> Vec<(&'static str, String, &'static str)> {
    let (signature, rest) = parted(genuine);
    let forged = |inside: &str| kit.message(kind, "_forged", true, inside);
    let end = format!("</{}>", kind.root());
    let same = |inside: &str| kit.message(kind, "_genuine", true, inside);
    let (from, to) = (signature.find("<ds:Reference ").unwrap(), signature.find("</ds:SignedInfo>").unwrap());
    let second = signature[from..to].replace("#_genuine", "#_forged");
    let own =
        xmlsec1_signs(&forged(&Template::of("_forged").text()), "--privkey-pem", &kit.attacker.made.private_key_pem);
    vec![
        (
            "1: the genuine message whole inside extensions",
            forged(&extensions(genuine)),
            "elsewhere than directly in the root",
        ),
        (
            "2: the signature moved to the forged root, what it signed inside extensions",
            forged(&format!("{signature}{}", extensions(&rest))),
            "not the root",
        ),
        (
            "3: what was signed inside an Object of the signature",
            forged(&signature.replace("</ds:Signature>", &format!("<ds:Object>{rest}</ds:Object></ds:Signature>"))),
            "holds Object",
        ),
        (
            "4: what was signed inside KeyInfo",
            forged(&signature.replace("</ds:Signature>", &format!("<ds:KeyInfo>{rest}</ds:KeyInfo></ds:Signature>"))),
            "not the root",
        ),
        (
            "5: the forged root under the identifier that was signed",
            same(&format!("{signature}{}", extensions(&rest))),
            "twice",
        ),
        (
            "5b: the same, in a spelling of ID that other readers take for one",
            same(&format!("{signature}{}", extensions(&rest.replace(" ID=", " Id=")))),
            "twice",
        ),
        (
            "5c: the same, the identifier taken from what was signed",
            same(&format!("{signature}{}", extensions(&rest.replace(" ID=\"_genuine\"", "")))),
            "digest does not match",
        ),
        (
            "6: the forged message inside the genuine one",
            genuine.replace("</saml:Issuer><ds:", &format!("</saml:Issuer>{}<ds:", extensions(&forged("")))),
            "digest does not match",
        ),
        (
            "7: a signature of the attacker beside the genuine one",
            own.replacen("<ds:Signature ", &format!("{signature}<ds:Signature "), 1),
            "more than one",
        ),
        (
            "8: the genuine signature deeper than the root",
            rest.replace(&end, &format!("{}{end}", extensions(&signature))),
            "elsewhere than directly in the root",
        ),
        ("9: what was signed as a child of the forged root", forged(&format!("{signature}{rest}")), "not the root"),
        (
            "10: a second Reference, to the forged root",
            forged(&format!(
                "{}{}",
                signature.replace("</ds:SignedInfo>", &format!("{second}</ds:SignedInfo>")),
                extensions(&rest)
            )),
            "one Reference",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_shape_of_signature_wrapping_is_taken_for_a_sign_on_request() {
    wrapped(Kind::SignOn).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_shape_of_signature_wrapping_is_taken_for_a_logout_request() {
    wrapped(Kind::Logout).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_shape_of_signature_wrapping_is_taken_for_the_answer_to_a_logout() {
    wrapped(Kind::Answer).await;
}

async fn wrapped(kind: Kind) {
    let kit = Kit::new().await;
    let genuine = kit.genuine(kind, "_genuine");
    for (what, xml, reason) in shapes(&kit, kind, &genuine) {
        kit.refused(kind, what, &xml, reason).await;
    }
    // Nothing of the above used it up, and it would have been good all along.
    kit.taken(kind, &genuine).await;
}
