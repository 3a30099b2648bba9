//! The external identity provider, as its metadata describes it.

use axum::http::Uri;
use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::x509::X509;

use crate::fault::Fault;
use crate::xml::{DSIG, METADATA, Node};

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// The longest document, in characters.
const DOCUMENT: usize = 75_000;
/// The longest certificate, in characters of PEM.
const CERTIFICATE: usize = 2_500;

/// How an `AuthnRequest` travels (SAML bindings §3.4 and §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// HTTP-Redirect.
    Redirect,
    /// HTTP-POST.
    Post,
}

/// What Identity Center keeps of an identity provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdentityProvider {
    pub(crate) entity_id: String,
    /// In DER. All of them are good.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// Where to sign in, in the order of the document.
    pub(crate) services: Vec<(Binding, String)>,
    /// The formats of NameID that it says it has; none if it says nothing.
    pub(crate) formats: Vec<String>,
}

impl IdentityProvider {
    /// Reads metadata as an administrator uploads it.
    pub(crate) fn parse(document: &str) -> Result<Self, Fault> {
        if document.chars().count() > DOCUMENT {
            return Err(unusable("it has more than 75,000 characters"));
        }
        let root = Node::parse(document.as_bytes()).map_err(|_| unusable("it is not XML"))?;
        let everything = root.descendants();
        let mut descriptors = everything.iter().filter(|node| node.is(METADATA, "EntityDescriptor"));
        let one = descriptors.next().filter(|_| descriptors.next().is_none());
        let entity = one.ok_or_else(|| unusable("it is not about one entity"))?;
        let entity_id = entity.attribute("entityID").filter(|id| !id.is_empty());
        let entity_id = entity_id.ok_or_else(|| unusable("there is no entityID"))?.to_owned();
        let idp = entity
            .only(METADATA, "IDPSSODescriptor")
            .ok_or_else(|| unusable("it is not about an identity provider"))?;
        let mut services = Vec::new();
        for service in idp.all(METADATA, "SingleSignOnService") {
            let location = service.attribute("Location").filter(|url| is_url(url)).ok_or_else(bad_url)?.to_owned();
            match service.attribute("Binding") {
                Some(REDIRECT) => services.push((Binding::Redirect, location)),
                Some(POST) => services.push((Binding::Post, location)),
                _ => {}
            }
        }
        if services.is_empty() {
            return Err(unusable("there is no SingleSignOnService for HTTP-Redirect or HTTP-POST"));
        }
        let formats = idp.all(METADATA, "NameIDFormat").map(|format| format.trimmed().to_owned()).collect();
        Ok(Self { entity_id, certificates: certificates(idp)?, services, formats })
    }

    /// Adds a certificate in PEM beside the present ones.
    pub(crate) fn import(&mut self, pem: &str) -> Result<(), Fault> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = certificate(&body)?;
        if self.certificates.contains(&der) {
            return Err(unusable("the certificate is there already"));
        }
        self.certificates.push(der);
        Ok(())
    }

    /// Removes a certificate, but never the last one.
    pub(crate) fn delete(&mut self, pem: &str) -> Result<(), Fault> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = certificate(&body)?;
        if self.certificates == [der.clone()] {
            let message = "There must always be at least one valid certificate listed, and it cannot be removed.";
            return Err(Fault::new(400, "InvalidInput", message));
        }
        let before = self.certificates.len();
        self.certificates.retain(|other| *other != der);
        if self.certificates.len() < before { Ok(()) } else { Err(unusable("there is no such certificate")) }
    }
}

fn certificates(idp: &Node) -> Result<Vec<Vec<u8>>, Fault> {
    let mut all = Vec::new();
    for key in idp.all(METADATA, "KeyDescriptor") {
        if key.attribute("use") == Some("encryption") {
            return Err(unusable("a key for encryption is not supported"));
        }
        for node in key.descendants().into_iter().filter(|node| node.is(DSIG, "X509Certificate")) {
            all.push(certificate(&node.text)?);
        }
    }
    if all.is_empty() { Err(unusable("there is no X509Certificate")) } else { Ok(all) }
}

fn certificate(text: &str) -> Result<Vec<u8>, Fault> {
    let packed: String = text.split_ascii_whitespace().collect();
    let der = STANDARD.decode(packed).map_err(|_| unusable("a certificate is not base64"))?;
    let pem =
        X509::from_der(&der).and_then(|read| read.to_pem()).map_err(|_| unusable("a certificate is not X.509"))?;
    if pem.len() > CERTIFICATE {
        return Err(unusable("a certificate has more than 2,500 characters"));
    }
    Ok(der)
}

/// An absolute address of the web. AWS wants https; on this machine http is good enough.
fn is_url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let near = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
    !host.is_empty() && (uri.scheme_str() == Some("https") || (near && uri.scheme_str() == Some("http")))
}

fn bad_url() -> Fault {
    let message = "Unable to build attributes from provided metadata object as url validation failed";
    Fault::new(400, "InvalidInput", message)
}

fn unusable(why: &str) -> Fault {
    Fault::new(400, "InvalidInput", format!("Unable to build attributes from provided metadata object: {why}"))
}
