use std::collections::BTreeSet;

use model::BindingSubject;

use crate::{Auditor, Error, groups::paths, port::Kind};

/// What hangs on a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupStanding {
    /// Members of groups below it, each with the way up: from the group they are a direct member of. Direct members are
    /// not among them.
    pub nested: Vec<NestedMember>,
    /// What names it and so keeps it from being deleted.
    pub used_by: Vec<String>,
}

/// A member through another group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedMember {
    pub username: String,
    /// Each group is a parent of the one before.
    pub path: Vec<String>,
}

impl Auditor<'_> {
    pub async fn group_standing(&self, name: &str) -> Result<GroupStanding, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let groups = &snapshot.configuration.groups;
        if !groups.contains_key(name) {
            return Err(Error::missing(Kind::Group, name));
        }
        let mut seen: BTreeSet<String> = services.store().members_of(name).await?.into_iter().collect();
        let below = snapshot.ancestry.iter().filter(|(below, up)| *below != name && up.contains(name));
        let mut ways: Vec<Vec<String>> =
            below.filter_map(|(below, _)| paths(&BTreeSet::from([below.clone()]), groups).remove(name)).collect();
        // The shortest way counts where there are several.
        ways.sort_by_key(Vec::len);
        let mut nested = Vec::new();
        for path in ways {
            let Some(first) = path.first() else { continue };
            for username in services.store().members_of(first).await? {
                if seen.insert(username.clone()) {
                    nested.push(NestedMember { username, path: path.clone() });
                }
            }
        }
        nested.sort_by_cached_key(|member| member.username.to_lowercase());
        Ok(GroupStanding { nested, used_by: self.group_used_by(name) })
    }

    /// Applications and SCIM providers that name a group.
    pub(crate) fn group_used_by(&self, name: &str) -> Vec<String> {
        let snapshot = self.0.services.snapshot();
        let configuration = &snapshot.configuration;
        let mut used_by = Vec::new();
        for application in configuration.applications.values().map(|a| &a.value) {
            if application.bindings.iter().any(|b| matches!(&b.subject, BindingSubject::Group(g) if g == name)) {
                used_by.push(format!("a binding of the application {}", application.slug));
            }
            if application.aws_roles.iter().any(|r| r.groups.iter().any(|g| g == name)) {
                used_by.push(format!("the AWS roles of the application {}", application.slug));
            }
        }
        let providers = configuration.scim_providers.values().map(|p| &p.value.provider);
        let scim = providers.filter(|p| p.groups.iter().any(|g| g == name));
        used_by.extend(scim.map(|p| format!("the SCIM provider {}", p.name)));
        used_by
    }
}
