use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    file::{File, SecretResolver},
    plan::Plan,
    planning::step,
    source::Source,
};
use crate::{Error, Services, port::ChangeSet, snapshot::PAIRWISE_SECRET};

const FIELD: &str = "persistent_name_id_secret";
/// In bytes.
const LENGTH: std::ops::RangeInclusive<usize> = 32..=128;

impl Services {
    /// The secret of persistent NameIDs, where the file has one. Services know people by what was made with the one that is
    /// here, so with the first SAML provider it stays for good.
    pub(super) fn plan_name_id_secret(
        &self,
        file: &File,
        resolver: SecretResolver<'_>,
        source: &mut Source<'_>,
        plan: &mut Plan,
        change: &mut ChangeSet,
    ) -> Result<(), Error> {
        let Some(declared) = &file.persistent_name_id_secret else { return Ok(()) };
        let secret = declared.resolve(resolver).and_then(|text| {
            let secret = STANDARD.decode(text.trim()).ok().filter(|secret| LENGTH.contains(&secret.len()));
            secret.ok_or_else(|| "this is not the base64 of 32 to 128 bytes".to_owned())
        });
        let secret = match secret {
            Ok(secret) => secret,
            Err(why) => {
                source.setting(FIELD, &why);
                return Ok(());
            }
        };
        let snapshot = self.snapshot();
        if snapshot.pairwise_secret == secret {
            plan.unchanged += 1;
            return Ok(());
        }
        if !snapshot.configuration.saml_providers.is_empty() {
            source.setting(
                FIELD,
                "there are SAML providers here, whose services know people by persistent NameIDs that another secret made; \
                 leave it out, or apply the file to an empty store",
            );
            return Ok(());
        }
        let known = snapshot.configuration.settings.get(PAIRWISE_SECRET).map(|setting| setting.version);
        step(plan, change, self.pairwise_setting(&secret)?, known);
        Ok(())
    }
}
