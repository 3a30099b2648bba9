use std::ops::Bound;

use domain::port::{Kind, StoreError, UserRecord};
use model::{ListQuery, Page, Role, UserRow, Versioned};
use surrealdb::types::{Array, Number, Object, RecordId, RecordIdKey, RecordIdKeyRange, Value, Variables};

use crate::document::{record, table, versioned};
use crate::engine::{Engine, variables};

/// What a user's row has beside the document.
pub(crate) fn columns(record: &UserRecord) -> Object {
    let user = &record.user;
    let (name, email) = (user.name.to_lowercase(), user.email.to_lowercase());
    let active_role = if user.active { Value::String(role_word(user.role).to_owned()) } else { Value::None };
    let mut row = Object::new();
    row.insert("search", format!("{}\n{name}\n{email}", user.username.to_lowercase()));
    row.insert("name_key", name);
    row.insert("email_key", email);
    row.insert("active_role", active_role);
    row.insert("groups", Value::Array(user.groups.iter().cloned().collect::<Array>()));
    row
}

pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    }
}

const BY_USERNAME: &str = "SELECT version, body FROM ONLY $id";

pub(crate) async fn user(engine: &Engine, username: &str) -> Result<Option<Versioned<UserRecord>>, StoreError> {
    let id = record(Kind::User, &username.to_lowercase());
    let mut answer = engine.read(BY_USERNAME, variables([("id", id)])).await?;
    answer.rows(0)?.pop().map(|row| versioned(Kind::User, row)).transpose()
}

/// The texts of one order: without a search (walked in order, only the page is read) and with one (a scan of the
/// table, for a substring has no index).
macro_rules! listing {
    ($order:literal) => {
        (
            concat!(
                "SELECT id, name_key, email_key, version, body FROM user ORDER BY ",
                $order,
                " LIMIT $limit START $start; (SELECT count() FROM user GROUP ALL)[0].count;"
            ),
            concat!(
                "SELECT id, name_key, email_key, version, body FROM user WHERE string::contains(search, $q) ORDER BY ",
                $order,
                " LIMIT $limit START $start; \
                (SELECT count() FROM user WHERE string::contains(search, $q) GROUP ALL)[0].count;"
            ),
        )
    };
}

/// A page of the list. An order that is not known is the order by username.
pub(crate) async fn users(engine: &Engine, query: &ListQuery) -> Result<Page<UserRow>, StoreError> {
    let (all, searched) = match query.sort.as_str() {
        "-username" => listing!("id DESC"),
        "name" => listing!("name_key, id"),
        "-name" => listing!("name_key DESC, id DESC"),
        "email" => listing!("email_key, id"),
        "-email" => listing!("email_key DESC, id DESC"),
        _ => listing!("id"),
    };
    let q = query.q.trim().to_lowercase();
    let text = if q.is_empty() { all } else { searched };
    let mut answer = engine.read(text, page_variables(query, q)).await?;
    let rows = answer.rows(0)?.into_iter().map(|row| Ok(list_row(versioned::<UserRecord>(Kind::User, row)?.value)));
    Ok(Page {
        rows: rows.collect::<Result<_, StoreError>>()?,
        total: answer.number(1)?,
        page: query.page_number(),
        page_size: ListQuery::PAGE_SIZE,
    })
}

/// `$q`, `$limit` and `$start` of a list.
pub(crate) fn page_variables(query: &ListQuery, q: String) -> Variables {
    let start = i64::try_from(query.offset()).unwrap_or(i64::MAX);
    variables([
        ("q", Value::String(q)),
        ("limit", Value::Number(Number::Int(i64::from(ListQuery::PAGE_SIZE)))),
        ("start", Value::Number(Number::Int(start))),
    ])
}

fn list_row(record: UserRecord) -> UserRow {
    let user = record.user;
    UserRow { username: user.username, name: user.name, email: user.email, active: user.active, role: user.role }
}

/// The database reads all of a range that it knows when it plans, and cuts off what is over the limit then: who walks through
/// everybody page by page would read everybody for each page. A range that is worked out when the statement runs is read up
/// to the limit, and a function of what is inside a parameter is worked out then.
macro_rules! after {
    ($explain:literal) => {
        concat!("SELECT id, version, body FROM type::record($walk.rest) ORDER BY id LIMIT $limit", $explain)
    };
}

const AFTER: &str = after!("");
/// How the database goes about it.
#[cfg(test)]
pub(crate) const AFTER_EXPLAINED: &str = after!(" EXPLAIN FULL");

/// A range of record ids: reads what it returns and no more.
pub(crate) async fn users_after(
    engine: &Engine,
    after: &str,
    limit: u32,
) -> Result<Vec<Versioned<UserRecord>>, StoreError> {
    let mut answer = engine.read(AFTER, walk(after, limit)).await?;
    answer.rows(0)?.into_iter().map(|row| versioned(Kind::User, row)).collect()
}

/// `$walk` and `$limit` of a page of a walk.
pub(crate) fn walk(after: &str, limit: u32) -> Variables {
    let start = match after {
        "" => Bound::Unbounded,
        after => Bound::Excluded(RecordIdKey::String(after.to_owned())),
    };
    let range = RecordIdKey::Range(Box::new(RecordIdKeyRange { start, end: Bound::Unbounded }));
    let mut walk = Object::new();
    walk.insert("rest", Value::RecordId(RecordId { table: table(Kind::User).into(), key: range }));
    let limit = Value::Number(Number::Int(i64::from(limit)));
    variables([("walk", Value::Object(walk)), ("limit", limit)])
}

const MEMBERS: &str = "SELECT VALUE body.user.username FROM user WHERE groups CONTAINS $group";

pub(crate) async fn members_of(engine: &Engine, group: &str) -> Result<Vec<String>, StoreError> {
    let mut answer = engine.read(MEMBERS, variables([("group", Value::String(group.to_owned()))])).await?;
    let mut members = answer
        .rows(0)?
        .into_iter()
        .map(|name| name.into_string().map_err(|_| StoreError::Corrupt("a user without a username".to_owned())))
        .collect::<Result<Vec<_>, _>>()?;
    members.sort_by_key(|name| name.to_lowercase());
    Ok(members)
}

const ADMINISTRATORS: &str = "(SELECT count() FROM user WHERE active_role = $role GROUP ALL)[0].count";

pub(crate) async fn count_administrators(engine: &Engine) -> Result<u64, StoreError> {
    let role = Value::String(role_word(Role::Administrator).to_owned());
    engine.read(ADMINISTRATORS, variables([("role", role)])).await?.number(0)
}
