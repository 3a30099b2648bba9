//! Creations of which nobody knows what became, found out together.

use super::runner::{Died, World};
use scim::apply::{Answer, Everybody, Outcome, doubted, reading_pays};
use scim::id::Kind;
use scim::read::Pager;
use scim::step::{Action, Step};
use scim::verify::Claims;
use scim::wire::{ListResponse, Request, Resource};

/// What a step creates.
pub fn creates(step: &Step) -> Option<Kind> {
    matches!(step.action, Action::Create { .. }).then_some(step.object.kind)
}

impl World {
    /// By one reading of everything where that takes fewer requests than a question for each.
    pub(super) fn find_out(&mut self, claims: &Claims) -> Result<(), Died> {
        for kind in [Kind::User, Kind::Group] {
            let open = self.mirror.in_flight.iter().filter(|step| self.together && creates(step) == Some(kind));
            let open: Vec<Step> = open.cloned().collect();
            let known = if reading_pays(open.len(), kind, &self.mirror, &self.dialect) {
                Some(Everybody::new(kind, self.read_all(kind, claims)?, &self.dialect))
            } else {
                None
            };
            for step in open {
                let mut outcome = Outcome::Unknown { look: doubted(&step).unwrap() };
                while let Outcome::Unknown { look } | Outcome::Conflict { look } = &outcome {
                    let body = known.as_ref().and_then(|known| known.answer(look, &self.dialect));
                    let body = match body {
                        Some(body) => body,
                        None => self.insist(&look.request(&self.mirror, &self.dialect).unwrap(), claims)?,
                    };
                    let answer = Answer::new(200, &body);
                    outcome = look.interpret(&answer, &self.mirror, &self.dialect, self.options.adopt);
                }
                match outcome {
                    Outcome::Done { effect } => self.mirror.record(effect),
                    Outcome::Retry { .. } => {}
                    other => panic!("{other:?}"),
                }
                self.mirror.finish(&step);
            }
        }
        Ok(())
    }

    fn read_all(&mut self, kind: Kind, claims: &Claims) -> Result<Vec<Resource>, Died> {
        let (mut pager, mut rows) = (Pager::all(kind, &self.dialect), Vec::new());
        while let Some(request) = pager.request() {
            let page = ListResponse::read(&self.insist(&request, claims)?).unwrap();
            pager.accept(&page);
            rows.extend(page.resources);
        }
        Ok(rows)
    }

    /// Asks until there is an answer.
    fn insist(&mut self, request: &Request, claims: &Claims) -> Result<Vec<u8>, Died> {
        loop {
            if let Some((200, body)) = self.send(request, claims)? {
                return Ok(body);
            }
        }
    }
}
