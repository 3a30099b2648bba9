use model::{ListQuery, VerdictStatus};

use crate::{Error, Services, applications::names, identifiers::unix, port::Kind, validate};

/// Warnings begin so many days before something ends.
const SOON: i64 = 30;

/// What an examination found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub status: VerdictStatus,
    /// Where: `key rolecall`, `clock`.
    pub place: String,
    /// What.
    pub found: String,
    /// What to do; empty where nothing is wrong.
    pub fix: String,
}

impl Finding {
    pub fn good(place: impl Into<String>, found: impl Into<String>) -> Self {
        Self { status: VerdictStatus::Passed, place: place.into(), found: found.into(), fix: String::new() }
    }

    pub fn warning(place: impl Into<String>, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { status: VerdictStatus::Warning, place: place.into(), found: found.into(), fix: fix.into() }
    }

    pub fn bad(place: impl Into<String>, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { status: VerdictStatus::Failed, ..Self::warning(place, found, fix) }
    }
}

impl Services {
    /// Looks at everything that is configured. For the operator of the machine.
    pub async fn examine(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = vec![self.examine_administrators().await?, self.examine_clock().await?];
        findings.push(self.examine_seals().await?);
        findings.extend(self.examine_ends());
        findings.extend(self.examine_rules());
        findings.extend(self.examine_metadata().await);
        findings.extend(self.examine_name_ids().await?);
        Ok(findings)
    }

    async fn examine_administrators(&self) -> Result<Finding, Error> {
        Ok(match self.store().count_administrators().await? {
            0 => Finding::bad(
                "administrators",
                "there is no active one",
                "make one: rolecall user create NAME --administrator",
            ),
            count => Finding::good("administrators", format!("{count} active")),
        })
    }

    /// A clock that is behind what was written down is wrong; AWS takes no more than five minutes.
    async fn examine_clock(&self) -> Result<Finding, Error> {
        let newest = self.store().events(&ListQuery::default()).await?.rows.into_iter().next();
        let (now, last) = (self.clock().now(), newest.and_then(|event| unix(&event.at)).unwrap_or_default());
        Ok(if last > now + 60 {
            let found = format!("it is {} s behind the newest event", last - now);
            Finding::bad("clock", found, "set the clock, and keep it by NTP; responses with a wrong time are refused")
        } else {
            Finding::good("clock", "it is not behind the newest event")
        })
    }

    /// Keys and tokens that end.
    fn examine_ends(&self) -> Vec<Finding> {
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let judge = |place: String, end: Option<i64>, fix: &str| match end.map(|end| (end - now).div_euclid(86_400)) {
            None => Finding::good(place, "it is not known when it ends"),
            Some(days) if days < 0 => Finding::bad(place, "it is over", fix),
            Some(days) if days < SOON => Finding::warning(place, format!("it ends in {days} days"), fix),
            Some(days) => Finding::good(place, format!("it lasts {days} days")),
        };
        let mut findings = Vec::new();
        for key in snapshot.configuration.keys.values().map(|record| &record.value.key) {
            let fix =
                "generate another key, give its certificate to the service providers, then make it the one that signs";
            findings.push(judge(format!("key {}", key.name), unix(&key.not_after), fix));
        }
        for record in snapshot.configuration.scim_providers.values().map(|record| &record.value) {
            let place = format!("SCIM provider {}", record.provider.name);
            if record.tokens.is_empty() {
                findings.push(Finding::warning(place, "it has no token", "make one at the service and set it here"));
                continue;
            }
            for token in &record.tokens {
                let fix = "make another token at the service and set it here as the second one";
                findings.push(judge(format!("token of the {place}"), token.expires, fix));
            }
        }
        findings
    }

    /// What would be refused if it were saved now.
    fn examine_rules(&self) -> Vec<Finding> {
        let snapshot = self.snapshot();
        let configuration = &snapshot.configuration;
        let mut names = names(configuration);
        // Whether users exist that bindings name is a question of access, not of form.
        for application in configuration.applications.values() {
            names.users.extend(application.value.bindings.iter().filter_map(|binding| match &binding.subject {
                model::BindingSubject::User(user) => Some(user.to_lowercase()),
                _ => None,
            }));
        }
        let mut findings = Vec::new();
        let mut judge = |kind: Kind, name: &str, faults: Vec<model::FieldError>| {
            let place = format!("{} {name}", kind.word());
            if faults.is_empty() {
                findings.push(Finding::good(place, "it is as it should be"));
                return;
            }
            for fault in faults {
                let found = format!("{}: {}", fault.field, fault.message);
                findings.push(Finding::bad(place.clone(), found, "change it in the console or the declarative file"));
            }
        };
        for provider in configuration.saml_providers.values().map(|p| &p.value) {
            judge(Kind::SamlProvider, &provider.name, validate::saml_provider(provider, &names));
        }
        for provider in configuration.scim_providers.values().map(|p| &p.value.provider) {
            judge(Kind::ScimProvider, &provider.name, validate::scim_provider(provider, &names));
        }
        for application in configuration.applications.values().map(|a| &a.value) {
            judge(Kind::Application, application.slug.as_str(), validate::application(application, &names));
        }
        for webhook in configuration.webhooks.values().map(|w| &w.value.webhook) {
            judge(Kind::Webhook, &webhook.name, validate::webhook(webhook));
        }
        findings
    }

    /// Whether metadata can be made and signed for each application that has a SAML provider.
    async fn examine_metadata(&self) -> Vec<Finding> {
        let snapshot = self.snapshot();
        let mut findings = Vec::new();
        for application in snapshot.configuration.applications.values().map(|a| &a.value) {
            if application.saml_provider.is_none() {
                continue;
            }
            let place = format!("metadata of the application {}", application.slug);
            findings.push(match self.metadata(application.slug.as_str()).await {
                Ok(_) => Finding::good(place, "it is made and signed"),
                Err(error) => {
                    Finding::bad(place, error.to_string(), "give it a SAML provider with a key that is there")
                }
            });
        }
        findings
    }
}
