use model::{Application, SamlProvider, ScimDialect, ScimProvider};
use saml::PushedName;
use scim::{dialect::Dialect, id::Kind, wire::text};

use super::{
    accounts::Accounts,
    mapping::{self, Rendering},
    settings,
    wanted::{context, user_resource},
};
use crate::{content::MappingFailure, person::Person, snapshot::Snapshot};

/// What somebody is called at the IAM Identity Center that an application signs on to: by what a SCIM provider pushes, and
/// by what the service has acknowledged of it.
#[derive(Debug, Clone)]
pub struct UserName {
    /// What the SCIM provider is called here.
    pub provider: String,
    /// The names of the mappings that make it.
    pub source: String,
    /// What is pushed; empty where nothing can be.
    pub pushed: String,
    /// What the service has acknowledged.
    pub there: Option<String>,
    /// Why the person is not pushed.
    pub left_out: Option<String>,
    /// A mapping that failed. What is there stays as it is.
    pub failed: Option<(String, String)>,
}

/// The SCIM provider that fills the Identity Center of an application: the first behind it that speaks to AWS.
pub(crate) fn behind<'a>(
    snapshot: &'a Snapshot,
    application: &Application,
    provider: &SamlProvider,
) -> Option<&'a ScimProvider> {
    if !provider.is_identity_center() {
        return None;
    }
    let known = |name: &String| snapshot.configuration.scim_providers.get(name).map(|record| &record.value.provider);
    application.backchannel_providers.iter().filter_map(known).find(|scim| scim.dialect == ScimDialect::Aws)
}

impl UserName {
    /// By the code that provisions. None: the application is not for Identity Center, or nothing is pushed there.
    pub(crate) fn of(
        snapshot: &Snapshot,
        application: &Application,
        provider: &SamlProvider,
        person: &Person,
        accounts: Option<&Accounts>,
    ) -> Option<Self> {
        let scim = behind(snapshot, application, provider)?;
        let (mappings, _) = settings::mappings(scim);
        let mut this = Self {
            provider: scim.name.clone(),
            source: mappings.join(", "),
            pushed: String::new(),
            there: accounts.and_then(|accounts| accounts.user_name(&person.user.uid)).map(str::to_owned),
            left_out: narrowed(scim, person),
            failed: None,
        };
        match mapping::render(snapshot, &mappings, &context(Some(scim), person)) {
            Rendering::Made(rendered) => {
                // As it is sent, or as far as it goes.
                let resource = user_resource(rendered, person.user.active);
                let sent = Dialect::aws().conform(Kind::User, &resource);
                text(&sent.resource, "userName").unwrap_or_default().clone_into(&mut this.pushed);
                if let Some(note) = sent.refused.first() {
                    this.left_out = Some(format!("{}: {}", note.path, note.what));
                }
            }
            Rendering::Skipped => this.left_out = Some("a mapping leaves the person out".to_owned()),
            Rendering::Failed { mapping, message } => {
                this.left_out = Some(format!("the mapping {mapping} fails: {message}"));
                this.failed = Some((mapping, message));
            }
        }
        Some(this)
    }

    /// What Identity Center finds the person by: the name there, for as long as another one has not been acknowledged.
    pub fn value(&self) -> &str {
        self.there.as_deref().unwrap_or(&self.pushed)
    }

    /// Whether the service has, as far as is known, another name for the person than the one that is pushed, or none; or
    /// nothing is pushed. Whoever is not there yet, or not any more, has a name that may be somebody else's there.
    pub fn is_changing(&self) -> bool {
        self.left_out.is_some() || self.there.as_deref() != Some(self.pushed.as_str())
    }

    /// Why there is no value.
    pub fn failure(&self) -> MappingFailure {
        let (mapping, message) = match (&self.failed, &self.left_out) {
            (Some((mapping, message)), _) => (mapping.clone(), message.clone()),
            (None, Some(why)) => (self.source.clone(), why.clone()),
            (None, None) => (self.source.clone(), "it gives no userName".to_owned()),
        };
        let message = format!("{message}; the NameID is the userName that {} pushes", self.provider);
        MappingFailure { mapping, message, needed: true }
    }

    /// For the rule that compares it with a NameID.
    pub fn facts<'a>(&'a self, name_id: &str, person: &Person, accounts: Option<&Accounts>) -> PushedName<'a> {
        PushedName {
            provider: &self.provider,
            pushed: &self.pushed,
            there: self.there.as_deref(),
            left_out: self.left_out.as_deref(),
            held: accounts.is_some_and(|accounts| accounts.is_held(name_id, &person.user.uid)),
            source: &self.source,
        }
    }
}

/// Why a provider does not push somebody who may open the application.
fn narrowed(scim: &ScimProvider, person: &Person) -> Option<String> {
    if scim.exclude_service_accounts && person.user.service_account {
        return Some("it leaves out service accounts".to_owned());
    }
    let pushed = scim.groups.is_empty() || scim.groups.iter().any(|group| person.all_groups.contains(group));
    (!pushed).then(|| format!("it pushes the groups {} alone", scim.groups.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::UserName;

    #[test]
    fn only_whoever_is_pushed_and_is_there_by_that_name_is_known_well_enough() {
        let known = UserName {
            provider: "aws".to_owned(),
            source: "by hand".to_owned(),
            pushed: "a@x".to_owned(),
            there: Some("a@x".to_owned()),
            left_out: None,
            failed: None,
        };
        assert!(!known.is_changing());
        for (why, user_name) in [
            ("renamed", UserName { pushed: "b@x".to_owned(), ..known.clone() }),
            ("renamed in one letter", UserName { pushed: "A@x".to_owned(), ..known.clone() }),
            ("new", UserName { there: None, ..known.clone() }),
            ("deleted there, and the name may be given anew", UserName { left_out: Some("left".to_owned()), ..known }),
        ] {
            assert!(user_name.is_changing(), "{why}");
        }
    }
}
