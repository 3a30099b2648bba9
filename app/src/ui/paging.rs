use leptos::prelude::*;
use leptos_router::components::A;
use model::ListQuery;

use super::many;
use crate::list::address;

/// How many there are, and the way to the other pages.
#[component]
pub fn Paging(
    #[prop(into)] path: String,
    query: ListQuery,
    total: u64,
    page_size: u32,
    /// What is counted, as one of them: `user`.
    noun: &'static str,
) -> impl IntoView {
    let page = query.page_number();
    let pages = total.div_ceil(u64::from(page_size.max(1))).max(1);
    let link = |page: u32| address(&path, &ListQuery { page, ..query.clone() });
    let previous = (page > 1).then(|| view! { <A href=link(page - 1) attr:rel="prev">"Previous"</A> });
    let next = (u64::from(page) < pages).then(|| view! { <A href=link(page + 1) attr:rel="next">"Next"</A> });
    view! {
        <nav class="paging" aria-label="Pages">
            <span data-total=total.to_string()>{format!("{}, page {page} of {pages}", many(total, noun))}</span>
            {previous}
            {next}
        </nav>
    }
}
