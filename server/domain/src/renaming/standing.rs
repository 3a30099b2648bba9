use std::sync::Arc;

use model::User;

use super::mentions::mentions;
use crate::{Auditor, Error, name_identifier, person::Person, port::Kind, provisioning, snapshot::Snapshot};

/// What another name of a group means beyond what names it here, for those who think of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupRenaming {
    /// Names of the SCIM providers that push it.
    pub services: Vec<String>,
    /// Expressions that speak of its name, which nobody changes but their author.
    pub mentioned_in: Vec<String>,
}

/// What another user name means beyond what names it here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserRenaming {
    /// Slugs of the applications whose NameID is made from the user name.
    pub name_ids: Vec<String>,
    /// Names of the SCIM providers that are told something made from it.
    pub services: Vec<String>,
    /// Expressions that speak of the name, which nobody changes but their author.
    pub mentioned_in: Vec<String>,
}

impl Auditor<'_> {
    pub async fn group_renaming(&self, name: &str) -> Result<GroupRenaming, Error> {
        let services = &self.0.services;
        let (snapshot, name) = (services.snapshot(), name.to_owned());
        if !snapshot.configuration.groups.contains_key(&name) {
            return Err(Error::missing(Kind::Group, name));
        }
        let mentioned_in = mentions(&snapshot.configuration, &name);
        let services = services.busy(move || provisioning::pushing(&snapshot, &name)).await?;
        Ok(GroupRenaming { services, mentioned_in })
    }

    /// The mappings are run for the person and for one who differs in the user name alone.
    pub async fn user_renaming(&self, username: &str) -> Result<UserRenaming, Error> {
        let services = &self.0.services;
        let person = services.person(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let snapshot = services.snapshot();
        services.busy(move || user(&snapshot, &person)).await
    }
}

fn user(snapshot: &Arc<Snapshot>, person: &Person) -> UserRenaming {
    let username = format!("{}-renamed", person.user.username);
    let other = Person::new(User { username, ..person.user.clone() }, snapshot);
    let applications = snapshot.configuration.applications.values().map(|application| &application.value);
    let follows = applications.filter(|application| {
        let known = |person| {
            let provider = snapshot.provider_of(application).ok()?;
            name_identifier::known_as(snapshot, application, provider, person)
        };
        known(person) != known(&other)
    });
    UserRenaming {
        name_ids: follows.map(|application| application.slug.to_string()).collect(),
        services: provisioning::told_of(snapshot, person, &other),
        mentioned_in: mentions(&snapshot.configuration, &person.user.username),
    }
}
