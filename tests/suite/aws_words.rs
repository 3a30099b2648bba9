//! What a verdict says that AWS would show is what the double of AWS shows for the very same response.

use std::sync::{Arc, LazyLock};

use aws_sandbox::{IdentityCenterOptions, NewRole, Sandbox, SandboxOptions, trust_policy};
use saml::{
    Attribute, AwsFacts, AwsVerdict, ContentCipher, Encryption, KeyKind, KeyTransport, Level, PushedName,
    ResponseOptions, ResponseSpec, Sign, SigningKey,
    aws::{
        ACCESS_CONTROL_PREFIX, PRINCIPAL_TAG_PREFIX, ROLE, ROLE_SESSION_NAME, SESSION_DURATION, SOURCE_IDENTITY,
        TRANSITIVE_TAG_KEYS, USER_NAME,
    },
};
use tests::ACS;

const NOW: i64 = 1_780_000_000;
const ISSUER: &str = "https://idp.example/metadata";
const ROLE_ARN: &str = "arn:aws:iam::123412341234:role/Reader";
const PROVIDER_ARN: &str = "arn:aws:iam::123412341234:saml-provider/Rolecall";
/// What Identity Center shows to somebody whom it does not have: of the response it has then taken everything.
const NOBODY: &str = "Invalid MFA credentials";
/// A rule's name.
const CONTROL: &str = "Attributes for access control";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let made = SigningKey::generate(KeyKind::Rsa(2048), "idp", 365, NOW - 1_000).unwrap();
    SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem).unwrap()
});

/// A response on its way.
struct Sent {
    spec: ResponseSpec,
    /// `Destination`, where it is another than the recipient.
    destination: Option<String>,
    encrypted: bool,
    /// The role and the provider that a program asks for.
    asked: (&'static str, &'static str),
}

fn attribute(name: &str, values: &[&str]) -> Attribute {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Attribute { name: name.to_owned(), friendly_name: None, name_format: None, values }
}

fn access_control(key: &str, values: &[&str]) -> Attribute {
    attribute(&format!("{ACCESS_CONTROL_PREFIX}{key}"), values)
}

fn tag(key: &str, values: &[&str]) -> Attribute {
    attribute(&format!("{PRINCIPAL_TAG_PREFIX}{key}"), values)
}

/// To IAM, which would take it.
fn iam() -> Sent {
    let pair = format!("{ROLE_ARN},{PROVIDER_ARN}");
    let spec = ResponseSpec {
        response_id: "_r1".into(),
        assertion_id: "_a1".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: ACS.into(),
        issuer: ISSUER.into(),
        audience: "urn:amazon:webservices".into(),
        name_id: "ada".into(),
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
        sp_name_qualifier: None,
        session_index: "_s1".into(),
        authn_instant: NOW,
        not_before: NOW - 60,
        not_on_or_after: NOW + 300,
        session_not_on_or_after: NOW + 3_600,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".into(),
        attributes: vec![attribute(ROLE, &[&pair]), attribute(ROLE_SESSION_NAME, &["ada"])],
        sign: Sign::Assertion,
    };
    Sent { spec, destination: None, encrypted: false, asked: (ROLE_ARN, PROVIDER_ARN) }
}

/// To Identity Center, which would take it.
fn center() -> Sent {
    let IdentityCenterOptions { identity_store, saml_tenant, region, .. } = IdentityCenterOptions::default();
    let mut sent = iam();
    sent.spec.destination = format!("https://{region}.signin.aws/platform/saml/acs/{saml_tenant}");
    sent.spec.audience = format!("https://{region}.signin.aws.amazon.com/platform/saml/{identity_store}");
    sent.spec.name_id = "ada@example.com".into();
    sent.spec.name_id_format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".into();
    sent.spec.attributes = Vec::new();
    sent
}

impl Sent {
    fn with(mut self, change: impl FnOnce(&mut ResponseSpec)) -> Self {
        change(&mut self.spec);
        self
    }

    fn and(self, attributes: Vec<Attribute>) -> Self {
        self.with(|spec| spec.attributes.extend(attributes))
    }

