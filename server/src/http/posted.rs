use domain::Error;

/// The fields of a form that carries a SAML message (SAML bindings §3.5.4).
#[derive(Debug, Default)]
pub struct Posted {
    pub saml_request: Option<String>,
    pub saml_response: Option<String>,
    pub relay_state: Option<String>,
}

impl Posted {
    /// Of a body as it came. A field that is there twice could be read in two ways: it is refused as in a query.
    pub fn of(body: &[u8]) -> Result<Self, Error> {
        let mut posted = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let place = match &*name {
                "SAMLRequest" => &mut posted.saml_request,
                "SAMLResponse" => &mut posted.saml_response,
                "RelayState" => &mut posted.relay_state,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Error::invalid(&*name, format!("{name} is in the form twice")));
            }
        }
        Ok(posted)
    }
}
