//! What Identity Center finds people by: the NameID of the sign-on is the userName that is pushed.

use domain::{NameLook, Services};
use model::{EventKind, VerdictStatus};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Api, PASSWORD, Provisioned};

use crate::{
    identity_center::post_on,
    responses::{broken, good},
};

/// Two people with passwords, pushed by `user_mappings`, and a robot.
const PEOPLE: &str = r#"
version: 1
groups: [{ name: engineers }]
users:
  - { username: root, name: The Root, email: root@example.com, password: "{password}", administrator: true }
  - { username: ada, name: Ada Lovelace, email: ada@example.com, password: "{password}", groups: [engineers] }
  - { username: grace, name: Grace Hopper, email: grace@example.com, password: "{password}", groups: [engineers] }
property_mappings:
  - { name: by hand, kind: saml, expression: return user.email }
  - name: at work
    kind: scim_user
    expression: |
      name = f"{user.username}@work.example"
      return {"userName": name, "externalId": user.uid, "displayName": user.name, "name": {"givenName": "A", "familyName": "B"}, "emails": [{"value": user.email, "type": "work", "primary": True}]}
scim_providers:
  - { name: aws-scim, {scim}, writes_per_second: 1000, user_mappings: [{mappings}] }
applications:
  - { slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: engineers }] }
"#;

const INIT: &str = "/application/saml/aws/sso/binding/init/";

/// The people, with nothing running; the application signs on to the Identity Center that they are pushed to.
async fn joined(user_mappings: &str) -> Provisioned {
    let people = PEOPLE.replace("{mappings}", user_mappings).replace("{password}", PASSWORD);
    let provisioned = Provisioned::quiet(&people).await;
    named(&provisioned, "").await;
    let ours = provisioned.world.browser().get("/application/saml/aws/metadata/").await.body;
    provisioned.center().set_identity_provider(&ours).unwrap();
    provisioned
}

/// The SAML provider by Identity Center's metadata, with these further settings.
async fn named(provisioned: &Provisioned, settings: &str) {
    let metadata = provisioned.world.browser().get(&provisioned.center().entity_id()).await.body;
    let indented: String = metadata.lines().map(|line| format!("        {line}\n")).collect();
    let provider =
        format!("saml_providers:\n  - name: identity-center\n    metadata: |\n{indented}{settings}\napplications:\n");
    let application = "  - { slug: aws, name: AWS, saml_provider: identity-center, backchannel_providers: [aws-scim], bindings: [{ group: engineers }] }\n";
    provisioned.world.apply(&format!("version: 1\n{provider}{application}")).await;
}

const BY_HAND: &str = "    name_id: { format: email_address, mapping: by hand }";

async fn sign_on(provisioned: &Provisioned, username: &str) -> Answer {
    provisioned.world.signed_in(username).await.get(INIT).await
}

/// The page of AWS after a sign-on that is issued.
async fn portal(provisioned: &Provisioned, username: &str) -> Answer {
    let browser = provisioned.world.signed_in(username).await;
    let page = browser.get(INIT).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    post_on(&browser, &page).await
}

fn arrived(page: &Answer) -> bool {
    page.status.is_success() || page.status.is_redirection()
}

async fn name_id(provisioned: &Provisioned, username: &str) -> String {
    provisioned.world.services.preview("aws", username, "").await.unwrap().name_id
}

