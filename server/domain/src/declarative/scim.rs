use model::{
    Adoption, Deprovision, DriftPolicy, GroupDeprovision, RemovalThreshold, ScimDialect, ScimProvider, Span,
    verify_daily,
};
use serde::{Deserialize, Serialize};

use super::{
    file::{Secret, SecretResolver},
    plan::Plan,
    planning::step,
    source::Source,
};
use crate::{
    Error, Services, identifiers,
    port::{ChangeSet, Document, ScimRecord, ScimToken},
    provisioning::tokens_at,
};

/// A SCIM provider as a file writes it: its settings, and its tokens where they are. Where no token is written, those
/// that are there stay, but at another host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredScim {
    pub name: String,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// RFC 3339, as the service's console shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expires: Option<String>,
    /// Takes over when the first is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token_expires: Option<String>,
    #[serde(default)]
    pub dialect: ScimDialect,
    #[serde(default)]
    pub user_mappings: Vec<String>,
    #[serde(default)]
    pub group_mappings: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default = "yes")]
    pub exclude_service_accounts: bool,
    #[serde(default)]
    pub deprovision: Deprovision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprovision_grace: Option<Span>,
    #[serde(default)]
    pub group_deprovision: GroupDeprovision,
    #[serde(default)]
    pub adopt: Adoption,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    #[serde(default)]
    pub removal_threshold: RemovalThreshold,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes_per_second: Option<u32>,
    /// `null`: only on demand.
    #[serde(default = "verify_daily")]
    pub verify_every: Option<Span>,
    #[serde(default)]
    pub drift: DriftPolicy,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

impl DeclaredScim {
    /// The provider that is meant.
    pub(super) fn provider(self) -> ScimProvider {
        ScimProvider {
            name: self.name,
            url: self.url.trim_end_matches('/').to_owned(),
            dialect: self.dialect,
            user_mappings: self.user_mappings,
            group_mappings: self.group_mappings,
            groups: self.groups,
            exclude_service_accounts: self.exclude_service_accounts,
            deprovision: self.deprovision,
            deprovision_grace: self.deprovision_grace,
            group_deprovision: self.group_deprovision,
            adopt: self.adopt,
            protected: self.protected,
            removal_threshold: self.removal_threshold,
            writes_per_second: self.writes_per_second,
            verify_every: self.verify_every,
            drift: self.drift,
            enabled: self.enabled,
        }
    }
}

impl From<ScimProvider> for DeclaredScim {
    fn from(p: ScimProvider) -> Self {
        Self {
            name: p.name,
            url: p.url,
            token: None,
            token_expires: None,
            next_token: None,
            next_token_expires: None,
            dialect: p.dialect,
            user_mappings: p.user_mappings,
            group_mappings: p.group_mappings,
            groups: p.groups,
            exclude_service_accounts: p.exclude_service_accounts,
            deprovision: p.deprovision,
            deprovision_grace: p.deprovision_grace,
            group_deprovision: p.group_deprovision,
            adopt: p.adopt,
            protected: p.protected,
            removal_threshold: p.removal_threshold,
            writes_per_second: p.writes_per_second,
            verify_every: p.verify_every,
            drift: p.drift,
            enabled: p.enabled,
        }
    }
}

/// Unix seconds of a time that a file writes: RFC 3339, or a date.
fn instant(text: &str) -> Result<i64, String> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    let parsed: Result<jiff::Timestamp, _> = whole.parse();
    parsed.map(jiff::Timestamp::as_second).map_err(|_| format!("`{text}` is not a time such as 2027-01-31T00:00:00Z"))
}

impl Services {
    pub(super) async fn plan_scim_provider(
        &self,
        declared: &DeclaredScim,
        resolver: SecretResolver<'_>,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let name = &declared.name;
        let known = snapshot.configuration.scim_providers.get(name);
        let kept = known.map(|k| tokens_at(k.value.clone(), &declared.clone().provider().url)).unwrap_or_default();
        let tokens = match self.declared_tokens(declared, &kept, resolver) {
            Ok(tokens) => tokens,
            Err(Error::Invalid(faults)) => {
                source.faults("scim_providers", name, faults);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let record = ScimRecord { provider: declared.clone().provider(), tokens };
        if known.is_some_and(|k| k.value == record) {
            plan.unchanged += 1;
        } else {
            if known.is_some()
                && let Some(words) = self.moves(name, &record.provider.url).await?
            {
                plan.warnings.push(format!("SCIM provider {name}: {words}"));
            }
            step(plan, change, Document::ScimProvider(record), known.map(|k| k.version));
        }
        Ok(())
    }

    /// The tokens that a file asks for. One that is there already stays as it is sealed, so that nothing changes.
    fn declared_tokens(
        &self,
        declared: &DeclaredScim,
        kept: &[ScimToken],
        resolver: SecretResolver<'_>,
    ) -> Result<Vec<ScimToken>, Error> {
        let name = &declared.name;
        let opened =
            self.open_scim_tokens(&ScimRecord { provider: ScimProvider::new(name, ""), tokens: kept.to_vec() })?;
        let mut tokens = Vec::new();
        let slots = [
            ("token", &declared.token, &declared.token_expires),
            ("next_token", &declared.next_token, &declared.next_token_expires),
        ];
        for (slot, (field, secret, expires)) in slots.into_iter().enumerate() {
            let Some(secret) = secret else {
                if expires.is_some() {
                    return Err(Error::invalid(format!("{field}_expires"), format!("there is no {field} beside it")));
                }
                // The next one that has become the current one is not the next one any more.
                tokens.extend(
                    kept.get(slot).filter(|kept| !tokens.iter().any(|t: &ScimToken| t.sealed == kept.sealed)).cloned(),
                );
                continue;
            };
            let token = secret.resolve(resolver).map_err(|why| Error::invalid(field, why))?;
            let expires = expires.as_deref().map(instant).transpose();
            let expires = expires.map_err(|why| Error::invalid(format!("{field}_expires"), why))?;
            let same = opened.iter().zip(kept).find(|(text, _)| text.as_str() == token.trim());
            match same {
                Some((_, kept)) => tokens.push(ScimToken { expires: expires.or(kept.expires), ..kept.clone() }),
                None => {
                    let sealed = self.seal_scim_token(name, &token, expires).map_err(|error| match error {
                        Error::Invalid(_) => Error::invalid(field, "a token has 1 to 8192 characters and no spaces"),
                        other => other,
                    })?;
                    tokens.push(sealed);
                }
            }
        }
        Ok(tokens)
    }

    pub(super) fn exported_scim(&self, record: &ScimRecord, secrets: bool) -> Result<DeclaredScim, Error> {
        let mut declared = DeclaredScim::from(record.provider.clone());
        if secrets {
            let mut tokens = self.open_scim_tokens(record)?.into_iter().map(|token| Some(Secret::Literal(token)));
            let mut expiries = record.tokens.iter().map(|token| token.expires.map(identifiers::rfc3339));
            declared.token = tokens.next().flatten();
            declared.token_expires = expiries.next().flatten();
            declared.next_token = tokens.next().flatten();
            declared.next_token_expires = expiries.next().flatten();
        }
        Ok(declared)
    }
}
