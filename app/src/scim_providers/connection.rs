use leptos::prelude::*;
use model::{Day, Fault, FieldError, ScimProvider};

use super::api::test_scim_connection;
use crate::{
    error::AppError,
    ui::{Badge, OnceButton, Refusals, SecretField, TextField, Tone},
};

/// A token as it is typed: the secret, and the day on which it ends. A handle; copies are the same.
#[derive(Clone, Copy)]
pub struct TokenDraft {
    pub secret: RwSignal<String>,
    pub expires: RwSignal<String>,
}

impl TokenDraft {
    pub fn new() -> Self {
        Self { secret: RwSignal::new(String::new()), expires: RwSignal::new(String::new()) }
    }

    pub fn dirty(self) -> bool {
        self.secret.with(|s| !s.is_empty()) || self.expires.with(|e| !e.is_empty())
    }

    /// None: nothing was entered.
    pub fn secret(self) -> Option<String> {
        let text = self.secret.with_untracked(|s| s.trim().to_owned());
        (!text.is_empty()).then_some(text)
    }

    pub fn day(self) -> Result<Option<Day>, FieldError> {
        let text = self.expires.with_untracked(|e| e.trim().to_owned());
        let parsed = (!text.is_empty()).then(|| text.parse()).transpose();
        parsed.map_err(|error: model::DayError| FieldError::new("expires", error.to_string()))
    }

    /// A secret stays on no page longer than it must.
    pub fn forget(self) {
        self.secret.set(String::new());
        self.expires.set(String::new());
    }
}

/// The fields of a token.
#[component]
pub fn TokenFields(token: TokenDraft, refusals: Refusals) -> impl IntoView {
    let TokenDraft { secret, expires } = token;
    view! {
        <SecretField id="token" label="Access token" value=secret error=refusals.error("token")
            help="AWS: Settings, Automatic provisioning, Access token. It is encrypted here at once and never shown again." />
        <TextField id="expires" label="Ends on" value=expires on_input=Callback::new(move |day| expires.set(day)) error=refusals.error("expires")
            help="The day that AWS shows beside the token, such as 2027-01-31: a year after it was made. Empty: not known, so nothing warns." />
    }
}

/// Asks the service whether address and token are good, and says so in place. Nothing is saved.
#[component]
pub fn ConnectionTest(
    /// Where, as it is typed now.
    reach: Callback<(), ScimProvider>,
    /// None: the kept token is tried.
    token: Option<TokenDraft>,
    refusals: Refusals,
) -> impl IntoView {
    let testing = Action::new(|(provider, token): &(ScimProvider, Option<String>)| {
        test_scim_connection(provider.clone(), token.clone())
    });
    Effect::new(move |_| {
        if let Some(Err(AppError(fault))) = testing.value().get() {
            refusals.set(fault);
        }
    });
    let test = move |()| {
        refusals.clear();
        testing.dispatch((reach.run(()), token.and_then(TokenDraft::secret)));
    };
    let outcome = move || match testing.value().get() {
        _ if testing.pending().get() => "The service is asked …".into_any(),
        None => ().into_any(),
        Some(Ok(())) => {
            view! { <Badge tone=Tone::Good text="connected" />" The service answered: address and token are good." }
                .into_any()
        }
        Some(Err(AppError(fault))) => {
            view! { <Badge tone=Tone::Bad text="not connected" />" "{reason(&fault)} }.into_any()
        }
    };
    view! {
        <div class="test">
            <OnceButton label="Test the connection" pending=testing.pending() on_press=test />
            <p role="status">{outcome}</p>
        </div>
    }
}

/// The messages without the names of the fields, at which they stand as well.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Invalid(fields) => fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
