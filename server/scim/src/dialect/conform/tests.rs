use super::*;
use crate::wire::{ENTERPRISE_USER, ServiceProviderConfig};
use serde_json::json;

fn aws(rendered: Value) -> Conformed {
    Dialect::aws().conform_user(rendered.as_object().unwrap())
}

fn sent(rendered: Value) -> Value {
    let conformed = aws(rendered);
    assert_eq!(conformed.refused, []);
    Value::Object(conformed.resource)
}

#[test]
fn a_user_name_alone_is_filled_to_what_aws_requires() {
    assert_eq!(
        sent(json!({"userName": "ann@example.com"})),
        json!({"userName": "ann@example.com", "active": true, "displayName": "ann@example.com",
               "name": {"givenName": "ann@example.com", "familyName": "ann@example.com"}})
    );
}

#[test]
fn names_are_filled_from_one_another() {
    let user = sent(json!({"userName": "ann", "displayName": "Ann van Dam", "name": {"givenName": "", "x": null}}));
    assert_eq!(user["name"], json!({"givenName": "Ann", "familyName": "van Dam"}));
    let user = sent(json!({"userName": "ann", "name": {"givenName": "Ann", "familyName": "Dam"}}));
    assert_eq!(user["displayName"], json!("Ann Dam"));
    let user = sent(json!({"userName": "ann", "name": {"formatted": "Prince"}}));
    assert_eq!(user["name"], json!({"formatted": "Prince", "givenName": "Prince", "familyName": "Prince"}));
}

#[test]
fn what_aws_forbids_is_dropped_with_a_remark_and_what_is_empty_without() {
    let conformed = aws(json!({
        "userName": "ann", "photos": [{"value": "p"}], "nickName": " ", "title": null, "addresses": [], "roles": [{}],
        "emails": [{"value": "a@x.org", "display": "A"}, {"value": "b@x.org", "primary": true, "type": "home"}],
        "groups": ["g"], "id": "7", "meta": {}, "schemas": [],
        (ENTERPRISE_USER): {"department": "Sea", "manager": {"value": "m", "displayName": "M", "$ref": "../m"}},
    }));
    assert_eq!(conformed.resource["emails"], json!([{"value": "b@x.org", "primary": true, "type": "home"}]));
    assert_eq!(conformed.resource[ENTERPRISE_USER], json!({"department": "Sea", "manager": {"value": "m"}}));
    for absent in ["photos", "nickName", "title", "addresses", "roles", "groups", "id", "meta", "schemas"] {
        assert!(!conformed.resource.contains_key(absent), "{absent}");
    }
    let paths: Vec<&str> = conformed.dropped.iter().map(|note| note.path.as_str()).collect();
    let manager = format!("{ENTERPRISE_USER}:manager.displayName");
    assert_eq!(paths, ["photos", "emails.display", "emails", manager.as_str()]);
}

#[test]
fn an_optional_value_that_breaks_a_rule_is_left_out_but_a_required_one_holds_the_person_back() {
    let conformed = aws(json!({"userName": "ann", "title": "Head <Sea>"}));
    assert!(conformed.refused.is_empty() && !conformed.resource.contains_key("title"));
    assert_eq!(conformed.dropped[0].path, "title");
    for (rendered, path) in [
        (json!({"userName": "Jane Doe"}), "userName"),
        (json!({"userName": "x".repeat(129)}), "userName"),
        (json!({"userName": "ADMINISTRATOR"}), "userName"),
        (json!({"userName": "ann", "externalId": "urn:x"}), "externalId"),
        (json!({"userName": "ann", "displayName": "a;b"}), "displayName"),
        (json!({"displayName": "Ann"}), "userName"),
    ] {
        let conformed = aws(rendered);
        let paths: Vec<&str> = conformed.refused.iter().map(|note| note.path.as_str()).collect();
        assert_eq!(paths, [path]);
    }
}

