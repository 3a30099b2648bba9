use domain::Error;
use leptos::prelude::*;
use model::GroupDetail;

use super::words::{PATH, group_path};
use crate::{
    drawn::{Asked, Drawing, Sheet},
    ui::plain::tabs,
};

/// The group in the address.
pub async fn found(asked: &Asked) -> Result<GroupDetail, Error> {
    asked.caller.auditor()?.group(asked.part(1)).await
}

/// One page of a group: heading, tabs, content. `end` is the end of its address, `tab` its name.
pub fn framed(asked: &Asked, name: &str, end: &str, tab: &'static str, status: u16, body: AnyView) -> Drawing {
    let path = group_path(name);
    let mut all = vec![("", "Overview"), ("/history", "History")];
    if asked.administers() {
        all.splice(1..1, [("/edit", "Edit"), ("/rename", "Rename"), ("/delete", "Delete")]);
    }
    let body = view! { {tabs("Group", &path, end, &all)}{body} };
    Sheet {
        title: format!("Group {name}"),
        tab,
        up: Some((PATH.to_owned(), "All groups")),
        done: asked.query("done").to_owned(),
        status: Some(status),
        body: Some(body.into_any()),
        ..Sheet::default()
    }
    .drawing()
}
