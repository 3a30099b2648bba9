use domain::declarative::Apply;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{ACS, Browser, World};

use crate::{
    logout::{self, ServiceProvider},
    rotation::{act, certificates, detail, done, with_next},
};

/// What is seen of the next key of a provider.
async fn seen(root: &Browser, provider: &str) -> Value {
    let keys = detail(root, provider).await["keys"].as_array().unwrap().clone();
    keys.into_iter().find(|key| key["name"] == "next").unwrap()["seen"].clone()
}

/// An address of the metadata for the service of `aws-iam` alone.
async fn make_address(world: &World, root: &Browser) -> String {
    let body = json!({ "name": "aws-iam" });
    let made = root.post_json("/fn/app/saml_providers/api/make_metadata_address", &body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    made.json()[0].as_str().unwrap().strip_prefix(world.url.as_str()).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_fetch_from_the_address_that_the_service_alone_was_given_speaks_for_a_key() {
    let world = World::new().await;
    with_next(&world, "aws-iam").await;
    let root = world.signed_in("root").await;
    let (first, address) = (make_address(&world, &root).await, make_address(&world, &root).await);
    let service = world.browser();
    for (what, path) in [
        ("the public address", "/application/saml/aws/metadata/"),
        ("a guess", "/application/saml/aws/metadata/?for=guess"),
        ("an address that another has replaced", first.as_str()),
    ] {
        assert_eq!(certificates(&service.get(path).await.body), 2, "{what} gives no metadata");
        assert!(seen(&root, "aws-iam").await.is_null(), "{what} speaks for the key");
    }
    assert_eq!(certificates(&root.get(&address).await.body), 2);
    service.send(reqwest::Method::HEAD, &address, &[], None).await;
    assert!(seen(&root, "aws-iam").await.is_null(), "a session of ours, or a question for the head, is no service");
    let refused = act(&root, "promote", "aws-iam", "next", false).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);

    service.get(&address).await;
    let found = seen(&root, "aws-iam").await;
    assert_eq!(found["by"], "fetch", "{found}");
    world.clock.advance(3600);
    service.get(&address).await;
    assert_eq!(seen(&root, "aws-iam").await, found, "a fetch an hour later is written again");
    world.clock.advance(86_400);
    service.get(&address).await;
    let root = world.signed_in("root").await;
    assert_ne!(seen(&root, "aws-iam").await["at"], found["at"], "a fetch a day later is not written");
    let history = json!({ "query": { "target": "SAML provider aws-iam" } });
    let events = root.post_json("/fn/app/events/api/list_events", &history).await.body;
    assert_eq!(events.matches("fetched the metadata with the key next").count(), 1, "{events}");
    let export = world.services.export(true).await.unwrap();
    assert!(!export.contains(address.split("for=").nth(1).unwrap()), "the secret is kept");
    done(&root, "promote", "aws-iam", "next").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_logout_request_shows_that_the_service_took_what_the_next_key_signed_in_a_trial() {
    let world = World::new().await;
    let sp = ServiceProvider::new("tried");
    world.apply(&sp.file("redirect")).await;
    with_next(&world, "tried").await;
    let (root, ada) = (world.signed_in("root").await, world.signed_in("ada").await);
    let trial = "/application/saml/tried/sso/binding/init/?key=next";
    assert_eq!(ada.get(trial).await.status, StatusCode::FORBIDDEN, "anybody may try a key");
    assert_eq!(root.get(&trial.replace("=next", "=none")).await.status, StatusCode::NOT_FOUND);
    let (name, usual) = logout::sign_on(&root, &sp).await;
    let page = root.get(trial).await;
    let response = crate::sign_on::xml(&page);
    let index = response.split("SessionIndex=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_ne!(index, usual, "the session of a trial has an index of its own");
    assert!(seen(&root, "tried").await.is_null());
    // Whoever knows another session, or cannot sign, shows nothing.
    let other = sp.request(&world, "_k1", &name, &["_other"], &sp.key);
    world.browser().get(&other).await;
    let unsigned = sp.request(&world, "_k2", &name, &[index], &sp.key).split("&SigAlg").next().unwrap().to_owned();
    world.browser().get(&unsigned).await;
    assert!(seen(&root, "tried").await.is_null());
    world.browser().get(&sp.request(&world, "_k3", &name, &[index], &sp.key)).await;
    let root = world.signed_in("root").await;
    assert_eq!(seen(&root, "tried").await["by"], "trial");
    done(&root, "promote", "tried", "next").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_take_the_response_of_a_trial_still_ends_the_session_that_it_has() {
    let world = World::new().await;
    let sp = ServiceProvider::new("tried");
    world.apply(&sp.file("redirect")).await;
    with_next(&world, "tried").await;
    let root = world.signed_in("root").await;
    let (name, usual) = logout::sign_on(&root, &sp).await;
    root.get("/application/saml/tried/sso/binding/init/?key=next").await;
    // Of a session that nobody has, nobody is told that it is over.
    let none = world.browser().get(&sp.request(&world, "_n1", &name, &["_none"], &sp.key)).await;
    assert!(logout::statuses(none.location()).contains(&"UnknownPrincipal".to_owned()), "{}", none.body);
    assert_eq!(root.get("/admin").await.status, StatusCode::OK);
    let ended = world.browser().get(&sp.request(&world, "_n2", &name, &[&usual], &sp.key)).await;
    assert_eq!(logout::statuses(ended.location()), ["Success"], "{}", ended.body);
    assert_eq!(root.get("/admin").await.status, StatusCode::SEE_OTHER, "the session lives on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_of_a_provider_goes_with_it_also_where_a_file_removes_it() {
    let world = World::new().await;
    with_next(&world, "aws-iam").await;
    let root = world.signed_in("root").await;
    let address = make_address(&world, &root).await;
    world.browser().get(&address).await;
    assert_eq!(seen(&root, "aws-iam").await["by"], "fetch");
    done(&root, "confirm", "aws-iam", "next").await;

    let kept = "version: 1\nkeys: [{ name: next, generate: { algorithm: rsa-2048, common_name: next, valid_days: 3650 } }]\n\
                users: [{ username: root, email: root@example.com, administrator: true }]\n";
    let how = Apply { prune: true, ..Apply::default() };
    world.services.apply_as("f.yaml", kept, &|_| Err("not here".into()), "test", how).await.unwrap();
    let again = format!(
        "version: 1\nsaml_providers: [{{ name: aws-iam, acs_url: '{ACS}', audience: 'urn:amazon:webservices', next_signing_key: next }}]\n\
         applications: [{{ slug: aws, name: AWS, saml_provider: aws-iam }}]\n"
    );
    world.apply(&again).await;
    let of_next = async || {
        let keys = detail(&root, "aws-iam").await["keys"].as_array().unwrap().clone();
        keys.into_iter().find(|key| key["name"] == "next").unwrap()
    };
    let key = of_next().await;
    assert!(key["seen"].is_null() && key["confirmed"].is_null(), "another service has what the former one had: {key}");
    world.browser().get(&address).await;
    assert!(of_next().await["seen"].is_null(), "the address of the former service speaks for this one");
}
