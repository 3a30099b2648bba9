use domain::port::{Lease, LeaseClaim, MirrorMark, MirrorText, StoreError};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value, Variables};

use crate::capacity::Capacity;
use crate::engine::{Engine, variables};
use crate::failure::Failure;

/// The longest piece of a snapshot, in bytes.
const PIECE: usize = 256 * 1024;
/// Pieces that one statement writes.
const GROUP: usize = 16;

fn named(table: &str, provider: &str) -> Value {
    Value::RecordId(RecordId::new(table, provider))
}

fn numbered(table: &str, provider: &str, number: u64) -> Value {
    Value::RecordId(RecordId::new(table, key(provider, number)))
}

/// Sorts by number within a provider. A name has no control characters, so none is the beginning of another.
fn key(provider: &str, number: u64) -> String {
    format!("{provider}\u{1}{number:020}")
}

/// All records of a provider in a table.
fn range(table: &str, provider: &str) -> Value {
    let bound = |last: char| RecordIdKey::String(format!("{provider}{last}"));
    let range = RecordIdKeyRange {
        start: std::ops::Bound::Included(bound('\u{1}')),
        end: std::ops::Bound::Excluded(bound('\u{2}')),
    };
    Value::RecordId(RecordId { table: table.into(), key: RecordIdKey::Range(Box::new(range)) })
}

