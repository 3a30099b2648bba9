use domain::Error;
use leptos::prelude::*;
use model::WebhookDetail;

use super::words::{PATH, webhook_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::{shown_once, tabs},
};

/// The webhook in the address.
pub async fn found(asked: &Asked) -> Result<WebhookDetail, Error> {
    asked.caller.auditor()?.webhook(asked.part(1)).await
}

/// One page of a webhook: heading, tabs, content. `end` is the end of its address, `tab` its name.
pub fn framed(asked: &Asked, name: &str, end: &str, tab: &'static str, status: u16, body: AnyView) -> Drawing {
    let path = webhook_path(name);
    let mut all = vec![("", "Overview"), ("/history", "History")];
    if asked.administers() {
        all.splice(1..1, [("/edit", "Edit"), ("/secret", "Secret"), ("/test", "Test"), ("/delete", "Delete")]);
    }
    let body = view! { {tabs("Webhook", &path, end, &all)}{body} };
    Sheet {
        title: format!("Webhook {name}"),
        tab,
        up: Some((PATH.to_owned(), "All webhooks")),
        done: asked.query("done").to_owned(),
        status: Some(status),
        body: Some(body.into_any()),
        ..Sheet::default()
    }
    .drawing()
}

/// The one page that tells a secret.
pub fn told(asked: &Asked, name: &str, secret: &str) -> Drawing {
    let help = "Give it to the receiver: it checks with it that a message comes from here and was not changed.";
    framed(asked, name, "/secret", "Secret", 200, shown_once("secret", secret, help))
}
