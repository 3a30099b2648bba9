use model::{ListQuery, NameIdReport};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    name_ids::{Comparison, NameLook},
    name_warning::watched,
    patience::Patience,
};
use crate::{Error, Services, identifiers};

/// After so many seconds everybody is looked at anew though the settings are the same: people have changed, and each who
/// has is looked at when signing on. Sooner where somebody differs, who may have been put right.
const AGAIN: i64 = 3_600;
const AGAIN_WHERE_SOME_DIFFER: i64 = 600;

/// A look at everybody in a house of very many, as far as it has come. It is kept, so that a restart goes on with it.
#[derive(Clone, Serialize, Deserialize)]
struct Pass {
    /// A digest of the settings that decide.
    basis: String,
    epoch: u64,
    /// Unix seconds.
    began: i64,
    /// Whom it has come to.
    after: String,
    report: NameIdReport,
    /// What the one before it found, by the same settings.
    former: Option<NameIdReport>,
}

impl Pass {
    fn begin(comparison: &Comparison, basis: String, began: i64, former: Option<NameIdReport>) -> Self {
        let epoch = comparison.snapshot.configuration.epoch;
        Self { basis, epoch, began, after: String::new(), report: comparison.begun(), former }
    }

    /// Whether it is old enough for another one. One that is under way goes to its end, whoever changes meanwhile.
    fn is_over(&self, epoch: u64, now: i64) -> bool {
        let again = if self.report.differ > 0 { AGAIN_WHERE_SOME_DIFFER } else { AGAIN };
        self.report.all && self.epoch != epoch && now.saturating_sub(self.began) >= again
    }

    /// What the last one to come to its end found.
    fn whole(self) -> Option<NameIdReport> {
        if self.report.all { Some(self.report) } else { self.former }
    }
}

/// The name of the note.
fn note(comparison: &Comparison) -> String {
    format!("name-ids/{}", comparison.slug)
}

impl Services {
    /// What a look at everybody found that is good for these settings; None: there was none, or it is not at its end.
    pub(super) async fn whole_pass(&self, comparison: &Comparison) -> Result<Option<NameIdReport>, Error> {
        let Some(pass) = self.name_pass(comparison).await? else { return Ok(None) };
        let same = pass.basis == self.basis(comparison).await?;
        Ok(if same { pass.whole() } else { None })
    }

    /// Looks at a page more of everybody, where they are too many to be looked at while somebody waits. Returns whether
    /// somebody was left to look at.
    pub async fn pass_over_names(&self, look: NameLook) -> Result<bool, Error> {
        let watched = watched(&self.snapshot());
        if watched.is_empty() || self.store().users(&ListQuery::default()).await?.total <= look.most {
            return Ok(false);
        }
        for (slug, _) in watched {
            let Some(comparison) = self.comparison(&slug).await? else { continue };
            let (basis, now) = (self.basis(&comparison).await?, self.clock().now());
            let known = self.name_pass(&comparison).await?.filter(|pass| pass.basis == basis);
            let pass = match known {
                Some(pass) if pass.is_over(comparison.snapshot.configuration.epoch, now) => {
                    Pass::begin(&comparison, basis, now, pass.whole())
                }
                Some(pass) => pass,
                None => Pass::begin(&comparison, basis, now, None),
            };
            if pass.report.all {
                continue;
            }
            let Pass { after, report, .. } = pass.clone();
            let (report, last) =
                self.compare_page(&comparison, &after, look.page, report, &Patience::default()).await?;
            let pass = Pass { after: last.unwrap_or_default(), report, ..pass };
            let text = serde_json::to_string(&pass).map_err(|e| Error::Internal(format!("pass over names: {e}")))?;
            self.provisioning().keep_notes(&comparison.scim, vec![(note(&comparison), Some(text))]).await?;
            return Ok(true);
        }
        Ok(false)
    }

    async fn name_pass(&self, comparison: &Comparison) -> Result<Option<Pass>, Error> {
        self.scim_note(&comparison.scim, &note(comparison)).await
    }

    /// A digest of all that decides beside who people are and what the service has of them.
    async fn basis(&self, comparison: &Comparison) -> Result<String, Error> {
        let comparison = comparison.clone();
        self.busy(move || {
            let configuration = &comparison.snapshot.configuration;
            let application = configuration.applications.get(&comparison.slug);
            let saml = application.and_then(|application| application.value.saml_provider.as_ref());
            let saml = saml.and_then(|name| configuration.saml_providers.get(name));
            let scim = configuration.scim_providers.get(&comparison.scim).map(|record| &record.value.provider);
            let rules = (&configuration.property_mappings, &configuration.policies, &configuration.groups);
            identifiers::sha256(json!([application, saml, scim, rules]).to_string().as_bytes())
        })
        .await
    }
}
