use std::collections::BTreeSet;

use model::{ScimPreview, ScimProvider};
use scim::{
    dialect::Dialect,
    id::{Kind, Object},
    plan::{PlanOptions, Refusal, plan},
    state::{Desired, DesiredGroup, Observed},
    wire::Resource,
};

use super::{
    mapping::Rendering,
    preview::judged,
    settings,
    wanted::{group_resource, rendered_groups},
};
use crate::{
    Error, Services,
    port::{Lease, ScimRecord},
};

/// What a single object of a kind stands among: all that should be there and may have what it needs, and all that is known
/// to be there.
pub(super) struct Around {
    desired: Desired,
    observed: Observed,
    options: PlanOptions,
}

impl Services {
    /// Everybody who may have what a user needs, and what is there as far as it was read. Nothing is asked of the service.
    pub(super) async fn around_user(
        &self,
        record: &ScimRecord,
        object: &Object,
        resource: &Resource,
        dialect: &Dialect,
    ) -> Result<Around, Error> {
        let (provider, known) = (&record.provider, self.known_there(record).await?);
        let (desired, observed) = self.rivals(provider, object, resource, known, dialect).await?;
        let (observed, options) = (of(Kind::User, observed, provider), settings::options(provider, self.clock().now()));
        Ok(Around { desired, observed, options })
    }

    /// All groups that are pushed, and what is there as far as it was read. Nothing is asked of the service.
    pub(super) async fn around_group(&self, record: &ScimRecord) -> Result<Around, Error> {
        let (provider, known) = (&record.provider, self.known_there(record).await?);
        let desired = self.groups_alone(provider).await?;
        let (observed, options) = (of(Kind::Group, known, provider), settings::options(provider, self.clock().now()));
        Ok(Around { desired, observed, options })
    }

    async fn known_there(&self, record: &ScimRecord) -> Result<Observed, Error> {
        let name = &record.provider.name;
        // What is known of another service says nothing of this one.
        if self.scim_state(name).await?.is_of_another(&record.provider.url) {
            return Ok(Observed::default());
        }
        let kept = self.kept_mirror(name, Lease { fence: 0 }).await?;
        Ok(kept.map(|mirror| mirror.observed).unwrap_or_default())
    }

    async fn groups_alone(&self, provider: &ScimProvider) -> Result<Desired, Error> {
        let (snapshot, provider) = (self.snapshot(), provider.clone());
        let groups = self.busy(move || rendered_groups(&snapshot, &provider)).await?;
        let groups = groups.into_values().filter_map(|group| {
            let Rendering::Made(resource) = group.rendering else { return None };
            let resource = group_resource(resource, &group.id);
            Some((group.id.as_str().into(), DesiredGroup { resource, members: BTreeSet::new() }))
        });
        Ok(Desired { groups: groups.collect(), ..Desired::default() })
    }
}

/// What is known of one kind: memberships and the other kind decide about no name.
fn of(kind: Kind, known: Observed, provider: &ScimProvider) -> Observed {
    let protected = settings::protected(provider);
    match kind {
        Kind::User => {
            Observed { users: known.users, foreign_users: known.foreign_users, protected, ..Observed::default() }
        }
        Kind::Group => {
            Observed { groups: known.groups, foreign_groups: known.foreign_groups, protected, ..Observed::default() }
        }
    }
}

impl Around {
    /// The preview of an object with what the worker's plan says of it among all others: who has its name, its address or
    /// its identifier already.
    pub fn among(mut self, preview: ScimPreview, object: Object, resource: Resource, dialect: &Dialect) -> ScimPreview {
        let (id, is_there) = (object.id.clone(), self.observed.held(object.kind).contains_key(&object.id));
        match object.kind {
            Kind::User => _ = self.desired.users.insert(id, resource),
            Kind::Group => _ = self.desired.groups.insert(id, DesiredGroup { resource, members: BTreeSet::new() }),
        }
        let plan = plan(&self.desired, &self.observed, dialect, &self.options);
        let refused: Vec<Refusal> = plan.refused.into_iter().filter(|refusal| refusal.object == object).collect();
        let preview = judged(preview, &refused, dialect);
        // What is there is changed and not made, each change with an answer of its own.
        let answer = preview.answer.filter(|answer| !is_there || answer.status >= 400);
        ScimPreview { answer, ..preview }
    }
}
