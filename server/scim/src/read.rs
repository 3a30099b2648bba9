//! Reading whole lists, page by page.

use crate::dialect::{Dialect, MembersRead, Paging};
use crate::id::{Kind, RemoteId};
use crate::wire::{ListResponse, Method, Request, Resource, identifier, quoted, remote_id, resource_path};
use serde_json::Value;

/// Where a reading stands. Ask [`Pager::request`], give the answer to [`Pager::accept`], until there is no request.
#[derive(Clone, Debug)]
pub struct Pager {
    endpoint: String,
    filter: Option<String>,
    paging: Paging,
    at: Position,
    /// The first resource of the last page.
    first: Option<RemoteId>,
    repeats: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Position {
    Cursor(String),
    Index(u64),
    End,
}

impl Pager {
    /// Every user or every group.
    #[must_use]
    pub fn all(kind: Kind, dialect: &Dialect) -> Self {
        Self::new(kind, None, dialect)
    }

    /// The users in a group, for a service that does not show members in the group. `None` for one that does: read the
    /// group itself by [`group_request`], and its members by [`members_in`].
    #[must_use]
    pub fn members(group: &RemoteId, dialect: &Dialect) -> Option<Self> {
        match dialect.members_read {
            MembersRead::InGroup => None,
            MembersRead::UsersByGroup => {
                let filter = format!("groups.value eq {}", quoted(group.as_str()));
                Some(Self::new(Kind::User, Some(filter), dialect))
            }
        }
    }

    fn new(kind: Kind, filter: Option<String>, dialect: &Dialect) -> Self {
        let at = match dialect.paging {
            Paging::Cursor(_) => Position::Cursor(String::new()),
            Paging::StartIndex(_) => Position::Index(1),
        };
        let endpoint = dialect.endpoint(kind).to_owned();
        Self { endpoint, filter, paging: dialect.paging, at, first: None, repeats: false }
    }

    /// The request for the next page; `None` at the end.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        let (Paging::Cursor(most) | Paging::StartIndex(most)) = self.paging;
        let (name, value) = match &self.at {
            Position::Cursor(cursor) => ("cursor", cursor.clone()),
            Position::Index(index) => ("startIndex", index.to_string()),
            Position::End => return None,
        };
        let count = most.to_string();
        let mut parameters = vec![(name, value.as_str()), ("count", count.as_str())];
        // A cursor is only good with the filter that it came from.
        parameters.extend(self.filter.as_deref().map(|filter| ("filter", filter)));
        Some(Request::query(&self.endpoint, &parameters))
    }

    /// Goes on after a page. A page may be short and still not be the last; a cursor that stays is the end of it.
    pub fn accept(&mut self, page: &ListResponse) {
        let first = page.resources.first().and_then(remote_id);
        if first.is_some() && first == self.first {
            (self.repeats, self.at) = (true, Position::End);
            return;
        }
        self.first = first;
        self.at = match &self.at {
            Position::Cursor(cursor) => match &page.next_cursor {
                Some(next) if next != cursor => Position::Cursor(next.clone()),
                _ => Position::End,
            },
            Position::Index(index) => {
                let next = index + page.resources.len() as u64;
                let more = !page.resources.is_empty() && page.total.is_none_or(|total| next <= total);
                if more { Position::Index(next) } else { Position::End }
            }
            Position::End => Position::End,
        };
    }

    /// Whether the service sent the same page again instead of the next one: what was read is not everything, and must
    /// not be taken for it.
    #[must_use]
    pub fn repeats(&self) -> bool {
        self.repeats
    }
}

/// The request for one group.
#[must_use]
pub fn group_request(group: &RemoteId, dialect: &Dialect) -> Request {
    Request::bare(Method::Get, resource_path(dialect.endpoint(Kind::Group), group.as_str()))
}

/// The members that a group shows (RFC 7643 §4.2). Some servers send numbers.
#[must_use]
pub fn members_in(group: &Resource) -> Vec<RemoteId> {
    let rows = group.get("members").and_then(Value::as_array).into_iter().flatten();
    rows.filter_map(|row| identifier(row.get("value")?)).collect()
}

/// The cheapest request that tells whether address and token are good.
#[must_use]
pub fn probe_request() -> Request {
    Request::bare(Method::Get, "/ServiceProviderConfig")
}

/// The request for what a server says of its attributes (RFC 7644 §4).
#[must_use]
pub fn schemas_request() -> Request {
    Request::bare(Method::Get, "/Schemas")
}

/// The request for which resources a server has, and where (RFC 7644 §4).
#[must_use]
pub fn resource_types_request() -> Request {
    Request::bare(Method::Get, "/ResourceTypes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ServiceProviderConfig;

    fn page(rows: usize, total: Option<u64>, next: Option<&str>) -> ListResponse {
        let resources = vec![Resource::new(); rows];
        ListResponse { resources, total, next_cursor: next.map(str::to_owned), ..ListResponse::default() }
    }

    #[test]
    fn a_cursor_is_followed_with_the_same_filter_until_there_is_none() {
        let mut pager = Pager::members(&RemoteId::from("g"), &Dialect::aws()).unwrap();
        let filter = "filter=groups.value%20eq%20%22g%22";
        assert_eq!(pager.request().unwrap().path, format!("/Users?cursor=&count=100&{filter}"));
        pager.accept(&page(3, None, Some("n=")));
        assert_eq!(pager.request().unwrap().path, format!("/Users?cursor=n%3D&count=100&{filter}"));
        pager.accept(&page(0, None, Some("n=")));
        assert_eq!(pager.request(), None);
    }

    #[test]
    fn a_service_that_sends_the_first_page_again_and_again_is_found_out() {
        let mut pager = Pager::all(Kind::User, &Dialect::rfc7644(&ServiceProviderConfig::default()));
        let body = br#"{"totalResults":50,"startIndex":1,"Resources":[{"id":"a"},{"id":"b"}]}"#;
        let page = ListResponse::read(body).unwrap();
        pager.accept(&page);
        assert!(pager.request().is_some() && !pager.repeats());
        pager.accept(&page);
        assert!(pager.request().is_none() && pager.repeats());
    }

    #[test]
    fn members_are_read_whether_they_are_texts_or_numbers() {
        let group = serde_json::json!({"members": [{"value": "a"}, {"value": 17}, {"value": null}, {}, "b"]});
        assert_eq!(members_in(group.as_object().unwrap()), [RemoteId::from("a"), RemoteId::from("17")]);
    }

    #[test]
    fn an_index_moves_by_what_came_and_ends_at_the_total_or_at_nothing() {
        let dialect = Dialect::rfc7644(&ServiceProviderConfig::default());
        let mut pager = Pager::all(Kind::Group, &dialect);
        assert_eq!(pager.request().unwrap().path, "/Groups?startIndex=1&count=100");
        pager.accept(&page(40, Some(50), None));
        assert_eq!(pager.request().unwrap().path, "/Groups?startIndex=41&count=100");
        pager.accept(&page(10, Some(50), None));
        assert_eq!(pager.request(), None);
        let mut pager = Pager::all(Kind::Group, &dialect);
        pager.accept(&page(0, None, None));
        assert_eq!(pager.request(), None);
    }
}
