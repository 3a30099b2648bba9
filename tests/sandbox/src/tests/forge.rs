//! Responses signed by the `xmlsec1` program from a template: no code of any identity provider takes part.

use std::process::Command;
use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509NameBuilder};

pub const NOW: i64 = 1_780_000_000;
pub const ISSUER: &str = "https://idp.example/metadata";
pub const ACS: &str = "https://signin.aws.amazon.com/saml";
pub const ROLE: &str = "arn:aws:iam::123412341234:role/Reader";
pub const PROVIDER: &str = "arn:aws:iam::123412341234:saml-provider/Rolecall";

/// A private key and its certificate, both PEM.
#[derive(Clone)]
pub struct Pair {
    pub key: String,
    pub certificate: String,
}

impl Pair {
    pub fn new(bits: u32) -> Self {
        Self::with_units(bits, 0)
    }

    /// With so many organizational units in its name, which makes the certificate long.
    pub fn with_units(bits: u32, units: usize) -> Self {
        let key = PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap();
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", "idp").unwrap();
        for _ in 0..units {
            name.append_entry_by_text("OU", &"u".repeat(64)).unwrap();
        }
        let name = name.build();
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_not_before(&Asn1Time::from_unix(NOW - 1_000).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::from_unix(NOW + 86_400 * 365).unwrap()).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let text = |pem: Vec<u8>| String::from_utf8(pem).unwrap();
        Self {
            key: text(key.private_key_to_pem_pkcs8().unwrap()),
            certificate: text(builder.build().to_pem().unwrap()),
        }
    }

    pub fn base64(&self) -> String {
        self.certificate.lines().filter(|line| !line.starts_with("-----")).collect()
    }
}

pub fn ours() -> &'static Pair {
    static KEY: OnceLock<Pair> = OnceLock::new();
    KEY.get_or_init(|| Pair::new(2048))
}

pub fn foreign() -> &'static Pair {
    static KEY: OnceLock<Pair> = OnceLock::new();
    KEY.get_or_init(|| Pair::new(2048))
}

pub fn metadata(issuer: &str, certificates: &[String]) -> String {
    let key = |c: &String| {
        format!(
            "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
             <X509Certificate>{c}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        )
    };
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{issuer}\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}<SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example/sso\"/>\
         </IDPSSODescriptor></EntityDescriptor>",
        certificates.iter().map(key).collect::<String>()
    )
}

/// Seconds from now as SAML writes them.
pub fn at(offset: i64) -> String {
    jiff::Timestamp::from_second(NOW + offset).unwrap().to_string()
}

pub fn attribute(name: &str, values: &[&str]) -> String {
    let values: String = values.iter().map(|v| format!("<saml:AttributeValue>{v}</saml:AttributeValue>")).collect();
    let name = if name.contains(':') && !name.starts_with("PrincipalTag:") {
        name.to_owned()
    } else {
        format!("https://aws.amazon.com/SAML/Attributes/{name}")
    };
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

/// Where the template of the signature goes.
pub const SIGNATURE: &str = "<!--signature-->";

/// An unsigned response that AWS would take once it is signed.
pub fn draft() -> String {
    let role = format!("{ROLE},{PROVIDER}");
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_r1\" Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{ACS}\"><saml:Issuer>{ISSUER}</saml:Issuer><samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion ID=\"_a1\" \
         Version=\"2.0\" IssueInstant=\"{now}\"><saml:Issuer>{ISSUER}</saml:Issuer>{SIGNATURE}<saml:Subject><saml:NameID \
         Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">ada-7</saml:NameID><saml:SubjectConfirmation \
         Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"{later}\" Recipient=\"{ACS}\"/>\
         </saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{before}\" NotOnOrAfter=\"{later}\">\
         <saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"{now}\" SessionIndex=\"_s1\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext>\
         </saml:AuthnStatement><saml:AttributeStatement>{role}{name}</saml:AttributeStatement></saml:Assertion></samlp:Response>",
        now = at(0),
        later = at(300),
        before = at(-60),
        role = attribute("Role", &[&role]),
        name = attribute("RoleSessionName", &["ada@example.com"]),
    )
}

/// The draft with one thing in place of another, which must be there.
pub fn with(from: &str, to: &str) -> String {
    swap(&draft(), from, to)
}

pub fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the text");
    text.replace(from, to)
}

/// The draft with further attributes.
pub fn plus(attributes: &str) -> String {
    with("</saml:AttributeStatement>", &format!("{attributes}</saml:AttributeStatement>"))
}

/// A signature's template over an ID, with a reference that a test may spoil before signing.
pub fn template(id: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><ds:Transform \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"
    )
}

/// Signs whatever template is in the document.
pub fn sign(document: &str, pair: &Pair) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("in.xml"), document).unwrap();
    std::fs::write(path("key.pem"), &pair.key).unwrap();
    std::fs::write(path("cert.pem"), &pair.certificate).unwrap();
    let keys = format!("{},{}", path("key.pem").display(), path("cert.pem").display());
    let done = Command::new("xmlsec1")
        .args(["--sign", "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response"])
        .args(["--privkey-pem", &keys, "--output"])
        .arg(path("out.xml"))
        .arg(path("in.xml"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read_to_string(path("out.xml")).unwrap()
}

/// Signs the assertion of a draft with our key.
pub fn signed(draft: &str) -> String {
    sign(&swap(draft, SIGNATURE, &template("_a1")), ours())
}

/// Signs with a template that was changed first.
pub fn signed_as(template: &str) -> String {
    sign(&with(SIGNATURE, template), ours())
}

pub fn encode(document: &str) -> String {
    STANDARD.encode(document)
}
