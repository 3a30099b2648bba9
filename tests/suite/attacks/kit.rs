use std::{io::Write, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use saml::{GeneratedKey, SigningKey};
use tests::{Answer, Browser, World};

pub const SP: &str = "https://sp.example";
pub const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const ENVELOPED: &str = r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#;
pub const EXCLUSIVE: &str = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>"#;

/// Which of the messages that a service provider signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SignOn,
    Logout,
    /// What it answers to a logout request of ours. None waits for one here, which is said only of what could be trusted.
    Answer,
}

impl Kind {
    /// Those that ask for something.
    pub const BOTH: [Self; 2] = [Self::SignOn, Self::Logout];
    pub const ALL: [Self; 3] = [Self::SignOn, Self::Logout, Self::Answer];

    pub fn root(self) -> &'static str {
        match self {
            Self::SignOn => "samlp:AuthnRequest",
            Self::Logout => "samlp:LogoutRequest",
            Self::Answer => "samlp:LogoutResponse",
        }
    }

    /// The form field or query parameter that carries it.
    pub fn parameter(self) -> &'static str {
        if self == Self::Answer { "SAMLResponse" } else { "SAMLRequest" }
    }

    /// An unsigned query with it, as by HTTP-Redirect.
    pub fn query(self, xml: &str) -> String {
        crate::sign_on::redirect_query(xml, "").replacen("SAMLRequest", self.parameter(), 1)
    }

    pub fn path(self, binding: &str) -> String {
        let service = if self == Self::SignOn { "sso" } else { "slo" };
        format!("/application/saml/sp/{service}/binding/{binding}/")
    }
}

/// A key pair with its certificate.
pub struct Pair {
    pub made: GeneratedKey,
    pub key: SigningKey,
}

impl Pair {
    fn new(name: &str) -> Self {
        let made = SigningKey::generate_self_signed(2048, name, 30, 1_700_000_000).unwrap();
        let key = SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).unwrap();
        Self { made, key }
    }
}

/// A service provider that signs all it sends, somebody who would like to be it, and two people who are signed in there.
pub struct Kit {
    pub world: World,
    pub partner: Pair,
    pub attacker: Pair,
    pub ada: Browser,
    pub grace: Browser,
    names: [String; 2],
}

impl Kit {
    pub async fn new() -> Self {
        let world = World::new().await;
        let (partner, attacker) = (Pair::new("Partner"), Pair::new("Partner"));
        let certificate: String = partner.made.certificate_pem.lines().map(|line| format!("      {line}\n")).collect();
        world
            .apply(&format!(
                "version: 1\nsaml_providers:\n  - name: sp\n    acs_url: {SP}/acs\n    acs: [{{ url: '{SP}/other', index: 7 }}]\n    audience: {SP}\n    \
                 require_signed_requests: true\n    logout: [{{ binding: redirect, url: '{SP}/slo' }}]\n    verification_certificates:\n    - |\n{certificate}\
                 applications: [{{ slug: sp, name: SP, saml_provider: sp }}]\n"
            ))
            .await;
        let (ada, grace) = (world.signed_in("ada").await, world.signed_in("grace").await);
        let names = [name_id(&ada).await, name_id(&grace).await];
        Self { world, partner, attacker, ada, grace, names }
    }

    /// An unsigned message with `inside` after its issuer. `forged` says what the attacker would like it to say.
    pub fn message(&self, kind: Kind, id: &str, forged: bool, inside: &str) -> String {
        let now = saml::instant(domain::port::Clock::now(self.world.clock.as_ref()));
        let (root, destination) = (kind.root(), format!("{}{}", self.world.url, kind.path("post")));
        let [ada, grace] = &self.names;
        let (acs, name) = if forged { ("other", grace) } else { ("acs", ada) };
        let (attribute, rest) = match kind {
            Kind::SignOn => (format!(" AssertionConsumerServiceURL=\"{SP}/{acs}\""), String::new()),
            Kind::Logout => (
                String::new(),
                format!("<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{name}</saml:NameID>"),
            ),
            Kind::Answer => (
                format!(" InResponseTo=\"_{acs}\""),
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>"
                    .to_owned(),
            ),
        };
        format!(
            "<{root} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"{attribute} Destination=\"{destination}\" ID=\"{id}\" IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{SP}</saml:Issuer>{inside}{rest}</{root}>"
        )
    }

