use saml::{
    LogoutRequestSpec, LogoutResponseSpec, NameId, Outbound, SignatureAlgorithm, SigningKey, Status,
    build_logout_request, build_logout_response,
};
use tests::{Answer, Browser, World};

use crate::sign_on::xml;

/// A service provider that takes logout messages.
pub(crate) struct ServiceProvider {
    pub slug: &'static str,
    pub key: SigningKey,
    certificate: String,
}

impl ServiceProvider {
    pub fn new(slug: &'static str) -> Self {
        let pair = SigningKey::generate_self_signed(2048, slug, 30, 1_700_000_000).unwrap();
        let key = SigningKey::from_pem(&pair.certificate_pem, &pair.private_key_pem).unwrap();
        Self { slug, key, certificate: pair.certificate_pem }
    }

    fn audience(&self) -> String {
        format!("https://{}.example", self.slug)
    }

    pub fn file(&self, binding: &str) -> String {
        let certificate: String = self.certificate.lines().map(|line| format!("      {line}\n")).collect();
        let (slug, audience) = (self.slug, self.audience());
        format!(
            "version: 1\nsaml_providers:\n  - name: {slug}\n    acs_url: {audience}/acs\n    audience: {audience}\n    \
             logout: [{{ binding: {binding}, url: '{audience}/slo' }}]\n    verification_certificates:\n    - |\n{certificate}\
             applications: [{{ slug: {slug}, name: {slug}, saml_provider: {slug} }}]\n"
        )
    }

    pub fn endpoint(&self, world: &World) -> String {
        format!("{}/application/saml/{}/slo/binding/redirect/", world.url, self.slug)
    }

    /// A logout request as this service provider sends it.
    pub fn request(&self, world: &World, id: &str, name_id: &str, sessions: &[&str], key: &SigningKey) -> String {
        let message = self.message(world, id, name_id, sessions);
        message.redirect(Some("their state"), SignatureAlgorithm::RsaSha256, key).unwrap()
    }

    /// The same, before it is signed.
    pub fn message(&self, world: &World, id: &str, name_id: &str, sessions: &[&str]) -> Outbound {
        let now = domain::port::Clock::now(world.clock.as_ref());
        let spec = LogoutRequestSpec {
            id: id.to_owned(),
            issue_instant: now,
            not_on_or_after: now + 300,
            destination: self.endpoint(world),
            issuer: self.audience(),
            reason: None,
            name_id: NameId { value: name_id.to_owned(), ..NameId::default() },
            session_indexes: sessions.iter().map(|s| (*s).to_owned()).collect(),
        };
        build_logout_request(&spec).unwrap()
    }

    /// The answer to a request of ours.
    pub fn response(&self, world: &World, in_response_to: &str, relay_state: &str, status: Status) -> String {
        let spec = LogoutResponseSpec {
            id: format!("_{in_response_to}answer"),
            in_response_to: in_response_to.to_owned(),
            issue_instant: domain::port::Clock::now(world.clock.as_ref()),
            destination: self.endpoint(world),
            issuer: self.audience(),
            status,
        };
        let message = build_logout_response(&spec).unwrap();
        message.redirect(Some(relay_state), SignatureAlgorithm::RsaSha256, &self.key).unwrap()
    }
}

/// NameID and SessionIndex of a sign-on.
pub(crate) async fn sign_on(browser: &Browser, sp: &ServiceProvider) -> (String, String) {
    let page = browser.get(&format!("/application/saml/{}/sso/binding/init/", sp.slug)).await;
    let xml = xml(&page);
    let between = |from: &str, to: &str| {
        let rest = &xml[xml.find(from).unwrap() + from.len()..];
        rest[..rest.find(to).unwrap()].to_owned()
    };
    let name_id = between("<saml:NameID", "</saml:NameID>");
    (name_id.rsplit('>').next().unwrap().to_owned(), between("SessionIndex=\"", "\""))
}

/// The message in an address of the Redirect binding, and its relay state.
pub(crate) fn message(url: &str) -> (String, String) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use std::io::Read;
    let query: std::collections::HashMap<_, _> = url::Url::parse(url).unwrap().query_pairs().into_owned().collect();
    let field = query.get("SAMLRequest").or_else(|| query.get("SAMLResponse")).unwrap();
    let mut xml = String::new();
    flate2::read::DeflateDecoder::new(STANDARD.decode(field).unwrap().as_slice()).read_to_string(&mut xml).unwrap();
    (xml, query.get("RelayState").cloned().unwrap_or_default())
}

