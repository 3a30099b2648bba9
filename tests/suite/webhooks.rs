use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::{Router, extract::State, http::HeaderMap, routing::post};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Courier, Origin,
    port::{WebhookMessage, WebhookTransport},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::outbound::{HttpWebhook, Resolve};
use tests::{Answer, Api, PASSWORD, World, in_time};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What a receiver got, and what it answers.
#[derive(Clone)]
pub struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    status: Arc<Mutex<StatusCode>>,
    pub url: String,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self { got: Arc::default(), status: Arc::new(Mutex::new(StatusCode::NO_CONTENT)), url };
        let take = |State(this): State<Self>, headers: HeaderMap, body: String| async move {
            this.got.lock().unwrap().push((headers, body));
            let status = *this.status.lock().unwrap();
            (status, [("location", "/elsewhere")])
        };
        let app = Router::new().route("/hook", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    fn answers(&self, status: StatusCode) {
        *self.status.lock().unwrap() = status;
    }

    fn taken(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut self.got.lock().unwrap())
    }

    /// The messages' own words.
    pub fn messages(&self) -> Vec<Value> {
        self.taken().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }
}

/// A world with one webhook that is told when something is made or deleted, and has begun.
async fn told(receiver: &Receiver) -> (World, Api, Courier) {
    let world = World::new().await;
    let root = world.api("root").await;
    let webhook = json!({ "name": "pager", "url": receiver.url, "events": ["created", "deleted"] });
    let made = root.post("/webhooks", &json!({ "webhook": webhook, "secret": SECRET })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let courier = Courier::new(world.services.clone());
    courier.round().await.unwrap();
    assert!(receiver.taken().is_empty(), "what was before the webhook is none of its business");
    (world, root, courier)
}

async fn make(root: &Api, slug: &str) -> Answer {
    let made = root.post("/applications", &json!({ "slug": slug, "name": slug })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made
}

/// What a library of the specification would compute.
fn signature(headers: &HeaderMap, body: &str) -> String {
    let text = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
    let key = openssl::pkey::PKey::hmac(&key).unwrap();
    let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &key).unwrap();
    let signed = format!("{}.{}.{body}", text("webhook-id"), text("webhook-timestamp"));
    format!("v1,{}", STANDARD.encode(signer.sign_oneshot_to_vec(signed.as_bytes()).unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_told_once_of_what_it_asked_for_and_the_message_is_signed() {
    let receiver = Receiver::start().await;
    let (world, root, courier) = told(&receiver).await;
    make(&root, "wiki").await;
    world.signed_in("ada").await;
    courier.round().await.unwrap();
    let taken = receiver.taken();
    let [(headers, body)] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!(headers["webhook-signature"], signature(headers, body));
    assert_eq!(headers["content-type"], "application/json");
    let message: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&message["type"], &message["data"]["target"]), (&json!("created"), &json!("application wiki")));
    assert_eq!(headers["webhook-id"].to_str().unwrap(), message["data"]["id"].as_str().unwrap());
    courier.round().await.unwrap();
    Courier::new(world.restarted().await).round().await.unwrap();
    assert!(receiver.taken().is_empty(), "told twice");
    let state = root.read("/webhooks/pager").await["state"].clone();
    assert_eq!((&state["delivered"], &state["last_error"]), (&json!(1), &json!("")), "{state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_does_not_take_a_message_is_asked_again_with_the_same_id_later_and_later() {
    let receiver = Receiver::start().await;
    let (world, root, courier) = told(&receiver).await;
    receiver.answers(StatusCode::SERVICE_UNAVAILABLE);
    make(&root, "one").await;
    make(&root, "two").await;
    courier.round().await.unwrap();
    let first = receiver.taken();
    assert_eq!(first.len(), 1, "the second waits for the first");
    courier.round().await.unwrap();
    assert!(receiver.taken().is_empty(), "it is not asked again at once");
    world.clock.advance(5);
    courier.round().await.unwrap();
    let again = receiver.taken();
    assert_eq!(again[0].0["webhook-id"], first[0].0["webhook-id"]);
    world.clock.advance(5);
    courier.round().await.unwrap();
    assert!(receiver.taken().is_empty(), "the pause does not grow");
    let state = root.read("/webhooks/pager").await["state"].clone();
    assert!(state["attempts"] == 2 && state["last_error"].as_str().unwrap().contains("503"), "{state}");
    // A redirect is no answer: the message is for one address.
    receiver.answers(StatusCode::TEMPORARY_REDIRECT);
    world.clock.advance(5);
    courier.round().await.unwrap();
    assert_eq!(receiver.taken().len(), 1);
    receiver.answers(StatusCode::OK);
    world.clock.advance(3600);
    // After a restart nothing is lost.
    Courier::new(world.restarted().await).round().await.unwrap();
    let targets: Vec<_> = receiver.messages().iter().map(|m| m["data"]["target"].clone()).collect();
    assert_eq!(targets, ["application one", "application two"]);
    receiver.answers(StatusCode::GONE);
    make(&root, "three").await;
    world.clock.advance(4 * 86_400);
    courier.round().await.unwrap();
    let state = root.read("/webhooks/pager").await["state"].clone();
    assert_eq!((&state["delivered"], &state["given_up"]), (&json!(2), &json!(1)), "{state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_comes_from_the_file_too_and_its_secret_never_comes_out() {
    let world = World::new().await;
    let root = world.api("root").await;
    let file = |secret: &str| {
        format!("version: 1\nwebhooks: [{{ name: pager, url: \"https://pager.example/hook\", secret: \"{secret}\" }}]")
    };
    assert!(world.apply(&file(SECRET)).await.to_string().contains("+ webhook pager"));
    assert!(world.apply(&file(SECRET)).await.to_string().contains("1 unchanged"));
    let without = "version: 1\nwebhooks: [{ name: pager, url: \"https://pager.example/hook\" }]";
    assert!(world.apply(without).await.to_string().contains("1 unchanged"), "the secret stays");
    assert!(!world.services.export(false).await.unwrap().contains("whsec_"));
    assert!(world.services.export(true).await.unwrap().contains(SECRET));
    assert!(!root.get("/webhooks/pager").await.body.contains("whsec_"));
    assert!(!root.get("/events").await.body.contains(SECRET));
    for bad in [
        json!({ "name": "x", "url": "http://pager.example/" }),
        json!({ "name": "x", "url": "http://169.254.169.254/latest/" }),
        json!({ "name": "x", "url": "file:///etc/passwd" }),
        json!({ "name": "x", "url": "https://pager.example/", "events": ["no_such_event"] }),
    ] {
        let answer = root.post("/webhooks", &json!({ "webhook": bad })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}: {}", answer.body);
    }
    let other = root.put("/webhooks/pager/secret?version=1", &json!({})).await;
    assert!(other.json()["secret"].as_str().unwrap().starts_with("whsec_"), "{}", other.body);
    assert_eq!(root.delete("/webhooks/pager?version=2").await.status, StatusCode::NO_CONTENT);
}

/// A name service that says what the test wants.
struct Names(Vec<SocketAddr>);

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, _host: &str, _port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(self.0.clone())
    }
}

async fn sent(transport: &HttpWebhook, url: &str) -> Result<u16, String> {
    let message = WebhookMessage { url: url.to_owned(), headers: Vec::new(), body: "{}".to_owned() };
    transport.post(&message).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_reaches_the_public_internet_only_unless_the_server_was_started_otherwise() {
    let receiver = Receiver::start().await;
    let here: SocketAddr = receiver.url.split('/').nth(2).unwrap().parse().unwrap();
    let guarded = HttpWebhook::new(false).unwrap();
    for url in [
        receiver.url.clone(),
        format!("https://{here}/hook"),
        format!("http://localhost:{}/hook", here.port()),
        format!("https://localhost:{}/hook", here.port()),
        format!("https://[::1]:{}/hook", here.port()),
        format!("https://2130706433:{}/hook", here.port()),
        "https://10.0.0.8/hook".to_owned(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://[fd00:ec2::254]/latest/meta-data/".to_owned(),
    ] {
        let why = sent(&guarded, &url).await.unwrap_err();
        assert!(why.contains("public internet") && why.contains("--webhook-private-addresses"), "{url}: {why}");
    }
    // One private address among public ones is enough to be let nowhere.
    let names = vec!["1.1.1.1:0".parse().unwrap(), here];
    let mixed = HttpWebhook::with(false, Arc::new(Names(names))).unwrap();
    let why = sent(&mixed, &format!("https://pager.example:{}/hook", here.port())).await.unwrap_err();
    assert!(why.contains("127.0.0.1") && why.contains("public internet"), "{why}");
    for (url, told) in [
        ("file:///etc/passwd", "`file:` is not accepted"),
        ("https://user:word@pager.example/", "no user"),
        ("http://pager.example/", "plain http"),
    ] {
        for private in [false, true] {
            let transport = HttpWebhook::with(private, Arc::new(Names(vec!["1.1.1.1:0".parse().unwrap()]))).unwrap();
            let why = sent(&transport, url).await.unwrap_err();
            assert!(why.contains(told), "{url}: {why}");
        }
    }
    assert!(receiver.taken().is_empty(), "something came through");
    // The connection goes to where the name was found: no name service knows this one.
    let allowed = HttpWebhook::with(true, Arc::new(Names(vec![here]))).unwrap();
    assert_eq!(sent(&allowed, &format!("http://pager.invalid:{}/hook", here.port())).await, Ok(204));
    assert_eq!(receiver.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_at_a_private_address_stays_in_the_file_and_says_why_nothing_comes() {
    let receiver = Receiver::start().await;
    let (world, root, _) = told(&receiver).await;
    let file =
        format!("version: 1\nwebhooks: [{{ name: pager, url: \"{}\", events: [created, deleted] }}]", receiver.url);
    assert!(world.apply(&file).await.to_string().contains("1 unchanged"), "a file of before is refused");
    make(&root, "wiki").await;
    // Where others may hold the store too, the courier before it has a minute's lease, and nobody takes over sooner.
    world.clock.advance(60);
    let guarded = world.sending_by(Arc::new(HttpWebhook::new(false).unwrap())).await;
    Courier::new(guarded).round().await.unwrap();
    assert!(receiver.taken().is_empty());
    let state = root.read("/webhooks/pager").await["state"].clone();
    assert!(state["last_error"].as_str().unwrap().contains("--webhook-private-addresses"), "{state}");
    // Allowed, it gets what has waited, from whoever has the next lease.
    world.clock.advance(60);
    Courier::new(world.restarted().await).round().await.unwrap();
    assert_eq!(receiver.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_one_signed_message_whatever_becomes_of_it_and_what_waits_is_not_touched() {
    let receiver = Receiver::start().await;
    let (_world, root, courier) = told(&receiver).await;
    receiver.answers(StatusCode::SERVICE_UNAVAILABLE);
    make(&root, "one").await;
    courier.round().await.unwrap();
    assert_eq!(receiver.taken().len(), 1);
    let before = root.read("/webhooks/pager").await;
    for (status, taken) in [(StatusCode::OK, true), (StatusCode::INTERNAL_SERVER_ERROR, false)] {
        receiver.answers(status);
        let answer = root.post("/webhooks/pager/test", &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let tested = answer.json();
        assert_eq!((&tested["taken"], &tested["status"]), (&json!(taken), &json!(status.as_u16())), "{tested}");
        let got = receiver.taken();
        let [(headers, body)] = got.as_slice() else { panic!("{got:?}") };
        assert_eq!(headers["webhook-signature"], signature(headers, body));
        assert_eq!(headers["webhook-id"].to_str().unwrap(), tested["id"].as_str().unwrap());
        let message: Value = serde_json::from_str(body).unwrap();
        let target = &message["data"]["target"];
        assert_eq!((&message["type"], target), (&json!("webhook_tested"), &json!("webhook pager")));
        let event = root.read(&format!("/events/{}", tested["id"].as_str().unwrap())).await;
        assert_eq!((&event["kind"], &event["actor"]), (&json!("webhook_tested"), &json!("root")), "{event}");
        assert_eq!(message["data"]["message"], event["message"], "the message tells of another event");
        let all = root.read("/events?filter=webhook_tested").await;
        let outcomes: Vec<_> = all["rows"].as_array().unwrap().iter().map(|row| row["detail"].clone()).collect();
        let outcome = outcomes.iter().find(|detail| detail["test"] == tested["id"]).unwrap();
        assert_eq!((&outcome["taken"], &outcome["status"]), (&tested["taken"], &tested["status"]));
        assert!(!all.to_string().contains("whsec_") && !answer.body.contains("whsec_"));
    }
    courier.round().await.unwrap();
    assert!(receiver.taken().is_empty(), "a test is sent again, or what waits came too early");
    assert_eq!(root.read("/webhooks/pager").await, before);

    // Nobody can be told of tests, so a test makes no message but its own.
    let told = json!({ "name": "pager", "url": receiver.url, "events": ["webhook_tested"] });
    let refused = root.put("/webhooks/pager?version=1", &told).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    // One that is switched off can be tried all the same.
    let off = json!({ "name": "pager", "url": receiver.url, "enabled": false });
    assert_eq!(root.put("/webhooks/pager?version=1", &off).await.status, StatusCode::OK);
    receiver.answers(StatusCode::NO_CONTENT);
    assert_eq!(root.post("/webhooks/pager/test", &json!({})).await.json()["taken"], true);
    assert_eq!(receiver.taken().len(), 1);
    assert_eq!(root.post("/webhooks/nobody/test", &json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_tells_of_a_receiver_that_hangs_and_of_one_that_is_not_there() {
    let world = World::new().await;
    let root = world.api("root").await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    for (name, address) in [("silent", silent.local_addr().unwrap()), ("gone", gone)] {
        let webhook = json!({ "name": name, "url": format!("http://{address}/hook") });
        assert_eq!(root.post("/webhooks", &json!({ "webhook": webhook })).await.status, StatusCode::CREATED);
    }
    let body = json!({});
    let test = async |name: &str| root.post(&format!("/webhooks/{name}/test"), &body).await.json();
    // The one that hangs is given up after twenty seconds.
    let (hangs, refuses) = tokio::join!(test("silent"), test("gone"));
    assert!(hangs["taken"] == false && hangs["status"].is_null(), "{hangs}");
    assert_eq!(hangs["words"], "time ran out");
    assert!(refuses["taken"] == false && refuses["status"].is_null(), "{refuses}");
    assert!(refuses["words"].as_str().unwrap().to_lowercase().contains("refused"), "{refuses}");
    let events = root.read("/events?filter=webhook_tested").await;
    assert_eq!(events["total"], 4, "each is kept before it is sent, and then what became of it: {events}");
}

/// Hands on what is to be sent, and never gets an answer.
struct Silent(tokio::sync::mpsc::UnboundedSender<WebhookMessage>);

#[async_trait]
impl WebhookTransport for Silent {
    async fn post(&self, message: &WebhookMessage) -> Result<u16, String> {
        let _ = self.0.send(message.clone());
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_a_test_is_kept_before_its_message_is_sent() {
    let receiver = Receiver::start().await;
    let (world, _root, _courier) = told(&receiver).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let services = world.sending_by(Arc::new(Silent(tell))).await;
    let session = services.sign_in("root", PASSWORD, None, &Origin::default()).await.unwrap();
    let caller = services.caller(&session, &Origin::default()).await.unwrap().unwrap();
    let sending = tokio::spawn(async move { caller.admin().unwrap().test_webhook("pager").await });
    let sent = in_time("the test message", told.recv()).await.unwrap();
    // As if the server ended here: others on the same store know what was sent.
    sending.abort();
    let id = &sent.headers.iter().find(|(name, _)| *name == "webhook-id").unwrap().1;
    let api = world.api("root").await;
    let event = api.read(&format!("/events/{id}")).await;
    assert_eq!((&event["kind"], &event["target"]), (&json!("webhook_tested"), &json!("webhook pager")), "{event}");
    assert_eq!(api.read("/events?filter=webhook_tested").await["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_tested_by_a_button_of_its_page_without_javascript() {
    let receiver = Receiver::start().await;
    let (world, _root, _courier) = told(&receiver).await;
    let browser = world.signed_in("root").await;
    for page in ["/admin/webhooks/pager", "/admin/webhooks/pager/test"] {
        let html = browser.get(page).await.body;
        let form = tests::forms(&html).into_iter().find(|form| form.action == "/admin/webhooks/pager/test");
        assert_eq!(form.map(|form| form.method), Some("post".to_owned()), "{page}: {html}");
    }
    assert!(receiver.taken().is_empty(), "looking at the page sends something");
    let good = browser.post("/admin/webhooks/pager/test", &[]).await;
    assert!(good.status == StatusCode::OK && good.body.contains("took the test message"), "{}", good.body);
    receiver.answers(StatusCode::GONE);
    let bad = browser.post("/admin/webhooks/pager/test", &[]).await;
    assert!(bad.body.contains("did not take the test message: the answer has the status 410"), "{}", bad.body);
    assert_eq!(receiver.taken().len(), 2);
    let history = browser.get("/admin/webhooks/pager/history").await.body;
    assert!(history.contains("webhook tested") && history.contains("status 410"), "{history}");
    let audrey = world.signed_in("audrey").await;
    assert!(!audrey.get("/admin/webhooks/pager").await.body.contains("Send a test message"));
}