    /// The good message, signed by the partner.
    pub fn genuine(&self, kind: Kind, id: &str) -> String {
        self.signed(kind, id, &Template::of(id))
    }

    pub fn signed(&self, kind: Kind, id: &str, template: &Template<'_>) -> String {
        xmlsec1_signs(
            &self.message(kind, id, false, &template.text()),
            "--privkey-pem",
            &self.partner.made.private_key_pem,
        )
    }

    pub async fn send(&self, kind: Kind, xml: &str) -> Answer {
        self.ada.post(&kind.path("post"), &[(kind.parameter(), &STANDARD.encode(xml))]).await
    }

    /// Refused with a page that says why, sent nowhere, and nobody was signed out.
    pub async fn refused(&self, kind: Kind, what: &str, xml: &str, reason: &str) {
        self.was_refused(&format!("{kind:?}, {what}"), self.send(kind, xml).await, reason).await;
    }

    pub async fn was_refused(&self, what: &str, answer: Answer, reason: &str) {
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        assert_eq!(answer.location(), "", "{what}");
        assert!(!answer.body.contains("name=\"SAMLResponse\""), "{what}: {}", answer.body);
        assert!(answer.body.contains(reason), "{what}: not for `{reason}`: {}", answer.body);
        for (name, browser) in [("ada", &self.ada), ("grace", &self.grace)] {
            assert_eq!(browser.get("/").await.status, 200, "{what} signed {name} out");
        }
    }

    /// Taken: a response to the address that was asked for, or the session is over; of an answer, that it could be trusted.
    pub async fn taken(&self, kind: Kind, xml: &str) {
        let answer = self.send(kind, xml).await;
        match kind {
            Kind::SignOn => assert_eq!(answer.form().action, format!("{SP}/acs"), "{}", answer.body),
            Kind::Logout => {
                assert!(answer.location().starts_with(&format!("{SP}/slo")), "{} {}", answer.status, answer.body);
                assert_eq!(self.ada.get("/").await.status, 303);
            }
            Kind::Answer => self.was_refused("a good answer", answer, "no logout of ours waits").await,
        }
    }
}

async fn name_id(browser: &Browser) -> String {
    let xml = crate::sign_on::xml(&browser.get("/application/saml/sp/sso/binding/init/").await);
    let rest = xml.split("<saml:NameID").nth(1).unwrap();
    rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// A `ds:Signature` for xmlsec1 to fill in.
pub struct Template<'a> {
    pub canonicalization: &'a str,
    pub method: &'a str,
    pub uri: String,
    pub transforms: &'a str,
    pub digest: &'a str,
    pub after: &'a str,
}

impl Template<'_> {
    pub fn of(id: &str) -> Self {
        Self {
            canonicalization: C14N,
            method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            uri: format!("#{id}"),
            transforms: concat!(
                r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#,
                r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>"#
            ),
            digest: "http://www.w3.org/2001/04/xmlenc#sha256",
            after: "",
        }
    }

    pub fn text(&self) -> String {
        let Self { canonicalization, method, uri, transforms, digest, after } = self;
        format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{canonicalization}"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="{uri}"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>{after}</ds:Signature>"#
        )
    }
}

/// The `ds:Signature` of a message, and the message without it.
pub fn parted(xml: &str) -> (String, String) {
    let (from, to) = (xml.find("<ds:Signature ").unwrap(), xml.find("</ds:Signature>").unwrap() + 15);
    (xml[from..to].to_owned(), format!("{}{}", &xml[..from], &xml[to..]))
}

pub fn extensions(inside: &str) -> String {
    format!("<samlp:Extensions>{inside}</samlp:Extensions>")
}

/// EXTERNAL PROGRAM `xmlsec1`: fills in the digest and the signature. `option` names the kind of the key file.
pub fn xmlsec1_signs(template: &str, option: &str, secret: &str) -> String {
    let file = |text: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    };
    let (secret, document) = (file(secret), file(template));
    let output = Command::new("xmlsec1")
        .args(["--sign".as_ref(), option.as_ref(), secret.path().as_os_str()])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:LogoutResponse"])
        .arg(document.path())
        .output()
        .expect("xmlsec1 is part of the set-up of the tests (Debian: xmlsec1)");
    assert!(output.status.success(), "{}\n{template}", String::from_utf8_lossy(&output.stderr));
    let signed = String::from_utf8(output.stdout).unwrap();
    signed.split_once("?>").map_or(signed.clone(), |(_, rest)| rest.trim().to_owned())
}
