//! The addresses of an instance's SAML side.

use quick_xml::escape::escape;

use super::IdentityCenterOptions;
use crate::partition::Partition;

/// Where responses are taken, and who Identity Center is to an identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    own: Vec<String>,
    tenant: String,
    store: String,
    region: String,
}

impl Hosts {
    pub(crate) fn new(base: &str, options: &IdentityCenterOptions) -> Self {
        let trimmed = |host: &String| host.trim_end_matches('/').to_owned();
        let mut own: Vec<String> = options.hosts.iter().map(trimmed).collect();
        if own.is_empty() {
            own.push(base.into());
            // Names that lead to the same place, as the three hosts of AWS do.
            if let Some(port) = base.strip_prefix("http://127.0.0.1") {
                own.extend([format!("http://localhost{port}"), format!("http://sso.localhost{port}")]);
            }
        }
        Self {
            own,
            tenant: options.saml_tenant.clone(),
            store: options.identity_store.clone(),
            region: options.region.clone(),
        }
    }

    /// The entity id; one for all hosts.
    pub(crate) fn entity_id(&self) -> String {
        let base = self.own.first().map_or("", String::as_str);
        format!("{base}/platform/saml/{}", self.store)
    }

    /// The assertion consumer services of the sandbox's own; the first is the default one.
    pub(crate) fn services(&self) -> Vec<String> {
        self.own.iter().map(|host| format!("{host}/platform/saml/acs/{}", self.tenant)).collect()
    }

    /// Whether a `Recipient` is one of them, or what it would be at AWS.
    pub(crate) fn accepts(&self, url: &str) -> bool {
        let region = &self.region;
        let theirs = [
            format!("{region}.signin.aws"),
            format!("{region}.{}", Partition::of_region(region).host()),
            format!("{region}.sso.signin.aws"),
        ];
        let there = |host: &String| url == format!("https://{host}/platform/saml/acs/{}", self.tenant);
        self.services().iter().any(|own| own == url) || theirs.iter().any(there)
    }

    /// Whether an `Audience` is this instance, here or at AWS.
    pub(crate) fn is_audience(&self, audience: &str) -> bool {
        let theirs = format!(
            "https://{}.{}/platform/saml/{}",
            self.region,
            Partition::of_region(&self.region).host(),
            self.store
        );
        audience == self.entity_id() || audience == theirs
    }

    /// The metadata of the service provider: no key, no logout, a consumer service for each host.
    pub(crate) fn metadata(&self) -> String {
        let service = |(n, url): (usize, &String)| {
            let default = if n == 0 { " isDefault=\"true\"" } else { "" };
            format!(
                "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
                 Location=\"{}\" index=\"{n}\"{default}/>",
                escape(url.as_str())
            )
        };
        let services: String = self.services().iter().enumerate().map(service).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
             <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>{services}\
             </md:SPSSODescriptor></md:EntityDescriptor>\n",
            escape(self.entity_id())
        )
    }
}
