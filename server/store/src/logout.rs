use async_trait::async_trait;
use domain::port::{LogoutJourney, LogoutStore, Participant, StoreError};
use model::Event;
use surrealdb::types::{Number, Object, RecordId, Value, Variables};

use crate::engine::{Answer, Engine, variables};
use crate::event::{self, insert_events};
use crate::failure::Failure;
use crate::{SurrealStore, json};

fn record(table: &str, key: &str) -> Value {
    Value::RecordId(RecordId::new(table, key))
}

const PUT: &str = "UPSERT $id CONTENT $row RETURN NONE";
const OF_SESSION: &str = "SELECT VALUE body FROM participant WHERE session = $of";
const AT: &str = "SELECT VALUE body FROM participant WHERE slug = $slug AND name_id = $name_id";
/// The index of an application narrows it down; it is asked only where the NameID is not known.
const IN: &str = "SELECT VALUE body FROM participant WHERE slug = $slug \
                  AND (body.session_index IN $indexes OR body.also ANYINSIDE $indexes)";
/// Without an index: it is asked where somebody is signed out everywhere, of a table that holds live sessions alone.
const BY: &str = "SELECT VALUE body FROM participant WHERE body.uid = $uid";
const FORGET: &str = "DELETE participant WHERE session = $of RETURN NONE";
const JOURNEY: &str = "SELECT VALUE body FROM ONLY $id";
/// What the `THROW`s below say: there is no such journey any more, or not where it was.
const GONE: &str = "rolecall:gone";
/// The journey and the event that tells of its end, in one transaction: a crash loses neither, and of several servers one
/// tells.
const END: &str = concat!(
    "
BEGIN;
IF (SELECT VALUE expires FROM ONLY $id) = NONE { THROW 'rolecall:gone' };
DELETE $id RETURN NONE;
",
    insert_events!(),
    "COMMIT;
"
);
const OVER: &str = "
DELETE (SELECT VALUE id FROM participant WHERE expires < $now LIMIT 500) RETURN NONE;
";
/// Of two that go on from the same request, one does.
const TURN: &str = "
BEGIN;
IF (SELECT VALUE expires FROM ONLY $id) = NONE { THROW 'rolecall:gone' };
IF ((SELECT VALUE body.waiting.request_id FROM ONLY $id) ?? '') != $asked { THROW 'rolecall:gone' };
UPSERT $id CONTENT $row RETURN NONE;
COMMIT;
";
const LOST: &str = "SELECT VALUE body FROM logout WHERE expires < $now LIMIT 500";

/// Removes what nobody needs to be told of any more.
pub(crate) async fn sweep(engine: &Engine, now: i64) -> Result<(), StoreError> {
    engine.write(OVER, variables([("now", Value::Number(Number::Int(now)))])).await?;
    Ok(())
}

fn journey_row(journey: &LogoutJourney) -> Result<Value, StoreError> {
    let mut row = Object::new();
    row.insert("expires", journey.expires);
    row.insert("body", json::encode(journey)?);
    Ok(Value::Object(row))
}

/// Whether the journey that a transaction was about was there.
fn there(written: Result<Answer, Failure>) -> Result<bool, StoreError> {
    match written {
        Ok(_) => Ok(true),
        Err(Failure::Thrown(text)) if text == GONE => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

impl SurrealStore {
    async fn participants(&self, text: &'static str, bound: Variables) -> Result<Vec<Participant>, StoreError> {
        let mut answer = self.engine.read(text, bound).await?;
        answer.rows(0)?.into_iter().map(|body| json::decode(body, "participant")).collect()
    }
}

#[async_trait]
impl LogoutStore for SurrealStore {
    async fn put_participant(&self, participant: &Participant) -> Result<(), StoreError> {
        let mut row = Object::new();
        row.insert("session", participant.session.clone());
        row.insert("slug", participant.slug.clone());
        row.insert("name_id", participant.name_id.clone());
        row.insert("expires", participant.expires);
        row.insert("body", json::encode(participant)?);
        let id = record("participant", &format!("{}:{}", participant.session, participant.slug));
        self.engine.write(PUT, variables([("id", id), ("row", Value::Object(row))])).await?;
        Ok(())
    }

    async fn participants_of(&self, session: &str) -> Result<Vec<Participant>, StoreError> {
        self.participants(OF_SESSION, variables([("of", Value::String(session.to_owned()))])).await
    }

    async fn participants_by(&self, uid: &str) -> Result<Vec<Participant>, StoreError> {
        self.participants(BY, variables([("uid", Value::String(uid.to_owned()))])).await
    }

    async fn participants_at(&self, slug: &str, name_id: &str) -> Result<Vec<Participant>, StoreError> {
        let text = |text: &str| Value::String(text.to_owned());
        self.participants(AT, variables([("slug", text(slug)), ("name_id", text(name_id))])).await
    }

    async fn participants_in(&self, slug: &str, session_indexes: &[String]) -> Result<Vec<Participant>, StoreError> {
        let bound = variables([("slug", Value::String(slug.to_owned())), ("indexes", json::encode(&session_indexes)?)]);
        self.participants(IN, bound).await
    }

    async fn forget_participants(&self, session: &str) -> Result<(), StoreError> {
        self.engine.write(FORGET, variables([("of", Value::String(session.to_owned()))])).await?;
        Ok(())
    }

    async fn put_journey(&self, journey: &LogoutJourney) -> Result<(), StoreError> {
        let bound = variables([("id", record("logout", &journey.id)), ("row", journey_row(journey)?)]);
        self.engine.write(PUT, bound).await?;
        Ok(())
    }

    async fn turn_journey(&self, asked: &str, journey: &LogoutJourney) -> Result<bool, StoreError> {
        let (id, row) = (record("logout", &journey.id), journey_row(journey)?);
        let bound = variables([("id", id), ("row", row), ("asked", Value::String(asked.to_owned()))]);
        there(self.engine.write(TURN, bound).await)
    }

    async fn journey(&self, id: &str) -> Result<Option<LogoutJourney>, StoreError> {
        let mut answer = self.engine.read(JOURNEY, variables([("id", record("logout", id))])).await?;
        answer.rows(0)?.pop().map(|body| json::decode(body, "logout")).transpose()
    }

    async fn end_journey(&self, id: &str, event: Event) -> Result<bool, StoreError> {
        let events = [event];
        self.log.pass_by(&events);
        let mut bound = variables([("id", record("logout", id))]);
        event::Rows::of(&events)?.bind(&mut bound);
        there(self.engine.write(END, bound).await)
    }

    async fn lost_journeys(&self, now: i64) -> Result<Vec<LogoutJourney>, StoreError> {
        let mut answer = self.engine.read(LOST, variables([("now", Value::Number(Number::Int(now)))])).await?;
        answer.rows(0)?.into_iter().map(|body| json::decode(body, "logout")).collect()
    }
}
