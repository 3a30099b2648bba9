//! Whatever comes in: nothing breaks, and what is said to fit is accepted.

use crate::double::Aws;
use proptest::collection::vec;
use proptest::prelude::*;
use scim::apply::{Answer, interpret};
use scim::dialect::Dialect;
use scim::id::{Kind, LocalId, Object};
use scim::state::Pattern;
use scim::step::{Action, Reason, Step};
use scim::wire::{
    ENTERPRISE_USER, ErrorBody, ListResponse, Method, Request, Resource, ServiceProviderConfig, with_schemas,
};
use serde_json::Value;

const KEYS: [&str; 30] = [
    "userName",
    "USERNAME",
    "externalId",
    "active",
    "displayName",
    "name",
    "nickName",
    "profileUrl",
    "title",
    "locale",
    "emails",
    "phoneNumbers",
    "addresses",
    "roles",
    "photos",
    "members",
    "groups",
    "id",
    "value",
    "type",
    "primary",
    "display",
    "$ref",
    "givenName",
    "familyName",
    "formatted",
    "manager",
    "department",
    ENTERPRISE_USER,
    "urn:x",
];

fn text() -> impl Strategy<Value = String> {
    let odd =
        prop::sample::select(vec!["", " ", "true", "ann", "a b", "<x>", "a:b", "Ann Dam", "Administrator", "\u{200b}"]);
    prop_oneof![2 => odd.prop_map(str::to_owned), 1 => ".{0,12}", 1 => Just("é".repeat(1025))]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let object = vec((prop::sample::select(&KEYS[..]), inner.clone()), 0..5);
        let object = object.prop_map(|entries| entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect());
        prop_oneof![vec(inner, 0..4).prop_map(Value::Array), object.prop_map(Value::Object)]
    })
}

fn rendered() -> impl Strategy<Value = Resource> {
    let name = prop_oneof![4 => Just("ann".to_owned()), 1 => text()];
    let entries = vec((prop::sample::select(&KEYS[..]), json()), 0..10);
    (name, entries).prop_map(|(name, entries)| {
        let mut resource: Resource = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        resource.insert("userName".to_owned(), Value::String(name));
        resource
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_conforms_is_accepted_and_conforms_again(rendered in rendered()) {
        let aws = Dialect::aws();
        for (kind, path) in [(Kind::User, "/Users"), (Kind::Group, "/Groups")] {
            let conformed = aws.conform(kind, &rendered);
            let again = aws.conform(kind, &conformed.resource);
            if conformed.refused.is_empty() {
                prop_assert_eq!(&again.resource, &conformed.resource);
                prop_assert!(again.dropped.is_empty() && again.refused.is_empty());
                prop_assert_eq!(&aws.recognise(kind, &conformed.resource), &conformed.resource);
                let body = Value::Object(with_schemas(kind, &conformed.resource));
                let mut double = Aws::default();
                let (status, _) = double.handle(&Request::with_body(Method::Post, path, body));
                prop_assert_eq!(status, 201, "{:?}", double.refused);
            }
            let standard = Dialect::rfc7644(&ServiceProviderConfig::default());
            let once = standard.conform(kind, &rendered).resource;
            prop_assert_eq!(&standard.conform(kind, &once).resource, &once);
        }
    }

    #[test]
    fn no_body_breaks_a_reader(bytes in vec(any::<u8>(), 0..40), json in json(), status in 100_u16..600) {
        let mapped = json.to_string().replace("value", "status").replace("type", "Resources").replace("name", "filter");
        for body in [bytes, json.to_string().into_bytes(), mapped.into_bytes()] {
            _ = (ErrorBody::read(&body), ListResponse::read(&body), ServiceProviderConfig::read(&body));
            let object = Object::user(&LocalId::from("u"));
            for action in [Action::Delete, Action::Create { resource: Resource::new(), members: [].into() }] {
                let step = Step { object: object.clone(), name: String::new(), why: Reason::New, action };
                _ = interpret(&step, &Answer::new(status, &body), &Dialect::aws());
            }
        }
    }

    #[test]
    fn a_pattern_covers_what_its_pieces_make(pieces in vec("[a-cİß]{0,3}", 1..5), fill in vec("[a-c]{0,3}", 5)) {
        let pattern = Pattern(pieces.join("*"));
        let name: String = pieces.iter().zip(&fill).map(|(piece, fill)| format!("{piece}{fill}")).collect();
        let last = fill[pieces.len() - 1].len();
        prop_assert!(pattern.matches(&name[..name.len() - last]), "{pattern:?} {name}");
    }
}
