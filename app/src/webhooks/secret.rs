use domain::Error;
use leptos::prelude::*;
use model::FieldError;

use super::{
    frame::{found, framed, told},
    words::webhook_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply, stays},
    ui::plain::{self, Form, Line, line},
};

/// Another secret for a webhook.
pub async fn secret_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    Ok(page(asked, &detail.webhook.name, detail.version, &[], 200))
}

pub async fn set_secret(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    let (name, secret) = (detail.webhook.name, asked.text("secret"));
    let secret = (!secret.is_empty()).then_some(secret.as_str());
    Ok(Reply::Page(match admin.set_webhook_secret(&name, asked.version(), secret).await {
        Ok(secret) => told(asked, &name, &secret),
        Err(error) => page(asked, &name, detail.version, &stays(error)?, 422),
    }))
}

fn page(asked: &Asked, name: &str, version: u64, faults: &[FieldError], status: u16) -> Drawing {
    let secret = Line {
        id: "secret",
        label: "New secret",
        help: "whsec_ and base64. Nothing: one is made, and told once.",
        secret: true,
        ..Line::default()
    };
    let body = view! {
        <p class="help">"Messages are signed with it from then on. Until the receiver has it too, it takes none of them, and they wait."</p>
        {line(secret, faults)}
    };
    let form = Form {
        action: format!("{}/secret", webhook_path(name)),
        label: "Set another secret",
        version: Some(version),
        body: body.into_any(),
        other: None,
        guarded: false,
    };
    framed(asked, name, "/secret", "Secret", status, plain::form(form, faults))
}
