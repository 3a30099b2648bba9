use model::{BindingSubject, SessionSummary};

use crate::{Auditor, Error, groups::paths, port::Kind, sign_in};

/// What hangs on a user, for those who look at it and for those who think of deleting it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserStanding {
    /// For each group a shortest way to it: from a direct group upwards.
    pub paths: Vec<Vec<String>>,
    /// Slugs of the applications that name the user in a binding.
    pub bindings: Vec<String>,
    /// Beginnings and labels of the tokens of the API that stand for the user.
    pub tokens: Vec<String>,
    /// Live ones.
    pub sessions: Vec<SessionSummary>,
}

impl Auditor<'_> {
    /// Applications, by name, whose services have a session of the user and can be told of its end.
    pub async fn signed_on_at(&self, username: &str) -> Result<Vec<String>, Error> {
        let services = &self.0.services;
        let found = services.store().user(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        services.signed_on_at(&found.value.user).await
    }

    pub async fn user_standing(&self, username: &str) -> Result<UserStanding, Error> {
        let services = &self.0.services;
        let found = services.store().user(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let user = found.value.user;
        let snapshot = services.snapshot();
        let configuration = &snapshot.configuration;
        let name = user.username.to_lowercase();
        let names = |subject: &BindingSubject| matches!(subject, BindingSubject::User(u) if u.to_lowercase() == name);
        let applications = configuration.applications.values().map(|a| &a.value);
        let bound = applications.filter(|a| a.bindings.iter().any(|b| names(&b.subject)));
        let tokens = services.tokens().await?;
        let now = services.clock().now();
        let mut sessions = services.store().sessions_of(&user.username).await?;
        sessions.retain(|s| now < s.expires && now < s.last_seen + sign_in::IDLE);
        sessions.sort_by_key(|s| std::cmp::Reverse(s.last_seen));
        let mine = &self.0.session.id_hash;
        Ok(UserStanding {
            paths: paths(&user.groups, &configuration.groups).into_values().collect(),
            bindings: bound.map(|a| a.slug.to_string()).collect(),
            tokens: tokens
                .into_iter()
                .filter(|t| t.owner.to_lowercase() == name)
                .map(|t| format!("{} ({})", t.prefix, t.label))
                .collect(),
            sessions: sessions.iter().map(|s| sign_in::summary(s, s.id_hash == *mine)).collect(),
        })
    }
}
