use domain::port::{ChangeSet, Document, Expect, Kind, StoreError, Write};
use model::{BindingSubject, Role};
use surrealdb::types::{Array, Number, Object, Value, Variables};

use crate::capacity::Capacity;
use crate::document::{record, row};
use crate::engine::{Engine, variables};
use crate::event::{self, insert_events};
use crate::failure::Failure;
use crate::user::role_word;

/// One text for all change sets. Two transactions that write the same record never both commit, and what a write
/// expects is said of the record it writes, so the checks hold when the transaction does. A `THROW` undoes all of it
/// and says which write failed by its place.
///
/// A write that names a group was made by somebody who saw that group. One that was renamed since then is not there any
/// more, and who joined it under its old name would be in no group: such a write is stale.
///
/// Whether an administrator is left holds when the transaction does as well, for all of them write the epoch: of two
/// administrators who take each other's role away at once, the second is refused.
const COMMIT: &str = concat!(
    "
BEGIN;
LET $left = object::keys((SELECT VALUE body.value.free FROM ONLY setting:group_ids) ?? {});
FOR $write IN $writes {
    LET $id = $write.id;
    LET $was = (SELECT VALUE version FROM ONLY $id);
    IF $write.absent AND $was != NONE { THROW 'rolecall:exists:' + <string>$write.place };
    IF $write.version != NULL AND $was != $write.version { THROW 'rolecall:stale:' + <string>$write.place };
    IF $write.epoch != NULL AND (SELECT VALUE number FROM ONLY epoch:main) != $write.epoch
        { THROW 'rolecall:stale:' + <string>$write.place };
    IF $write.row = NULL {
        DELETE $id RETURN NONE
    } ELSE {
        UPSERT $id CONTENT object::extend($write.row, { version: ($was ?? 0) + 1 }) RETURN NONE
    };
};
FOR $write IN (IF array::len($left) = 0 { [] } ELSE { $writes }) {
    FOR $group IN $write.groups {
        IF $group.name IN $left AND (SELECT VALUE version FROM ONLY $group.id) = NONE
            { THROW 'rolecall:stale:' + <string>$write.place };
    };
};
IF $takes_administrator AND (SELECT VALUE id FROM user WHERE active_role = $administrator LIMIT 1) = []
    { THROW 'rolecall:administrator' };
FOR $username IN $ended {
    UPDATE session SET ended = true, body = NONE WHERE username = $username AND ended = false RETURN NONE;
};
",
    insert_events!(),
    "UPSERT ONLY epoch:main SET number += 1 RETURN VALUE number;
COMMIT;
"
);
/// Which statement of the text raises the epoch.
const EPOCH: usize = 8;

/// A session that somebody began while the transaction was under way was not there for it to see, and whoever began it
/// could not see the transaction yet.
const BEGUN_MEANWHILE: &str = "
FOR $username IN $ended {
    UPDATE session SET ended = true, body = NONE WHERE username = $username AND ended = false RETURN NONE;
};
";

/// Carries a change set out and returns the new epoch.
pub(crate) async fn commit(engine: &Engine, change: &ChangeSet, capacity: Capacity) -> Result<u64, StoreError> {
    let bound = bind(change)?;
    let deletions = change.writes.iter().filter(|write| matches!(write, Write::Delete { .. })).count();
    capacity.take(&bound, deletions as u64)?;
    let result = engine.write(COMMIT, bound).await;
    let epoch = match result {
        Ok(mut answer) => answer.number(EPOCH)?,
        Err(Failure::Thrown(text)) => return Err(refused(&text, &change.writes)),
        Err(failure) => return Err(failure.into()),
    };
    if !change.end_sessions_of.is_empty() {
        engine.write(BEGUN_MEANWHILE, variables([("ended", ended(change))])).await?;
    }
    Ok(epoch)
}

/// Whose sessions end.
fn ended(change: &ChangeSet) -> Value {
    Value::Array(change.end_sessions_of.iter().map(|username| username.to_lowercase()).collect())
}

