//! `RequestedAuthnContext`: how the person must have signed in (SAML core §3.3.2.2.1).

use crate::error::{SamlError, excerpt};
use crate::xml::name::saml;
use crate::xml::tree::Element;

const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

/// What a service provider demands of the sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// `Comparison`.
    pub comparison: Comparison,
    /// The `AuthnContextClassRef` values, the preferred one first.
    pub classes: Vec<String>,
    /// Whether `AuthnContextDeclRef` was used instead, which can never be satisfied here.
    pub declarations: bool,
}

/// How the context of the sign-in is held against those requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Comparison {
    /// One of them.
    #[default]
    Exact,
    /// At least as strong as one of them.
    Minimum,
    /// At most as strong as one of them.
    Maximum,
    /// Stronger than any of them.
    Better,
}

impl RequestedAuthnContext {
    pub(super) fn of(element: &Element) -> Result<Self, SamlError> {
        const WHAT: &str = "RequestedAuthnContext";
        let comparison = match element.attribute("Comparison") {
            None | Some("exact") => Comparison::Exact,
            Some("minimum") => Comparison::Minimum,
            Some("maximum") => Comparison::Maximum,
            Some("better") => Comparison::Better,
            Some(other) => return Err(SamlError::malformed(WHAT, format!("Comparison is `{}`", excerpt(other)))),
        };
        let classes: Vec<String> =
            element.named(saml("AuthnContextClassRef")).map(|class| class.text().trim().to_owned()).collect();
        if classes.iter().any(String::is_empty) {
            return Err(SamlError::malformed(WHAT, "an empty AuthnContextClassRef"));
        }
        let declarations = element.named(saml("AuthnContextDeclRef")).next().is_some();
        if classes.is_empty() && !declarations {
            return Err(SamlError::malformed(WHAT, "it names no context"));
        }
        Ok(Self { comparison, classes, declarations })
    }

    /// Those of the contexts on offer that satisfy the demand. `offered` goes from the weakest to the strongest, and the
    /// answer keeps that order.
    #[must_use]
    pub fn satisfied_by<'a>(&self, offered: &'a [String]) -> Vec<&'a str> {
        if self.declarations {
            return Vec::new();
        }
        let ranks: Vec<usize> =
            self.classes.iter().filter_map(|class| offered.iter().position(|other| other == class)).collect();
        let (lowest, highest) = (ranks.iter().min().copied(), ranks.iter().max().copied());
        // `unspecified` among the requested is content with anything, except where stronger is asked for.
        let anything = self.comparison != Comparison::Better && self.classes.iter().any(|class| class == UNSPECIFIED);
        let fits = |rank: usize| match self.comparison {
            Comparison::Exact => ranks.contains(&rank),
            Comparison::Minimum => lowest.is_some_and(|lowest| rank >= lowest),
            Comparison::Maximum => highest.is_some_and(|highest| rank <= highest),
            // A class that is not on offer cannot be ranked, so nothing is known to be stronger than it.
            Comparison::Better => ranks.len() == self.classes.len() && highest.is_some_and(|highest| rank > highest),
        };
        let kept = offered.iter().enumerate().filter(|(rank, _)| anything || fits(*rank));
        kept.map(|(_, class)| class.as_str()).collect()
    }
}
