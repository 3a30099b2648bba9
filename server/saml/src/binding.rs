//! The URIs of the bindings (SAML bindings §3).

/// HTTP-Redirect.
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// HTTP-POST.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// HTTP-POST-SimpleSign.
pub(crate) const SIMPLE_SIGN: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign";
/// HTTP-Artifact.
pub(crate) const ARTIFACT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact";
/// SOAP.
pub(crate) const SOAP: &str = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";
/// Reverse SOAP.
pub(crate) const PAOS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:PAOS";

/// The usual name of a binding that is known but not offered here.
pub(crate) fn not_offered(binding: &str) -> Option<&'static str> {
    Some(match binding {
        SIMPLE_SIGN => "HTTP-POST-SimpleSign",
        ARTIFACT => "HTTP-Artifact",
        SOAP => "SOAP",
        PAOS => "PAOS",
        _ => return None,
    })
}
