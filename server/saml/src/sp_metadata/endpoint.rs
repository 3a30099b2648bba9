//! Endpoints (metadata §2.2.2, §2.2.3).

use super::Note;
use super::boolean::boolean;
use crate::acs::Acs;
use crate::binding::{self, POST, REDIRECT};
use crate::error::{SamlError, excerpt};
use crate::xml::tree::Element;

/// A `SingleLogoutService`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutEndpoint {
    /// `Binding`, a URI.
    pub binding: String,
    /// `Location`: where requests go.
    pub location: String,
    /// `ResponseLocation`: where responses go, if elsewhere.
    pub response_location: Option<String>,
}

impl LogoutEndpoint {
    /// Where a response goes.
    #[must_use]
    pub fn for_responses(&self) -> &str {
        self.response_location.as_deref().unwrap_or(&self.location)
    }
}

pub fn logout(element: &Element, notes: &mut Vec<Note>) -> Result<LogoutEndpoint, SamlError> {
    const WHAT: &str = "SingleLogoutService";
    let binding = binding_of(element, WHAT)?;
    let location_is_absent = || SamlError::malformed(WHAT, "Location is absent");
    let endpoint = LogoutEndpoint {
        binding,
        location: location(element, "Location", WHAT)?.ok_or_else(location_is_absent)?,
        response_location: location(element, "ResponseLocation", WHAT)?,
    };
    if endpoint.binding != POST && endpoint.binding != REDIRECT {
        notes.push(Note {
            what: format!("{WHAT} {}, {}", usual_name(&endpoint.binding), excerpt(&endpoint.location)),
            why: "logout goes by HTTP-Redirect and HTTP-POST only".into(),
        });
    }
    Ok(endpoint)
}

pub fn consumer(element: &Element, position: usize, notes: &mut Vec<Note>) -> Result<Acs, SamlError> {
    const WHAT: &str = "AssertionConsumerService";
    let binding = binding_of(element, WHAT)?;
    let index = match element.attribute("index").map(str::trim) {
        Some(text) => u32::from(text.parse::<u16>().map_err(|_| {
            SamlError::malformed(WHAT, format!("index is `{}`, not a number up to 65535", excerpt(text)))
        })?),
        None => {
            let why = format!("it is absent from the address at position {position}, which is taken for it");
            notes.push(Note { what: format!("{WHAT} index"), why });
            u32::try_from(position).unwrap_or(u32::MAX)
        }
    };
    let is_default = element.attribute("isDefault").map(|_| boolean(element, "isDefault", WHAT, notes)).transpose()?;
    let url = location(element, "Location", WHAT)?.ok_or_else(|| SamlError::malformed(WHAT, "Location is absent"))?;
    if binding != POST {
        let default = if is_default == Some(true) { ", the default" } else { "" };
        notes.push(Note {
            what: format!("{WHAT} {}, index {index}{default}, {}", usual_name(&binding), excerpt(&url)),
            why: "responses go by HTTP-POST only".into(),
        });
    }
    Ok(Acs { url, binding, index, is_default })
}

fn binding_of(element: &Element, what: &'static str) -> Result<String, SamlError> {
    match element.attribute("Binding").map(str::trim) {
        Some(binding) if !binding.is_empty() => Ok(binding.to_owned()),
        _ => Err(SamlError::malformed(what, "Binding is absent")),
    }
}

/// The browser is sent to these, so `javascript:` and the like must never pass.
fn location(element: &Element, name: &str, what: &'static str) -> Result<Option<String>, SamlError> {
    let Some(url) = element.attribute(name).map(str::trim) else { return Ok(None) };
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let plain = url.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\'));
    if rest.is_none() || !plain || url.chars().count() > 2048 {
        return Err(SamlError::malformed(what, format!("{name} `{}` is not an http or https address", excerpt(url))));
    }
    Ok(Some(url.to_owned()))
}

fn usual_name(binding: &str) -> String {
    binding::not_offered(binding).map_or_else(|| excerpt(binding), str::to_owned)
}
