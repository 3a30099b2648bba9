use domain::{Error, GroupStanding};
use leptos::prelude::*;
use model::{FieldError, GroupDetail};

use super::{
    frame::{found, framed},
    words::group_path,
};
use crate::{
    drawn::{Asked, Drawing, many},
    ui::plain::{self, Form, Line, code, fact, line},
    users::user_path,
};

/// Members that are listed at most; the count is always that of all.
const SHOWN: usize = 200;

/// A group with its members, direct and through others.
pub async fn detail(asked: &Asked) -> Result<Drawing, Error> {
    page(asked, &[], 200).await
}

/// The same with what is wrong with a member that was to be added.
pub(super) async fn page(asked: &Asked, faults: &[FieldError], status: u16) -> Result<Drawing, Error> {
    let detail = found(asked).await?;
    let name = detail.group.name.clone();
    let standing = asked.caller.auditor()?.group_standing(&name).await?;
    let links = |names: Vec<String>| -> AnyView {
        if names.is_empty() {
            return "none".into_any();
        }
        let links = names.into_iter().map(|name| view! { <li><a href=group_path(&name)>{name.clone()}</a></li> });
        view! { <ul class="plain">{links.collect_view()}</ul> }.into_any()
    };
    let used_by = if standing.used_by.is_empty() { "nothing".to_owned() } else { standing.used_by.join(", ") };
    let attributes = serde_json::to_string_pretty(&detail.group.attributes).unwrap_or_default();
    let body = view! {
        <dl class="facts">
            {fact("Parents", links(detail.group.parents.iter().cloned().collect()))}
            {fact("Groups below it", links(detail.children.clone()))}
            {fact("Used by", used_by)}
        </dl>
        <h2>"Attributes"</h2>
        {code("attributes", &attributes)}
        <h2>"Direct members"</h2>
        {direct(asked, &detail)}
        {asked.administers().then(|| adding(&name, faults, asked))}
        <h2>"Members through other groups"</h2>
        {nested(&standing)}
    };
    Ok(framed(asked, &name, "", "", status, body.into_any()))
}

fn direct(asked: &Asked, detail: &GroupDetail) -> AnyView {
    if detail.members.is_empty() {
        return view! { <p>"There is none."</p> }.into_any();
    }
    let action = format!("{}/members", group_path(&detail.group.name));
    let administers = asked.administers();
    let rows = detail.members.iter().take(SHOWN).map(|username| {
        let label = format!("Take {username} out");
        let out = administers.then(|| {
            view! {
                <td><form method="post" action=action.clone()>
                    <input type="hidden" name="out" value=username.clone() />
                    <button type="submit" aria-label=label>"Take out"</button>
                </form></td>
            }
        });
        view! { <tr><th scope="row"><a href=user_path(username)>{username.clone()}</a></th>{out}</tr> }
    });
    let head = administers.then(|| view! { <th scope="col">"Membership"</th> });
    view! {
        <p class="help">{many(detail.members.len(), "member")}</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Direct members">
            <table><thead><tr><th scope="col">"User name"</th>{head}</tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}

fn adding(name: &str, faults: &[FieldError], asked: &Asked) -> AnyView {
    let member = Line {
        id: "member",
        label: "Add a member",
        value: asked.field("member").to_owned(),
        help: "The user name of somebody.",
        ..Line::default()
    };
    let form = Form {
        action: format!("{}/members", group_path(name)),
        label: "Add",
        version: None,
        body: line(member, faults),
        other: None,
        guarded: false,
    };
    plain::form(form, faults)
}

fn nested(standing: &GroupStanding) -> AnyView {
    if standing.nested.is_empty() {
        return view! { <p>"There is none."</p> }.into_any();
    }
    let rows = standing.nested.iter().take(SHOWN).map(|member| {
        let path = member.path.join(" → ");
        let username = member.username.clone();
        view! { <tr><th scope="row"><a href=user_path(&username)>{username.clone()}</a></th><td>{path}</td></tr> }
    });
    view! {
        <p class="help">{many(standing.nested.len(), "member")}</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Members through other groups">
            <table><thead><tr><th scope="col">"User name"</th><th scope="col">"Through"</th></tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}
