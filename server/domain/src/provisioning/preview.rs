use std::{collections::BTreeSet, sync::Arc};

use model::{ScimMembership, ScimPreview, ScimProvider};
use scim::{
    dialect::{Dialect, Note},
    id::{Kind, LocalId},
    plan::{PlanOptions, plan},
    state::{Desired, DesiredGroup, Observed},
    wire::with_schemas,
};
use serde_json::{Map, Value};

use super::{
    mapping::{self, Rendering},
    scope::{Covers, Scope},
    settings,
    wanted::{RenderedGroup, context, group_resource, rendered_groups, user_resource},
};
use crate::{Admin, Auditor, Error, groups::paths, port};

impl Auditor<'_> {
    /// Exactly what would be sent for a user; nothing is sent.
    pub async fn scim_user_preview(&self, provider: &str, username: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let record = services.scim_record(provider)?;
        let dialect = settings::dialect(&record.provider, services.described(&record).await.as_ref());
        self.preview_user_at(record.provider, dialect, username).await
    }

    /// The same for a provider that need not be kept, at a service that takes this dialect.
    pub(super) async fn preview_user_at(
        &self,
        provider: ScimProvider,
        dialect: Dialect,
        username: &str,
    ) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let person = services.person(username).await?;
        let person = person.ok_or_else(|| Error::missing(port::Kind::User, username))?;
        let snapshot = services.snapshot();
        services
            .busy(move || {
                let (users, _) = settings::mappings(&provider);
                let scope = Scope::new(&snapshot, &provider);
                let covers = scope.covers(&person);
                let in_scope = covers == Covers::Yes;
                let pushed = scope.groups();
                let paths = paths(&person.user.groups, &snapshot.configuration.groups);
                let memberships = paths.into_iter().filter(|(group, _)| in_scope && pushed.contains(group.as_str()));
                let memberships = memberships.map(|(group, path)| ScimMembership { group, path }).collect();
                let applications = scope.opens(&person);
                let rendering = match covers {
                    Covers::Unknown { policy, message } => {
                        Rendering::Failed { mapping: format!("policy {policy}"), message }
                    }
                    _ => mapping::render(&snapshot, &users, &context(&provider, &person)),
                };
                let sent = match whole(rendering, in_scope) {
                    Ok(rendered) => {
                        let resource = user_resource(rendered, person.user.active);
                        preview(&dialect, Kind::User, in_scope, &person.user.uid, resource)
                    }
                    Err(failed) => *failed,
                };
                ScimPreview { applications, memberships, ..sent }
            })
            .await
    }

    /// Exactly what would be sent for a group, without its members; nothing is sent.
    pub async fn scim_group_preview(&self, provider: &str, group: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let record = services.scim_record(provider)?;
        let dialect = settings::dialect(&record.provider, services.described(&record).await.as_ref());
        let (snapshot, name, provider) = (services.snapshot(), group.to_owned(), record.provider);
        let made = services.busy(move || {
            // Of a group that is not pushed as well.
            let all = ScimProvider { groups: Vec::new(), ..provider.clone() };
            let RenderedGroup { id, rendering } = rendered_groups(&Arc::clone(&snapshot), &all).remove(&name)?;
            let in_scope = Scope::new(&snapshot, &provider).groups().contains(name.as_str());
            Some(match whole(rendering, in_scope) {
                Ok(rendered) => preview(&dialect, Kind::Group, in_scope, &id, group_resource(rendered, &id)),
                Err(failed) => *failed,
            })
        });
        made.await?.ok_or_else(|| Error::missing(port::Kind::Group, group))
    }
}

impl Admin<'_> {
    /// Whether an address and a token are good; nothing is kept. Without a token the kept one of the provider is tried.
    pub async fn test_scim_connection(&self, provider: &ScimProvider, token: Option<&str>) -> Result<(), Error> {
        let services = &self.caller().services;
        let token = match token {
            Some(token) => token.trim().to_owned(),
            None => {
                let record = services.scim_record(&provider.name)?;
                if record.provider.url.trim_end_matches('/') != provider.url.trim_end_matches('/') {
                    // A kept token must not be sent to an address that somebody has just typed.
                    return Err(Error::invalid("token", "enter the token again for another address"));
                }
                let kept = services.open_scim_tokens(&record)?.into_iter().next();
                kept.ok_or_else(|| Error::invalid("token", "there is no token"))?
            }
        };
        services.try_scim_token(provider, token).await
    }
}

/// What the mappings made, or a preview that says why they made nothing.
fn whole(rendering: Rendering, in_scope: bool) -> Result<Map<String, Value>, Box<ScimPreview>> {
    match rendering {
        Rendering::Made(resource) => Ok(resource),
        Rendering::Skipped => {
            let failed = Some("a mapping leaves the object out".to_owned());
            Err(Box::new(ScimPreview { failed, ..ScimPreview::default() }))
        }
        Rendering::Failed { mapping, message } => {
            let failed = Some(format!("{mapping}: {message}"));
            Err(Box::new(ScimPreview { in_scope, failed, ..ScimPreview::default() }))
        }
    }
}

/// The request that the worker would send if nothing were there yet: its plan, with this object alone, and its preparation.
fn preview(dialect: &Dialect, kind: Kind, in_scope: bool, id: &str, resource: Map<String, Value>) -> ScimPreview {
    let (id, nothing) = (LocalId(id.to_owned()), Observed::default());
    let mut desired = Desired::default();
    match kind {
        Kind::User => _ = desired.users.insert(id, resource.clone()),
        Kind::Group => {
            let members = BTreeSet::new();
            desired.groups.insert(id, DesiredGroup { resource: resource.clone(), members });
        }
    }
    let plan = plan(&desired, &nothing, dialect, &PlanOptions::default());
    let conformed = dialect.conform(kind, &resource);
    let sent = plan.steps.first().and_then(|step| step.prepare(&nothing, dialect).ok()?.request.body);
    // What is refused is shown as far as it goes.
    let sent = sent.unwrap_or_else(|| Value::Object(with_schemas(kind, &conformed.resource)));
    let line = |note: &Note| format!("{}: {}; {}; {}", note.path, note.what, note.why, note.fix);
    ScimPreview {
        in_scope,
        json: serde_json::to_string_pretty(&sent).unwrap_or_default(),
        dropped: conformed.dropped.iter().map(line).collect(),
        refused: plan.refused.iter().flat_map(|refusal| &refusal.notes).map(line).collect(),
        ..ScimPreview::default()
    }
}
