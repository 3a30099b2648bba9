//! Users of the SCIM endpoint.

use serde_json::{Value, json};

use super::provisioner::{ENTERPRISE, GENERAL, Provisioner, TAKEN, user, user_with};

const PATTERN: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+";
const TIGHT: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";

fn constraint(path: &str, rule: &str) -> String {
    format!("1 validation errors detected: Value at '{path}' failed to satisfy constraint: Member must {rule}")
}

#[tokio::test]
async fn a_user_is_answered_without_what_aws_keeps_to_itself() {
    let desk = Provisioner::new();
    let mut sent = user("ada");
    sent["externalId"] = json!("701984");
    sent["profileUrl"] = json!("https://example.com/ada");
    sent[ENTERPRISE] = json!({ "department": "Engines", "manager": { "value": "m-1", "$ref": "../Users/m-1" } });
    sent["roles"] = json!([{ "value": "Countess" }]);
    let made = desk.post("Users", &sent).await.ok(201);
    let expected = json!({
        "id": made.id(),
        "externalId": "701984",
        "meta": { "resourceType": "User", "created": "2026-05-28T20:26:40Z", "lastModified": "2026-05-28T20:26:40Z" },
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "ada",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "displayName": "Ada Lovelace",
        "emails": sent["emails"],
        "roles": sent["roles"],
        "active": true,
        ENTERPRISE: { "department": "Engines", "manager": { "value": "m-1" } },
    });
    assert_eq!(made.body, expected);
    assert_eq!(desk.get(&format!("Users/{}", made.id())).await.ok(200).body, expected);
    let kept = desk.sandbox.identity_center().directory();
    assert_eq!(kept["users"][0]["profileUrl"], "https://example.com/ada");
}

#[tokio::test]
async fn ids_come_in_both_forms() {
    let desk = Provisioner::new();
    let (first, second) = (desk.user("ada").await, desk.user("bob").await);
    let mut lengths = [first.len(), second.len()];
    lengths.sort_unstable();
    assert_eq!(lengths, [36, 47], "{first} {second}");
    assert!(first.starts_with("9067729b3d-") || second.starts_with("9067729b3d-"));
}

#[tokio::test]
async fn what_was_never_said_about_active_is_no() {
    let desk = Provisioner::new();
    let mut sent = user("ada");
    sent.as_object_mut().unwrap().remove("active");
    assert_eq!(desk.post("Users", &sent).await.ok(201).body["active"], false);
}

#[tokio::test]
async fn the_required_attributes_are_missed_by_name() {
    let desk = Provisioner::new();
    for (parent, name) in [("", "userName"), ("", "displayName"), ("name", "givenName"), ("name", "familyName")] {
        let mut sent = user("ada");
        let parts = if parent.is_empty() { &mut sent } else { &mut sent[parent] };
        parts.as_object_mut().unwrap().remove(name);
        let path = format!("{parent}.{name}");
        desk.post("Users", &sent).await.refused(400, &constraint(path.trim_start_matches('.'), "not be null"));
    }
    let mut sent = user("ada");
    sent.as_object_mut().unwrap().remove("name");
    let reply = desk.post("Users", &sent).await;
    assert!(reply.body["detail"].as_str().unwrap().starts_with("2 validation errors detected: "), "{}", reply.body);
}

#[tokio::test]
async fn an_unsupported_attribute_violates_the_schema() {
    let desk = Provisioner::new();
    for (name, value) in [
        ("password", json!("x")),
        ("photos", Value::Null),
        ("ims", json!([])),
        ("x509Certificates", json!([])),
        ("entitlements", json!([])),
        ("groups", json!([])),
        ("nickname", json!("x")),
        ("id", json!("x")),
        ("meta", json!({})),
        ("emails", json!([{ "value": "a@b.example", "primary": true, "display": "A" }])),
        ("phoneNumbers", json!([{ "value": "1", "display": "A" }])),
        ("name", json!({ "givenName": "A", "familyName": "B", "nickName": "C" })),
        (ENTERPRISE, json!({ "manager": { "displayName": "Boss" } })),
        (ENTERPRISE, json!({ "salary": "1" })),
    ] {
        desk.post("Users", &user_with("ada", name, value)).await.refused(400, GENERAL);
    }
}

