//! The service provider's metadata.

use std::sync::OnceLock;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::asn1::Asn1Time;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509NameBuilder};
use quick_xml::escape::escape;

use crate::instant::instant;
use crate::partition::Partition;
use crate::sandbox::Sandbox;

const FORMATS: [&str; 8] = [
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
];
const REQUESTED: [(&str, &str, bool); 4] = [
    ("Role", "https://aws.amazon.com/SAML/Attributes/Role", true),
    ("RoleSessionName", "https://aws.amazon.com/SAML/Attributes/RoleSessionName", true),
    ("eduPersonAffiliation", "urn:oid:1.3.6.1.4.1.5923.1.1.1.1", false),
    ("cn", "urn:oid:2.5.4.3", false),
];

static CERTIFICATE: OnceLock<String> = OnceLock::new();

/// `GET /static/saml-metadata.xml`: as AWS publishes it, with the sandbox's consumer service.
pub(crate) async fn metadata(State(sandbox): State<Sandbox>) -> Response {
    document(&sandbox, sandbox.options.partition, &sandbox.endpoints.own())
}

/// `GET /static/saml/{provider}/saml-metadata.xml`: the same with the consumer service of one provider.
pub(crate) async fn provider_metadata(State(sandbox): State<Sandbox>, Path(uuid): Path<String>) -> Response {
    match sandbox.iam().provider_at(&uuid) {
        Some(provider) => {
            let own = format!("{}/acs/{}", sandbox.endpoints.own(), provider.uuid);
            document(&sandbox, provider.arn.partition, &own)
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn document(sandbox: &Sandbox, partition: Partition, consumer_service: &str) -> Response {
    let certificate = match certificate() {
        Ok(certificate) => certificate,
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    let until = instant((sandbox.options.now)() + 365 * 86_400);
    let formats: String = FORMATS.iter().map(|f| format!("<NameIDFormat>{f}</NameIDFormat>")).collect();
    let attribute = |(friendly, name, required): &(&str, &str, bool)| {
        format!("<RequestedAttribute isRequired=\"{required}\" Name=\"{name}\" FriendlyName=\"{friendly}\"/>")
    };
    let attributes: String = REQUESTED.iter().map(attribute).collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{audience}\" validUntil=\"{until}\">\
         <SPSSODescriptor WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>{formats}\
         <AssertionConsumerService index=\"1\" isDefault=\"true\" Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{acs}\"/>\
         <AttributeConsumingService index=\"1\"><ServiceName xml:lang=\"en\">AWS Management Console Single Sign-On</ServiceName>{attributes}\
         </AttributeConsumingService></SPSSODescriptor></EntityDescriptor>\n",
        acs = escape(consumer_service),
        audience = partition.audience(),
    );
    ([(header::CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response()
}

/// One certificate for the life of the process; nothing is ever signed with it.
fn certificate() -> Result<&'static str, ErrorStack> {
    if let Some(made) = CERTIFICATE.get() {
        return Ok(made);
    }
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "urn:amazon:webservices")?;
    let name = name.build();
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    let (start, end) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(365)?);
    builder.set_not_before(&start)?;
    builder.set_not_after(&end)?;
    builder.set_pubkey(&key)?;
    builder.sign(&key, MessageDigest::sha256())?;
    let made = STANDARD.encode(builder.build().to_der()?);
    Ok(CERTIFICATE.get_or_init(|| made))
}
