use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use model::ListQuery;

use super::{Choice, Icon, Shape};
use crate::list::address;

/// Search and filter of a list. Both go into the address, with or without JavaScript.
#[component]
pub fn SearchBar(
    #[prop(into)] path: Signal<String>,
    #[prop(into)] query: Signal<ListQuery>,
    #[prop(into)] label: String,
    /// Values of the filter; none: no filter.
    #[prop(optional)]
    filters: Vec<Choice>,
    #[prop(optional, into)] filter_label: String,
) -> impl IntoView {
    let now = query.get_untracked();
    let (text, choice) = (NodeRef::<html::Input>::new(), NodeRef::<html::Select>::new());
    let navigate = use_navigate();
    // In the browser the address is made here, so that what is not asked stays out of it.
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let q = text.get().map(|input| input.value()).unwrap_or_default();
        let filter = choice.get().map(|select| select.value()).unwrap_or_default();
        let sort = query.with_untracked(|query| query.sort.clone());
        let asked = ListQuery { q, filter, sort, page: 1, ..ListQuery::default() };
        navigate(&address(&path.get_untracked(), &asked), NavigateOptions::default());
    };
    let filter = (!filters.is_empty()).then(|| {
        let options = filters.into_iter().map(|(key, text)| {
            let selected = key == now.filter;
            let this = key.clone();
            view! { <option value=key selected=selected prop:selected=move || query.with(|q| q.filter == this)>{text}</option> }
        });
        view! { <select node_ref=choice name="filter" aria-label=filter_label>{options.collect_view()}</select> }
    });
    let asked = move || query.with(|q| !q.q.is_empty() || !q.filter.is_empty());
    let clear = move || asked().then(|| view! { <A href=path.get()>"Clear"</A> });
    view! {
        <div class="search" role="search">
            <form method="get" action=path.get_untracked() on:submit=submit>
                <span class="search-box">
                    <Icon shape=Shape::Search />
                    <input node_ref=text id="search" type="search" name="q" aria-label=label.clone() placeholder=label value=now.q.clone() prop:value=move || query.with(|q| q.q.clone()) />
                </span>
                {filter}
                <input type="hidden" name="sort" value=now.sort.clone() prop:value=move || query.with(|q| q.sort.clone()) />
                <button type="submit">"Search"</button>
                {clear}
            </form>
        </div>
    }
}