fn int(number: u64) -> Value {
    Value::Number(Number::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// The lease of a worker that lives, or of one that is over, or nobody's.
const LEASE: &str = "
RETURN {
    LET $was = (SELECT holder, fence, expires FROM ONLY $id);
    IF $was != NONE AND $was.holder != $holder AND $was.expires > $now AND !$sole { RETURN 0 };
    LET $fence = IF $was = NONE { 1 } ELSE IF $was.holder = $holder { $was.fence } ELSE { $was.fence + 1 };
    UPSERT $id SET holder = $holder, fence = $fence, expires = $expires RETURN NONE;
    RETURN $fence;
};
";

pub(crate) async fn lease(engine: &Engine, claim: LeaseClaim<'_>) -> Result<Option<Lease>, StoreError> {
    let bound = variables([
        ("id", named("scim_lease", claim.provider)),
        ("holder", Value::String(claim.holder.to_owned())),
        ("now", Value::Number(Number::Int(claim.now))),
        ("expires", Value::Number(Number::Int(claim.expires))),
        ("sole", Value::Bool(claim.sole)),
    ]);
    let fence = engine.write(LEASE, bound).await?.number(0)?;
    Ok((fence > 0).then_some(Lease { fence }))
}

const RELEASE: &str = "UPDATE $id SET expires = 0 WHERE holder = $holder RETURN NONE";

pub(crate) async fn release(engine: &Engine, provider: &str, holder: &str) -> Result<(), StoreError> {
    let bound = variables([("id", named("scim_lease", provider)), ("holder", Value::String(holder.to_owned()))]);
    engine.write(RELEASE, bound).await?;
    Ok(())
}

const MIRROR: &str = "
BEGIN;
SELECT id, text FROM $pieces ORDER BY id;
SELECT id, text FROM $journal ORDER BY id;
COMMIT;
";

pub(crate) async fn mirror(engine: &Engine, provider: &str) -> Result<MirrorText, StoreError> {
    let bound = variables([("pieces", range("scim_mirror", provider)), ("journal", range("scim_journal", provider))]);
    let mut answer = engine.read(MIRROR, bound).await?;
    let pieces = answer.rows(1)?.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let journal = answer.rows(2)?.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let snapshot = (!pieces.is_empty()).then(|| pieces.into_iter().map(|(_, text)| text).collect());
    Ok(MirrorText { snapshot, journal })
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("a part of a SCIM mirror that cannot be read".to_owned())
}

/// Number and text of a row.
fn text(row: Value) -> Result<(u64, String), StoreError> {
    let Value::Object(mut row) = row else { return Err(corrupt()) };
    let (Some(id), Some(Value::String(text))) = (row.remove("id"), row.remove("text")) else { return Err(corrupt()) };
    Ok((number(id)?, text))
}

/// The number in the identifier of a row.
fn number(id: Value) -> Result<u64, StoreError> {
    let Value::RecordId(RecordId { key: RecordIdKey::String(key), .. }) = id else { return Err(corrupt()) };
    key.rsplit('\u{1}').next().and_then(|number| number.parse().ok()).ok_or_else(corrupt)
}

/// The note that holds the mark of a snapshot.
const MARK: &str = "mirror";

const WHICH: &str = "
BEGIN;
SELECT VALUE body FROM ONLY $mark;
SELECT VALUE id FROM $journal ORDER BY id DESC LIMIT 1;
COMMIT;
";

pub(crate) async fn mirror_mark(engine: &Engine, provider: &str) -> Result<MirrorMark, StoreError> {
    let bound = variables([("mark", noted(provider, MARK)), ("journal", range("scim_journal", provider))]);
    let mut answer = engine.read(WHICH, bound).await?;
    let snapshot = match answer.take(1)? {
        Value::String(mark) => Some(mark),
        _ => None,
    };
    let entry = answer.rows(2)?.into_iter().next().map_or(Ok(0), number)?;
    Ok(MirrorMark { snapshot, entry })
}

/// What an earlier worker wants to write is refused.
macro_rules! fenced {
    ($body:literal) => {
        concat!(
            "BEGIN;\nIF (SELECT VALUE fence FROM ONLY $lease) != $fence { THROW 'rolecall:fence' };\n",
            $body,
            "\nCOMMIT;\n"
        )
    };
}

/// Refused as well: what could not be read again.
async fn write(engine: &Engine, text: &'static str, bound: Variables, capacity: Capacity) -> Result<(), StoreError> {
    capacity.take(&bound, 0)?;
    match engine.write(text, bound).await {
        Ok(_) => Ok(()),
        Err(Failure::Thrown(text)) if text == "rolecall:fence" => {
            Err(StoreError::Unavailable("another worker has taken over".to_owned()))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn row(table: &str, provider: &str, number: u64, text: String) -> Value {
    let mut row = Object::new();
    row.insert("id", numbered(table, provider, number));
    row.insert("text", text);
    Value::Object(row)
}

const APPEND: &str = fenced!("INSERT INTO scim_journal $rows RETURN NONE;");

/// In as many transactions as it takes: a journal that ends with any of its entries is a mirror. Where one entry alone does
/// not fit, nothing is written, or it would be again and again.
pub(crate) async fn append(
    engine: &Engine,
    provider: &str,
    lease: Lease,
    entries: Vec<(u64, String)>,
    capacity: Capacity,
) -> Result<(), StoreError> {
    let rows = entries.into_iter().map(|(number, text)| row("scim_journal", provider, number, text));
    let parts: Vec<Variables> = capacity
        .parts(rows)
        .into_iter()
        .map(|part| {
            variables([
                ("lease", named("scim_lease", provider)),
                ("fence", int(lease.fence)),
                ("rows", Value::Array(part.into_iter().collect::<Array>())),
            ])
        })
        .collect();
    for part in &parts {
        capacity.take(part, 0)?;
    }
    for part in parts {
        write(engine, APPEND, part, capacity).await?;
    }
    Ok(())
}

const REPLACE: &str = fenced!(
    "DELETE $pieces RETURN NONE;
DELETE $journal RETURN NONE;
FOR $group IN $rows { INSERT INTO scim_mirror $group RETURN NONE };
UPSERT $mark SET body = $body RETURN NONE;"
);

pub(crate) async fn replace(
    engine: &Engine,
    provider: &str,
    lease: Lease,
    (snapshot, mark): (&str, &str),
    capacity: Capacity,
) -> Result<(), StoreError> {
    let pieces = pieces(snapshot);
    let mut number = 0u64;
    let mut groups = Array::new();
    for group in pieces.chunks(GROUP) {
        let parts = group.iter().map(|piece| {
            number += 1;
            row("scim_mirror", provider, number, (*piece).to_owned())
        });
        groups.push(Value::Array(parts.collect::<Array>()));
    }
    let bound = variables([
        ("lease", named("scim_lease", provider)),
        ("fence", int(lease.fence)),
        ("pieces", range("scim_mirror", provider)),
        ("journal", range("scim_journal", provider)),
        ("rows", Value::Array(groups)),
        ("mark", noted(provider, MARK)),
        ("body", Value::String(mark.to_owned())),
    ]);
    write(engine, REPLACE, bound, capacity).await
}

/// The text cut where characters end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > PIECE {
        let mut at = PIECE;
        while !rest.is_char_boundary(at) {
            at -= 1;
        }
        let (piece, more) = rest.split_at(at);
        pieces.push(piece);
        rest = more;
    }
    pieces.push(rest);
    pieces
}

const BODY: &str = "SELECT VALUE body FROM ONLY $id";

pub(crate) async fn state(engine: &Engine, provider: &str) -> Result<Option<String>, StoreError> {
    body(engine, named("scim_state", provider)).await
}

async fn body(engine: &Engine, id: Value) -> Result<Option<String>, StoreError> {
    let mut answer = engine.read(BODY, variables([("id", id)])).await?;
    match answer.take(0)? {
        Value::String(body) => Ok(Some(body)),
        _ => Ok(None),
    }
}

const PUT_BODY: &str = fenced!("UPSERT $id SET body = $body RETURN NONE;");

pub(crate) async fn put_state(
    engine: &Engine,
    provider: &str,
    lease: Lease,
    body: &str,
    capacity: Capacity,
) -> Result<(), StoreError> {
    let bound = variables([
        ("lease", named("scim_lease", provider)),
        ("fence", int(lease.fence)),
        ("id", named("scim_state", provider)),
        ("body", Value::String(body.to_owned())),
    ]);
    write(engine, PUT_BODY, bound, capacity).await
}

/// The table of notes.
pub(crate) const NOTES: &str = "scim_note";

pub(crate) fn note_key(provider: &str, name: &str) -> String {
    format!("{provider}\u{1}{name}")
}

pub(crate) fn noted(provider: &str, name: &str) -> Value {
    Value::RecordId(RecordId::new(NOTES, note_key(provider, name)))
}

pub(crate) async fn note(engine: &Engine, provider: &str, name: &str) -> Result<Option<String>, StoreError> {
    body(engine, noted(provider, name)).await
}

const DROP: &str = fenced!("DELETE $id RETURN NONE;");

pub(crate) async fn put_note(
    engine: &Engine,
    provider: &str,
    lease: Lease,
    (name, text): (&str, Option<&str>),
    capacity: Capacity,
) -> Result<(), StoreError> {
    let bound = variables([
        ("lease", named("scim_lease", provider)),
        ("fence", int(lease.fence)),
        ("id", noted(provider, name)),
        ("body", Value::String(text.unwrap_or_default().to_owned())),
    ]);
    write(engine, if text.is_some() { PUT_BODY } else { DROP }, bound, capacity).await
}

/// The lease stays: its fence must not begin again.
const FORGET: &str = "
BEGIN;
DELETE $pieces RETURN NONE;
DELETE $journal RETURN NONE;
DELETE $state RETURN NONE;
DELETE $notes RETURN NONE;
UPDATE $lease SET fence += 1, expires = 0 RETURN NONE;
COMMIT;
";

pub(crate) async fn forget(engine: &Engine, provider: &str) -> Result<(), StoreError> {
    let bound = variables([
        ("pieces", range("scim_mirror", provider)),
        ("journal", range("scim_journal", provider)),
        ("state", named("scim_state", provider)),
        ("notes", range(NOTES, provider)),
        ("lease", named("scim_lease", provider)),
    ]);
    engine.write(FORGET, bound).await?;
    Ok(())
}
