use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use model::{ScimMembership, ScimPreview, ScimRemark};

use super::{
    api::{preview_scim_group, preview_scim_user, read_scim_choices},
    detail::name,
    words::scim_path,
};
use crate::{
    applications::application_path,
    list::linked,
    ui::{Badge, CodeBlock, Failure, Heading, Skeleton, Tone, retry},
    users::{Chosen, UserPicker},
};

/// What would be sent for a user or a group. Who is looked at is in the address, so a preview can be shown to others.
#[component]
pub fn ScimPreviewPage() -> impl IntoView {
    let (name, params, path) = (name(), use_query_map(), use_location().pathname);
    let chosen = move |key: &'static str| Memo::new(move |_| params.with(|p| p.get(key).unwrap_or_default()));
    let (user, group) = (chosen("user"), chosen("group"));
    let choices = Resource::new(|| (), |()| read_scim_choices());
    let preview = Resource::new(
        move || (name.get(), user.get(), group.get()),
        |(name, user, group)| async move {
            match (user.is_empty(), group.is_empty()) {
                (false, _) => preview_scim_user(name, user).await.map(Some),
                (true, false) => preview_scim_group(name, group).await.map(Some),
                (true, true) => Ok(None),
            }
        },
    );
    let groups = move || {
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => {
                    let path = path.get_untracked();
                    let links = choices.groups.into_iter().map(|group| {
                        let href = linked(&path, "group", &group);
                        view! { <li><a href=href>{group}</a></li> }
                    });
                    view! { <ul class="candidates">{links.collect_view()}</ul> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    let shown = move || {
        Suspend::new(async move {
            let subject = if user.with_untracked(String::is_empty) {
                format!("Group {}", group.get_untracked())
            } else {
                format!("User {}", user.get_untracked())
            };
            match preview.await {
                Ok(preview) => preview.map(|preview| result(subject, preview)).into_any(),
                Err(error) => view! { <Failure error retry=retry(preview) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("Preview for {}", name.get())) />
        <p class="help">"Choose a user or a group to see exactly what would be sent. Nothing is sent."</p>
        <UserPicker chosen=user />
        <details open=move || group.with(|g| !g.is_empty())>
            <summary>"Groups"</summary>
            <Transition fallback=Skeleton>{groups}</Transition>
        </details>
        <Chosen><Transition fallback=Skeleton>{shown}</Transition></Chosen>
    }
}

/// What one object is sent as.
fn result(subject: String, preview: ScimPreview) -> AnyView {
    let (tone, word) = if preview.in_scope {
        (Tone::Good, "is pushed")
    } else {
        (Tone::Quiet, "is not in scope, so it is not pushed")
    };
    let list = |title: &'static str, remarks: Vec<ScimRemark>| {
        (!remarks.is_empty()).then(|| {
            let lines = remarks.into_iter().map(line).collect_view();
            view! { <h3>{title}</h3><ul>{lines}</ul> }
        })
    };
    let answer = preview.answer.map(|answer| {
        let tone = if answer.status < 400 { Tone::Good } else { Tone::Bad };
        view! { <p>"If it were sent now, the service would answer "<Badge tone text=answer.status.to_string() />" "{answer.words}</p> }
    });
    let failed = preview.failed.map(|why| view! { <p class="notice bad">{why}</p> });
    let json = (!preview.json.is_empty()).then(|| view! { <CodeBlock label="resource" text=preview.json /> });
    view! {
        <section aria-label="What would be sent">
            <h2>{subject}</h2>
            <p><Badge tone text=word /></p>
            {failed}
            {answer}
            {behind(preview.in_scope, preview.applications)}
            {member_of(preview.memberships)}
            {list("It is not sent like this", preview.refused)}
            {list("Left out, since the service does not take it", preview.dropped)}
            {json}
        </section>
    }
    .into_any()
}

/// The applications that bring a user into scope, before the provider's own filters.
fn behind(in_scope: bool, applications: Vec<String>) -> Option<AnyView> {
    if applications.is_empty() {
        return None;
    }
    let title =
        if in_scope { "In scope, since these may be opened" } else { "These may be opened, and that is not enough" };
    let links = applications.into_iter();
    let links = links.map(|slug| view! { <li><a href=application_path(&slug)>{slug.clone()}</a></li> }).collect_view();
    Some(view! { <h3>{title}</h3><ul>{links}</ul> }.into_any())
}

/// The groups at the service that a user is a member of, each with the way to it where that leads through other groups.
fn member_of(memberships: Vec<ScimMembership>) -> Option<AnyView> {
    if memberships.is_empty() {
        return None;
    }
    let lines = memberships.into_iter().map(|ScimMembership { group, path }| {
        let way = (path.len() > 1).then(|| view! { <span class="help">{format!(" by {}", path.join(" → "))}</span> });
        view! { <li>{group}{way}</li> }
    });
    let lines = lines.collect_view();
    Some(view! { <h3>"Sent as a member of"</h3><ul>{lines}</ul> }.into_any())
}

/// A remark, and what the service itself would say.
fn line(remark: ScimRemark) -> AnyView {
    let text = remark.to_string();
    let answer = remark.answer.map(|answer| {
        view! { <p class="help">"Sent as it is, the service would answer "<code>{answer.to_string()}</code></p> }
    });
    view! { <li>{text}{answer}</li> }.into_any()
}
