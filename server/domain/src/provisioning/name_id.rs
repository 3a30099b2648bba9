use model::{Decision, NameIdCheck, NameIdFormat, Preview, ScimPreview, ScimProvider, VerdictStatus};
use saml::aws::{USER_NAME, is_address};
use serde_json::Value;

use super::{settings, user_name::behind};
use crate::{Auditor, Error};

impl Auditor<'_> {
    /// Whether IAM Identity Center would find somebody: the NameID of the sign-on to an application against the userName
    /// that is pushed. Both come from the code that sends them. Where no SCIM provider is behind the application yet, the
    /// managed mapping for AWS is asked. As a preview, it leaves an event.
    pub async fn name_id_check(&self, slug: &str, username: &str) -> Result<NameIdCheck, Error> {
        let services = &self.0.services;
        let sign_on = self.preview(slug, username).await?;
        let snapshot = services.snapshot();
        let application = snapshot.application(slug)?;
        let known =
            |name: &String| snapshot.configuration.scim_providers.get(name).map(|record| &record.value.provider);
        let filling = snapshot.provider_of(application).ok().and_then(|saml| behind(&snapshot, application, saml));
        let fills = filling.is_some();
        let behind = filling.or_else(|| application.backchannel_providers.iter().find_map(known)).cloned();
        let scim_provider = behind.as_ref().map(|provider| provider.name.clone());
        let asked = behind.unwrap_or_else(|| ScimProvider::new("", ""));
        let described = match services.scim_record(&asked.name) {
            Ok(record) => services.described(&record).await,
            Err(_) => None,
        };
        let dialect = settings::dialect(&asked, described.as_ref());
        let pushed = self.preview_user_at(asked, dialect, username).await?.preview;
        Ok(compare(sign_on, pushed, scim_provider, fills))
    }
}

fn compare(sign_on: Preview, pushed: ScimPreview, scim_provider: Option<String>, fills: bool) -> NameIdCheck {
    let resource: Value = serde_json::from_str(&pushed.json).unwrap_or_default();
    let user_name = resource.get("userName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let wanted = NameIdFormat::EmailAddress.urn();
    let is_address = is_address(&sign_on.name_id);
    let rule = sign_on.verdicts.iter().find(|verdict| verdict.rule == USER_NAME);
    let judged = rule.filter(|_| fills).map(|verdict| verdict.status);
    // Of somebody whom the service has, what it has counts; the rule of sign-on knows.
    let equal = match judged {
        Some(VerdictStatus::Passed) => true,
        Some(VerdictStatus::Failed) => false,
        _ => !user_name.is_empty() && user_name == sign_on.name_id,
    };
    let mut problems = Vec::new();
    if sign_on.name_id_format != wanted {
        problems.push(format!(
            "The NameID has the format {}, and Identity Center takes {wanted} only: choose the email address as the NameID format of the SAML provider.",
            sign_on.name_id_format
        ));
    }
    if !is_address {
        problems.push(format!(
            "The NameID is `{}`, which is no email address: give {} one.",
            sign_on.name_id, sign_on.username
        ));
    }
    problems.extend(sign_on.mapping_errors.iter().map(|(mapping, why)| format!("The mapping {mapping} fails: {why}.")));
    problems.extend(pushed.failed.iter().map(|why| format!("No user can be pushed: {why}.")));
    problems.extend(pushed.refused.iter().map(|why| format!("AWS would refuse the user: {why}.")));
    if !equal && !user_name.is_empty() {
        let found = rule.filter(|verdict| verdict.status == VerdictStatus::Failed).map(|verdict| verdict.found.clone());
        let found = found.unwrap_or_else(|| {
            format!("The NameID is `{}`, and the userName that is pushed is `{user_name}`.", sign_on.name_id)
        });
        problems.push(format!(
            "{found} Identity Center would find nobody. Leave the mapping of the NameID out, and it is what is pushed."
        ));
    }
    NameIdCheck {
        username: sign_on.username,
        is_email: sign_on.name_id_format == wanted && is_address,
        name_id: sign_on.name_id,
        format: sign_on.name_id_format,
        in_scope: scim_provider.is_some().then_some(pushed.in_scope),
        scim_provider,
        user_name,
        equal,
        may_open: sign_on.access.decision == Decision::Granted,
        problems,
    }
}
