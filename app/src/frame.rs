use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use crate::{list::here, session::visitor, ui::Heading};

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
        </div>
    }
}

/// The bar at the top. The links of the console are there for those who may follow them.
#[component]
pub fn TopBar() -> impl IntoView {
    let console = visitor().audits().then(|| {
        view! {
            <A href="/admin" exact=true>"Overview"</A>
            <A href="/admin/applications">"Applications"</A>
            <A href="/admin/saml-providers">"SAML providers"</A>
            <A href="/admin/scim-providers">"SCIM providers"</A>
            <A href="/admin/property-mappings">"Property mappings"</A>
            <A href="/admin/keys">"Keys"</A>
            <A href="/admin/users">"Users"</A>
            <A href="/admin/events">"Events"</A>
        }
    });
    view! {
        <header class="bar">
            <nav aria-label="Main"><a class="brand" href="/">"Rolecall"</a>{console}</nav>
            <Account />
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
