use model::{EventKind, ScimProvider};

use crate::{
    Admin, Error,
    port::{ChangeSet, Document, Expect, Kind, ScimRecord, Write},
};

impl Admin<'_> {
    /// Makes a provider and puts it behind applications (slugs), all at once or not at all. `token` is kept sealed;
    /// `expires` is in unix seconds.
    pub async fn connect_scim_provider(
        &self,
        provider: ScimProvider,
        token: Option<&str>,
        expires: Option<i64>,
        applications: &[String],
    ) -> Result<(), Error> {
        self.check_scim(&provider)?;
        let services = &self.caller().services;
        let (name, snapshot) = (provider.name.clone(), services.snapshot());
        if snapshot.configuration.scim_providers.contains_key(&name) {
            return Err(Error::invalid("name", "there is a SCIM provider of this name already"));
        }
        let tokens = token.map(|token| services.seal_scim_token(&name, token, expires)).transpose()?;
        let mut events = vec![self.changed(EventKind::Created, Kind::ScimProvider, &name, None, Some(&provider))];
        let document = Document::ScimProvider(ScimRecord { provider, tokens: tokens.into_iter().collect() });
        let mut writes = vec![Write::Put { document, expect: Expect::Absent }];
        for slug in applications {
            let Some(found) = snapshot.configuration.applications.get(slug) else {
                return Err(Error::invalid("applications", format!("there is no application `{slug}`")));
            };
            let mut after = found.value.clone();
            after.backchannel_providers.push(name.clone());
            events.push(self.changed(EventKind::Updated, Kind::Application, slug, Some(&found.value), Some(&after)));
            let expect = Expect::Version(found.version);
            writes.push(Write::Put { document: Document::Application(after), expect });
        }
        services.commit(ChangeSet { writes, events, ..ChangeSet::default() }).await
    }
}
