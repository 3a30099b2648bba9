use async_trait::async_trait;
use domain::port::{LogoutJourney, LogoutStore, Participant, StoreError};
use surrealdb::types::{Number, Object, RecordId, Value, Variables};

use crate::engine::{Engine, variables};
use crate::{SurrealStore, json};

fn record(table: &str, key: &str) -> Value {
    Value::RecordId(RecordId::new(table, key))
}

const PUT: &str = "UPSERT $id CONTENT $row RETURN NONE";
const OF_SESSION: &str = "SELECT VALUE body FROM participant WHERE session = $of";
const AT: &str = "SELECT VALUE body FROM participant WHERE slug = $slug AND name_id = $name_id";
const FORGET: &str = "DELETE participant WHERE session = $of RETURN NONE";
const JOURNEY: &str = "SELECT VALUE body FROM ONLY $id";
const END: &str = "DELETE $id RETURN NONE";
const OVER: &str = "
DELETE (SELECT VALUE id FROM participant WHERE expires < $now LIMIT 500) RETURN NONE;
";
/// Whoever removes them has them: of several servers one tells.
const LOST: &str = "DELETE (SELECT VALUE id FROM logout WHERE expires < $now LIMIT 500) RETURN BEFORE";

/// Removes what nobody needs to be told of any more.
pub(crate) async fn sweep(engine: &Engine, now: i64) -> Result<(), StoreError> {
    engine.write(OVER, variables([("now", Value::Number(Number::Int(now)))])).await?;
    Ok(())
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

    async fn participants_at(&self, slug: &str, name_id: &str) -> Result<Vec<Participant>, StoreError> {
        let text = |text: &str| Value::String(text.to_owned());
        self.participants(AT, variables([("slug", text(slug)), ("name_id", text(name_id))])).await
    }

    async fn forget_participants(&self, session: &str) -> Result<(), StoreError> {
        self.engine.write(FORGET, variables([("of", Value::String(session.to_owned()))])).await?;
        Ok(())
    }

    async fn put_journey(&self, journey: &LogoutJourney) -> Result<(), StoreError> {
        let mut row = Object::new();
        row.insert("expires", journey.expires);
        row.insert("body", json::encode(journey)?);
        let bound = variables([("id", record("logout", &journey.id)), ("row", Value::Object(row))]);
        self.engine.write(PUT, bound).await?;
        Ok(())
    }

    async fn journey(&self, id: &str) -> Result<Option<LogoutJourney>, StoreError> {
        let mut answer = self.engine.read(JOURNEY, variables([("id", record("logout", id))])).await?;
        answer.rows(0)?.pop().map(|body| json::decode(body, "logout")).transpose()
    }

    async fn end_journey(&self, id: &str) -> Result<(), StoreError> {
        self.engine.write(END, variables([("id", record("logout", id))])).await?;
        Ok(())
    }

    async fn take_lost_journeys(&self, now: i64) -> Result<Vec<LogoutJourney>, StoreError> {
        let mut answer = self.engine.write(LOST, variables([("now", Value::Number(Number::Int(now)))])).await?;
        let rows = answer.rows(0)?.into_iter();
        let bodies = rows.filter_map(|row| match row {
            Value::Object(row) => row.into_inner().remove("body"),
            _ => None,
        });
        bodies.map(|body| json::decode(body, "logout")).collect()
    }
}
