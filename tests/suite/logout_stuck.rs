//! A service that was told of a logout and does not send the browser back.

use reqwest::Method;
use saml::Status;
use tests::{Answer, Browser, World};

use crate::logout::{ServiceProvider, id_of, message, onward, sign_on};

const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody who signed on at all of these and out again, and hangs at the last.
struct Stuck {
    world: World,
    ada: Browser,
    services: Vec<ServiceProvider>,
    /// Where the browser was sent.
    url: String,
}

impl Stuck {
    async fn new(slugs: &[&'static str]) -> Self {
        let world = World::new().await;
        let services: Vec<_> = slugs.iter().map(|slug| ServiceProvider::new(slug)).collect();
        let ada = world.signed_in("ada").await;
        for service in &services {
            world.apply(&service.file("redirect")).await;
            sign_on(&ada, service).await;
        }
        let url = onward(&ada.post("/logout", &[]).await);
        Self { world, ada, services, url }
    }

    /// Whom a request of ours is for.
    fn at(&self, url: &str) -> &ServiceProvider {
        self.services.iter().find(|s| url.starts_with(&format!("https://{}.example/slo?", s.slug))).unwrap()
    }

    /// The answer of whoever a request of ours is for, brought by the browser.
    async fn answers(&self, url: &str, status: Status) -> Answer {
        let (request, state) = message(url);
        self.ada.get(&self.at(url).response(&self.world, &id_of(&request), &state, status)).await
    }

    /// Presses a button of the page that says where the logout stands.
    async fn press(&self, what: &str) -> Answer {
        let page = self.ada.get("/logout").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let asked = page.form().field("asked").unwrap().to_owned();
        self.ada.post(&page.form().action, &[("asked", &asked), ("what", what)]).await
    }

    async fn events(&self) -> String {
        let root = self.world.signed_in("root").await;
        let asked = serde_json::json!({ "query": { "filter": "sign_out" } });
        root.post_json("/fn/app/events/api/list_events", &asked).await.body
    }
}

/// A page without the marks that its maker leaves between texts.
fn html(page: &Answer) -> String {
    page.body.replace("<!>", "")
}

/// What the page says of a label: the text of its definition.
fn fact(page: &Answer, label: &str) -> String {
    let body = html(page);
    let Some((_, rest)) = body.split_once(&format!("<dt>{label}</dt><dd>")) else { return String::new() };
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_from_a_stuck_service_goes_on_with_the_others_and_is_told_the_truth_at_the_end() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let (lost, other) = match stuck.at(&stuck.url).slug {
        "first" => ("first", "second"),
        _ => ("second", "first"),
    };
    assert_eq!(stuck.ada.get("/").await.location(), "/login?next=%2F");
    let login = stuck.ada.get("/login").await;
    assert!(login.body.contains("href=\"/logout\"") && login.form().action == "/login", "{}", login.body);
    assert_eq!(
        stuck.ada.post("/logout", &[]).await.location(),
        "/logout",
        "pressing it again leads to where it stands"
    );
    let page = stuck.ada.get("/logout").await;
    let facts = ["Signed out of", "No answer from", "Not asked yet", "Not signed out of"].map(|l| fact(&page, l));
    assert_eq!(facts, ["", lost, other, ""], "{}", page.body);
    assert!(page.body.contains("You are signed out here") && page.body.contains("30 minutes"), "{}", page.body);

    let next = onward(&stuck.press("others").await);
    assert_eq!(stuck.at(&next).slug, other);
    let end = stuck.answers(&next, Status::SUCCESS).await;
    assert_eq!(end.status, 200);
    assert!(html(&end).contains("<h1>Signed out, but not everywhere</h1>"), "{}", end.body);
    assert!(end.body.contains(&format!("You are signed out of: {other}.")), "{}", end.body);
    assert!(end.body.contains(&format!("you may still be signed in there: {lost}.")), "{}", end.body);
    // It is over, and nothing speaks of it any more.
    assert!(!stuck.ada.get("/login").await.body.contains("/logout"));
    assert_eq!(stuck.ada.get("/logout").await.location(), "/login");
    let events = stuck.events().await;
    assert!(
        events.contains(&format!("is over: ended at {other}, not ended at none, no answer from {lost}")),
        "{events}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_still_counts_and_shows_where_the_logout_stands() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let next = onward(&stuck.press("others").await);
    let late = stuck.answers(&stuck.url, Status::SUCCESS).await;
    assert_eq!((late.status.as_u16(), late.location()), (303, "/logout"), "{}", late.body);
    let page = stuck.ada.get("/logout").await;
    assert_eq!(fact(&page, "Signed out of"), stuck.at(&stuck.url).slug, "{}", page.body);
    assert_eq!(fact(&page, "No answer from"), stuck.at(&next).slug, "{}", page.body);
    assert!(page.body.contains("Finish without it"), "{}", page.body);
    assert_eq!(stuck.answers(&stuck.url, Status::SUCCESS).await.status, 400, "an answer counts once");
    let end = stuck.answers(&next, Status::SUCCESS).await;
    assert!(html(&end).contains("<h1>Signed out</h1>") && !end.body.contains("did not"), "{}", end.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stuck_service_is_asked_again_and_an_old_page_does_nothing() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let before = stuck.ada.get("/logout").await.form().field("asked").unwrap().to_owned();
    let again = onward(&stuck.press("again").await);
    assert_eq!(stuck.at(&again).slug, stuck.at(&stuck.url).slug);
    assert_ne!(id_of(&message(&again).0), id_of(&message(&stuck.url).0), "a request has an ID of its own");
    let page = stuck.ada.get("/logout").await;
    assert_eq!(fact(&page, "Not asked yet"), if stuck.at(&again).slug == "first" { "second" } else { "first" });
    // The page of before, in another tab.
    for what in ["others", "again", ""] {
        let stale = stuck.ada.post("/logout/continue", &[("asked", &before), ("what", what)]).await;
        assert_eq!((stale.status.as_u16(), stale.location()), (303, "/logout"), "{}", stale.body);
    }
    assert_eq!(stuck.ada.get("/logout").await.form(), page.form(), "an old page went on");
    let next = stuck.answers(&again, Status::SUCCESS).await;
    let end = stuck.answers(next.location(), Status::PARTIAL_LOGOUT).await;
    assert!(end.body.contains("did not say") && !end.body.contains("did not answer"), "{}", end.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_is_gone_on_with_by_the_browser_and_the_person_it_is_of_and_by_nobody_else() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let page = stuck.ada.get("/logout").await;
    let asked = page.form().field("asked").unwrap().to_owned();
    let (_, id) = message(&stuck.url);
    assert!(!page.body.contains(&id), "the id goes to services and says nothing here");
    let body = || Some((FORM, format!("asked={asked}&what=others")));
    // What every service knows, what could be guessed, and what another browser has.
    for cookie in [
        String::new(),
        format!("logout={id}"),
        format!("logout={id}."),
        format!("logout={id}.{id}"),
        "logout=.".to_owned(),
    ] {
        let stranger = stuck.world.browser();
        let headers: &[(&str, &str)] = if cookie.is_empty() { &[] } else { &[("cookie", &cookie)] };
        let answer = stranger.send(Method::POST, "/logout/continue", headers, body()).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/logout"), "{cookie}: {}", answer.body);
        for path in ["/logout", "/login"] {
            let answer = stranger.send(Method::GET, path, headers, None).await;
            for slug in ["first", "second", "href=\"/logout\""] {
                assert!(!answer.body.contains(slug), "{cookie} at {path} was told of {slug}: {}", answer.body);
            }
        }
    }
    // Somebody else at the same browser.
    assert_eq!(stuck.ada.sign_in("grace", tests::PASSWORD).await.status, 303);
    assert!(!stuck.ada.get("/").await.body.contains("did not come to its end"));
    assert_eq!(
        stuck.ada.post("/logout/continue", &[("asked", &asked), ("what", "others")]).await.location(),
        "/logout"
    );
    let theirs = stuck.ada.get("/logout").await;
    assert!(theirs.body.contains("<h1>Sign out</h1>") && !theirs.body.contains("second"), "{}", theirs.body);
    // Its own person again, who finds it where it was.
    assert_eq!(stuck.ada.sign_in("ada", tests::PASSWORD).await.status, 303);
    assert!(stuck.ada.get("/").await.body.contains("did not come to its end"));
    let again = stuck.ada.get("/logout").await;
    assert_eq!(again.form(), page.form(), "somebody else went on with it");
    assert!(again.body.contains("You have signed in here again since"), "{}", again.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_later_nobody_goes_on_and_the_page_does_not_say_that_all_is_well() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let asked = stuck.ada.get("/logout").await.form().field("asked").unwrap().to_owned();
    stuck.world.clock.advance(1801);
    let answer = stuck.ada.post("/logout/continue", &[("asked", &asked), ("what", "others")]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/logout"), "{}", answer.body);
    let page = stuck.ada.get("/logout").await;
    assert_eq!(page.status, 410, "{}", page.body);
    assert!(page.form().action.is_empty() && page.body.contains("Close the browser to be sure"), "{}", page.body);
    assert_eq!(stuck.ada.get("/logout").await.location(), "/login", "said once");
    stuck.world.services.sweep().await.unwrap();
    assert_eq!(stuck.events().await.matches("got lost at").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_on_with_a_logout_leads_to_registered_addresses_only() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let asked = stuck.ada.get("/logout").await.form().field("asked").unwrap().to_owned();
    for evil in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(["next", "RelayState", "url", "asked", "what"].map(|name| (name, evil)))
            .finish();
        let page = stuck.ada.get(&format!("/logout?{query}")).await;
        assert_eq!(page.form().action, "/logout/continue");
        assert!(!page.body.contains("evil.example") && page.location().is_empty(), "{}", page.body);
        let fields = [("asked", evil), ("what", evil), ("next", evil), ("RelayState", evil), ("url", evil)];
        assert_eq!(stuck.ada.post(&format!("/logout/continue?{query}"), &fields).await.location(), "/logout");
        assert_eq!(stuck.ada.post(&format!("/logout?{query}"), &fields).await.location(), "/logout");
    }
    let fields = [("asked", asked.as_str()), ("what", "others"), ("next", "https://evil.example/")];
    let page = stuck.ada.post("/logout/continue", &fields).await;
    assert!(page.location().is_empty() && !page.body.contains("evil.example"), "{}", page.body);
    assert_eq!(stuck.at(&onward(&page)).slug, if stuck.at(&stuck.url).slug == "first" { "second" } else { "first" });
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_once_more_takes_along_what_was_left() {
    let stuck = Stuck::new(&["first", "second"]).await;
    let third = ServiceProvider::new("third");
    stuck.world.apply(&third.file("redirect")).await;
    assert_eq!(stuck.ada.sign_in("ada", tests::PASSWORD).await.status, 303);
    sign_on(&stuck.ada, &third).await;
    let url = onward(&stuck.ada.post("/logout", &[]).await);
    assert!(url.starts_with("https://third.example/slo?"), "{url}");
    assert_eq!(stuck.ada.get("/").await.status, 303, "the new session is over");
    let page = stuck.ada.get("/logout").await;
    let lost = stuck.at(&stuck.url).slug;
    assert_eq!(fact(&page, "No answer from"), format!("third, {lost}"), "{}", page.body);
    assert_eq!(fact(&page, "Not asked yet"), if lost == "first" { "second" } else { "first" });
    assert_eq!(stuck.events().await.matches("is over").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_began_the_logout_hears_that_it_was_not_whole_when_another_is_stuck() {
    let world = World::new().await;
    let services = ["first", "second"].map(ServiceProvider::new);
    let ada = world.signed_in("ada").await;
    let mut known = Vec::new();
    for service in &services {
        world.apply(&service.file("redirect")).await;
        known.push(sign_on(&ada, service).await);
    }
    let [first, second] = &services;
    let (name_id, session) = &known[0];
    let away = ada.get(&first.request(&world, "_lr1", name_id, &[session], &first.key)).await;
    assert!(away.location().starts_with("https://second.example/slo?"), "{}", away.body);
    let page = ada.get("/logout").await;
    assert_eq!(fact(&page, "No answer from"), second.slug, "{}", page.body);
    let asked = page.form().field("asked").unwrap().to_owned();
    let url = onward(&ada.post("/logout/continue", &[("asked", &asked), ("what", "others")]).await);
    assert!(url.starts_with("https://first.example/slo?"), "{url}");
    let (response, state) = message(&url);
    assert!(response.contains("InResponseTo=\"_lr1\"") && response.contains("PartialLogout"), "{response}");
    assert_eq!(state, "their state");
}