#[tokio::test]
async fn a_value_of_another_kind_violates_the_schema() {
    let desk = Provisioner::new();
    for (name, value) in [
        ("userName", json!(1)),
        ("title", Value::Null),
        ("active", json!("true")),
        ("emails", json!({ "value": "a@b.example", "primary": true })),
        ("emails", json!(["a@b.example"])),
        ("name", json!("Ada")),
        ("schemas", json!("urn:ietf:params:scim:schemas:core:2.0:User")),
        ("schemas", json!(["urn:other"])),
    ] {
        desk.post("Users", &user_with("ada", name, value)).await.refused(400, GENERAL);
    }
    let mut extended = user_with("ada", ENTERPRISE, json!({ "division": "X" }));
    extended["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    desk.post("Users", &extended).await.refused(400, GENERAL);
    extended["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]);
    desk.post("Users", &extended).await.ok(201);
}

#[tokio::test]
async fn a_list_has_exactly_one_element() {
    let desk = Provisioner::new();
    let email = json!({ "value": "a@b.example", "primary": true });
    let two = user_with("ada", "emails", json!([email, email]));
    desk.post("Users", &two).await.refused(400, "List attribute emails exceeds allowed limit of 1");
    let two = user_with("ada", "addresses", json!([{}, {}]));
    desk.post("Users", &two).await.refused(400, "List attribute addresses allowed limit of 1");
    let none = user_with("ada", "phoneNumbers", json!([]));
    let words = constraint("phoneNumbers", "have length greater than or equal to 1");
    desk.post("Users", &none).await.refused(400, &words);
}

#[tokio::test]
async fn the_one_address_is_the_primary_one() {
    let desk = Provisioner::new();
    let secondary = user_with("ada", "emails", json!([{ "value": "a@b.example", "primary": false }]));
    desk.post("Users", &secondary).await.refused(400, GENERAL);
    let silent = user_with("ada", "emails", json!([{ "value": "a@b.example" }]));
    desk.post("Users", &silent).await.refused(400, &constraint("emails.primary", "not be null"));
    let mut none = user("ada");
    none.as_object_mut().unwrap().remove("emails");
    desk.post("Users", &none).await.ok(201);
}

#[tokio::test]
async fn lengths_and_characters_are_judged_in_the_words_of_aws() {
    let desk = Provisioner::new();
    let empty = user_with("ada", "name", json!({ "givenName": "Ada", "familyName": "" }));
    let both = format!(
        "2 validation errors detected: Value at 'name.familyName' failed to satisfy constraint: Member must have length \
         greater than or equal to 1; Value at 'name.familyName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: {PATTERN}"
    );
    desk.post("Users", &empty).await.refused(400, &both);
    let pattern = |class: &str| format!("satisfy regular expression pattern: {class}");
    let longest = |n: usize| format!("have length less than or equal to {n}");
    for (name, value, rule) in [
        ("userName", "Ada Lovelace".to_owned(), pattern(TIGHT)),
        ("userName", "a".repeat(129), longest(128)),
        ("externalId", "a b".to_owned(), pattern(TIGHT)),
        ("externalId", "a".repeat(257), longest(256)),
        ("title", "bell\u{7}".to_owned(), pattern(PATTERN)),
        ("displayName", "é".repeat(1_025), longest(1_024)),
        ("nickName", "zero\u{200b}width".to_owned(), pattern(PATTERN)),
    ] {
        desk.post("Users", &user_with("ada", name, json!(value))).await.refused(400, &constraint(name, &rule));
    }
    let manager = user_with("ada", ENTERPRISE, json!({ "manager": { "value": "\u{1}" } }));
    let path = format!("{ENTERPRISE}.manager.value");
    desk.post("Users", &manager).await.refused(400, &constraint(&path, &pattern(PATTERN)));
    let mut good = user_with("ada", "displayName", json!("Ada\u{a0}Lovelace\u{3000}\t世界"));
    good["userName"] = json!("é".repeat(128));
    desk.post("Users", &good).await.ok(201);
}

#[tokio::test]
async fn names_that_aws_keeps_for_itself_are_refused() {
    let desk = Provisioner::new();
    for name in ["Administrator", "AWSAdministrators", "administrator"] {
        desk.post("Users", &user(name)).await.refused(400, GENERAL);
        desk.post("Groups", &json!({ "displayName": name })).await.refused(400, GENERAL);
    }
}

#[tokio::test]
async fn the_rules_of_the_guides_can_be_turned_off() {
    let options = || crate::IdentityCenterOptions { rates: None, ..crate::IdentityCenterOptions::default() };
    let (strict, lenient) =
        (Provisioner::new(), Provisioner::with(crate::IdentityCenterOptions { guidance: false, ..options() }));
    let address = json!([{ "streetAddress": "1 Main", "locality": "X", "region": "Y", "postalCode": "1" }]);
    for (n, (name, value)) in
        [("title", json!("a<b")), ("nickName", json!("100%")), ("externalId", json!("x:1")), ("addresses", address)]
            .into_iter()
            .enumerate()
    {
        let sent = user_with(&format!("u{n}"), name, value);
        strict.post("Users", &sent).await.refused(400, GENERAL);
        lenient.post("Users", &sent).await.ok(201);
    }
    strict.post("Groups", &json!({ "displayName": "a;b" })).await.refused(400, GENERAL);
    lenient.post("Groups", &json!({ "displayName": "a;b" })).await.ok(201);
}

#[tokio::test]
async fn names_addresses_and_external_ids_belong_to_one_user() {
    let desk = Provisioner::new();
    desk.post("Users", &user_with("ada", "externalId", json!("7"))).await.ok(201);
    desk.post("Users", &user("ADA")).await.refused(409, TAKEN);
    desk.post("Users", &user_with("bob", "externalId", json!("7"))).await.refused(409, TAKEN);
    let email = json!([{ "value": "Ada@mail.example", "primary": true }]);
    desk.post("Users", &user_with("bob", "emails", email.clone())).await.refused(409, TAKEN);
    let bob = desk.user("bob").await;
    desk.send("PUT", &format!("Users/{bob}"), Some(&user("Ada"))).await.refused(409, TAKEN);
    let path = format!("Users/{bob}");
    desk.patch(&path, json!([{ "op": "replace", "path": "emails", "value": email }])).await.refused(409, TAKEN);
    // Its own values are no obstacle.
    desk.send("PUT", &path, Some(&user("BOB"))).await.ok(201);
    assert_eq!(desk.get(&path).await.body["userName"], "BOB");
}

#[tokio::test]
async fn put_replaces_everything_and_answers_created() {
    let desk = Provisioner::new();
    let made = desk.post("Users", &user_with("ada", "title", json!("Countess"))).await.ok(201);
    let path = format!("Users/{}", made.id());
    desk.wait(60);
    let put = desk.send("PUT", &path, Some(&user_with("ada", "id", json!(made.id())))).await.ok(201);
    assert!(put.body.get("title").is_none());
    assert_eq!(put.body["meta"]["created"], "2026-05-28T20:26:40Z");
    assert_eq!(put.body["meta"]["lastModified"], "2026-05-28T20:27:40Z");
    desk.send("PUT", &path, Some(&user_with("ada", "id", json!("other")))).await.refused(400, GENERAL);
    let absent = desk.send("PUT", "Users/0b7a4dd2-6b1f-4a0e-8f5e-0e3a2c1d4b5f", Some(&user("eve"))).await;
    absent.refused(404, "USER does not exist.");
    desk.send("PUT", &path, Some(&json!({ "userName": "ada" }))).await.ok(400);
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_its_memberships_and_comes_back_as_another() {
    let desk = Provisioner::new();
    let (ada, group) = (desk.user("ada").await, desk.group("Staff").await);
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]);
    desk.patch(&format!("Groups/{group}"), add).await.ok(204);
    let path = format!("Users/{ada}");
    let gone = desk.send("DELETE", &path, None).await.ok(204);
    assert!(gone.body.is_null() && !gone.headers.contains_key("content-type"));
    for method in ["GET", "DELETE"] {
        desk.send(method, &path, None).await.refused(404, "USER does not exist.");
    }
    assert!(desk.members(&group).is_empty());
    assert_ne!(desk.user("ada").await, ada);
}