#[test]
fn mappings_may_write_names_in_any_case_numbers_for_text_and_text_for_flags() {
    let user = sent(json!({"USERNAME": "ann", "Active": "False", "title": 7, "emails": "ann@x.org"}));
    assert_eq!(user["userName"], json!("ann"));
    assert_eq!(user["active"], json!(false));
    assert_eq!(user["title"], json!("7"));
    assert_eq!(user["emails"], json!([{"value": "ann@x.org", "primary": true}]));
}

#[test]
fn a_group_is_a_name_and_an_external_id() {
    let group = json!({"displayName": "Sea & Air", "externalId": "g1", "members": [1], "description": "x"});
    let conformed = Dialect::aws().conform_group(group.as_object().unwrap());
    assert_eq!(Value::Object(conformed.resource), json!({"displayName": "Sea & Air", "externalId": "g1"}));
    assert_eq!(conformed.dropped.len(), 1);
    let group = json!({"displayName": "awsadministrators"});
    assert_eq!(Dialect::aws().conform_group(group.as_object().unwrap()).refused.len(), 1);
}

#[test]
fn an_address_is_sent_whole_or_not_at_all() {
    let whole =
        json!({"streetAddress": "1 Quay", "locality": "Port", "region": "Sea", "postalCode": "1", "country": "SC"});
    assert_eq!(sent(json!({"userName": "ann", "addresses": [whole]}))["addresses"], json!([whole]));
    let conformed = aws(json!({"userName": "ann", "addresses": [{"formatted": "1 Quay, Port", "country": "SC"}]}));
    assert!(!conformed.resource.contains_key("addresses"));
    let what = "is left out without streetAddress, locality, region, postalCode";
    assert_eq!((conformed.dropped.len(), conformed.dropped[0].what.as_str()), (1, what));
    // What is there is looked at as it is.
    let there = json!({"addresses": [{"formatted": "1 Quay, Port"}]});
    assert!(Dialect::aws().recognise(Kind::User, there.as_object().unwrap()).contains_key("addresses"));
}

#[test]
fn what_aws_would_say_is_told_and_another_server_has_words_of_its_own() {
    let user = json!({"userName": "ann", (ENTERPRISE_USER): {"department": "a\u{200b}\u{7}"}});
    let answer = aws(user).dropped.remove(0).answer.unwrap();
    let way = format!("Value at '{ENTERPRISE_USER}.department' failed to satisfy constraint: ");
    assert!(answer.status == 400 && answer.words.contains(&way), "{answer:?}");
    let dialect = Dialect::rfc7644(&ServiceProviderConfig::default());
    let refused = dialect.conform_user(json!({"title": "x"}).as_object().unwrap()).refused;
    assert_eq!(refused.iter().map(|note| note.answer.clone()).collect::<Vec<_>>(), [None]);
}

#[test]
fn another_server_gets_everything_that_has_a_value() {
    let dialect = Dialect::rfc7644(&ServiceProviderConfig::default());
    let user = json!({
        "userName": "Jane Doe", "photos": [{"value": "p"}], "title": "<>", "nickName": "", "x": {"y": null},
        "emails": [{"value": "a", "display": "A"}, {"value": "b"}], "urn:acme": {"badge": 7},
    });
    let conformed = dialect.conform_user(user.as_object().unwrap());
    assert_eq!(
        Value::Object(conformed.resource),
        json!({"userName": "Jane Doe", "photos": [{"value": "p"}], "title": "<>", "active": true,
               "emails": [{"value": "a", "display": "A"}, {"value": "b"}], "urn:acme": {"badge": 7}})
    );
    assert!(conformed.dropped.is_empty() && conformed.refused.is_empty());
}

#[test]
fn conforming_what_conforms_changes_nothing() {
    let user = json!({"userName": "ann", "emails": [{"value": "a@x.org", "type": "work", "primary": true}]});
    let once = aws(user).resource;
    let twice = aws(Value::Object(once.clone()));
    assert_eq!((twice.resource, twice.dropped.len()), (once.clone(), 0));
    assert_eq!(Dialect::aws().recognise(Kind::User, &once), once);
}
