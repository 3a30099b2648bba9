//! Every path of the server and whom it is for. What is asked of each is derived from the one chain of calls that builds the
//! router, so that a new path cannot be forgotten.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use server::Least;
use tests::{Browser, World};

use super::sources::rust_files;

/// Whom a path is for.
#[derive(Clone, Copy)]
enum For {
    /// Anybody, such as whoever is about to sign in, and services, whose messages speak for themselves. The rows of this
    /// may only become fewer.
    Anybody,
    /// People who are signed in. A stranger is sent to sign in, and comes back.
    SignedIn(Least),
    /// Scripts of pages. A stranger is told that nobody is signed in.
    Scripts(Least),
    /// Programs with a token; a browser that is signed in is a stranger to them.
    Programs(Least),
}

/// A method and a path as they are registered, one address that leads there, and whom it is for.
type Row = (&'static str, &'static str, &'static str, For);

const ROUTES: [Row; 37] = [
    ("GET", "/login", "/login", For::Anybody),
    ("POST", "/login", "/login", For::Anybody),
    // Whoever signs out has no session any more, and may have to go on with it: what they hold is in a cookie.
    ("GET", "/logout", "/logout", For::Anybody),
    ("POST", "/logout", "/logout", For::Anybody),
    ("GET", "/logout/everywhere", "/logout/everywhere", For::SignedIn(Least::Member)),
    ("POST", "/logout/everywhere", "/logout/everywhere", For::SignedIn(Least::Member)),
    ("POST", "/logout/continue", "/logout/continue", For::Anybody),
    // The link has a secret that works once.
    ("GET", "/setup", "/setup", For::Anybody),
    ("POST", "/setup", "/setup", For::Anybody),
    ("POST", "/theme", "/theme", For::Anybody),
    ("GET", "/application/saml/{slug}/metadata/", "/application/saml/aws/metadata/", For::Anybody),
    (
        "GET",
        "/application/saml/{slug}/sso/binding/init/",
        "/application/saml/aws/sso/binding/init/",
        For::SignedIn(Least::Member),
    ),
    (
        "GET",
        "/application/saml/{slug}/sso/binding/redirect/",
        "/application/saml/aws/sso/binding/redirect/",
        For::Anybody,
    ),
    ("POST", "/application/saml/{slug}/sso/binding/post/", "/application/saml/aws/sso/binding/post/", For::Anybody),
    (
        "GET",
        "/application/saml/{slug}/slo/binding/redirect/",
        "/application/saml/aws/slo/binding/redirect/",
        For::Anybody,
    ),
    ("POST", "/application/saml/{slug}/slo/binding/post/", "/application/saml/aws/slo/binding/post/", For::Anybody),
    ("GET", "/health/live", "/health/live", For::Anybody),
    ("GET", "/health/ready", "/health/ready", For::Anybody),
    ("GET", "/metrics", "/metrics", For::Programs(Least::Auditor)),
    // What is below it has a gate of its own, with the role of each operation.
    ("ANY", "/api/v1", "/api/v1/me", For::Programs(Least::Member)),
    ("ANY", "/api/v1/", "/api/v1/", For::Programs(Least::Member)),
    ("GET", "/pkg/{name}", "/pkg/rolecall.js", For::Anybody),
    ("GET", "/fonts/{name}", "/fonts/OFL.txt", For::Anybody),
    // Likewise.
    ("ANY", "/fn/{*path}", "/fn/app/overview/api/read_overview", For::Scripts(Least::Auditor)),
    ("GET", "/", "/", For::SignedIn(Least::Member)),
    ("GET", "/admin", "/admin", For::SignedIn(Least::Auditor)),
    ("GET", "/admin/keys/-/import", "/admin/keys/-/import", For::SignedIn(Least::Auditor)),
    ("POST", "/admin/keys/-/import", "/admin/keys/-/import", For::SignedIn(Least::Administrator)),
    (
        "GET",
        "/admin/keys/{name}/certificate.pem",
        "/admin/keys/rolecall/certificate.pem",
        For::SignedIn(Least::Auditor),
    ),
    ("GET", "/admin/events/stream", "/admin/events/stream", For::Scripts(Least::Auditor)),
    ("GET", "/admin/scim-providers/{name}/progress", "/admin/scim-providers/x/progress", For::Scripts(Least::Auditor)),
    ("GET", "/admin/{*path}", "/admin/users", For::SignedIn(Least::Auditor)),
    // Likewise.
    ("POST", "/admin/{*path}", "/admin/users/nobody/delete", For::SignedIn(Least::Administrator)),
    ("GET", "/pkg/rolecall.css", "/pkg/rolecall.css", For::Anybody),
    ("GET", "/favicon.svg", "/favicon.svg", For::Anybody),
    // Whatever is nowhere, by any method.
    ("ANY", "*", "/no/such/path", For::Anybody),
    ("ANY", "*", "/application/saml/aws/no/such/path/", For::Anybody),
];

/// Where paths may be registered: the server's own, and the API's, which come from its table of operations.
const REGISTERS: [&str; 2] = ["server/src/http/routes.rs", "server/src/http/api/routes.rs"];

/// The methods of `get(this).post(that)`.
fn methods(handlers: &str, call: &str) -> Vec<String> {
    let known = ["get", "post", "put", "delete", "patch", "head", "options", "any"];
    let named = handlers.split(").").map(|part| part.split('(').next().unwrap().trim());
    named
        .map(|name| {
            assert!(known.contains(&name), "`{call}`: this gate does not know `{name}`");
            name.to_uppercase()
        })
        .collect()
}

/// What the router is made of, read where it is written.
fn registered() -> BTreeSet<(String, String)> {
    let sources = rust_files();
    let (_, text) = sources.iter().find(|(path, _)| path.ends_with(REGISTERS[0])).unwrap();
    let chain = text.split("Router::new()").nth(1).unwrap().split("\n}").next().unwrap();
    let mut found = BTreeSet::new();
    for call in chain.split("\n        .").skip(1) {
        let call = call.split_whitespace().collect::<Vec<_>>().join(" ");
        let (kind, rest) = call.split_once('(').unwrap();
        let path = || rest.split('"').nth(1).unwrap_or_else(|| panic!("`{call}`: the path is no literal")).to_owned();
        match kind {
            "route" => {
                let (_, handlers) = rest.split_once("\", ").unwrap();
                found.extend(methods(handlers, &call).into_iter().map(|method| (method, path())));
            }
            "nest" | "route_service" => {
                found.insert(("ANY".to_owned(), path()));
            }
            "fallback" => {
                found.insert(("ANY".to_owned(), "*".to_owned()));
            }
            "layer" | "with_state" => {}
            _ => panic!("`{call}`: this gate does not know how that registers a path"),
        }
    }
    found
}

#[test]
fn every_path_that_is_registered_is_known_here_and_none_is_registered_elsewhere() {
    let known: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(registered(), known, "a path is new or gone: say here whom it is for");
    for (path, text) in rust_files() {
        let shown = path.display().to_string().replace('\\', "/");
        let own = shown.contains("/server/src/") || shown.contains("/app/src/");
        if !own || REGISTERS.iter().any(|file| path.ends_with(file)) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in [".route(", ".route_service(", ".nest(", ".nest_service(", ".fallback(", "Router::new("] {
            assert!(!code.contains(word), "{shown}: `{word}` registers a path that no gate knows of");
        }
    }
}

/// As a program from elsewhere asks: the figures are open on this machine.
const ELSEWHERE: (&str, &str) = ("x-forwarded-for", "203.0.113.5");

/// The status, and where it leads. The body is not waited for: some never end.
async fn ask(browser: &Browser, method: &str, address: &str, token: Option<&str>) -> (StatusCode, String) {
    if method == "GET" && token.is_none() && address != "/metrics" {
        let answer = browser.open(address).await.unwrap();
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        return (answer.status(), location.to_owned());
    }
    let method = match method {
        "ANY" if address.starts_with("/api/") => Method::GET,
        "ANY" => Method::POST,
        other => other.parse().unwrap(),
    };
    let authorization = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![ELSEWHERE];
    headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
    let body = (method == Method::POST).then(|| ("application/x-www-form-urlencoded", "name=x&version=9".to_owned()));
    let answer = browser.send(method, address, &headers, body).await;
    (answer.status, answer.location().to_owned())
}

fn is_refusal((status, location): &(StatusCode, String)) -> bool {
    [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(status) || location.starts_with("/login?")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_is_refused_to_strangers_and_to_the_wrong_role_unless_it_is_for_anybody() {
    let world = World::new().await;
    let before = world.services.export(true).await.unwrap();
    let people = [("ada", Least::Member), ("audrey", Least::Auditor), ("root", Least::Administrator)];
    for (method, path, address, whom) in ROUTES {
        let what = format!("{method} {path}");
        let stranger = ask(&world.browser(), method, address, None).await;
        let least = match whom {
            For::Anybody => {
                // A sign-in without a name or password is one that fails, and no door that is shut.
                let open = (method, path) == ("POST", "/login") || !is_refusal(&stranger);
                assert!(open, "{what} is not open: {stranger:?}");
                continue;
            }
            For::SignedIn(least) => {
                assert_eq!(stranger.0, StatusCode::SEE_OTHER, "{what} to a stranger");
                let query = stranger.1.strip_prefix("/login?").unwrap_or_else(|| panic!("{what}: {}", stranger.1));
                let next = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next").unwrap().1;
                // To the page that has the file, where it is no page.
                let back = next == address || (next.len() > 1 && address.starts_with(&*next));
                assert!(back, "{what} leads back to {next}");
                least
            }
            For::Scripts(least) => {
                assert_eq!(stranger.0, StatusCode::UNAUTHORIZED, "{what} to a stranger");
                least
            }
            For::Programs(least) => {
                assert_eq!(stranger.0, StatusCode::UNAUTHORIZED, "{what} to a stranger");
                let browser = ask(&world.signed_in("root").await, method, address, None).await;
                assert_eq!(browser.0, StatusCode::UNAUTHORIZED, "{what} to a browser that is signed in");
                least
            }
        };
        for (name, role) in people {
            let answer = if matches!(whom, For::Programs(_)) {
                ask(&world.browser(), method, address, Some(&world.token(name).await)).await
            } else {
                ask(&world.signed_in(name).await, method, address, None).await
            };
            if role < least {
                assert_eq!(answer.0, StatusCode::FORBIDDEN, "{what} to {name}");
            } else if role == least {
                // Whoever has more may still be no member of an application.
                assert!(!is_refusal(&answer), "{what} to {name}: {answer:?}");
            }
        }
    }
    assert!(world.services.export(true).await.unwrap() == before, "a refused request changed something");
}

/// The addresses of the console that its own router knows, with a name in the place of each parameter.
fn console_pages() -> Vec<String> {
    let sources = rust_files();
    let (_, text) = sources.iter().find(|(path, _)| path.ends_with("app/src/root.rs")).unwrap();
    let (mut found, mut within) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if line.starts_with("</ParentRoute>") {
            within.pop();
        }
        let Some(path) = line.split("path!(\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        if line.starts_with("<ParentRoute") {
            within.push(path);
        } else if line.starts_with("<Route") && !path.contains('*') {
            let whole = format!("{}{path}", within.concat());
            let inside = whole.starts_with("/admin") || whole == "/";
            let whole = if inside { whole } else { format!("/admin{whole}") };
            let named = whole.split('/').map(|part| if part.starts_with(':') { "x" } else { part });
            let named = named.collect::<Vec<_>>().join("/");
            found.push(if named.len() > 1 { named.trim_end_matches('/').to_owned() } else { named });
        }
    }
    assert!(within.is_empty() && found.len() > 30, "{found:?}");
    found
}

/// Every page that the server alone draws, below `/admin`, and the least role that it takes.
const DRAWN: [(&str, Least); 40] = [
    ("search", Least::Auditor),
    ("applications", Least::Auditor),
    ("users", Least::Auditor),
    ("users/-/new", Least::Administrator),
    ("users/*", Least::Auditor),
    ("users/*/edit", Least::Administrator),
    ("users/*/rename", Least::Administrator),
    ("users/*/password", Least::Administrator),
    ("users/*/sessions", Least::Auditor),
    ("users/*/history", Least::Auditor),
    ("users/*/delete", Least::Administrator),
    ("groups", Least::Auditor),
    ("groups/-/new", Least::Administrator),
    ("groups/*", Least::Auditor),
    ("groups/*/edit", Least::Administrator),
    ("groups/*/rename", Least::Administrator),
    ("groups/*/history", Least::Auditor),
    ("groups/*/delete", Least::Administrator),
    ("policies", Least::Auditor),
    ("policies/-/new", Least::Administrator),
    ("policies/*", Least::Auditor),
    ("policies/*/edit", Least::Administrator),
    ("policies/*/history", Least::Auditor),
    ("policies/*/delete", Least::Administrator),
    ("scim-providers/*/plans", Least::Auditor),
    ("scim-providers/*/plans/*", Least::Auditor),
    ("scim-providers/*/plans/*/apply", Least::Administrator),
    ("scim-providers/*/plans/*/discard", Least::Administrator),
    ("api-tokens", Least::Auditor),
    ("api-tokens/-/new", Least::Administrator),
    ("api-tokens/*/revoke", Least::Administrator),
    ("webhooks", Least::Auditor),
    ("webhooks/-/new", Least::Administrator),
    ("webhooks/*", Least::Auditor),
    ("webhooks/*/edit", Least::Administrator),
    ("webhooks/*/secret", Least::Administrator),
    ("webhooks/*/test", Least::Administrator),
    ("webhooks/*/history", Least::Auditor),
    ("webhooks/*/delete", Least::Administrator),
    ("no/such/page", Least::Auditor),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_refused_to_strangers_and_to_the_wrong_role_and_no_other_is_drawn() {
    let world = World::new().await;
    let listed: BTreeSet<&str> = DRAWN.iter().map(|(page, _)| *page).filter(|page| *page != "no/such/page").collect();
    let drawn: BTreeSet<&str> = app::drawn_pages().into_iter().collect();
    assert_eq!(listed, drawn, "a page is new or gone: say here which role it takes");
    let (ada, audrey) = (world.signed_in("ada").await, world.signed_in("audrey").await);
    let routed = console_pages().into_iter().map(|path| (path, None));
    let drawn = DRAWN.iter().map(|(page, least)| (format!("/admin/{}", page.replace('*', "ada")), Some(*least)));
    for (path, least) in routed.chain(drawn) {
        let stranger = world.browser().get(&path).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path} to a stranger");
        assert_eq!(stranger.location(), format!("/login?next={}", path.replace('/', "%2F")), "the way back is lost");
        assert!(stranger.body.is_empty(), "{path} rendered something for a stranger");
        let member = if path == "/" { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(ada.get(&path).await.status, member, "{path} to a member");
        let Some(least) = least else { continue };
        let status = audrey.get(&path).await.status;
        if least == Least::Administrator {
            assert_eq!(status, StatusCode::FORBIDDEN, "{path} to an auditor");
        } else {
            assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{path} to an auditor: {status}");
        }
    }
}
