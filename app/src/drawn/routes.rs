use std::{future::Future, pin::Pin};

use domain::{Caller, Error};

use super::{Asked, Drawing, Reply, Sheet};
use crate::{api_tokens, applications, groups, policies, saml_providers, scim_providers, search, users, webhooks};

type Awaited<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
/// What draws a page, or does what a form asks.
type Act<T> = for<'a> fn(&'a Asked) -> Awaited<'a, T>;
/// An address below `/admin`; `*` stands for any one segment.
type Row<T> = (&'static str, Act<T>);

macro_rules! table {
    ($kind:ty, $($pattern:literal => $act:path),+ $(,)?) => {
        vec![$(($pattern, {
            fn act(asked: &Asked) -> Awaited<'_, $kind> { Box::pin($act(asked)) }
            act as Act<$kind>
        })),+]
    };
}

/// Every page that is drawn here. The first that fits counts. A test asks each as a stranger and in the wrong role.
fn pages() -> Vec<Row<Drawing>> {
    table![
        Drawing,
        "search" => search::page,
        "applications" => applications::list,
        "users" => users::list,
        "users/-/new" => users::new_form,
        "users/*" => users::detail,
        "users/*/edit" => users::edit_form,
        "users/*/rename" => users::rename_form,
        "users/*/password" => users::password_form,
        "users/*/sessions" => users::sessions,
        "users/*/history" => users::history,
        "users/*/delete" => users::question,
        "groups" => groups::list,
        "groups/-/new" => groups::new_form,
        "groups/*" => groups::detail,
        "groups/*/edit" => groups::edit_form,
        "groups/*/rename" => groups::rename_form,
        "groups/*/history" => groups::history,
        "groups/*/delete" => groups::question,
        "policies" => policies::list,
        "policies/-/new" => policies::new_form,
        "policies/*" => policies::detail,
        "policies/*/edit" => policies::edit_form,
        "policies/*/history" => policies::history,
        "policies/*/delete" => policies::question,
        "scim-providers/*/plans" => scim_providers::plans,
        "scim-providers/*/plans/*" => scim_providers::kept_plan,
        "scim-providers/*/plans/*/apply" => scim_providers::apply_question,
        "scim-providers/*/plans/*/discard" => scim_providers::discard_question,
        "api-tokens" => api_tokens::list,
        "api-tokens/-/new" => api_tokens::new_form,
        "api-tokens/*/revoke" => api_tokens::question,
        "webhooks" => webhooks::list,
        "webhooks/-/new" => webhooks::new_form,
        "webhooks/*" => webhooks::detail,
        "webhooks/*/edit" => webhooks::edit_form,
        "webhooks/*/secret" => webhooks::secret_form,
        "webhooks/*/test" => webhooks::test_form,
        "webhooks/*/history" => webhooks::history,
        "webhooks/*/delete" => webhooks::question,
    ]
}

/// Every form. A test asks each as a stranger and in the wrong role.
fn actions() -> Vec<Row<Reply>> {
    table![
        Reply,
        "applications/-/selected" => applications::selected,
        "users/-/new" => users::create,
        "users/-/selected" => users::selected,
        "users/*/edit" => users::edit,
        "users/*/rename" => users::rename,
        "users/*/password" => users::set_password,
        "users/*/sessions" => users::end_session,
        "users/*/delete" => users::delete,
        "groups/-/new" => groups::create,
        "groups/-/selected" => groups::selected,
        "groups/*/edit" => groups::edit,
        "groups/*/rename" => groups::rename,
        "groups/*/members" => groups::set_member,
        "groups/*/delete" => groups::delete,
        "policies/-/new" => policies::create,
        "policies/*/edit" => policies::edit,
        "policies/*/delete" => policies::delete,
        "saml-providers/-/read" => saml_providers::read_metadata,
        "saml-providers/-/take" => saml_providers::take_metadata,
        "scim-providers/*/plans/-/new" => scim_providers::keep_plan,
        "scim-providers/*/plans/*/apply" => scim_providers::apply_plan,
        "scim-providers/*/plans/*/discard" => scim_providers::discard_plan,
        "api-tokens/-/new" => api_tokens::create,
        "api-tokens/*/revoke" => api_tokens::revoke,
        "webhooks/-/new" => webhooks::create,
        "webhooks/*/edit" => webhooks::edit,
        "webhooks/*/secret" => webhooks::set_secret,
        "webhooks/*/test" => webhooks::test,
        "webhooks/*/delete" => webhooks::delete,
    ]
}

/// The addresses of all pages that are drawn here, below `/admin`.
pub fn drawn_pages() -> Vec<&'static str> {
    pages().into_iter().map(|(pattern, _)| pattern).collect()
}

/// The addresses of all forms, below `/admin`.
pub fn forms() -> Vec<&'static str> {
    actions().into_iter().map(|(pattern, _)| pattern).collect()
}

/// The page of an address. Where there is none, the page says so.
pub async fn draw(caller: Caller, path: &str, query: &str) -> Result<Drawing, Error> {
    let asked = Asked::new(caller, path, query, Vec::new());
    let drawn = match find(pages(), &asked) {
        Some(act) => act(&asked).await,
        None => Err(nowhere(&asked)),
    };
    match drawn {
        Err(Error::NotFound { kind, key }) => Ok(missing(kind, &key)),
        Err(Error::Refused(role)) => Ok(refused(&role)),
        other => other,
    }
}

/// Does what a form asks.
pub async fn submit(caller: Caller, path: &str, query: &str, form: Vec<(String, String)>) -> Result<Reply, Error> {
    let asked = Asked::new(caller, path, query, form);
    match find(actions(), &asked) {
        Some(act) => act(&asked).await,
        None => Err(nowhere(&asked)),
    }
}

fn find<T>(table: Vec<Row<T>>, asked: &Asked) -> Option<Act<T>> {
    let fits = |pattern: &str| {
        let parts: Vec<&str> = pattern.split('/').collect();
        parts.len() == asked.parts.len()
            && parts.iter().zip(&asked.parts).all(|(wanted, part)| *wanted == "*" || wanted == part)
    };
    table.into_iter().find(|(pattern, _)| fits(pattern)).map(|(_, act)| act)
}

fn nowhere(asked: &Asked) -> Error {
    Error::NotFound { kind: "page", key: asked.path.chars().take(200).collect() }
}

fn missing(kind: &str, key: &str) -> Drawing {
    let text = format!("There is no {kind} `{key}`. The address may be mistyped, or it was removed.");
    notice("There is nothing here", &text, 404)
}

fn refused(role: &str) -> Drawing {
    notice("This page is not for you", &format!("It needs the role of {role}."), 403)
}

fn notice(title: &str, text: &str, status: u16) -> Drawing {
    use leptos::prelude::*;
    let text = text.to_owned();
    let body = view! { <p>{text}</p><p><a href="/admin">"Go to the overview"</a></p> }.into_any();
    Sheet { title: title.to_owned(), status: Some(status), body: Some(body), ..Sheet::default() }.drawing()
}