    fn field(&self) -> String {
        let encrypt = Encryption {
            certificate: KEY.certificate(),
            cipher: ContentCipher::Aes256Gcm,
            transport: KeyTransport::default(),
            key: &[7; 32],
            iv: &[7; 12],
        };
        let options = ResponseOptions { encrypt: self.encrypted.then_some(encrypt), ..ResponseOptions::default() };
        let mut signed = saml::build_with(&self.spec, &options, &KEY).unwrap();
        if let Some(destination) = &self.destination {
            let to = |url: &str| format!("Destination=\"{url}\"");
            let changed = signed.xml.replacen(&to(&self.spec.destination), &to(destination), 1);
            assert_ne!(changed, signed.xml, "there is no Destination to change");
            signed.xml = changed;
        }
        signed.base64()
    }

    fn verdicts(&self, size: usize, user_name: Option<PushedName<'_>>) -> Vec<AwsVerdict> {
        let spec = &self.spec;
        saml::lint(&AwsFacts {
            destination: self.destination.as_ref().unwrap_or(&spec.destination),
            recipient: &spec.destination,
            audience: &spec.audience,
            name_id: &spec.name_id,
            name_id_format: &spec.name_id_format,
            assertion_signed: spec.sign != Sign::Response,
            encrypted: self.encrypted,
            attributes: &spec.attributes,
            sources: &[],
            lifetime_seconds: spec.not_on_or_after - spec.issue_instant,
            session_seconds: spec.session_not_on_or_after - spec.issue_instant,
            response_size: Some(size),
            in_response_to: false,
            user_name,
        })
    }
}

/// AWS with an IAM provider, a role and an Identity Center, all trusting the key.
fn aws() -> Sandbox {
    let options =
        SandboxOptions { base_url: "http://sandbox.test".into(), now: Arc::new(|| NOW), ..SandboxOptions::default() };
    let sandbox = Sandbox::new(options);
    let metadata = format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{ISSUER}\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor use=\"signing\"><KeyInfo \
         xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo>\
         </KeyDescriptor><SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example/sso\"/></IDPSSODescriptor></EntityDescriptor>",
        KEY.certificate_base64()
    );
    let provider = sandbox.iam().create_saml_provider("Rolecall", &metadata).unwrap();
    sandbox.iam().create_role(NewRole::new("Reader", &trust_policy(&provider.arn, &[ACS]))).unwrap();
    sandbox.identity_center().set_identity_provider(&metadata).unwrap();
    sandbox
}

/// What STS says; nothing where it gives credentials.
async fn sts(aws: &Sandbox, sent: &Sent) -> String {
    let (role, provider) = sent.asked;
    let answer = aws.assume_role_with_saml(role, provider, &sent.field(), None).await;
    answer.err().map(|fault| fault.message).unwrap_or_default()
}

/// What the page of Identity Center says.
async fn portal(aws: &Sandbox, sent: &Sent) -> String {
    let tenant = IdentityCenterOptions::default().saml_tenant;
    let answer = aws.identity_center().sign_in(&tenant, &sent.field(), None).await;
    answer.err().map(|refusal| refusal.page.to_owned()).unwrap_or_default()
}

