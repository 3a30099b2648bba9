use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    applications::{ApplicationFrame, EditTab, HistoryTab, LinksTab, NewApplicationPage, PreviewTab},
    connect::{
        ApplicationStep, ConnectFrame, ConnectPage, ExchangeStep, FileStep, NameIdStep, PortalStep, ProvisioningStep,
    },
    drawn::DrawnPage,
    events::{EventListPage, EventPage},
    frame::{ConsoleFrame, NotFound},
    keys::{GenerateKeyPage, ImportKeyPage, KeyListPage, KeyPage},
    overview::OverviewPage,
    portal::PortalPage,
    property_mappings::{EditMappingPage, MappingListPage, MappingPage, NewMappingPage},
    saml_providers::{
        EditProviderPage, ImportMetadataPage, NewProviderPage, ProviderListPage, ProviderPage, RenewPage,
        ResponseListPage, ResponsePage, TestPage,
    },
    scim_providers::{
        EditScimProviderPage, NewScimProviderPage, ScimAdoptionPage, ScimObjectPage, ScimObjectsPage, ScimPlanPage,
        ScimPreviewPage, ScimProviderListPage, ScimProviderPage, ScimRunPage,
    },
    session::read_visitor,
    ui::{FirstPage, Toaster, provide_leave_guard, provide_toasts},
};

/// The portal and the console.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(read_visitor());
    provide_context(FirstPage(StoredValue::new(true)));
    provide_toasts();
    provide_leave_guard();
    // Tells tests and scripts that clicks are heard from now on.
    Effect::new(|_| {
        if let Some(html) = document().document_element() {
            drop(html.set_attribute("data-hydrated", "true"));
        }
        #[cfg(feature = "hydrate")]
        crate::ui::watch_editors();
    });
    view! {
        <Router>
            // External to the router, which would scroll there without moving the focus.
            <a class="skip" href="#main" rel="external">"Skip to content"</a>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=PortalPage />
                <ParentRoute path=path!("/admin") view=ConsoleFrame ssr=SsrMode::Async>
                    <Route path=path!("/") view=OverviewPage />
                    <Route path=path!("/applications/-/new") view=NewApplicationPage />
                    <ApplicationRoutes />
                    <KeyRoutes />
                    <ProviderRoutes />
                    <ScimRoutes />
                    <MappingRoutes />
                    <ConnectRoutes />
                    <Route path=path!("/events") view=EventListPage />
                    <Route path=path!("/events/:id") view=EventPage />
                    <Route path=path!("/*rest") view=DrawnPage />
                </ParentRoute>
            </Routes>
        </Router>
        <Toaster />
    }
}

/// One application; its tabs are routes.
#[component(transparent)]
fn ApplicationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/applications/:slug") view=ApplicationFrame>
            <Route path=path!("/") view=LinksTab />
            <Route path=path!("/edit") view=EditTab />
            <Route path=path!("/preview") view=PreviewTab />
            <Route path=path!("/history") view=HistoryTab />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn KeyRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/keys") view=Outlet>
            <Route path=path!("/") view=KeyListPage />
            <Route path=path!("/-/new") view=GenerateKeyPage />
            <Route path=path!("/-/import") view=ImportKeyPage />
            <Route path=path!("/:name") view=KeyPage />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn MappingRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/property-mappings") view=Outlet>
            <Route path=path!("/") view=MappingListPage />
            <Route path=path!("/-/new") view=NewMappingPage />
            <Route path=path!("/:name") view=MappingPage />
            <Route path=path!("/:name/edit") view=EditMappingPage />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn ProviderRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/saml-providers") view=Outlet>
            <Route path=path!("/") view=ProviderListPage />
            <Route path=path!("/-/new") view=NewProviderPage />
            <Route path=path!("/-/import") view=ImportMetadataPage />
            <Route path=path!("/:name") view=ProviderPage />
            <Route path=path!("/:name/edit") view=EditProviderPage />
            <Route path=path!("/:name/metadata") view=RenewPage />
            <Route path=path!("/:name/test") view=TestPage />
            <Route path=path!("/:name/responses") view=ResponseListPage />
            <Route path=path!("/:name/responses/:id") view=ResponsePage />
        </ParentRoute>
    }
    .into_inner()
}

#[component(transparent)]
fn ScimRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/scim-providers") view=Outlet>
            <Route path=path!("/") view=ScimProviderListPage />
            <Route path=path!("/-/new") view=NewScimProviderPage />
            <Route path=path!("/:name") view=ScimProviderPage />
            <Route path=path!("/:name/edit") view=EditScimProviderPage />
            <Route path=path!("/:name/preview") view=ScimPreviewPage />
            <Route path=path!("/:name/plan") view=ScimPlanPage />
            <Route path=path!("/:name/adoption") view=ScimAdoptionPage />
            <Route path=path!("/:name/objects") view=ScimObjectsPage />
            <Route path=path!("/:name/objects/:kind/:local") view=ScimObjectPage />
            <Route path=path!("/:name/runs/:run") view=ScimRunPage />
        </ParentRoute>
    }
    .into_inner()
}

/// Connecting IAM Identity Center. Where it stands is in what is stored, so each step can be opened again.
#[component(transparent)]
fn ConnectRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/connect/identity-center") view=Outlet>
            <Route path=path!("/") view=ConnectPage />
            <ParentRoute path=path!("/:provider") view=ConnectFrame>
                <Route path=path!("/") view=FileStep />
                <Route path=path!("/application") view=ApplicationStep />
                <Route path=path!("/exchange") view=ExchangeStep />
                <Route path=path!("/portal") view=PortalStep />
                <Route path=path!("/name-id") view=NameIdStep />
                <Route path=path!("/provisioning") view=ProvisioningStep />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
}
