use leptos::prelude::*;
use leptos_router::components::A;
use model::ListQuery;

use crate::list::{address, next_sort, sort_state};

/// The head of a column that sorts.
#[component]
pub fn SortHeader(
    #[prop(into)] path: String,
    query: ListQuery,
    /// As the list's sort names it.
    column: &'static str,
    #[prop(into)] label: String,
    /// The list is in this order when nothing is asked.
    #[prop(optional)]
    is_default: bool,
) -> impl IntoView {
    let state = sort_state(&query.sort, column, is_default);
    let mark = match state {
        "ascending" => " ↑",
        "descending" => " ↓",
        _ => "",
    };
    let sort = next_sort(&query.sort, column, is_default);
    let href = address(&path, &ListQuery { sort, page: 1, ..query });
    view! { <th scope="col" aria-sort=state><A href=href>{label}<span aria-hidden="true">{mark}</span></A></th> }
}
