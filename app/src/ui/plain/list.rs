use leptos::prelude::*;
use model::ListQuery;

use crate::{
    list::{address, linked, next_sort, sort_state},
    ui::{Icon, Shape, many},
};

/// A column. With a name it sorts.
pub struct Head(pub &'static str, pub Option<&'static str>);

/// Something that can be done with the rows that are selected: value of `act`, and label.
pub type Act = (&'static str, &'static str);

/// A row: what selects it, what it is called, and its cells, the first of which heads it.
pub struct Row {
    pub key: String,
    pub cells: Vec<AnyView>,
}

/// What rows may be narrowed down to: the label, the word for all of them, and the values.
pub struct Filter(pub &'static str, pub &'static str, pub &'static [&'static str]);

/// A list with search, order, pages and, where there is something to do, boxes to select with.
pub struct List<'a> {
    pub path: &'a str,
    /// What is counted, as one of them: `user`.
    pub noun: &'static str,
    /// Of the table.
    pub label: &'static str,
    /// Of the search.
    pub search: &'static str,
    pub filter: Option<Filter>,
    pub query: ListQuery,
    pub total: u64,
    pub page_size: u32,
    /// The first one that sorts is the order where nothing is asked.
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
    pub acts: Vec<Act>,
    /// All boxes are ticked.
    pub all: bool,
    /// What is shown where there is nothing at all.
    pub empty: AnyView,
}

pub fn list(list: List<'_>) -> AnyView {
    let search = searching(&list);
    if list.rows.is_empty() {
        let body = if list.query.q.is_empty() && list.query.filter.is_empty() {
            list.empty
        } else {
            view! { <p>"Nothing matches. Clear the search to see everything."</p> }.into_any()
        };
        return view! { {search}<div class="empty-state">{body}</div> }.into_any();
    }
    let paging = paging(list.path, &list.query, list.total, list.page_size, list.noun);
    let List { path, label, query, heads, rows, acts, all, .. } = list;
    let default = heads.iter().find_map(|head| head.1).unwrap_or_default();
    let select = (!acts.is_empty()).then(|| view! { <td class="select"><span class="unseen">"Select"</span></td> });
    let heads = heads.into_iter().map(|head| heading(path, &query, head, default)).collect_view();
    let selects = !acts.is_empty();
    let body = rows.into_iter().map(|row| {
        let Row { key, cells } = row;
        let select = selects.then(|| {
            let label = format!("Select {key}");
            view! { <td class="select"><input type="checkbox" name="item" value=key aria-label=label checked=all /></td> }
        });
        let cells = cells.into_iter().enumerate().map(|(place, cell)| match place {
            0 => view! { <th scope="row">{cell}</th> }.into_any(),
            _ => view! { <td>{cell}</td> }.into_any(),
        });
        view! { <tr>{select}{cells.collect_view()}</tr> }
    });
    let table = view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table><thead><tr>{select}{heads}</tr></thead><tbody>{body.collect_view()}</tbody></table>
        </div>
    };
    if !selects {
        return view! { {search}{table}{paging} }.into_any();
    }
    let every = if all {
        view! { <a class="button" href=address(path, &query)>"Select none"</a> }
    } else {
        let here = address(path, &query);
        let every = if here.contains('?') { format!("{here}&select=all") } else { linked(path, "select", "all") };
        view! { <a class="button" href=every>"Select this page"</a> }
    };
    let buttons =
        acts.into_iter().map(|(act, text)| view! { <button type="submit" name="act" value=act>{text}</button> });
    view! {
        {search}
        <form method="post" action=format!("{path}/-/selected")>
            {table}
            <div class="bulk" role="group" aria-label="With the selected rows">{every}{buttons.collect_view()}</div>
        </form>
        {paging}
    }
    .into_any()
}

fn searching(list: &List<'_>) -> AnyView {
    let (path, label, query) = (list.path.to_owned(), list.search, &list.query);
    let all = path.clone();
    let clear = (!query.q.is_empty() || !query.filter.is_empty()).then(|| view! { <a href=all>"Clear"</a> });
    let filter = list.filter.as_ref().map(|Filter(label, every, values)| {
        let options = values.iter().map(|value| {
            let selected = query.filter == *value;
            view! { <option value=*value selected=selected>{*value}</option> }
        });
        view! { <select name="filter" aria-label=*label><option value="">{*every}</option>{options.collect_view()}</select> }
    });
    let sort = (!query.sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=query.sort.clone() /> });
    view! {
        <div class="search" role="search">
            <form method="get" action=path>
                <span class="search-box">
                    <Icon shape=Shape::Search />
                    <input id="search" type="search" name="q" aria-label=label placeholder=label value=query.q.clone() />
                </span>
                {filter}
                {sort}
                <button type="submit">"Search"</button>
                {clear}
            </form>
        </div>
    }
    .into_any()
}

fn heading(path: &str, query: &ListQuery, head: Head, default: &str) -> AnyView {
    let Head(label, Some(column)) = head else { return view! { <th scope="col">{head.0}</th> }.into_any() };
    let is_default = column == default;
    let state = sort_state(&query.sort, column, is_default);
    let mark = match state {
        "ascending" => " ↑",
        "descending" => " ↓",
        _ => "",
    };
    let sort = next_sort(&query.sort, column, is_default);
    let href = address(path, &ListQuery { sort, page: 1, ..query.clone() });
    view! { <th scope="col" aria-sort=state><a href=href>{label}<span aria-hidden="true">{mark}</span></a></th> }
        .into_any()
}

/// How many there are, and the way to the other pages.
pub fn paging(path: &str, query: &ListQuery, total: u64, page_size: u32, noun: &'static str) -> AnyView {
    let page = query.page_number();
    let pages = total.div_ceil(u64::from(page_size.max(1))).max(1);
    let link = |page: u32| address(path, &ListQuery { page, ..query.clone() });
    let previous = (page > 1).then(|| view! { <a href=link(page - 1) rel="prev">"Previous"</a> });
    let next = (u64::from(page) < pages).then(|| view! { <a href=link(page + 1) rel="next">"Next"</a> });
    view! {
        <nav class="paging" aria-label="Pages">
            <span data-total=total.to_string()>{format!("{}, page {page} of {pages}", many(total, noun))}</span>
            {previous}
            {next}
        </nav>
    }
    .into_any()
}
