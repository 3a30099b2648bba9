use model::SamlProvider;
use serde_json::Value;

use super::{file::File, plan::Plan, planning::step, prune::delete, source::Source};
use crate::{
    Services,
    first_run::FIRST_KEY,
    port::{ChangeSet, Document, Kind, Setting},
    snapshot::DEFAULT_KEY,
};

impl File {
    /// The key that the file makes the default.
    pub(super) fn default_key(&self) -> Option<&str> {
        self.keys.iter().find(|key| key.default).map(|key| key.name.as_str())
    }
}

/// One key is the default, and it signs.
pub(super) fn check_default_key(file: &File, source: &mut Source<'_>) {
    let first = file.default_key().unwrap_or_default();
    for key in file.keys.iter().filter(|key| key.default) {
        if key.name != first {
            let why = format!("default: the key {first} is the default already, and there is one");
            source.fault("keys", &key.name, &key.name, &why);
        }
        if key.certificate_only {
            source.fault("keys", &key.name, &key.name, "default: it is a certificate alone, and signs nothing");
        }
    }
}

impl Services {
    /// What signs for providers that name no key, where the file says so. The key of the first start goes then, unless the
    /// file names it or it may have signed something: a store that is made from an export has the keys of the export.
    pub(super) fn plan_default_key(
        &self,
        file: &File,
        providers: &[SamlProvider],
        prune: bool,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) {
        let Some(name) = file.default_key() else { return };
        let snapshot = self.snapshot();
        let before = snapshot.default_key();
        if before == Some(name) {
            plan.unchanged += 1;
            return;
        }
        let configuration = &snapshot.configuration;
        let setting = Setting { name: DEFAULT_KEY.to_owned(), value: Value::from(name) };
        step(plan, change, Document::Setting(setting), configuration.settings.get(DEFAULT_KEY).map(|s| s.version));
        if let Some(step) = plan.steps.last_mut() {
            step.fields = vec![name.to_owned()];
        }
        let Some(first) = configuration.keys.get(FIRST_KEY) else { return };
        let is_fresh = before == Some(FIRST_KEY)
            && first.value.key.generated.is_some()
            && configuration.keys.len() == 1
            && configuration.saml_providers.is_empty();
        let named = file.keys.iter().any(|key| key.name == FIRST_KEY)
            || providers.iter().any(|provider| names(provider, FIRST_KEY));
        // With `prune` it is gone already.
        if is_fresh && !named && !prune {
            delete(plan, change, Kind::Key, FIRST_KEY.to_owned(), first.version);
        }
    }
}

/// Whether a provider names a key, for whatever it is.
fn names(provider: &SamlProvider, key: &str) -> bool {
    let one = [&provider.signing_key, &provider.next_signing_key, &provider.decryption_key];
    one.into_iter().flatten().any(|name| name == key)
        || provider.retiring_keys.iter().chain(&provider.verification_keys).any(|name| name == key)
        || provider.encryption.as_ref().and_then(|encryption| encryption.key.as_deref()) == Some(key)
}