fn bind(change: &ChangeSet) -> Result<Variables, StoreError> {
    let writes = change.writes.iter().enumerate().map(|(place, write)| bind_write(place, write));
    let writes = writes.collect::<Result<Array, StoreError>>()?;
    let mut bound = variables([
        ("writes", Value::Array(writes)),
        ("ended", ended(change)),
        ("takes_administrator", Value::Bool(change.takes_administrator)),
        ("administrator", Value::String(role_word(Role::Administrator).to_owned())),
    ]);
    event::Rows::of(&change.events)?.bind(&mut bound);
    Ok(bound)
}

fn bind_write(place: usize, write: &Write) -> Result<Value, StoreError> {
    let groups = match write {
        Write::Put { document, .. } => named_groups(document),
        Write::Delete { .. } => Vec::new(),
    };
    let (id, row, expect) = match write {
        Write::Put { document, expect } => {
            (record(document.kind(), &document.key()), Value::Object(row(document)?), *expect)
        }
        Write::Delete { kind, key, expect } => (record(*kind, &key_of(*kind, key)), Value::Null, *expect),
    };
    // No document ever has a version past i64: what expects one is stale, not an error.
    let number = |number: u64| Value::Number(Number::Int(i64::try_from(number).unwrap_or(-1)));
    let (version, epoch) = match expect {
        Expect::Version(version) => (number(version), Value::Null),
        Expect::Epoch(epoch) => (Value::Null, number(epoch)),
        Expect::Anything | Expect::Absent => (Value::Null, Value::Null),
    };
    let mut bound = Object::new();
    bound.insert("place", i64::try_from(place).unwrap_or(-1));
    bound.insert("id", id);
    bound.insert("row", row);
    bound.insert("absent", expect == Expect::Absent);
    bound.insert("version", version);
    bound.insert("epoch", epoch);
    bound.insert("groups", Value::Array(groups.into_iter().map(named_group).collect::<Array>()));
    Ok(Value::Object(bound))
}

/// The groups that a document names.
fn named_groups(document: &Document) -> Vec<&str> {
    match document {
        Document::User(record) => record.user.groups.iter().map(String::as_str).collect(),
        Document::Group(group) => group.parents.iter().map(String::as_str).collect(),
        Document::ScimProvider(record) => record.provider.groups.iter().map(String::as_str).collect(),
        Document::Application(application) => {
            let bound = application.bindings.iter().filter_map(|binding| match &binding.subject {
                BindingSubject::Group(name) => Some(name.as_str()),
                _ => None,
            });
            bound.chain(application.aws_roles.iter().flat_map(|role| &role.groups).map(String::as_str)).collect()
        }
        _ => Vec::new(),
    }
}

fn named_group(name: &str) -> Value {
    let mut named = Object::new();
    named.insert("name", name.to_owned());
    named.insert("id", record(Kind::Group, name));
    Value::Object(named)
}

/// The key as [`Document::key`] makes it, for those who spell a username as its owner does.
pub(crate) fn key_of(kind: Kind, key: &str) -> String {
    if kind == Kind::User { key.to_lowercase() } else { key.to_owned() }
}

/// What a `THROW` of the text tells the caller.
fn refused(thrown: &str, writes: &[Write]) -> StoreError {
    if thrown == "rolecall:administrator" {
        return StoreError::LastAdministrator;
    }
    let mut parts = thrown.split(':');
    let (Some("rolecall"), Some(reason), Some(place)) = (parts.next(), parts.next(), parts.next()) else {
        return StoreError::Unavailable(thrown.to_owned());
    };
    let write = place.parse::<usize>().ok().and_then(|place| writes.get(place));
    let (kind, key) = match write {
        Some(Write::Put { document, .. }) => (document.kind(), Document::key(document)),
        Some(Write::Delete { kind, key, .. }) => (*kind, key.clone()),
        None => return StoreError::Unavailable(thrown.to_owned()),
    };
    if reason == "exists" { StoreError::Exists { kind, key } } else { StoreError::Stale { kind, key } }
}
