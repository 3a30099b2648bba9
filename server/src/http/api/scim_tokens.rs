use axum::{Json, http::StatusCode};
use model::{ScimDialect, ScimProvider, ScimTokens};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::Body,
    given::{Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// A token for one of the two slots of a SCIM provider.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewScimToken {
    token: String,
    /// Unix seconds: when it ends.
    #[serde(default)]
    expires: Option<i64>,
}

/// An address and a token that nobody has saved yet.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScimConnection {
    /// Base of the SCIM endpoint, as the service's console shows it.
    url: String,
    #[serde(default)]
    dialect: ScimDialect,
    token: String,
}

/// The tokens of a SCIM provider. They go in and never come out.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/scim-connection-tests", Administrator, test_connection)
            .named(
                "test_scim_connection",
                "Whether an address accepts a token, before anything is saved; one read is sent, and nothing is kept",
            )
            .takes::<ScimConnection>(),
        Operation::get("/scim-providers/{name}/tokens", Auditor, list)
            .named("list_scim_tokens", "The slots that hold a token, and when each ends; never a token")
            .gives::<ScimTokens>(200),
        Operation::put("/scim-providers/{name}/tokens/{slot}", Administrator, set_token)
            .named("set_scim_token", "Put a token into slot 1 or 2; the second takes over when the first is refused")
            .at_version()
            .takes::<NewScimToken>(),
        Operation::delete("/scim-providers/{name}/tokens/{slot}", Administrator, remove)
            .named(
                "remove_scim_token",
                "Take a token out of slot 1 or 2; without the first, the second is the first, after the service has accepted it",
            )
            .at_version(),
        Operation::post("/scim-providers/{name}/tokens/{slot}/test", Administrator, test)
            .named("test_scim_token", "Whether the service accepts the token in slot 1 or 2; nothing is changed"),
        Operation::post("/scim-providers/{name}/switch-token", Administrator, switch)
            .named(
                "switch_scim_token",
                "Make the second token the first, after the service has accepted it; the former one is forgotten",
            )
            .at_version(),
    ]
}

async fn test_connection(Bearer(caller): Bearer, Body(new): Body<ScimConnection>) -> Result<StatusCode, Problem> {
    let ScimConnection { url, dialect, token } = new;
    let provider = ScimProvider { dialect, ..ScimProvider::new("", url) };
    caller.admin()?.test_scim_connection(&provider, Some(&token)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimTokens>, Problem> {
    let detail = caller.auditor()?.scim_provider(&name).await?;
    Ok(Json(ScimTokens { version: detail.version, tokens: detail.tokens }))
}

async fn set_token(
    Bearer(caller): Bearer,
    Named((name, slot)): Named<(String, String)>,
    Version(version): Version,
    Body(new): Body<NewScimToken>,
) -> Result<StatusCode, Problem> {
    let admin = caller.admin()?;
    admin.set_scim_token(&name, version, known(&slot).map_err(|problem| *problem)?, &new.token, new.expires).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    Bearer(caller): Bearer,
    Named((name, slot)): Named<(String, String)>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.remove_scim_token(&name, version, known(&slot).map_err(|problem| *problem)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn test(Bearer(caller): Bearer, Named((name, slot)): Named<(String, String)>) -> Result<StatusCode, Problem> {
    caller.admin()?.test_scim_token(&name, known(&slot).map_err(|problem| *problem)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn switch(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.switch_scim_token(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn known(slot: &str) -> Result<u8, Box<Problem>> {
    match slot {
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err(Box::new(Problem::new(StatusCode::NOT_FOUND, "not_found", "a SCIM provider has the slots 1 and 2"))),
    }
}
