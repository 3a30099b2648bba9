use model::{GroupDetail, GroupRow, ListQuery, Page, UserDetail};

use crate::{Auditor, Error, applications::page, groups::all_groups, port::Kind};

impl Auditor<'_> {
    pub async fn user(&self, username: &str) -> Result<UserDetail, Error> {
        let services = &self.0.services;
        let found = services.store().user(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let (version, record) = (found.version, found.value);
        Ok(UserDetail {
            version,
            all_groups: all_groups(&record.user.groups, &services.snapshot().ancestry).into_iter().collect(),
            has_password: record.password.is_some(),
            user: record.user,
        })
    }

    /// Search in the name; sort by `name` (default).
    pub async fn groups(&self, query: &ListQuery) -> Result<Page<GroupRow>, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let groups = snapshot.configuration.groups.values().map(|g| &g.value);
        let mut rows: Vec<GroupRow> = groups
            .filter(|g| g.name.to_lowercase().contains(&wanted))
            .map(|g| GroupRow { name: g.name.clone(), parents: g.parents.iter().cloned().collect(), members: 0 })
            .collect();
        rows.sort_by_cached_key(|r| r.name.to_lowercase());
        if query.sort == "-name" {
            rows.reverse();
        }
        let mut page = page(rows, query);
        // Only of those that are shown.
        for row in &mut page.rows {
            row.members = services.store().members_of(&row.name).await?.len() as u64;
        }
        Ok(page)
    }

    pub async fn group(&self, name: &str) -> Result<GroupDetail, Error> {
        let services = &self.0.services;
        let snapshot = services.snapshot();
        let groups = &snapshot.configuration.groups;
        let found = groups.get(name).ok_or_else(|| Error::missing(Kind::Group, name))?;
        let children = groups.values().filter(|g| g.value.parents.contains(name));
        Ok(GroupDetail {
            version: found.version,
            group: found.value.clone(),
            known_as: snapshot.group_ids.of(name).to_owned(),
            members: services.store().members_of(name).await?,
            children: children.map(|g| g.value.name.clone()).collect(),
        })
    }
}
