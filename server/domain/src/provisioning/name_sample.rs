use model::{Application, MappingDetail, NameIdReport, ProviderDetail, ScimProviderDetail};

use super::{
    name_warning::{watched, words},
    patience::Patience,
};
use crate::{Auditor, Error, Services, snapshot::Snapshot};

/// Users read at a time.
const PAGE: u32 = 50;
/// Pages, at most: somebody waits for the answer of a save.
const PAGES: u32 = 6;
/// People in scope who are enough.
const ENOUGH: u64 = 50;

/// The applications for Identity Center that something concerns.
fn concerned(snapshot: &Snapshot, by: impl Fn(&Application) -> bool) -> Vec<String> {
    let slugs = watched(snapshot).into_iter().map(|(slug, _)| slug);
    slugs.filter(|slug| snapshot.application(slug).is_ok_and(&by)).collect()
}

impl Services {
    /// Whom Identity Center would not find at some applications, a sentence for each, by a look at the first people in
    /// scope: a change that parts NameID and userName does so for most. Everybody is looked at later
    /// ([`Services::warn_of_name_ids`]).
    async fn name_warnings(&self, slugs: Vec<String>) -> Result<Vec<String>, Error> {
        let mut warnings = Vec::new();
        for slug in slugs {
            let report = self.name_sample(&slug).await?;
            if report.differ > 0 {
                let part = if report.all { "" } else { " (the first of them were looked at)" };
                let said = words(&report);
                warnings.push(format!("application {slug}: {said}{part}; the NameID step of its connection says more"));
            }
        }
        Ok(warnings)
    }

    async fn name_sample(&self, slug: &str) -> Result<NameIdReport, Error> {
        let Some(comparison) = self.comparison(slug).await? else { return Ok(NameIdReport::default()) };
        let (mut report, mut after, patience) = (comparison.begun(), String::new(), Patience::default());
        for _ in 0..PAGES {
            let (looked, last) = self.compare_page(&comparison, &after, PAGE, report, &patience).await?;
            report = looked;
            match last {
                Some(last) if report.looked_at < ENOUGH => after = last,
                _ => break,
            }
        }
        Ok(report)
    }
}

/// What is read after a save, and so is its answer.
impl Auditor<'_> {
    pub async fn saml_provider_with_warnings(&self, name: &str) -> Result<ProviderDetail, Error> {
        let (services, detail) = (&self.0.services, self.saml_provider(name).await?);
        let slugs = concerned(&services.snapshot(), |application| application.saml_provider.as_deref() == Some(name));
        Ok(ProviderDetail { warnings: services.name_warnings(slugs).await?, ..detail })
    }

    pub async fn scim_provider_with_warnings(&self, name: &str) -> Result<ScimProviderDetail, Error> {
        let (services, detail) = (&self.0.services, self.scim_provider(name).await?);
        let slugs = concerned(&services.snapshot(), |application| {
            application.backchannel_providers.iter().any(|provider| provider == name)
        });
        Ok(ScimProviderDetail { warnings: services.name_warnings(slugs).await?, ..detail })
    }

    pub async fn property_mapping_with_warnings(&self, name: &str) -> Result<MappingDetail, Error> {
        let (services, detail) = (&self.0.services, self.property_mapping(name).await?);
        let slugs = concerned(&services.snapshot(), |application| {
            let mut providers = application.saml_provider.iter().chain(&application.backchannel_providers);
            providers.any(|provider| detail.used_by.contains(provider))
        });
        Ok(MappingDetail { warnings: services.name_warnings(slugs).await?, ..detail })
    }
}
