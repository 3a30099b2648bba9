use std::sync::Arc;

use model::{ScimMembership, ScimPreview, ScimProvider};
use scim::{dialect::Note, id::Kind, wire::with_schemas};
use serde_json::{Value, json};

use super::{
    mapping::{self, Rendering},
    scope::Scope,
    settings,
    wanted::{RenderedGroup, anchor, context, rendered_groups},
};
use crate::{Admin, Auditor, Error, groups::paths, port};

impl Auditor<'_> {
    /// Exactly what would be sent for a user; nothing is sent.
    pub async fn scim_user_preview(&self, provider: &str, username: &str) -> Result<ScimPreview, Error> {
        self.preview_user_at(self.0.services.scim_record(provider)?.provider, username).await
    }

    /// The same for a provider that need not be kept.
    pub(super) async fn preview_user_at(&self, provider: ScimProvider, username: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let person = services.person(username).await?;
        let person = person.ok_or_else(|| Error::missing(port::Kind::User, username))?;
        let snapshot = services.snapshot();
        services
            .busy(move || {
                let (users, _) = settings::mappings(&provider);
                let scope = Scope::new(&snapshot, &provider);
                let in_scope = scope.covers(&person);
                let pushed = scope.groups();
                let paths = paths(&person.user.groups, &snapshot.configuration.groups);
                let memberships = paths.into_iter().filter(|(group, _)| in_scope && pushed.contains(group.as_str()));
                let memberships = memberships.map(|(group, path)| ScimMembership { group, path }).collect();
                let applications = scope.opens(&person);
                let mut rendering = mapping::render(&snapshot, &users, &context(&provider, &person));
                if let Rendering::Made(resource) = &mut rendering
                    && !person.user.active
                {
                    resource.insert("active".to_owned(), Value::Bool(false));
                }
                let sent = preview(&provider, Kind::User, in_scope, rendering, &person.user.uid);
                ScimPreview { applications, memberships, ..sent }
            })
            .await
    }

    /// Exactly what would be sent for a group, without its members; nothing is sent.
    pub async fn scim_group_preview(&self, provider: &str, group: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let provider = services.scim_record(provider)?.provider;
        let (snapshot, name) = (services.snapshot(), group.to_owned());
        let made = services.busy(move || {
            // Of a group that is not pushed as well.
            let all = ScimProvider { groups: Vec::new(), ..provider.clone() };
            let RenderedGroup { id, rendering } = rendered_groups(&Arc::clone(&snapshot), &all).remove(&name)?;
            let in_scope = Scope::new(&snapshot, &provider).groups().contains(name.as_str());
            Some(preview(&provider, Kind::Group, in_scope, rendering, &anchor(&id)))
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

fn preview(provider: &ScimProvider, kind: Kind, in_scope: bool, rendering: Rendering, anchor: &str) -> ScimPreview {
    let mut resource = match rendering {
        Rendering::Made(resource) => resource,
        Rendering::Skipped => {
            return ScimPreview {
                failed: Some("a mapping leaves the object out".to_owned()),
                ..ScimPreview::default()
            };
        }
        Rendering::Failed { mapping, message } => {
            return ScimPreview { in_scope, failed: Some(format!("{mapping}: {message}")), ..ScimPreview::default() };
        }
    };
    resource.entry("externalId").or_insert_with(|| json!(anchor));
    let conformed = settings::dialect(provider, None).conform(kind, &resource);
    let line = |note: &Note| format!("{}: {}; {}; {}", note.path, note.what, note.why, note.fix);
    let whole = with_schemas(kind, &conformed.resource);
    ScimPreview {
        in_scope,
        json: serde_json::to_string_pretty(&whole).unwrap_or_default(),
        dropped: conformed.dropped.iter().map(line).collect(),
        refused: conformed.refused.iter().map(line).collect(),
        ..ScimPreview::default()
    }
}
