//! Questions that are asked when an answer left something open. Each is one read.

use crate::apply::interpret::{everywhere, noun};
use crate::apply::{Answer, Outcome};
use crate::dialect::{Dialect, Unique};
use crate::id::{LocalId, Object, RemoteId};
use crate::plan::Adopt;
use crate::state::{Effect, Observed};
use crate::step::{Step, Unready};
use crate::verify::seen_as;
use crate::wire::{ListResponse, Method, Request, Resource, name_of, quoted, remote_id, resource_path, text};
use serde::{Deserialize, Serialize};

/// A question to the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "look", rename_all = "snake_case")]
pub enum Look {
    /// Is an object with the name of ours there?
    Name {
        /// Ours.
        object: Object,
        /// What was sent.
        resource: Resource,
        /// The creation may have worked: if nothing is there it is repeated. Otherwise the service said that something
        /// is there.
        lost: bool,
    },
    /// Is an object with our `externalId` there, under another name?
    ExternalId {
        /// Ours.
        object: Object,
        /// What was sent.
        resource: Resource,
    },
    /// Is the group there whose memberships could not be changed?
    Group {
        /// The group.
        group: LocalId,
        /// The members that were part of the change.
        members: Vec<LocalId>,
        /// What the service said.
        words: String,
    },
    /// Which of the members is not there? One is asked for at a time, from the end.
    Member {
        /// The group.
        group: LocalId,
        /// The members that are not known to be there.
        members: Vec<LocalId>,
        /// What the service said.
        words: String,
    },
    /// What does an object of ours look like? A change of it may have been done, and is not to be repeated.
    Whole {
        /// Which one.
        object: Object,
    },
}

impl Look {
    /// The question after a creation; `lost` as in [`Look::Name`].
    pub(super) fn created(step: &Step, resource: &Resource, lost: bool) -> Self {
        Self::Name { object: step.object.clone(), resource: resource.clone(), lost }
    }

    /// The request that asks.
    ///
    /// # Errors
    /// [`Unready`] when what is asked for is not in the mirror any more: make a new plan.
    pub fn request(&self, observed: &Observed, dialect: &Dialect) -> Result<Request, Unready> {
        let read = |object: Object| {
            let held = observed.held(object.kind).get(&object.id);
            let held = held.ok_or_else(|| Unready::NotThere(object.clone()))?;
            Ok(Request::bare(Method::Get, resource_path(dialect.endpoint(object.kind), held.remote.as_str())))
        };
        match self {
            Self::Name { object, resource, .. } => {
                let endpoint = dialect.endpoint(object.kind);
                Ok(find(endpoint, object.kind.name_attribute(), name_of(object.kind, resource)))
            }
            Self::ExternalId { object, resource } => {
                let endpoint = dialect.endpoint(object.kind);
                Ok(find(endpoint, "externalId", text(resource, "externalId").unwrap_or_default()))
            }
            Self::Group { group, .. } => read(Object::group(group)),
            Self::Whole { object } => read(object.clone()),
            Self::Member { group, members, .. } => match members.last() {
                Some(member) => read(Object::user(member)),
                None => Err(Unready::NothingLeft(Object::group(group))),
            },
        }
    }

    /// What the answer means.
    #[must_use]
    pub fn interpret(&self, answer: &Answer, observed: &Observed, dialect: &Dialect, adopt: Adopt) -> Outcome {
        if let Some(outcome) = everywhere(answer, dialect) {
            return outcome;
        }
        match self {
            Self::Name { object, resource, .. } | Self::ExternalId { object, resource } => {
                self.found(object, resource, answer, observed, dialect, adopt)
            }
            Self::Whole { object } => seen(object, answer, observed, dialect),
            Self::Group { group, members, words } => match answer.status {
                404 => Outcome::Done { effect: Effect::Gone { object: Object::group(group) } },
                _ => next_member(group, members.clone(), words),
            },
            Self::Member { group, members, words } => {
                let mut rest = members.clone();
                match rest.pop() {
                    Some(member) if answer.status == 404 => {
                        Outcome::Done { effect: Effect::Gone { object: Object::user(&member) } }
                    }
                    _ => next_member(group, rest, words),
                }
            }
        }
    }

