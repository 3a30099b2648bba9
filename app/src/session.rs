use leptos::prelude::*;
use model::{Role, SignedIn};
use serde::{Deserialize, Serialize};

/// Who looks at the page and how: known on the server, sent along with the document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visitor {
    pub who: Option<SignedIn>,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Shortcuts of a single key are heard.
    pub single_keys: bool,
}

impl Visitor {
    /// May change things. The server decides by itself; this only leaves out controls that would be refused.
    pub fn administers(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.role == Role::Administrator)
    }

    /// May see the console.
    pub fn audits(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.role >= Role::Auditor)
    }

    /// The name to greet with.
    pub fn name(&self) -> String {
        let name = |who: &SignedIn| if who.name.is_empty() { who.username.clone() } else { who.name.clone() };
        self.who.as_ref().map(name).unwrap_or_default()
    }
}

/// What the cookies of the document asked for; provided by the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taste {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Shortcuts of a single key are heard.
    pub single_keys: bool,
    /// This browser has a logout that did not come to its end, and this document is to say so.
    pub unfinished: bool,
}

/// The visitor of this document. Call it once, at the root.
pub fn read_visitor() -> Visitor {
    SharedValue::new(|| {
        let taste = use_context::<Taste>();
        let taste = taste.unwrap_or_else(|| Taste { theme: "system".to_owned(), single_keys: true, unfinished: false });
        Visitor { who: signed_in(), theme: taste.theme, single_keys: taste.single_keys }
    })
    .into_inner()
}

/// The visitor, from anywhere below the root.
pub fn visitor() -> Visitor {
    use_context().unwrap_or_default()
}

#[cfg(feature = "ssr")]
fn signed_in() -> Option<SignedIn> {
    caller().ok().map(|caller| caller.signed_in())
}

#[cfg(not(feature = "ssr"))]
fn signed_in() -> Option<SignedIn> {
    None
}

/// Who is calling; the first line of every server function.
#[cfg(feature = "ssr")]
pub fn caller() -> Result<domain::Caller, domain::Error> {
    use_context::<Option<domain::Caller>>().flatten().ok_or(domain::Error::Unauthenticated)
}
