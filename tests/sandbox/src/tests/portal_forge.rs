//! An identity provider for the portal, with responses signed by the `xmlsec1` program.

use super::desk::BASE;
use super::forge::{ISSUER, SIGNATURE, at, encode, foreign, ours, sign, swap, template};
use super::provisioner::{Provisioner, user, user_with};
use crate::{AuthnRequest, Binding, PortalRefusal, PortalSession};

pub const SSO: &str = "https://idp.example/sso";
pub const TENANT: &str = "9067729b3d-6b2f4a81-0c9d-4e37-8f15-a3d7c6e2b904";

pub const US: &str = "It's not you, it is us";
pub const UNEXPECTED: &str = "An unexpected error has occurred";

pub fn acs() -> String {
    format!("{BASE}/platform/saml/acs/{TENANT}")
}

/// Metadata with both bindings and these certificates.
pub fn metadata(certificates: &[String]) -> String {
    let document = super::forge::metadata(ISSUER, certificates);
    let post = format!(
        "<SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{SSO}/post\"/>\
         </IDPSSODescriptor>"
    );
    swap(&document, "</IDPSSODescriptor>", &post)
}

pub struct Portal {
    pub desk: Provisioner,
}

impl Portal {
    /// Trusts our key; knows `ada@example.com`, and `bob@example.com` who is not active.
    pub async fn new() -> Self {
        let desk = Provisioner::new();
        desk.sandbox.identity_center().set_identity_provider(&metadata(&[ours().base64()])).unwrap();
        desk.user("ada@example.com").await;
        let bob = user_with("bob@example.com", "active", serde_json::json!(false));
        desk.post("Users", &bob).await.ok(201);
        Self { desk }
    }

    pub async fn knows(self, name: &str) -> Self {
        self.desk.post("Users", &user(name)).await.ok(201);
        self
    }

    pub fn start(&self, binding: Binding) -> AuthnRequest {
        self.desk.sandbox.identity_center().start(Some(binding), 0).unwrap()
    }

    pub async fn bring(&self, document: &str, relay_state: Option<&str>) -> Result<PortalSession, PortalRefusal> {
        self.desk.sandbox.identity_center().sign_in(TENANT, &encode(document), relay_state).await
    }

    /// Signs a draft and brings it without having been asked.
    pub async fn unasked(&self, draft: &str) -> Result<PortalSession, PortalRefusal> {
        self.bring(&signed(draft), None).await
    }
}

/// A draft whose change is refused on this page.
pub async fn refused(from: &str, to: &str, page: &str, event: &str) {
    let refusal = Portal::new().await.unasked(&swap(&draft(), from, to)).await.unwrap_err();
    assert_eq!((refusal.page, refusal.event.as_str()), (page, event), "{to}");
}

/// An unsigned response for `ada@example.com` that nobody asked for.
pub fn draft() -> String {
    let acs = acs();
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_r1\" Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{acs}\"><saml:Issuer>{ISSUER}</saml:Issuer><samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion ID=\"_a1\" \
         Version=\"2.0\" IssueInstant=\"{now}\"><saml:Issuer>{ISSUER}</saml:Issuer>{SIGNATURE}<saml:Subject><saml:NameID \
         Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">ada@example.com</saml:NameID><saml:SubjectConfirmation \
         Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"{later}\" Recipient=\"{acs}\"/>\
         </saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{before}\" NotOnOrAfter=\"{later}\">\
         <saml:AudienceRestriction><saml:Audience>{BASE}/platform/saml/d-9067729b3d</saml:Audience></saml:AudienceRestriction>\
         </saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\" SessionIndex=\"_s1\"><saml:AuthnContext>\
         <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement></saml:Assertion></samlp:Response>",
        now = at(0),
        later = at(300),
        before = at(-60),
    )
}

/// The draft as an answer to a request.
pub fn answer(id: &str) -> String {
    let text = swap(&draft(), "Destination=", &format!("InResponseTo=\"{id}\" Destination="));
    swap(&text, "<saml:SubjectConfirmationData ", &format!("<saml:SubjectConfirmationData InResponseTo=\"{id}\" "))
}

/// The draft with attributes.
pub fn with_attributes(attributes: &str) -> String {
    let statement = format!("</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>");
    swap(&draft(), "</saml:AuthnStatement>", &statement)
}

/// An attribute for access control.
pub fn access_control(key: &str, values: &[&str]) -> String {
    let values: String = values.iter().map(|v| format!("<saml:AttributeValue>{v}</saml:AttributeValue>")).collect();
    format!(
        "<saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/AccessControl:{key}\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\">{values}</saml:Attribute>"
    )
}

pub fn signed(draft: &str) -> String {
    sign(&swap(draft, SIGNATURE, &template("_a1")), ours())
}

pub fn signed_by_a_stranger(draft: &str) -> String {
    sign(&swap(draft, SIGNATURE, &template("_a1")), foreign())
}
