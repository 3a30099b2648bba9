use domain::Error;
use leptos::prelude::*;
use model::PolicyDetail;

use super::words::{PATH, policy_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::tabs,
};

/// The policy in the address.
pub async fn found(asked: &Asked) -> Result<PolicyDetail, Error> {
    asked.caller.auditor()?.policy(asked.part(1)).await
}

/// One page of a policy: heading, tabs, content. `end` is the end of its address, `tab` its name.
pub fn framed(asked: &Asked, name: &str, end: &str, tab: &'static str, status: u16, body: AnyView) -> Drawing {
    let path = policy_path(name);
    let mut all = vec![("", "Overview"), ("/history", "History")];
    if asked.administers() {
        all.splice(1..1, [("/edit", "Edit"), ("/delete", "Delete")]);
    }
    let body = view! { {tabs("Policy", &path, end, &all)}{body} };
    Sheet {
        title: format!("Policy {name}"),
        tab,
        up: Some((PATH.to_owned(), "All policies")),
        done: asked.query("done").to_owned(),
        status: Some(status),
        body: Some(body.into_any()),
        ..Sheet::default()
    }
    .drawing()
}