/// The rule is broken, and its verdict quotes what AWS said; where AWS says nothing, so does the verdict.
fn quoted(sent: &Sent, rule: &str, said: &str) {
    let verdicts = sent.verdicts(sent.field().len(), None);
    let verdict = verdicts.iter().find(|verdict| verdict.rule == rule).unwrap();
    assert_eq!(verdict.level, Level::Failed, "{verdict:?} {:?}", sent.spec);
    assert_eq!(verdict.aws_message, said, "{verdict:?}");
    assert!(!said.is_empty() || verdict.found.contains("says nothing"), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_on_a_response_for_iam_quotes_what_sts_says_to_it() {
    let aws = aws();
    assert_eq!(sts(&aws, &iam()).await, "", "the response that nothing is wrong with");
    let role = |values: &[&str]| {
        let given = attribute(ROLE, values);
        iam().with(|spec| spec.attributes[0] = given)
    };
    let name = |values: &[&str]| {
        let given = attribute(ROLE_SESSION_NAME, values);
        iam().with(|spec| spec.attributes[1] = given)
    };
    let (pair, swapped) = (format!("{ROLE_ARN},{PROVIDER_ARN}"), format!("{PROVIDER_ARN},{ROLE_ARN}"));
    let long = "x".repeat(257);
    for (rule, sent) in [
        ("Audience", iam().with(|spec| spec.audience = "urn:amazon:webservices:govcloud".into())),
        (
            "Destination and recipient",
            Sent { destination: Some("https://us-east-1.signin.aws.amazon.com/saml".into()), ..iam() },
        ),
        (
            "Destination and recipient",
            Sent { destination: Some(ACS.into()), ..iam() }
                .with(|spec| spec.destination = "https://sp.example/".into()),
        ),
        ("NameID", iam().with(|spec| spec.name_id = " ".into())),
        ("Role pairs", role(&[])),
        ("Role pairs", role(&[ROLE_ARN])),
        ("Role pairs", role(&[&pair.replace(',', ", ")])),
        ("Role pairs", role(&[&pair.replace("123412341234:role", "999988887777:role")])),
        ("Role pairs", Sent { asked: (PROVIDER_ARN, ROLE_ARN), ..role(&[&swapped]) }),
        ("One Role attribute", iam().and(vec![attribute(ROLE, &[&pair])])),
        ("Attribute names", iam().and(vec![attribute(ROLE_SESSION_NAME, &["second"])])),
        ("Role session name", name(&[])),
        ("Role session name", name(&["Ada Lovelace"])),
        ("Role session name", name(&["ada", "grace"])),
        ("Session duration", iam().and(vec![attribute(SESSION_DURATION, &["899"])])),
        ("Session duration", iam().and(vec![attribute(SESSION_DURATION, &["1h"])])),
        ("Session duration", iam().and(vec![attribute(SESSION_DURATION, &["900", "901"])])),
        ("Source identity", iam().and(vec![attribute(SOURCE_IDENTITY, &["aws:ada"])])),
        ("Source identity", iam().and(vec![attribute(SOURCE_IDENTITY, &["a b"])])),
        ("Session tags", iam().and((0..51).map(|n| tag(&n.to_string(), &["x"])).collect())),
        ("Session tags", iam().and(vec![tag("Team", &[&long])])),
        ("Session tags", iam().and(vec![tag("Team", &["a", "b"])])),
        ("Session tags", iam().and(vec![tag("R&D", &["a"])])),
        ("Session tags", iam().and(vec![tag("aws:x", &["a"])])),
        ("Session tags", iam().and(vec![tag("Team", &["a"]), tag("tEAM", &["a"])])),
        ("Transitive tags", iam().and(vec![tag("Team", &["a"]), attribute(TRANSITIVE_TAG_KEYS, &["Cost"])])),
        ("Assertion lifetime", iam().with(|spec| spec.not_on_or_after = NOW)),
        ("Session end", iam().with(|spec| spec.session_not_on_or_after = NOW)),
        ("Response size", iam().and(vec![attribute("note", &[&"x".repeat(80_000)])])),
    ] {
        quoted(&sent, rule, &sts(&aws, &sent).await);
    }
    let elsewhere = iam().with(|spec| spec.destination = "https://sp.example/saml".into());
    quoted(&elsewhere, "Sign-in address", "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_on_a_response_for_identity_center_quotes_what_its_page_says_to_it() {
    let aws = aws();
    assert_eq!(portal(&aws, &center()).await, NOBODY, "the response that nothing is wrong with");
    let named = |name_id: &str| {
        let name_id = name_id.to_owned();
        center().with(|spec| spec.name_id = name_id)
    };
    let formatted = |name_format: &str| {
        let name_format = Some(name_format.to_owned());
        center().and(vec![Attribute { name_format, ..access_control("Team", &["a"]) }])
    };
    let other = center().spec.destination.replace(".signin.aws/", ".sso.signin.aws/");
    let gov = "https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/saml/d-9067729b3d";
    for (rule, sent) in [
        ("Audience", center().with(|spec| spec.audience = "urn:amazon:webservices".into())),
        ("Audience", center().with(|spec| spec.audience = gov.into())),
        ("Destination and recipient", Sent { destination: Some(other), ..center() }),
        ("NameID", named(" ")),
        ("NameID", named("ada")),
        ("NameID", named("ada..lovelace@example.com")),
        ("NameID", named("<ada>@example.com")),
        ("NameID format", center().with(|spec| spec.name_id_format = iam().spec.name_id_format)),
        ("Assertion lifetime", center().with(|spec| spec.not_on_or_after = NOW)),
        ("Session end", center().with(|spec| spec.session_not_on_or_after = NOW)),
        ("Assertion signature", center().with(|spec| spec.sign = Sign::Response)),
        ("Assertion encryption", Sent { encrypted: true, ..center() }),
        ("Attribute names", center().and(vec![access_control("Team", &["a"]), access_control("Team", &["b"])])),
        (CONTROL, center().and(vec![access_control("Team", &["a"]), access_control("Team", &["b"])])),
        (CONTROL, center().and(vec![access_control("Team", &["a", "b"])])),
        (CONTROL, center().and(vec![access_control("Team", &[""])])),
        (CONTROL, center().and(vec![access_control("Team", &[&"x".repeat(257)])])),
        (CONTROL, center().and(vec![access_control(&"k".repeat(129), &["a"])])),
        (CONTROL, center().and(vec![access_control("", &["a"])])),
        (CONTROL, center().and((0..51).map(|n| access_control(&n.to_string(), &["x"])).collect())),
        (CONTROL, formatted("urn:example:format")),
        // A tag of IAM's hides nothing.
        (CONTROL, center().and(vec![tag("Team", &["a"]), access_control("Team", &["a", "b"])])),
        ("Response size", center().and(vec![attribute("note", &[&"x".repeat(60_000)])])),
    ] {
        let said = portal(&aws, &sent).await;
        assert!(!said.is_empty() && said != NOBODY, "{rule}: Identity Center takes {:?}", sent.spec);
        quoted(&sent, rule, &said);
    }
    for format in ["unspecified", "uri", "basic"] {
        let good = formatted(&format!("urn:oasis:names:tc:SAML:2.0:attrname-format:{format}"));
        assert_eq!(portal(&aws, &good).await, NOBODY);
        assert!(good.verdicts(7_000, None).iter().all(|v| v.level == Level::Passed), "{format}");
    }
    let left_out =
        PushedName { provider: "scim", pushed: "", there: None, left_out: Some("robot"), held: false, source: "" };
    let verdicts = center().verdicts(7_000, Some(left_out));
    assert_eq!(verdicts.iter().find(|v| v.rule == USER_NAME).unwrap().aws_message, NOBODY);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_iam_breaks_nothing_at_identity_center_which_ignores_it() {
    let aws = aws();
    let sent = center().and(vec![
        attribute(ROLE, &["nonsense"]),
        attribute(ROLE, &["twice"]),
        attribute(ROLE_SESSION_NAME, &["x y"]),
        attribute(SESSION_DURATION, &["1"]),
        attribute(SOURCE_IDENTITY, &["aws:x"]),
        tag("Team", &["a", "b"]),
        attribute(TRANSITIVE_TAG_KEYS, &["Cost"]),
    ]);
    assert_eq!(portal(&aws, &sent).await, NOBODY);
    let verdicts = sent.verdicts(7_000, None);
    assert!(verdicts.iter().all(|v| v.level != Level::Failed), "{verdicts:#?}");
    for rule in [
        "Role pairs",
        "One Role attribute",
        "Role session name",
        "Session duration",
        "Source identity",
        "Transitive tags",
    ] {
        let verdict = verdicts.iter().find(|v| v.rule == rule).unwrap();
        assert!(verdict.level == Level::Warning && verdict.found.contains("ignores it"), "{verdict:?}");
    }
}
