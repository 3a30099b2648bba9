use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::{use_location, use_params_map},
};
use model::ApplicationDetail;

use super::{
    api::read_application,
    words::{PATH, application_path},
};
use crate::{error::Answer, session::visitor, ui::Heading};

/// The application that the tabs show.
#[derive(Clone, Copy)]
pub struct DetailContext(pub Resource<Answer<ApplicationDetail>>);

/// The slug in the address.
pub fn slug() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("slug").unwrap_or_default()))
}

/// Heading and tabs of one application.
#[component]
pub fn ApplicationFrame() -> impl IntoView {
    let slug = slug();
    let detail = Resource::new(move || slug.get(), read_application);
    provide_context(DetailContext(detail));
    let path = use_location().pathname;
    let tab =
        Signal::derive(move || match path.with(|p| p.rsplit('/').next().unwrap_or_default().to_owned()).as_str() {
            "edit" => "Edit".to_owned(),
            "preview" => "Preview".to_owned(),
            "history" => "History".to_owned(),
            _ => String::new(),
        });
    let link = move |tab: &'static str| move || format!("{}{tab}", application_path(&slug.get()));
    view! {
        <p><a href=PATH>"All applications"</a></p>
        <Heading title=Signal::derive(move || format!("Application {}", slug.get())) prefix=tab />
        <nav class="tabs" aria-label="Application">
            <A href=link("") exact=true>"Overview"</A>
            {visitor().administers().then(|| view! { <A href=link("/edit")>"Edit"</A> })}
            <A href=link("/preview")>"Preview"</A>
            <A href=link("/history")>"History"</A>
        </nav>
        <Outlet />
    }
}
