use leptos::prelude::*;
use model::{ApplicationRow, Event, ListQuery, Page, Role, UserRow};

use super::document::{Frame, framed};

/// A list with search, a total and paging, all in the address.
fn list(
    path: &str,
    query: &ListQuery,
    total: u64,
    columns: &[&'static str],
    rows: Vec<AnyView>,
    nothing: &'static str,
) -> AnyView {
    let page = query.page_number();
    let link = |page: u32| {
        let q = percent(&query.q);
        let filter = percent(&query.filter);
        format!("{path}?q={q}&filter={filter}&page={page}")
    };
    let more = u64::from(page) * u64::from(ListQuery::PAGE_SIZE) < total;
    let previous = (page > 1).then(|| view! { <a rel="prev" href=link(page - 1)>"Previous"</a> });
    let next = more.then(|| view! { <a rel="next" href=link(page + 1)>"Next"</a> });
    let headings = columns.iter().map(|c| view! { <th scope="col">{*c}</th> }).collect_view();
    let table = if rows.is_empty() {
        let text = if query.q.is_empty() && query.filter.is_empty() {
            nothing
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        view! { <p class="empty">{text}</p> }.into_any()
    } else {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label="List">
                <table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        }
        .into_any()
    };
    view! {
        <form method="get" action=path.to_owned() role="search" class="search">
            <label for="q">"Search"</label>
            <input id="q" name="q" type="search" value=query.q.clone() />
            <button>"Search"</button>
        </form>
        <p data-total=total.to_string()>{format!("{total} in all")}</p>
        {table}
        <nav class="pages" aria-label="Pages">{previous}<span>{format!("Page {page}")}</span>{next}</nav>
    }
    .into_any()
}

/// Escapes a value of a query.
fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

pub fn applications(frame: &Frame, query: &ListQuery, page: Page<ApplicationRow>) -> String {
    let rows = page.rows.into_iter().map(|row| {
        view! {
            <tr><th scope="row">{row.name}</th><td><code>{row.slug}</code></td><td>{row.saml_provider.unwrap_or_else(|| "none".into())}</td><td>{row.bindings}</td><td>{row.roles}</td></tr>
        }
        .into_any()
    });
    let columns = ["Name", "Slug", "SAML provider", "Bindings", "AWS roles"];
    let nothing = "An application is what people open from their portal. Declare one in a file and apply it.";
    let body = list("/admin/applications", query, page.total, &columns, rows.collect(), nothing);
    framed("Applications", frame, body)
}

pub fn users(frame: &Frame, query: &ListQuery, page: Page<UserRow>) -> String {
    let rows = page.rows.into_iter().map(|row| {
        let role = match row.role {
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
            Role::Member => "member",
        };
        let active = if row.active { "active" } else { "deactivated" };
        view! { <tr><th scope="row">{row.username}</th><td>{row.name}</td><td>{row.email}</td><td>{role}</td><td>{active}</td></tr> }.into_any()
    });
    let columns = ["User name", "Name", "Email", "Role", "State"];
    let body = list("/admin/users", query, page.total, &columns, rows.collect(), "There is nobody yet.");
    framed("Users", frame, body)
}

pub fn events(frame: &Frame, query: &ListQuery, page: Page<Event>) -> String {
    let rows = page.rows.into_iter().map(|event| {
        let detail = serde_json::to_string_pretty(&event.detail).unwrap_or_default();
        let at = event.at.clone();
        view! {
            <tr>
                <td><time datetime=event.at>{at}</time></td><td>{event.kind.code()}</td><td>{event.actor}</td><td>{event.target}</td>
                <td>{event.message}<details><summary>"Details"</summary><pre>{detail}</pre></details></td><td>{event.address}</td>
            </tr>
        }
        .into_any()
    });
    let columns = ["When (UTC)", "Kind", "Who", "What", "Message", "From"];
    let body = list("/admin/events", query, page.total, &columns, rows.collect(), "Nothing has happened yet.");
    framed("Events", frame, body)
}
