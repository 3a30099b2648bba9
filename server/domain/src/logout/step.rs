use crate::{port::LogoutJourney, snapshot::Snapshot};

/// What a logout has come to.
pub struct Logout {
    pub step: LogoutStep,
    /// For the cookie of the browser that may go on with it: in a new one, or kept for longer.
    pub pass: Option<String>,
}

impl From<LogoutStep> for Logout {
    fn from(step: LogoutStep) -> Self {
        Self { step, pass: None }
    }
}

/// Where the browser goes next.
pub enum LogoutStep {
    Redirect(String),
    Post {
        url: String,
        parameter: &'static str,
        message: String,
        relay_state: Option<String>,
    },
    /// To the page that says where the logout stands: it waits for somebody else.
    Standing,
    /// Nobody is left to be told, and nobody waits for an answer. Applications by name.
    Done {
        ended: Vec<String>,
        /// They said that they have not ended the session, or could not be asked.
        failed: Vec<String>,
        unanswered: Vec<String>,
        /// Whom an administrator has signed out. None: the person is whoever looks.
        whose: Option<String>,
    },
}

impl LogoutStep {
    /// Nobody but us knew of the session.
    pub fn nobody() -> Self {
        Self::Done { ended: Vec::new(), failed: Vec::new(), unanswered: Vec::new(), whose: None }
    }

    pub(super) fn done(snapshot: &Snapshot, journey: &LogoutJourney) -> Self {
        Self::Done {
            ended: names(snapshot, journey.ended.iter()),
            failed: names(snapshot, journey.failed.iter()),
            unanswered: names(snapshot, journey.unanswered.iter().map(|waiting| &waiting.slug)),
            whose: journey.by.is_some().then(|| journey.username.clone()),
        }
    }
}

/// What people call applications; each once, however many sessions it had.
pub(super) fn names<'a>(snapshot: &Snapshot, slugs: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for slug in slugs {
        let name = snapshot.application(slug).map_or_else(|_| slug.clone(), |application| application.name.clone());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
