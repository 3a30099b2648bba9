//! What a preview says that AWS would answer is what it answers.

use std::collections::BTreeSet;

use reqwest::Client;
use scim::{
    dialect::{Dialect, Forecast},
    id::{Kind, LocalId},
    plan::{PlanOptions, plan},
    state::{Desired, DesiredGroup, Observed},
    wire::{ENTERPRISE_USER, Resource},
};
use serde_json::{Value, json};
use tests::Provisioned;

use crate::{
    provisioning::PEOPLE,
    provisioning_adoption::{by_hand, group, user},
    scim_command::Desk,
};

/// What the double of AWS answers to a resource that is sent as it is.
async fn answered(provisioned: &Provisioned, kind: Kind, body: &Value) -> Forecast {
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let url = format!("{}{}", provisioned.endpoint, Dialect::aws().endpoint(kind));
    let answer = Client::new().post(url).bearer_auth(token).json(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    Forecast { status, words: body["detail"].as_str().unwrap_or_default().to_owned() }
}

/// A user that AWS takes, with these attributes in the place of its own; null: without.
fn but(number: usize, attributes: &Value) -> Value {
    let name = format!("eve{number}@example.com");
    let mut user = json!({
        "userName": name, "displayName": "Eve", "name": { "givenName": "Eve", "familyName": "Moon" }, "active": true,
        "externalId": format!("eve-{number}"),
    });
    changed(&mut user, attributes);
    user
}

fn changed(resource: &mut Value, attributes: &Value) {
    let resource = resource.as_object_mut().unwrap();
    for (name, value) in attributes.as_object().unwrap() {
        match value {
            Value::Null => _ = resource.shift_remove(name),
            value => _ = resource.insert(name.clone(), value.clone()),
        }
    }
}

/// Sends what breaks one rule, and what is left of it where something is.
async fn holds(provisioned: &Provisioned, kind: Kind, rendered: &Value, what: &Value) {
    let conformed = Dialect::aws().conform(kind, rendered.as_object().unwrap());
    let notes: Vec<_> = conformed.dropped.iter().chain(&conformed.refused).collect();
    assert_eq!(notes.len(), 1, "{what}: {notes:?}");
    let said = answered(provisioned, kind, rendered).await;
    assert!(said.status >= 400, "{what} was accepted");
    assert_eq!(notes[0].answer.as_ref(), Some(&said), "{what}");
    if conformed.refused.is_empty() {
        let said = answered(provisioned, kind, &Value::Object(conformed.resource)).await;
        assert_eq!(said.status, 201, "{what}: what is sent in its place is refused too: {}", said.words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_of_the_dialect_says_the_status_and_the_words_with_which_aws_refuses_what_breaks_it() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let long = |count: usize| "x".repeat(count);
    let row = |value: &str| json!({ "value": value, "primary": true });
    let whole = json!({
        "streetAddress": "1 Quay", "locality": "Port", "region": "Sea", "postalCode": "1", "country": "SC", "primary": true,
    });
    let users = [
        json!({ "photos": [{ "value": "https://example.com/eve.png" }] }),
        json!({ "shoeSize": "43" }),
        json!({ "emails": [{ "value": "e@example.com", "primary": true, "display": "E" }] }),
        json!({ "emails": [row("a@example.com"), { "value": "b@example.com", "primary": false }] }),
        json!({ "phoneNumbers": [row("1"), { "value": "2" }] }),
        json!({ "roles": [row("a"), { "value": "b" }] }),
        json!({ "addresses": [whole, { "formatted": "b" }] }),
        json!({ "addresses": [{ "formatted": "1 Quay, Port" }] }),
        json!({ "title": long(1_025) }),
        json!({ "title": "Head\u{200b}" }),
        json!({ "title": "Head <Sea>" }),
        json!({ "title": { "a": "b" } }),
        json!({ "name": { "givenName": "Eve", "familyName": "Moon", "middleName": "\u{7}x" } }),
        json!({ "userName": "Jane Doe" }),
        json!({ "userName": long(129) }),
        json!({ "userName": format!("{} {}", long(100), long(100)) }),
        json!({ "userName": "a;b" }),
        json!({ "userName": "administrator" }),
        json!({ "userName": null }),
        json!({ "externalId": "a b" }),
        json!({ "externalId": long(257) }),
        json!({ "emails": [{ "value": "e\u{2003}x@example.com", "primary": true }] }),
        json!({ (ENTERPRISE_USER): { "department": long(1_025) } }),
        json!({ (ENTERPRISE_USER): { "manager": { "value": "m\u{200b}" } } }),
        json!({ (ENTERPRISE_USER): { "manager": { "value": "m", "displayName": "M" } } }),
        json!({ (ENTERPRISE_USER): { "badge": "7" } }),
    ];
    for (number, attributes) in users.iter().enumerate() {
        holds(&provisioned, Kind::User, &but(number, attributes), attributes).await;
    }
    let groups = [
        json!({ "displayName": long(1_025) }),
        json!({ "displayName": "a%b" }),
        json!({ "displayName": "AWSAdministrators" }),
        json!({ "displayName": null }),
        json!({ "externalId": "a b" }),
        json!({ "description": "x" }),
    ];
    for (number, attributes) in groups.iter().enumerate() {
        let mut group = json!({ "displayName": format!("group {number}"), "externalId": format!("g{number}") });
        changed(&mut group, attributes);
        holds(&provisioned, Kind::Group, &group, attributes).await;
    }
}

/// What the plan says of the second of two that should be there.
fn second(kind: Kind, first: &Value, second: &Value) -> Vec<Forecast> {
    let resource = |value: &Value| -> Resource { value.as_object().unwrap().clone() };
    let of_group = |value: &Value| DesiredGroup { resource: resource(value), members: BTreeSet::new() };
    let (a, b) = (LocalId::from("a"), LocalId::from("b"));
    let desired = match kind {
        Kind::User => {
            Desired { users: [(a, resource(first)), (b.clone(), resource(second))].into(), ..Desired::default() }
        }
        Kind::Group => {
            Desired { groups: [(a, of_group(first)), (b.clone(), of_group(second))].into(), ..Desired::default() }
        }
    };
    let plan = plan(&desired, &Observed::default(), &Dialect::aws(), &PlanOptions::default());
    let refused: Vec<_> = plan.refused.into_iter().filter(|refusal| refusal.object.id == b).collect();
    refused.into_iter().flat_map(|refusal| refusal.notes).filter_map(|note| note.answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_has_already_is_said_with_the_status_and_the_words_of_aws() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let mail = |address: &str| json!([{ "value": address, "primary": true }]);
    let users = [
        json!({ "userName": "EVE0@example.com" }),
        json!({ "externalId": "eve-2" }),
        json!({ "emails": mail("Moon@example.com") }),
    ];
    for (number, attributes) in users.iter().enumerate() {
        let mut first = but(number * 2, &json!({}));
        if number == 2 {
            changed(&mut first, &json!({ "emails": mail("moon@example.com") }));
        }
        let next = but(number * 2 + 1, attributes);
        assert_eq!(answered(&provisioned, Kind::User, &first).await.status, 201);
        let said = answered(&provisioned, Kind::User, &next).await;
        assert_eq!((said.status, second(Kind::User, &first, &next)), (409, vec![said.clone()]), "{attributes}");
    }
    let groups = [json!({ "displayName": "MOON 0" }), json!({ "externalId": "moon-2" })];
    for (number, attributes) in groups.iter().enumerate() {
        let of = |n: usize| json!({ "displayName": format!("moon {n}"), "externalId": format!("moon-{n}") });
        let (first, mut next) = (of(number * 2), of(number * 2 + 1));
        changed(&mut next, attributes);
        assert_eq!(answered(&provisioned, Kind::Group, &first).await.status, 201);
        let said = answered(&provisioned, Kind::Group, &next).await;
        assert_eq!((said.status, second(Kind::Group, &first, &next)), (409, vec![said.clone()]), "{attributes}");
    }
}

/// PEOPLE with two who would have the same name there.
fn twins() -> String {
    let twins = "  - { username: castor, name: Castor, email: twin@example.com, uid: twin-a, groups: [engineers] }\n  \
        - { username: pollux, name: Pollux, email: Twin@example.com, uid: twin-b, groups: [engineers] }\nscim_providers:";
    PEOPLE.replace("scim_providers:", twins)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_aws_would_answer_and_who_has_what_the_object_needs() {
    let mut provisioned = Provisioned::quiet(&twins()).await;
    by_hand(&provisioned, "/Users", user("ada@example.com")).await;
    by_hand(&provisioned, "/Groups", group("Engineers")).await;
    let api = provisioned.world.api("root").await;
    let preview = async |path: &str| api.read(&format!("/scim-providers/aws-scim/preview/{path}")).await;
    let sent = |preview: &Value| -> Value { serde_json::from_str(preview["json"].as_str().unwrap()).unwrap() };
    let forecast = |preview: &Value| -> Forecast { serde_json::from_value(preview["answer"].clone()).unwrap() };

    // Nothing of the service was read yet, so its own objects are not known; ours are.
    let grace = preview("users/grace").await;
    assert_eq!((&grace["refused"], forecast(&grace).status), (&json!([]), 201), "{grace}");
    let pollux = preview("users/pollux").await;
    let why = |preview: &Value| preview["refused"].as_array().unwrap().iter().map(Value::to_string).collect::<String>();
    assert!(why(&pollux).contains("twin@example.com (twin-a) has it as well"), "{pollux}");
    assert_eq!(forecast(&preview("users/castor").await).status, 201, "the first of the two is sent");

    provisioned.start();
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    for (kind, path, unique) in [
        (Kind::User, "users/ada", &["userName", "emails"][..]),
        (Kind::User, "users/pollux", &["userName", "emails"]),
        (Kind::Group, "groups/engineers", &["displayName"]),
    ] {
        let found = preview(path).await;
        let paths: Vec<&str> =
            found["refused"].as_array().unwrap().iter().map(|r| r["path"].as_str().unwrap()).collect();
        assert_eq!(paths, unique, "{path}: {found}");
        assert_eq!(forecast(&found), answered(&provisioned, kind, &sent(&found)).await, "{path}");
    }
    let ada = preview("users/ada").await;
    assert!(why(&ada).contains("not ours: ada@example.com ("), "{ada}");
    // Who is there is no obstacle to itself.
    let grace = preview("users/grace").await;
    assert_eq!((&grace["refused"], &grace["answer"]), (&json!([]), &Value::Null), "{grace}");
    let reads = provisioned.sandbox.requests().into_iter().filter(|request| request.method == "GET").count();
    assert_eq!(reads, 0, "a preview asked the service");

    let words = "Refused to create a new, duplicate resource.";
    let page = provisioned.world.signed_in("root").await.get("/admin/scim-providers/aws-scim/preview?user=ada").await;
    assert!(page.body.contains(words) && page.body.contains("409"), "{}", page.body);
    let desk = Desk::new(&provisioned, "root").await;
    let (code, said) = desk.scim(&["preview", "aws-scim", "user", "ada"]).await;
    let told = said.contains(&format!("would answer 409: {words}")) && said.contains("REFUSED userName");
    assert!(code == 2 && told && said.contains("\"userName\": \"ada@example.com\""), "{said}");
    let said = desk.good(&["preview", "aws-scim", "group", "pilots"]).await;
    assert!(said.contains("\"displayName\": \"pilots\"") && !said.contains("would answer"), "{said}");
}

/// An engineer whose userName shows in nothing else of the person.
fn badged(name: &str, badge: u32) -> String {
    format!(
        "  - {{ username: {name}, name: {name}, email: {name}@example.com, uid: uid-{name}, groups: [engineers], attributes: {{ badge: {badge} }} }}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_finds_who_has_a_value_there_whatever_makes_it_and_whether_it_is_let_go() {
    let mapping = "property_mappings:\n  - name: badge\n    kind: scim_user\n    expression: |\n      \
        badge = user.attributes.get('badge')\n      \
        return {'userName': user.email if badge is None else f'x{badge + 1}@example.com', 'displayName': user.name}\n";
    let text = format!("{}{}{mapping}scim_providers:", badged("castor", 41), badged("hydra", 50));
    let text = PEOPLE.replace("scim_providers:", &text).replace("{scim},", "{scim}, user_mappings: [badge],");
    let mut provisioned = Provisioned::new(&text).await;
    provisioned.synced().await;
    provisioned.jobs.shutdown().await;
    let api = provisioned.world.api("root").await;
    for (castor, why) in [
        (41, Some("x42@example.com (uid-castor) has it as well")),
        (60, None),
        // What castor is to have next is kept by somebody else, so castor stays.
        (50, Some("x42@example.com (uid-castor) has it there and keeps it")),
    ] {
        let users = format!("version: 1\nusers:\n{}{}", badged("castor", castor), badged("pollux", 41));
        provisioned.world.apply(&users).await;
        let preview = api.read("/scim-providers/aws-scim/preview/users/pollux").await;
        let status = if why.is_some() { 409 } else { 201 };
        assert_eq!(preview["answer"]["status"], status, "castor {castor}: {preview}");
        let refused = preview["refused"].to_string();
        assert!(why.map_or(refused == "[]", |why| refused.contains(why)), "castor {castor}: {preview}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mapping_gives_too_much_of_is_shown_with_what_aws_would_say_to_it() {
    let text = PEOPLE.replace("attributes: { department: Engines }", "attributes: { department: 'Eng;ines' }");
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.world.signed_in("root").await;
    let words = "Request is unparsable, syntactically incorrect, or violates schema.";
    let page = root.get("/admin/scim-providers/aws-scim/preview?user=ada").await;
    assert!(page.body.contains(&format!("400: {words}")) && page.body.contains("department"), "{}", page.body);
    let said = Desk::new(&provisioned, "root").await.good(&["preview", "aws-scim", "user", "ada"]).await;
    let lines: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("left out: urn:")).collect();
    assert!(lines[1].contains(&format!("would answer 400: {words}")), "{said}");
    assert!(said.contains("member of engineers: engineers"), "{said}");
}