async fn verdict(provisioned: &Provisioned, username: &str) -> model::Verdict {
    let preview = provisioned.world.services.preview("aws", username, "").await.unwrap();
    preview.verdicts.into_iter().find(|v| v.rule == "NameID and userName").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_id_is_what_is_pushed_as_the_user_name_by_one_setting() {
    let mut provisioned = joined("at work").await;
    assert_eq!(name_id(&provisioned, "ada").await, "ada@work.example");
    provisioned.start();
    provisioned.synced().await;
    let page = portal(&provisioned, "ada").await;
    assert!(arrived(&page), "{}", page.body);
    let judged = verdict(&provisioned, "ada").await;
    assert!(judged.status == VerdictStatus::Passed && judged.found.contains("has pushed it"), "{judged:?}");
    let others = provisioned.world.services.preview("aws", "ada", "").await.unwrap().verdicts;
    assert!(others.iter().all(|v| v.status != VerdictStatus::Failed), "{others:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_user_name_is_caught_before_aws_would_say_so() {
    let mut provisioned = joined("at work").await;
    named(&provisioned, BY_HAND).await;
    provisioned.start();
    provisioned.synced().await;
    let page = sign_on(&provisioned, "ada").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    assert!(!page.body.contains("SAMLResponse"), "it was issued");
    let told = provisioned.events(EventKind::SignOnRefused).await;
    let detail = told[0].detail.to_string();
    for part in ["NameID and userName", "ada@example.com", "ada@work.example", "An unexpected error has occurred"] {
        assert!(detail.contains(part), "{part} is not in {detail}");
    }
    assert_eq!(provisioned.center().sessions().len(), 0);
    let judged = verdict(&provisioned, "ada").await;
    assert!(judged.status == VerdictStatus::Failed && judged.source == "at work", "{judged:?}");
    // The page that makes a response to try it says the same.
    let root = provisioned.world.signed_in("root").await;
    let tried = json!({ "name": "identity-center", "slug": "aws", "username": "ada" });
    let tried = good(&root, "test_sign_on", tried).await;
    assert_eq!(broken(&tried, "aws"), ["NameID and userName"], "{tried}");
    let told = provisioned.events(EventKind::ResponseTested).await;
    assert!(told[0].message.contains("1 rule"), "{}", told[0].message);

    provisioned.jobs.shutdown().await;
    // What would have come of it: without the SCIM provider nobody here knows, and AWS says the same.
    let alone = "version: 1\napplications: [{ slug: aws, name: AWS, saml_provider: identity-center, bindings: [{ group: engineers }] }]";
    provisioned.world.apply(alone).await;
    let page = portal(&provisioned, "ada").await;
    assert!(page.status.is_client_error() && page.body.contains(&judged.aws_message), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_run_a_wrong_user_name_is_caught_by_what_would_be_pushed() {
    let provisioned = joined("at work").await;
    named(&provisioned, BY_HAND).await;
    let page = sign_on(&provisioned, "ada").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    let judged = verdict(&provisioned, "ada").await;
    assert!(judged.status == VerdictStatus::Failed && judged.found.contains("that aws-scim pushes"), "{judged:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_renamed_is_known_to_aws_by_the_former_name_until_the_new_one_is_acknowledged() {
    let mut provisioned = joined("").await;
    provisioned.start();
    provisioned.synced().await;
    provisioned.jobs.shutdown().await;
    let moved = format!(
        "version: 1\nusers:\n  - {{ username: ada, name: Ada Lovelace, email: countess@example.com, groups: [engineers] }}\n  \
         - {{ username: eve, name: Eve, email: ada@example.com, password: \"{PASSWORD}\", groups: [engineers] }}\n"
    );
    provisioned.world.apply(&moved).await;
    assert_eq!(name_id(&provisioned, "ada").await, "ada@example.com");
    let page = portal(&provisioned, "ada").await;
    assert!(arrived(&page), "{}", page.body);

    // Whoever has the former name here now would be taken for her there.
    let judged = verdict(&provisioned, "eve").await;
    assert!(judged.status == VerdictStatus::Failed && judged.found.contains("somebody else"), "{judged:?}");
    let page = sign_on(&provisioned, "eve").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);

    provisioned.start();
    provisioned.synced().await;
    for (username, name) in [("ada", "countess@example.com"), ("eve", "ada@example.com")] {
        assert_eq!(name_id(&provisioned, username).await, name);
        let page = portal(&provisioned, username).await;
        assert!(arrived(&page), "{username}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_parts_the_two_is_told_once_and_the_doctor_and_the_steps_name_who_differs() {
    let provisioned = joined("").await;
    let services = &provisioned.world.services;
    let root = provisioned.world.signed_in("root").await;
    let step = "/admin/connect/identity-center/identity-center/name-id";
    // Without the marks that hydration goes by.
    let done = |page: &Answer| page.body.replace("<!>", "").contains("done: </span></span>NameID check");
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 0);
    let page = root.get(step).await;
    assert!(done(&page) && page.body.contains("One setting makes both"), "{}", page.body);

    named(&provisioned, BY_HAND).await;
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 0, "both come to the same yet");
    let own = "version: 1\nscim_providers: [{ name: aws-scim, user_mappings: [at work], {scim} }]";
    let scim = format!("url: \"{}\", token: x", provisioned.endpoint);
    provisioned.world.apply(&own.replace("{scim}", &scim)).await;
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 1);
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 0, "it was told already");
    let told = provisioned.events(EventKind::NamesDiffer).await;
    assert!(told.len() == 1 && told[0].message.contains("2 of 2 in scope") && told[0].message.contains("such as ada"));
    let findings = services.examine().await.unwrap();
    let finding = findings.iter().find(|finding| finding.place.contains("NameIDs of the application aws")).unwrap();
    assert!(finding.status == VerdictStatus::Failed && finding.found.contains("ada@work.example"), "{finding:?}");
    let page = root.get(step).await;
    assert!(!done(&page), "the step is marked as done");
    for part in ["would not find", "grace@work.example", "grace@example.com"] {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }

    named(&provisioned, "    name_id: { format: email_address }").await;
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 0);
    assert!(done(&root.get(step).await));
    named(&provisioned, BY_HAND).await;
    assert_eq!(services.warn_of_name_ids().await.unwrap(), 1, "it has come apart again");
}

/// Puts a change of what is at a path in its place; the warnings of the answer.
async fn save(api: &Api, path: &str, part: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut detail = api.read(path).await;
    change(&mut detail[part]);
    let saved = api.put(&format!("{path}?version={}", detail["version"]), &detail[part]).await;
    assert_eq!(saved.status, StatusCode::OK, "{path}: {}", saved.body);
    saved.json()["warnings"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_a_save_that_parts_the_two_says_who_would_not_be_found() {
    let provisioned = joined("at work").await;
    let api = provisioned.world.api("root").await;
    let (saml, scim, mapping) =
        ("/saml-providers/identity-center", "/scim-providers/aws-scim", "/property-mappings/by%20hand");
    let is_told = |warnings: &Value| {
        let said = warnings.to_string();
        said.contains("application aws: 2 of 2 in scope would not be found") && said.contains("such as ada")
    };
    assert_eq!(api.read(saml).await["warnings"], json!([]));
    let parted = save(&api, saml, "provider", |provider| provider["name_id"]["mapping"] = json!("by hand")).await;
    assert!(is_told(&parted), "{parted}");
    let root = provisioned.world.signed_in("root").await;
    for page in ["saml-providers/identity-center", "scim-providers/aws-scim", "property-mappings/by%20hand"] {
        let page = root.get(&format!("/admin/{page}")).await;
        assert!(page.body.contains("2 of 2 in scope would not be found"), "{}", page.body);
    }
    let work = |mapping: &mut Value| mapping["expression"] = json!("return f\"{user.username}@work.example\"");
    assert_eq!(save(&api, mapping, "mapping", work).await, json!([]));
    let parted = save(&api, scim, "provider", |provider| provider["user_mappings"] = json!([])).await;
    assert!(is_told(&parted), "{parted}");
    let alike = save(&api, mapping, "mapping", |mapping| mapping["expression"] = json!("return user.email")).await;
    assert_eq!(alike, json!([]));
}

/// Looks at pages until nobody is left; so many pages were looked at.
async fn passed(services: &Services, look: NameLook) -> usize {
    for pages in 0..20 {
        if !services.pass_over_names(look).await.unwrap() {
            return pages;
        }
    }
    panic!("it has no end");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_more_people_than_can_be_waited_for_all_are_looked_at_in_time_over_a_restart() {
    let provisioned = joined("").await;
    named(&provisioned, BY_HAND).await;
    let services = &provisioned.world.services;
    // As if the first alone were waited for, and one were looked at at a time.
    let look = NameLook { most: 1, page: 1 };
    let report = services.name_ids_within("aws", look).await.unwrap();
    assert_eq!((report.all, report.looked_at, report.differ), (false, 1, 0), "{report:?}");
    assert!(services.pass_over_names(look).await.unwrap());
    let restarted = provisioned.world.restarted().await;
    assert!(!restarted.name_ids_within("aws", look).await.unwrap().is_good(), "it is good before its end");
    assert_eq!(passed(&restarted, look).await, 3, "grace, root and the end are left");
    for services in [services, &restarted] {
        let report = services.name_ids_within("aws", look).await.unwrap();
        assert!(report.is_good() && report.looked_at == 2, "{report:?}");
    }
    // Nothing was changed that decides, so nobody is looked at again; an hour after a change of people they are.
    provisioned
        .world
        .apply("version: 1\nusers: [{ username: zoe, email: zoe@example.com, groups: [engineers] }]")
        .await;
    assert_eq!(passed(services, look).await, 0);
    provisioned.world.clock.advance(3_600);
    assert!(services.pass_over_names(look).await.unwrap());
    assert!(services.name_ids_within("aws", look).await.unwrap().is_good(), "what is known is forgotten too early");
    assert_eq!(passed(services, look).await, 4);
    assert_eq!(services.name_ids_within("aws", look).await.unwrap().looked_at, 3);

    let odd = "version: 1\nproperty_mappings:\n  - name: by hand\n    kind: saml\n    expression: |\n      \
        return user.email if user.username != 'grace' else 'admiral@example.com'\n";
    provisioned.world.apply(odd).await;
    assert!(!services.name_ids_within("aws", look).await.unwrap().all, "other settings are another matter");
    passed(services, look).await;
    let report = services.name_ids_within("aws", look).await.unwrap();
    assert_eq!((report.all, report.differ, report.shown[0].username.as_str()), (true, 1, "grace"), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_trade_their_names_none_signs_on_as_the_other_at_a_server_that_knew_them_before() {
    let provisioned = joined("'rolecall default SCIM: user'").await;
    let services = &provisioned.world.services;
    services.sync_scim("aws-scim").await.unwrap();
    let signs_on_as = async |username: &str| {
        let xml = crate::sign_on::xml(&sign_on(&provisioned, username).await);
        xml.split("</saml:NameID>").next().unwrap().rsplit('>').next().unwrap().to_owned()
    };
    assert_eq!(signs_on_as("ada").await, "ada@example.com");
    let traded = "version: 1\nusers:\n  - { username: ada, email: lovelace@example.com, groups: [engineers] }\n  - { username: grace, email: ada@example.com, groups: [engineers] }\n";
    provisioned.world.apply(traded).await;
    // Another server brings it there, and this one does not hear of it.
    provisioned.world.restarted().await.sync_scim("aws-scim").await.unwrap();
    assert_eq!(signs_on_as("ada").await, "lovelace@example.com");
    assert_eq!(signs_on_as("grace").await, "ada@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_new_is_not_signed_on_by_a_name_that_somebody_was_given_there_meanwhile() {
    let provisioned = joined("").await;
    let services = &provisioned.world.services;
    services.sync_scim("aws-scim").await.unwrap();
    let page = portal(&provisioned, "ada").await;
    assert!(arrived(&page), "{}", page.body);
    // Another server brings it there, and this one does not hear of it.
    let given = "version: 1\nusers: [{ username: grace, email: eve@example.com, groups: [engineers] }]";
    provisioned.world.apply(given).await;
    provisioned.world.restarted().await.sync_scim("aws-scim").await.unwrap();
    // Here the name goes on to somebody new, and nothing of that is pushed yet.
    let new = format!(
        "version: 1\nusers:\n  - {{ username: grace, email: grace@example.com, groups: [engineers] }}\n  \
         - {{ username: eve, email: eve@example.com, password: \"{PASSWORD}\", groups: [engineers] }}\n"
    );
    provisioned.world.apply(&new).await;
    let page = sign_on(&provisioned, "eve").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    assert!(!page.body.contains("SAMLResponse"), "eve would be signed on as grace");
}
