use std::collections::BTreeSet;

use model::User;
use serde_json::json;

use super::{Logout, LogoutStep, ending::Ending, start::reachable, step::names};
use crate::{Admin, Caller, Error, Services, port::Participant};

/// All that is known of where a person is signed in: here, and at services.
struct Everywhere {
    /// Hashes of sessions, also of those that have ended here without a service being told.
    sessions: Vec<String>,
    queue: Vec<Participant>,
}

impl Caller {
    /// Ends all sessions of this person, in whatever browser, and then those that service providers have from any of them.
    /// `pass`: as for [`Caller::log_out`].
    pub async fn log_out_everywhere(&self, pass: Option<&str>) -> Result<Logout, Error> {
        let (services, user) = (&self.services, &self.person.user);
        let Everywhere { sessions, queue } = services.everywhere(user).await?;
        let ending = Ending {
            actor: None,
            address: self.origin.address.clone(),
            how: "everywhere".to_owned(),
            detail: json!({ "everywhere": true }),
        };
        if let Some(pass) = pass
            && let Some(former) = services.held(pass, Some(self)).await?
            && former.by.is_none()
            && let Some(step) = services.take_along(former, &queue).await?
        {
            services.end_sessions(&sessions, &ending).await?;
            return Ok(Logout { step, pass: Some(pass.to_owned()) });
        }
        services.leave_everywhere(&user.username, None, (sessions, queue), &ending).await
    }
}

impl Admin<'_> {
    /// Ends all sessions of somebody, and then those that service providers have from any of them, through the browser of
    /// whoever asks.
    pub async fn log_out_user(&self, username: &str) -> Result<Logout, Error> {
        let caller = self.caller();
        let user = self.user_record(username).await?.user;
        let Everywhere { sessions, queue } = caller.services.everywhere(&user).await?;
        let by = caller.username();
        let ending = Ending {
            actor: Some(by.to_owned()),
            address: caller.origin.address.clone(),
            how: format!("everywhere by {by}"),
            detail: json!({ "everywhere": true, "by": by }),
        };
        caller.services.leave_everywhere(&user.username, Some(by), (sessions, queue), &ending).await
    }
}

impl Services {
    /// The applications whose services have a session of somebody and take logout messages, by name.
    pub(crate) async fn signed_on_at(&self, user: &User) -> Result<Vec<String>, Error> {
        let queue = self.everywhere(user).await?.queue;
        Ok(names(&self.snapshot(), queue.iter().map(|participant| &participant.slug)))
    }

    async fn everywhere(&self, user: &User) -> Result<Everywhere, Error> {
        let live = self.store().sessions_of(&user.username).await?;
        let mut sessions: BTreeSet<String> = live.into_iter().map(|session| session.id_hash).collect();
        let mut known = self.store().participants_by(&user.uid).await?;
        for session in &sessions {
            // Those that an earlier version kept do not say whose they are.
            let kept = self.store().participants_of(session).await?;
            known.extend(kept.into_iter().filter(|participant| participant.uid != user.uid));
        }
        let now = self.clock().now();
        known.retain(|participant| now < participant.expires);
        sessions.extend(known.iter().map(|participant| participant.session.clone()));
        let queue = gathered(reachable(&self.snapshot(), known));
        Ok(Everywhere { sessions: sessions.into_iter().collect(), queue })
    }

    async fn leave_everywhere(
        &self,
        username: &str,
        by: Option<&str>,
        (sessions, queue): (Vec<String>, Vec<Participant>),
        ending: &Ending,
    ) -> Result<Logout, Error> {
        if queue.is_empty() {
            self.end_sessions(&sessions, ending).await?;
            return Ok(LogoutStep::nobody().into());
        }
        let (journey, pass) = self.new_journey(username, queue, None, by).await?;
        self.end_sessions(&sessions, ending).await?;
        self.set_out(journey, pass).await
    }
}

/// One request for each name at each service, with every `SessionIndex` that it was given (SAML core §3.7.1).
pub(super) fn gathered(known: Vec<Participant>) -> Vec<Participant> {
    let mut queue: Vec<Participant> = Vec::new();
    for participant in known {
        let same = |other: &&mut Participant| {
            other.slug == participant.slug
                && other.name_id == participant.name_id
                && other.name_id_format == participant.name_id_format
        };
        match queue.iter_mut().find(same) {
            Some(first) => {
                for index in std::iter::once(participant.session_index).chain(participant.also) {
                    if first.session_index != index && !first.also.contains(&index) {
                        first.also.push(index);
                    }
                }
            }
            None => queue.push(participant),
        }
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_asked_once_for_each_name_with_every_session_index() {
        let known =
            [("a", "ada", "_1"), ("b", "ada", "_1"), ("a", "ada", "_2"), ("a", "ada", "_2"), ("a", "other", "_3")];
        let known = known.map(|(slug, name_id, session_index)| Participant {
            session: session_index.into(),
            slug: slug.into(),
            name_id: name_id.into(),
            name_id_format: "f".into(),
            session_index: session_index.into(),
            also: Vec::new(),
            uid: "u".into(),
            trial: String::new(),
            expires: 1,
        });
        let queue = gathered(known.to_vec());
        let asked: Vec<_> = queue.iter().map(|p| (p.slug.as_str(), p.session_index.as_str(), p.also.len())).collect();
        assert_eq!(asked, [("a", "_1", 1), ("b", "_1", 0), ("a", "_3", 0)]);
        assert_eq!(queue[0].also, ["_2"]);
    }
}
