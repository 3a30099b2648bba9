use std::collections::BTreeMap;

use axum::{
    Json, Router,
    http::{StatusCode, header},
    middleware,
    routing::MethodRouter,
};
use domain::Services;

use super::{
    applications, backup, bearer, events, groups, keys, me, openapi,
    operation::{Least, Operation},
    policies, property_mappings, renames, saml_providers, scim_objects, scim_plans, scim_providers, scim_runs,
    scim_tokens, tokens, users, webhooks,
};
use crate::http::problem::Problem;

/// Every operation there is.
pub fn operations() -> Vec<Operation> {
    let document = || async { Json(openapi::document()) };
    let document = Operation::get("/openapi.json", Least::Member, document)
        .named("read_document", "This document")
        .gives::<serde_json::Map<String, serde_json::Value>>(200);
    let mut operations = vec![document];
    operations.extend(me::operations());
    operations.extend(users::operations());
    operations.extend(groups::operations());
    operations.extend(policies::operations());
    operations.extend(renames::operations());
    operations.extend(applications::operations());
    operations.extend(saml_providers::operations());
    operations.extend(scim_providers::operations());
    operations.extend(scim_tokens::operations());
    operations.extend(scim_plans::operations());
    operations.extend(scim_runs::operations());
    operations.extend(scim_objects::operations());
    operations.extend(property_mappings::operations());
    operations.extend(keys::operations());
    operations.extend(tokens::operations());
    operations.extend(webhooks::operations());
    operations.extend(backup::operations());
    operations.extend(events::operations());
    operations
}

/// The paths below `/api/v1`.
pub fn router(services: Services) -> Router<Services> {
    let mut paths: BTreeMap<&'static str, (MethodRouter<Services>, Vec<&'static str>)> = BTreeMap::new();
    for operation in operations() {
        let (routes, methods) = paths.remove(operation.path).unwrap_or_default();
        let methods = methods.into_iter().chain([operation.method]).collect();
        let least = operation.least;
        // Before anything of the request is read; the use case asks again.
        let guard = middleware::from_fn(move |bearer, request, next| bearer::require(least, bearer, request, next));
        paths.insert(operation.path, (routes.merge(operation.handler.route_layer(guard)), methods));
    }
    let mut router = Router::new();
    for (path, (routes, methods)) in paths {
        let allowed = methods.join(", ").to_uppercase();
        let refused = move || {
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", format!("here works: {allowed}"));
            let problem = problem.with_header(header::ALLOW, allowed.clone());
            async move { problem }
        };
        router = router.route(path, routes.fallback(refused));
    }
    let nothing =
        || async { Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such path; see openapi.json") };
    router.fallback(nothing).layer(middleware::from_fn_with_state(services, bearer::authenticate))
}
