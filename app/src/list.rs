use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};
use model::ListQuery;

/// What the address asks of a list.
pub fn list_query() -> Memo<ListQuery> {
    let params = use_query_map();
    Memo::new(move |_| params.with(from_params))
}

fn from_params(params: &ParamsMap) -> ListQuery {
    let text = |key| params.get_str(key).unwrap_or_default().to_owned();
    ListQuery {
        q: text("q"),
        page: text("page").parse().unwrap_or(1),
        sort: text("sort"),
        filter: text("filter"),
        target: String::new(),
    }
}

/// The address of the same list, asked otherwise. What is not set is left out.
pub fn address(path: &str, query: &ListQuery) -> String {
    let mut params = ParamsMap::new();
    let page = if query.page_number() > 1 { query.page.to_string() } else { String::new() };
    for (key, value) in
        [("q", query.q.clone()), ("filter", query.filter.clone()), ("sort", query.sort.clone()), ("page", page)]
    {
        if !value.is_empty() {
            params.insert(key, value);
        }
    }
    format!("{path}{}", params.to_query_string())
}

/// The address of a page with one parameter.
pub fn linked(path: &str, key: &'static str, value: &str) -> String {
    let mut params = ParamsMap::new();
    params.insert(key, value.to_owned());
    format!("{path}{}", params.to_query_string())
}

/// A name as one segment of a path (RFC 3986 §2.3), the same on the server and in the browser.
pub fn segment(name: &str) -> String {
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    name.bytes().map(escape).collect()
}

/// The sort that a click on a column leads to: ascending first, then descending.
pub fn next_sort(now: &str, column: &str, is_default: bool) -> String {
    let ascending = now == column || (now.is_empty() && is_default);
    if ascending { format!("-{column}") } else { column.to_owned() }
}

/// `aria-sort` of a column.
pub fn sort_state(now: &str, column: &str, is_default: bool) -> &'static str {
    match now.strip_prefix('-') {
        Some(descending) if descending == column => "descending",
        None if now == column || (now.is_empty() && is_default) => "ascending",
        _ => "none",
    }
}

/// Path and query of the page, to come back to.
pub fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let search = location.search.get();
        let path = location.pathname.get();
        if search.is_empty() { path } else { format!("{path}?{search}") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_on_a_column_turns_the_order_round() {
        assert_eq!(next_sort("", "name", true), "-name");
        assert_eq!(next_sort("", "email", false), "email");
        assert_eq!(next_sort("email", "email", false), "-email");
        assert_eq!(next_sort("-email", "email", false), "email");
        assert_eq!(sort_state("-email", "email", false), "descending");
        assert_eq!(sort_state("", "name", true), "ascending");
    }

    #[test]
    fn a_name_stays_one_segment_of_the_path() {
        assert_eq!(segment("idp-2027"), "idp-2027");
        assert_eq!(segment("AWS role/é?#"), "AWS%20role%2F%C3%A9%3F%23");
    }

    #[test]
    #[cfg(feature = "ssr")]
    fn a_search_cannot_add_parameters_to_the_address() {
        let query = ListQuery { q: "a&page=9#x".into(), ..ListQuery::default() };
        let address = address("/admin/users", &query);
        assert_eq!(address.matches('&').count() + address.matches('#').count(), 0, "{address}");
    }
}
