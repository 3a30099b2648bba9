use domain::Error;
use leptos::prelude::*;
use model::{FieldError, Webhook};

use super::{
    frame::{found, framed, told},
    words::{PATH, webhook_path},
};
use crate::{
    conflict::sides,
    drawn::{Asked, Drawing, Reply, Sheet, done, stays},
    events::word,
    ui::plain::{self, Line, check, checks, line},
};

fn typed(asked: &Asked, name: String) -> Webhook {
    let wanted = asked.all("events");
    let events = Webhook::choices().filter(|kind| wanted.iter().any(|code| code == kind.code())).collect();
    Webhook { name, url: asked.text("url"), events, enabled: asked.ticked("enabled") }
}

/// Making a webhook.
pub async fn new_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let webhook = Webhook { name: String::new(), url: String::new(), events: Vec::new(), enabled: true };
    Ok(making(&webhook, &[], 200))
}

pub async fn create(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let webhook = typed(asked, asked.text("name"));
    let secret = asked.text("secret");
    let secret = (!secret.is_empty()).then_some(secret.as_str());
    Ok(Reply::Page(match admin.create_webhook(webhook.clone(), secret).await {
        Ok(secret) => told(asked, &webhook.name, &secret),
        Err(error) => making(&webhook, &stays(error)?, 422),
    }))
}

fn making(webhook: &Webhook, faults: &[FieldError], status: u16) -> Drawing {
    let secret = Line {
        id: "secret",
        label: "Secret",
        help: "whsec_ and base64, where the receiver has one already. Nothing: one is made, and told once.",
        secret: true,
        ..Line::default()
    };
    let fields = fields(webhook, true, faults);
    let body = view! { {fields}<fieldset><legend>"Signature"</legend>{line(secret, faults)}</fieldset> };
    let form = plain::making(format!("{PATH}/-/new"), "Create the webhook", body.into_any(), faults);
    Sheet::of_new("New webhook", (PATH, "All webhooks"), status, form).drawing()
}

/// Changing a webhook; its secret has a page of its own.
pub async fn edit_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    Ok(changing(asked, &detail.webhook, detail.version, None, &[], 200))
}

pub async fn edit(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let before = found(asked).await?;
    let name = before.webhook.name.clone();
    let webhook = typed(asked, name.clone());
    let error = match admin.update_webhook(&name, asked.version(), webhook.clone()).await {
        Ok(()) => return Ok(Reply::To(done(&webhook_path(&name), "saved"))),
        Err(error) => error,
    };
    if matches!(error, Error::Conflict(_)) && before.version != asked.version() {
        let both = sides("webhook", &before.webhook, Some(&webhook), &format!("{}/edit", webhook_path(&name)));
        return Ok(Reply::Page(changing(asked, &webhook, before.version, Some(both), &[], 409)));
    }
    Ok(Reply::Page(changing(asked, &webhook, asked.version(), None, &stays(error)?, 422)))
}

fn changing(
    asked: &Asked,
    webhook: &Webhook,
    version: u64,
    conflict: Option<AnyView>,
    faults: &[FieldError],
    status: u16,
) -> Drawing {
    let action = format!("{}/edit", webhook_path(&webhook.name));
    let body = plain::changing(action, version, conflict, fields(webhook, false, faults), faults);
    framed(asked, &webhook.name, "/edit", "Edit", status, body)
}

fn fields(webhook: &Webhook, is_new: bool, faults: &[FieldError]) -> AnyView {
    let name = Line {
        id: "name",
        label: "Name",
        value: webhook.name.clone(),
        help: "Its secret is sealed for its name, so it cannot be changed later.",
        readonly: !is_new,
        ..Line::default()
    };
    let url = Line {
        id: "url",
        label: "Address",
        value: webhook.url.clone(),
        help: "https; where the messages are posted to.",
        ..Line::default()
    };
    let kinds = Webhook::choices().map(|kind| (kind.code().to_owned(), word(kind).to_owned())).collect();
    let ticked: Vec<String> = webhook.events.iter().map(|kind| kind.code().to_owned()).collect();
    view! {
        <fieldset>
            <legend>"Webhook"</legend>
            {line(name, faults)}
            {line(url, faults)}
            {check("enabled", "On: messages are sent", webhook.enabled)}
            {checks("events", "Told of", kinds, &ticked, "None: the alarms of provisioning and of tokens that end.", faults)}
        </fieldset>
    }
    .into_any()
}