pub(crate) fn id_of(xml: &str) -> String {
    xml.split("ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Where a page leads that goes on by itself.
pub(crate) fn onward(page: &Answer) -> String {
    let url = page.body.split("url=").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap();
    url.replace("&amp;", "&")
}

pub(crate) async fn two(world: &World) -> (ServiceProvider, ServiceProvider) {
    let (first, second) = (ServiceProvider::new("first"), ServiceProvider::new("second"));
    world.apply(&first.file("redirect")).await;
    world.apply(&second.file("redirect")).await;
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_here_goes_to_every_service_provider_and_says_which_did_not_answer_well() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let ada = world.signed_in("ada").await;
    for sp in [&first, &second] {
        sign_on(&ada, sp).await;
    }
    let mut page = ada.post("/logout", &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(ada.get("/").await.status, 303, "the session is over before anybody else is told");
    for (turn, status) in [Status::SUCCESS, Status::PARTIAL_LOGOUT].into_iter().enumerate() {
        let url = if turn == 0 { onward(&page) } else { page.location().to_owned() };
        let sp = if url.starts_with("https://first") { &first } else { &second };
        assert!(url.contains("Signature="), "a request of ours must be signed: {url}");
        let (request, state) = message(&url);
        assert!(request.contains("SessionIndex") && request.contains("LogoutRequest"), "{request}");
        page = ada.get(&sp.response(&world, &id_of(&request), &state, status)).await;
    }
    assert!(page.status == 200 && page.body.contains("You are signed out of"), "{}", page.body);
    assert!(page.body.contains("did not say"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_that_a_service_does_not_send_back_is_told_once_with_who_was_never_asked() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let ada = world.signed_in("ada").await;
    for sp in [&first, &second] {
        sign_on(&ada, sp).await;
    }
    let url = onward(&ada.post("/logout", &[]).await);
    let (lost, other) = if url.starts_with("https://first") { ("first", "second") } else { ("second", "first") };
    let told = async || {
        let root = world.signed_in("root").await;
        let asked = serde_json::json!({ "query": { "filter": "sign_out" } });
        root.post_json("/fn/app/events/api/list_events", &asked).await.body
    };
    let count = async || told().await.matches("got lost at").count();
    world.services.sweep().await.unwrap();
    assert_eq!(count().await, 0, "the service has half an hour");
    world.clock.advance(1801);
    for _ in 0..2 {
        world.services.sweep().await.unwrap();
        assert_eq!(count().await, 1);
    }
    let events = told().await;
    assert!(events.contains(&format!("got lost at {lost},")), "{events}");
    assert!(events.contains(&format!("not told: {other}")), "{events}");
    // What comes too late is not taken up again.
    let (request, state) = message(&url);
    let sp = if lost == "first" { &first } else { &second };
    assert_eq!(ada.get(&sp.response(&world, &id_of(&request), &state, Status::SUCCESS)).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_provider_ends_the_session_everywhere_and_gets_its_answer() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let ada = world.signed_in("ada").await;
    let (name_id, session) = sign_on(&ada, &first).await;
    sign_on(&ada, &second).await;
    // The request comes from elsewhere, without our cookie.
    let visitor = world.browser();
    let onward = visitor.get(&first.request(&world, "_lr1", &name_id, &[&session], &first.key)).await;
    assert_eq!(onward.status, 303, "{}", onward.body);
    assert_eq!(ada.get("/").await.status, 303, "the session lives on");
    assert!(onward.location().starts_with("https://second.example/slo"), "{}", onward.location());
    let (request, state) = message(onward.location());
    let back = visitor.get(&second.response(&world, &id_of(&request), &state, Status::SUCCESS)).await;
    assert!(back.location().starts_with("https://first.example/slo"), "{}", back.body);
    let (response, state) = message(back.location());
    assert!(response.contains("InResponseTo=\"_lr1\"") && response.contains("status:Success"), "{response}");
    assert!(!response.contains("PartialLogout") && state == "their state", "{response}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_message_that_is_not_the_service_providers_own_ends_nothing() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let ada = world.signed_in("ada").await;
    let (name_id, session) = sign_on(&ada, &first).await;
    let visitor = world.browser();
    let good = first.request(&world, "_lr2", &name_id, &[&session], &first.key);
    let unsigned = good.split("&SigAlg").next().unwrap().to_owned();
    for (what, url) in [
        ("unsigned", unsigned),
        ("signed by another", first.request(&world, "_lr3", &name_id, &[&session], &second.key)),
        ("another relay state", good.replace("their", "my")),
        ("sent to another application", good.replace("/saml/first/", "/saml/second/")),
        ("an answer that nobody waits for", first.response(&world, "_x", "nothing", Status::SUCCESS)),
    ] {
        let answer = visitor.get(&url).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        assert_eq!(ada.get("/").await.status, 200, "{what} ended the session");
    }
    // Somebody else's session stays, and a request counts once.
    let grace = world.signed_in("grace").await;
    sign_on(&grace, &first).await;
    assert_eq!(visitor.get(&good).await.status, 303);
    assert_eq!(visitor.get(&good).await.status, 400, "a replayed logout request was taken");
    assert_eq!(ada.get("/").await.status, 303);
    assert_eq!(grace.get("/").await.status, 200, "somebody else was signed out too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_by_post_is_a_form_that_posts_there_and_nowhere_else() {
    let world = World::new().await;
    let sp = ServiceProvider::new("posted");
    world.apply(&sp.file("post")).await;
    let ada = world.signed_in("ada").await;
    sign_on(&ada, &sp).await;
    let page = ada.post("/logout", &[]).await;
    let form = page.form();
    assert_eq!(form.action, "https://posted.example/slo");
    assert!(form.field("SAMLRequest").is_some() && form.field("RelayState").is_some(), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://posted.example"), "{policy}");
}

/// The outer and the inner status of a response of ours.
pub(crate) fn statuses(url: &str) -> Vec<String> {
    let (xml, _) = message(url);
    let values = xml.split("StatusCode Value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    values.map(|uri| uri.rsplit(':').next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_kept_an_earlier_transient_name_ends_the_session_by_its_index() {
    let world = World::new().await;
    let sp = ServiceProvider::new("passing");
    world.apply(&sp.file("redirect").replace("    audience", "    name_id: { format: transient }\n    audience")).await;
    let (ada, grace) = (world.signed_in("ada").await, world.signed_in("grace").await);
    let (earlier, session) = sign_on(&ada, &sp).await;
    let (later, same) = sign_on(&ada, &sp).await;
    assert!(earlier != later && session == same);
    sign_on(&grace, &sp).await;
    let answer = world.browser().get(&sp.request(&world, "_t1", &earlier, &[&session], &sp.key)).await;
    assert_eq!(statuses(answer.location()), ["Success"], "{}", answer.body);
    assert_eq!(ada.get("/").await.status, 303, "the session lives on");
    assert_eq!(grace.get("/").await.status, 200, "somebody else was signed out too");
    // Whoever was never here, or is long gone, is not called signed out.
    for (id, name) in [("_t2", "nobody"), ("_t3", later.as_str())] {
        let answer = world.browser().get(&sp.request(&world, id, name, &[&session], &sp.key)).await;
        assert_eq!(statuses(answer.location()), ["Responder", "UnknownPrincipal"], "{name}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_name_and_a_session_index_do_not_end_that_session() {
    let world = World::new().await;
    let sp = ServiceProvider::new("lasting");
    world
        .apply(&sp.file("redirect").replace("    audience", "    name_id: { format: persistent }\n    audience"))
        .await;
    let ada = world.signed_in("ada").await;
    let (_, session) = sign_on(&ada, &sp).await;
    let answer = world.browser().get(&sp.request(&world, "_a1", "somebody", &[&session], &sp.key)).await;
    assert_eq!(statuses(answer.location()), ["Responder", "UnknownPrincipal"], "{}", answer.body);
    assert_eq!(ada.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_answer_could_go_a_logout_request_ends_nothing() {
    let world = World::new().await;
    let sp = ServiceProvider::new("mute");
    world.apply(&sp.file("redirect")).await;
    let ada = world.signed_in("ada").await;
    let (name, session) = sign_on(&ada, &sp).await;
    let file = sp.file("redirect");
    let without: String = file.lines().filter(|l| !l.contains("logout:")).map(|l| format!("{l}\n")).collect();
    world.apply(&without).await;
    let request = sp.request(&world, "_m1", &name, &[&session], &sp.key);
    let refused = world.browser().get(&request).await;
    assert!(refused.status == 409 && refused.body.contains("no address for logout"), "{}", refused.body);
    assert_eq!(ada.get("/").await.status, 200, "the session was ended all the same");
    // With an address again, the same request is good.
    world.apply(&file).await;
    assert_eq!(statuses(world.browser().get(&request).await.location()), ["Success"]);
    assert_eq!(ada.get("/").await.status, 303);
}

/// What the requests of a logout say, from one service to the next, each answered well.
pub(crate) async fn told(
    world: &World,
    browser: &Browser,
    page: Answer,
    services: &[&ServiceProvider],
) -> (Vec<String>, Answer) {
    let (mut requests, mut page) = (Vec::new(), page);
    for turn in 0..services.len() {
        let url = if turn == 0 { onward(&page) } else { page.location().to_owned() };
        let sp = services.iter().find(|sp| url.starts_with(&format!("https://{}.example/slo", sp.slug))).unwrap();
        let (request, state) = message(&url);
        page = browser.get(&sp.response(world, &id_of(&request), &state, Status::SUCCESS)).await;
        requests.push(request);
    }
    (requests, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_tells_each_service_of_the_sessions_of_every_browser() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there, gone) =
        (world.signed_in("ada").await, world.signed_in("ada").await, world.signed_in("ada").await);
    let grace = world.signed_in("grace").await;
    let (_, mine) = sign_on(&here, &first).await;
    let (_, other) = sign_on(&there, &first).await;
    sign_on(&there, &second).await;
    // A session that ended here without a word to the services is still alive at one of them.
    let (_, left) = sign_on(&gone, &first).await;
    let sessions = gone.post("/fn/app/portal/api/list_sessions", &[]).await.json();
    let own = sessions.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    let ended = here.post("/fn/app/portal/api/revoke_session", &[("handle", own["handle"].as_str().unwrap())]).await;
    assert!(ended.status.as_u16() < 400 && gone.get("/").await.status == 303, "{}", ended.body);
    let (_, stranger) = sign_on(&grace, &first).await;
    let page = here.post("/logout/everywhere", &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for browser in [&here, &there, &gone] {
        assert_eq!(browser.get("/").await.status, 303, "a session lives on");
    }
    assert_eq!(grace.get("/").await.status, 200, "somebody else was signed out");
    let (requests, end) = told(&world, &here, page, &[&first, &second]).await;
    let to = |place: &str| requests.iter().find(|request| request.contains(place)).unwrap();
    let at_first = to("https://first.example/slo");
    for index in [&mine, &other, &left] {
        assert!(at_first.contains(index.as_str()), "{index} is not in {at_first}");
    }
    assert!(!at_first.contains(&stranger) && at_first.matches("<samlp:SessionIndex>").count() == 3, "{at_first}");
    assert!(to("https://second.example/slo").contains(&other));
    assert!(end.status == 200 && end.body.contains("You are signed out of"), "{}", end.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_signs_somebody_out_at_every_service_and_nobody_else_can() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    let (_, one) = sign_on(&here, &first).await;
    let (_, two) = sign_on(&there, &second).await;
    let grace = world.signed_in("grace").await;
    let refused = grace.post("/logout/everywhere", &[("username", "ada")]).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(here.get("/").await.status, 200, "a stranger signed somebody out");
    let root = world.signed_in("root").await;
    let sessions = root.get("/admin/users/ada/sessions").await;
    assert!(sessions.body.contains("These services have a session of the user"), "{}", sessions.body);
    let page = root.post("/logout/everywhere", &[("username", "ada")]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for browser in [&here, &there] {
        assert_eq!(browser.get("/").await.status, 303, "a session lives on");
    }
    assert_eq!(root.get("/").await.status, 200, "the administrator was signed out too");
    let pending = root.get("/logout").await;
    assert!(pending.body.contains("ada is signed out here"), "{}", pending.body);
    let (requests, end) = told(&world, &root, page, &[&first, &second]).await;
    assert!(requests.iter().any(|r| r.contains(&one)) && requests.iter().any(|r| r.contains(&two)), "{requests:?}");
    assert!(end.status == 200 && end.body.contains("ada is signed out"), "{}", end.body);
    let asked = serde_json::json!({ "query": { "filter": "sign_out" } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert!(events.contains("ada was signed out everywhere by root"), "{events}");
    // Where no service knows of anybody, it leads back to where it was asked.
    let nobody = root.post("/logout/everywhere", &[("username", "ada")]).await;
    assert_eq!(nobody.location(), "/admin/users/ada/sessions");
}