    fn found(
        &self,
        object: &Object,
        wanted: &Resource,
        answer: &Answer,
        observed: &Observed,
        dialect: &Dialect,
        adopt: Adopt,
    ) -> Outcome {
        let kind = object.kind;
        let rules = dialect.rules(kind);
        let unique = if matches!(self, Self::Name { .. }) { Unique::Name } else { Unique::ExternalId };
        let value = |resource: &Resource| rules.unique_value(kind, unique, resource);
        let Some(page) = ListResponse::read(answer.body).filter(|_| answer.status == 200) else {
            let fix = "read everything there is and plan again";
            return Outcome::parked(format!("the {} exists and cannot be looked up", noun(kind)), fix);
        };
        // Some servers send numbers for texts, so what came is read as ours would be.
        let rows = page.resources.iter().filter_map(|row| Some((remote_id(row)?, dialect.recognise(kind, row))));
        // A server that ignores the filter answers with everybody.
        let mut same: Vec<(RemoteId, Resource)> = rows.filter(|(_, row)| value(row) == value(wanted)).collect();
        let is_ours = |row: &Resource| text(row, "externalId").is_some_and(|id| text(wanted, "externalId") == Some(id));
        let others = |remote: &RemoteId| observed.owner(kind, remote).filter(|owner| **owner != object.id);
        // Names need not be unique everywhere: ours goes first, then what is nobody's.
        same.sort_by_key(|(remote, row)| (!is_ours(row), others(remote).is_some()));
        let Some((remote, found)) = same.into_iter().next() else { return self.nothing(object, wanted, dialect) };
        let ours = is_ours(&found);
        if !ours && adopt == Adopt::Never && !rules.unique.contains(&Unique::Name) {
            return self.nothing(object, wanted, dialect);
        }
        if let Some(owner) = others(&remote) {
            let words = format!("the name belongs to {owner}, who is there as {remote}");
            return Outcome::parked(words, "delete or rename that object there, or change the name here");
        }
        let protected = observed.is_protected(name_of(kind, &found));
        if !protected && (ours || adopt == Adopt::SameName) {
            return Outcome::Done { effect: Effect::Adopted { object: object.clone(), remote, resource: found } };
        }
        Outcome::Parked {
            words: format!("a {} with this name is there ({remote}) and not ours", noun(kind)),
            fix: "adopt it, rename it there, or change the name here".to_owned(),
            effect: Some(Effect::Met { kind, remote, resource: found }),
        }
    }

    fn nothing(&self, object: &Object, wanted: &Resource, dialect: &Dialect) -> Outcome {
        let filterable = dialect.rules(object.kind).filterable;
        let askable = filterable.contains(&"externalId");
        match self {
            // Only a page was seen, not everybody: creating it once more could make a second one.
            _ if !filterable.contains(&object.kind.name_attribute()) => Outcome::parked(
                "nobody knows whether it was created, and the service cannot be asked for one name",
                "read everything there is and plan again",
            ),
            Self::Name { lost: true, .. } => Outcome::Retry { after: None, words: "it was not done".to_owned() },
            Self::Name { .. } if askable && text(wanted, "externalId").is_some() => {
                let (object, resource) = (object.clone(), wanted.clone());
                Outcome::Conflict { look: Self::ExternalId { object, resource } }
            }
            _ => Outcome::parked(
                "the service refuses a duplicate, but nothing there has the same name",
                "an object there has the same e-mail address: change one of the two",
            ),
        }
    }
}

fn seen(object: &Object, answer: &Answer, observed: &Observed, dialect: &Dialect) -> Outcome {
    let gone = || Outcome::Done { effect: Effect::Gone { object: object.clone() } };
    let Some(held) = observed.held(object.kind).get(&object.id) else { return gone() };
    match (answer.status, serde_json::from_slice::<Resource>(answer.body)) {
        (404, _) => gone(),
        (200, Ok(row)) => {
            let resource = seen_as(object.kind, dialect, &row, &held.resource);
            Outcome::Done { effect: Effect::Seen { object: object.clone(), resource } }
        }
        _ => {
            let words = format!("nobody knows what became of the {}: it cannot be read", noun(object.kind));
            Outcome::parked(words, "compare with the service")
        }
    }
}

fn find(endpoint: &str, attribute: &str, value: &str) -> Request {
    Request::query(endpoint, &[("filter", &format!("{attribute} eq {}", quoted(value)))])
}

fn next_member(group: &LocalId, members: Vec<LocalId>, words: &str) -> Outcome {
    if members.is_empty() {
        return Outcome::parked(
            words,
            "the group and all the members are there: correct the group, or try again later",
        );
    }
    Outcome::Unknown { look: Look::Member { group: group.clone(), members, words: words.to_owned() } }
}
