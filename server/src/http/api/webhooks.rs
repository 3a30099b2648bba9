use axum::{Json, http::StatusCode};
use model::{Page, Webhook, WebhookDetail, WebhookRow, WebhookTest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    bearer::Bearer,
    body::{Body, Created, created},
    given::{Listing, Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// A webhook with its secret: `whsec_` and base64. Without one, a secret is made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    webhook: Webhook,
    #[serde(default)]
    secret: Option<String>,
}

/// Another secret: `whsec_` and base64. Without one, a secret is made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnotherSecret {
    #[serde(default)]
    secret: Option<String>,
}

/// The secret that messages are signed with. It is told here and nowhere else.
#[derive(Serialize, JsonSchema)]
struct WebhookSecret {
    secret: String,
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/webhooks", Auditor, list)
            .named("list_webhooks", "A page of the webhooks with how their messages fare; sort by name")
            .list()
            .gives::<Page<WebhookRow>>(200),
        Operation::post("/webhooks", Administrator, create)
            .named("create_webhook", "Make a webhook; its secret is in this answer and nowhere else")
            .takes::<NewWebhook>()
            .gives::<WebhookSecret>(201),
        Operation::get("/webhooks/{name}", Auditor, read)
            .named("read_webhook", "One webhook with how its messages fare")
            .gives::<WebhookDetail>(200),
        Operation::put("/webhooks/{name}", Administrator, update)
            .named("update_webhook", "Put a webhook in the place of the one that was read; its secret stays")
            .at_version()
            .takes::<Webhook>()
            .gives::<WebhookDetail>(200),
        Operation::put("/webhooks/{name}/secret", Administrator, set_secret)
            .named("set_webhook_secret", "Sign the messages with another secret from now on")
            .at_version()
            .takes::<AnotherSecret>()
            .gives::<WebhookSecret>(200),
        Operation::post("/webhooks/{name}/test", Administrator, test)
            .named(
                "test_webhook",
                "Send a webhook one signed message now, also where it is switched off, and tell what became of it",
            )
            .gives::<WebhookTest>(200),
        Operation::delete("/webhooks/{name}", Administrator, delete)
            .named("delete_webhook", "Delete a webhook; what waits is not sent")
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<WebhookRow>>, Problem> {
    Ok(Json(caller.auditor()?.webhooks(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(new): Body<NewWebhook>) -> Result<Created<WebhookSecret>, Problem> {
    let name = new.webhook.name.clone();
    let secret = caller.admin()?.create_webhook(new.webhook, new.secret.as_deref()).await?;
    Ok(created(&["webhooks", &name], WebhookSecret { secret }))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<WebhookDetail>, Problem> {
    Ok(Json(caller.auditor()?.webhook(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    Body(webhook): Body<Webhook>,
) -> Result<Json<WebhookDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_webhook(&name, version, webhook).await?;
    Ok(Json(admin.webhook(&name).await?))
}

async fn set_secret(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    Body(another): Body<AnotherSecret>,
) -> Result<Json<WebhookSecret>, Problem> {
    let secret = caller.admin()?.set_webhook_secret(&name, version, another.secret.as_deref()).await?;
    Ok(Json(WebhookSecret { secret }))
}

async fn test(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<WebhookTest>, Problem> {
    Ok(Json(caller.admin()?.test_webhook(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_webhook(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
