//! The choice of a role before AWS: it takes away from what a person is offered, and never adds.

use reqwest::StatusCode;
use tests::{ACS, World};

use crate::{
    aws::{present, response, sandbox, trust},
    sign_on::{INIT, role_table, xml},
};

const PROVIDER: &str = "arn:aws:iam::123412341234:saml-provider/authentik";
const REFUSED: &str = "/admin/events?filter=sign_on_refused";
const ISSUED: &str = "/admin/events?filter=response_issued";

/// The ARN of a role of the sample account.
pub fn arn(role: &str) -> String {
    format!("arn:aws:iam::123412341234:role/{role}")
}

/// Where signing on with one role begins.
pub fn choosing(role: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("role", role).finish();
    format!("{INIT}?{query}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_role_is_the_only_one_that_aws_is_told_of_and_leads_straight_to_the_console() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    world.apply(&role_table()).await;
    let browser = world.signed_in("ada").await;
    for (role, other) in [("Admin", "Engineer"), ("Engineer", "Admin")] {
        let page = browser.get(&choosing(&arn(role))).await;
        assert_eq!(page.form().action, ACS);
        let xml = xml(&page);
        let pair = format!("<saml:AttributeValue>{},{PROVIDER}</saml:AttributeValue>", arn(role));
        assert!(xml.contains(&pair) && xml.matches(":saml-provider/").count() == 1, "{xml}");
        assert_eq!(xml.matches("<saml:AttributeValue>").count(), 2, "the session name is there as ever: {xml}");
        let field = response(&page);
        let console = present(&world.browser(), &url, &field).await;
        assert_eq!(console.status, 200, "{}", console.body);
        assert!(!console.body.contains("saml-account") && console.body.contains(role), "{}", console.body);
        sandbox.assume_role_with_saml(&arn(role), PROVIDER, &field, None).await.unwrap();
        assert!(sandbox.assume_role_with_saml(&arn(other), PROVIDER, &field, None).await.is_err(), "{other}");
        let told = world.signed_in("root").await.get(ISSUED).await.body;
        assert!(told.contains(&format!("with the role {}", arn(role))), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_not_offered_is_refused_with_an_event_and_nothing_is_issued() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    let ada = world.signed_in("ada").await;
    let pair = format!("{},{PROVIDER}", arn("Admin"));
    let near = ["Reader", "admin", "Admin ", ""].map(arn);
    for role in near.into_iter().chain([pair, PROVIDER.to_owned(), "<b>\"no ARN".to_owned()]) {
        let page = ada.get(&choosing(&role)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{role}: {}", page.body);
        assert!(page.body.contains("You may not take this role") && page.body.contains("administrators"));
        assert!(!page.body.contains("SAMLResponse") && !page.body.contains("<b>"), "{role}: {}", page.body);
    }
    let root = world.signed_in("root").await;
    let told = root.get(REFUSED).await.body;
    assert!(told.contains(&format!("the role {} is not offered to them", arn("Reader"))), "{told}");
    assert!(!root.get(ISSUED).await.body.contains("ada signed on"));
    // Who may not open the application learns nothing of its roles.
    let mallory = world.signed_in("mallory").await.get(&choosing(&arn("Admin"))).await;
    assert!(mallory.status == StatusCode::FORBIDDEN && mallory.body.contains("You may not open"), "{}", mallory.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_role_is_refused_before_anybody_signs_in() {
    let world = World::new().await;
    let (long, state) = (arn(&"a".repeat(2048)), "https%3A%2F%2Fconsole.aws.amazon.com%2F");
    for path in [choosing(&long), choosing("a\nb"), format!("{}&key=rolecall", choosing(&arn("Admin")))] {
        let page = world.browser().get(&format!("{path}&RelayState={state}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}: {}", page.body);
        assert!(page.body.contains("role: a "), "{}", page.body);
    }
    let told = world.signed_in("root").await.get("/admin/events?filter=request_refused").await.body;
    assert!(told.contains("named by its ARN"), "{told}");
    let all = world.signed_in("ada").await.get(&format!("{INIT}?role=")).await;
    assert_eq!(all.status, StatusCode::OK, "no role is all of them: {}", all.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_role_and_the_relay_state_are_kept_while_somebody_signs_in() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    let browser = world.browser();
    let arrived = browser.get(&format!("{}&RelayState=a%20b%26role%3Dc", choosing(&arn("Admin")))).await;
    assert_eq!(arrived.status, StatusCode::SEE_OTHER, "{}", arrived.body);
    let form = browser.get(arrived.location()).await.form();
    let signed_in = browser.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
    let page = browser.get(signed_in.location()).await;
    assert_eq!(page.form().field("RelayState"), Some("a b&role=c"), "{}", page.body);
    let xml = xml(&page);
    assert!(xml.contains("role/Admin,") && !xml.contains("role/Engineer,"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_aws_are_held_against_the_pair_that_is_sent() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    // No aws_role in the group: the mapping gives `role/`, and the table a good one.
    world.apply("version: 1\ngroups: [{ name: aws-readers, attributes: {} }]").await;
    let grace = world.signed_in("grace").await;
    assert_eq!(grace.get(INIT).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let spoilt = grace.get(&choosing(&arn(""))).await;
    assert_eq!(spoilt.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", spoilt.body);
    assert!(spoilt.body.contains("Role pairs") && !spoilt.body.contains("SAMLResponse"), "{}", spoilt.body);
    let xml = xml(&grace.get(&choosing(&arn("Reader"))).await);
    assert!(xml.contains("role/Reader,") && !xml.contains("role/,"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_is_not_of_iam_has_no_roles_to_choose_from() {
    let world = World::new().await;
    let other = "version: 1\nsaml_providers: [{ name: aws-iam, acs_url: 'https://sp.example.com/acs', audience: 'urn:other', property_mappings: [AWS role by group, AWS session name] }]";
    world.apply(other).await;
    let ada = world.signed_in("ada").await;
    assert_eq!(ada.get(INIT).await.status, StatusCode::OK);
    assert_eq!(ada.get(&choosing(&arn("Engineer"))).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_links_each_role_where_there_are_several_and_all_of_them() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    let portal = world.signed_in("ada").await.get("/").await.body;
    // In its place, and not brought there by a script.
    let main = portal.split("</main>").next().unwrap();
    let chooser = main.split("<details").nth(1).unwrap_or_else(|| panic!("there is no choice in {main}"));
    let chooser = chooser.split("</details>").next().unwrap();
    for part in [
        "href=\"/application/saml/aws/sso/binding/init/?role=arn%3Aaws%3Aiam%3A%3A123412341234%3Arole%2FAdmin\"",
        "href=\"/application/saml/aws/sso/binding/init/?role=arn%3Aaws%3Aiam%3A%3A123412341234%3Arole%2FEngineer\"",
        "href=\"/application/saml/aws/sso/binding/init/\"",
        "account 123412341234",
    ] {
        assert!(chooser.contains(part), "{part} is not in {chooser}");
    }
    assert!(!chooser.contains("Reader"), "{chooser}");
    let world = World::new().await;
    let portal = world.signed_in("ada").await.get("/").await.body;
    assert!(!portal.contains("<details"), "one role leaves nothing to choose: {portal}");
}
