use std::{collections::BTreeSet, sync::Arc};

use model::{ScimAnswer, ScimMembership, ScimPreview, ScimProvider, ScimRemark};
use scim::{
    dialect::{Dialect, Forecast, Note},
    id::{Kind, LocalId, Object},
    plan::{PlanOptions, Refusal, plan},
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
use crate::{Auditor, Error, groups::paths, port};

/// One object as it would be sent.
pub(super) struct Previewed {
    pub preview: ScimPreview,
    /// What the mappings made. None: nothing.
    made: Option<(Object, Map<String, Value>)>,
}

impl Auditor<'_> {
    /// Exactly what would be sent for a user, and whether another has what it needs, as far as `Services::rivals` sees it;
    /// nothing is sent.
    pub async fn scim_user_preview(&self, provider: &str, username: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let record = services.scim_record(provider)?;
        let dialect = settings::dialect(&record.provider, services.described(&record).await.as_ref());
        let Previewed { preview, made } =
            self.preview_user_at(record.provider.clone(), dialect.clone(), username).await?;
        let Some((object, resource)) = made else { return Ok(preview) };
        let around = services.around_user(&record, &object, &resource, &dialect).await?;
        services.busy(move || around.among(preview, object, resource, &dialect)).await
    }

    /// The same for a provider that need not be kept, at a service that takes this dialect, with a look at nobody else.
    pub(super) async fn preview_user_at(
        &self,
        provider: ScimProvider,
        dialect: Dialect,
        username: &str,
    ) -> Result<Previewed, Error> {
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
                    _ => mapping::render(&snapshot, &users, &context(Some(&provider), &person)),
                };
                let Previewed { preview, made } = match whole(rendering, in_scope) {
                    Ok(rendered) => {
                        let object = Object::user(&LocalId(person.user.uid.clone()));
                        preview(&dialect, object, in_scope, user_resource(rendered, person.user.active))
                    }
                    Err(failed) => Previewed { preview: *failed, made: None },
                };
                // A mapping may leave out whom the bindings let in.
                let memberships = if preview.in_scope { memberships } else { Vec::new() };
                Previewed { preview: ScimPreview { applications, memberships, ..preview }, made }
            })
            .await
    }

    /// Exactly what would be sent for a group, without its members; nothing is sent.
    pub async fn scim_group_preview(&self, provider: &str, group: &str) -> Result<ScimPreview, Error> {
        let services = &self.0.services;
        let record = services.scim_record(provider)?;
        let dialect = settings::dialect(&record.provider, services.described(&record).await.as_ref());
        let (snapshot, name, provider) = (services.snapshot(), group.to_owned(), record.provider.clone());
        let around = services.around_group(&record).await?;
        let made = services.busy(move || {
            // Of a group that is not pushed as well.
            let all = ScimProvider { groups: Vec::new(), ..provider.clone() };
            let RenderedGroup { id, rendering } = rendered_groups(&Arc::clone(&snapshot), &all).remove(&name)?;
            let in_scope = Scope::new(&snapshot, &provider).groups().contains(name.as_str());
            let rendered = match whole(rendering, in_scope) {
                Ok(rendered) => rendered,
                Err(failed) => return Some(*failed),
            };
            let object = Object::group(&LocalId(id.clone()));
            let Previewed { preview, made } = preview(&dialect, object, in_scope, group_resource(rendered, &id));
            match made {
                Some((object, resource)) => Some(around.among(preview, object, resource, &dialect)),
                None => Some(preview),
            }
        });
        made.await?.ok_or_else(|| Error::missing(port::Kind::Group, group))
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
fn preview(dialect: &Dialect, object: Object, in_scope: bool, resource: Map<String, Value>) -> Previewed {
    let (kind, id, nothing) = (object.kind, object.id.clone(), Observed::default());
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
    let preview = ScimPreview {
        in_scope,
        json: serde_json::to_string_pretty(&sent).unwrap_or_default(),
        dropped: conformed.dropped.iter().map(remark).collect(),
        ..ScimPreview::default()
    };
    Previewed { preview: judged(preview, &plan.refused, dialect), made: Some((object, resource)) }
}

/// A preview with why its object cannot be sent, and what the service would answer.
pub(super) fn judged(preview: ScimPreview, refused: &[Refusal], dialect: &Dialect) -> ScimPreview {
    let refused: Vec<ScimRemark> = refused.iter().flat_map(|refusal| &refusal.notes).map(remark).collect();
    let made = || dialect.accepted.create.first().map(|status| ScimAnswer { status: *status, words: String::new() });
    let answer = if refused.is_empty() { made() } else { refused.iter().find_map(|remark| remark.answer.clone()) };
    ScimPreview { refused, answer, ..preview }
}

fn remark(note: &Note) -> ScimRemark {
    let Note { path, what, why, fix, answer } = note.clone();
    let answer = answer.map(|Forecast { status, words }| ScimAnswer { status, words });
    ScimRemark { path, what, why, fix, answer }
}
