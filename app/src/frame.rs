use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use crate::{list::here, search::Palette, session::visitor, ui::Heading};

/// The lists of the console.
const PLACES: [(&str, &str); 12] = [
    ("/admin", "Overview"),
    ("/admin/applications", "Applications"),
    ("/admin/saml-providers", "SAML providers"),
    ("/admin/scim-providers", "SCIM providers"),
    ("/admin/property-mappings", "Property mappings"),
    ("/admin/policies", "Policies"),
    ("/admin/keys", "Keys"),
    ("/admin/users", "Users"),
    ("/admin/groups", "Groups"),
    ("/admin/api-tokens", "API tokens"),
    ("/admin/webhooks", "Webhooks"),
    ("/admin/events", "Events"),
];

/// Who is signed in, theme and sign-out; plain forms, so that they work without JavaScript.
#[component]
fn Account() -> impl IntoView {
    let visitor = visitor();
    let here = here();
    let themes = ["system", "light", "dark"].map(|theme| {
        let pressed = if theme == visitor.theme { "true" } else { "false" };
        view! { <button name="theme" value=theme aria-pressed=pressed>{theme}</button> }
    });
    view! {
        <div class="account">
            <span class="who">{visitor.name()}</span>
            <form method="post" action="/theme" class="themes" aria-label="Theme">
                <input type="hidden" name="next" value=here.get_untracked() prop:value=move || here.get() />
                {themes.into_iter().collect_view()}
            </form>
            <form method="post" action="/logout"><button>"Sign out"</button></form>
            <a href="/logout/everywhere" rel="external" aria-label="Sign out everywhere">"everywhere"</a>
        </div>
    }
}

/// The bar at the top. The links of the console, and the way to everything, are there for those who may follow them.
#[component]
pub fn TopBar() -> impl IntoView {
    let audits = visitor().audits();
    let links = || {
        let link =
            |(href, name): (&'static str, &'static str)| view! { <A href=href exact=href == "/admin">{name}</A> };
        view! { <nav class="places" aria-label="Main">{PLACES.map(link).into_iter().collect_view()}</nav> }
    };
    view! {
        <header class="bar">
            <a class="brand" href="/">"Rolecall"</a>
            {audits.then(|| view! { <Palette /> })}
            <Account />
            {audits.then(links)}
        </header>
    }
}

/// What every page of the console has around it.
#[component]
pub fn ConsoleFrame() -> impl IntoView {
    view! {
        <TopBar />
        <main id="main" tabindex="-1"><Outlet /></main>
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Heading title="There is nothing here" />
        <p>"The address may be mistyped, or what was here was removed."</p>
        <p><a href="/">"Go to your applications"</a></p>
    }
}
