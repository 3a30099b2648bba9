use leptos::prelude::*;
use model::Fault;

use crate::{
    error::{Answer, AppError},
    list::here,
};

/// A reading that failed: what happened, and trying again.
#[component]
pub fn Failure(error: AppError, retry: Callback<()>) -> impl IntoView {
    let action = match &error.0 {
        Fault::Unauthenticated => {
            let href = here();
            let mut params = leptos_router::params::ParamsMap::new();
            params.insert("next", href.get_untracked());
            view! { <a rel="external" href=format!("/login{}", params.to_query_string())>"Sign in"</a> }.into_any()
        }
        Fault::Forbidden(_) | Fault::NotFound(_) => {
            let missing = matches!(error.0, Fault::NotFound(_));
            match list(&here().get_untracked()).filter(|_| missing) {
                Some(href) => view! { <a href=href>"Go to the list"</a> }.into_any(),
                None => view! { <a href="/">"Go to your applications"</a> }.into_any(),
            }
        }
        _ => view! { <button type="button" on:click=move |_| retry.run(())>"Try again"</button> }.into_any(),
    };
    view! { <div class="notice bad" role="alert"><p>{sentence(&error.0)}</p>{action}</div> }
}

/// The heading of a page that failed as a whole.
pub const fn title_of_failure() -> &'static str {
    "This page cannot be shown"
}

/// The list that a page of the console belongs to, where it belongs to one.
fn list(page: &str) -> Option<String> {
    let (section, _) = page.strip_prefix("/admin/")?.split_once('/')?;
    // What is connected step by step has no list.
    (section != "connect").then(|| format!("/admin/{section}"))
}

/// Capital letter and full stop.
fn sentence(fault: &Fault) -> String {
    let text = fault.to_string();
    let mut rest = text.chars();
    let first: String = rest.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", rest.as_str().trim_end_matches('.'))
}

/// What [`Failure`] calls to read a resource again.
pub fn retry<T>(resource: Resource<Answer<T>>) -> Callback<()>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    Callback::new(move |()| resource.refetch())
}

#[cfg(test)]
mod tests {
    use super::{Fault, list, sentence};

    #[test]
    fn what_is_missing_in_the_console_leads_to_its_list() {
        assert_eq!(list("/admin/scim-providers/gone/objects?q=x").as_deref(), Some("/admin/scim-providers"));
        for page in ["/", "/admin", "/admin/events", "/admin/connect/identity-center/x"] {
            assert_eq!(list(page), None, "{page}");
        }
    }

    #[test]
    fn a_fault_reads_as_a_sentence() {
        assert_eq!(sentence(&Fault::NotFound("user `ada`".into())), "There is no user `ada`.");
        assert_eq!(sentence(&Fault::Conflict("Taken.".into())), "Taken.");
    }
}
