use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, World, forms};

use crate::sp_import::METADATA;

/// A name for what is plain to be meant, and one for what nobody knows.
const ASKED: &str = "<md:AttributeConsumingService index=\"0\"><md:ServiceName xml:lang=\"en\">s</md:ServiceName><md:RequestedAttribute Name=\"urn:oid:2.5.4.42\" FriendlyName=\"givenName\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\" isRequired=\"true\"/><md:RequestedAttribute Name=\"https://sp.example/colour\"/></md:AttributeConsumingService></md:SPSSODescriptor>";

/// The same metadata, which asks for both.
fn asking() -> String {
    METADATA.replace("</md:SPSSODescriptor>", ASKED)
}

/// The names of what is offered: asked for, and given by no property mapping of the provider.
fn not_given(facts: &Value) -> Vec<String> {
    let facts: model::SpFacts = serde_json::from_value(facts.clone()).unwrap();
    facts.not_given().into_iter().map(|attribute| attribute.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_asks_for_is_made_together_with_the_provider_or_not_at_all() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let file = asking();
    let read = async || {
        let body = json!({ "metadata": file, "certificate": null, "existing": null });
        root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await.json()[0].clone()
    };
    let facts = read().await;
    let suggestion = facts["wanted"][0]["suggestion"].clone();
    assert!(facts["wanted"][0]["required"] == true && facts["wanted"][1]["required"] == false, "{facts}");
    assert_eq!(suggestion["expression"], "return user.given_name or None", "{facts}");
    assert!(facts["wanted"][1]["suggestion"].is_null(), "{facts}");
    let mut provider = facts["provider"].clone();
    provider["name"] = json!("sp");
    provider["property_mappings"] = json!([suggestion["name"]]);
    let import = async |mapping: &Value| {
        let body = json!({ "provider": provider, "mappings": [mapping] });
        root.post_json("/fn/app/saml_providers/api/import_provider", &body).await
    };
    let before = world.services.export(false).await.unwrap();
    let mut broken = suggestion.clone();
    broken["expression"] = json!("return (");
    assert_eq!(import(&broken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut other = suggestion.clone();
    other["name"] = json!("another");
    assert_eq!(
        import(&other).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the provider names one that is not there"
    );
    assert_eq!(world.services.export(false).await.unwrap(), before, "half of it was kept");
    let made = import(&suggestion).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let again = read().await;
    assert_eq!(again["wanted"][0]["mappings"][0], suggestion["name"], "{again}");
    assert!(again["wanted"][0]["suggestion"].is_null(), "{again}");
    world.apply("version: 1\napplications: [{ slug: sp, name: sp, saml_provider: sp }]\n").await;
    let response =
        crate::sign_on::xml(&world.signed_in("ada").await.get("/application/saml/sp/sso/binding/init/").await);
    let attribute = "FriendlyName=\"givenName\" Name=\"urn:oid:2.5.4.42\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"";
    assert!(response.contains(attribute), "{response}");
    let exported = world.services.export(false).await.unwrap();
    assert!(exported.contains("name_format: urn:oasis:names:tc:SAML:2.0:attrname-format:uri"), "{exported}");
    world.apply(&exported).await;
    assert_eq!(world.services.export(false).await.unwrap(), exported);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_newer_metadata_asks_for_is_offered_and_made_together_with_its_changes_or_not_at_all() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    world.apply(&format!("version: 1\nsaml_providers: [{{ name: sp, metadata: {} }}]\n", json!(METADATA))).await;
    let newer = asking().replace("/acs", "/acs-2");
    let read = async |metadata: &str| {
        let body = json!({ "metadata": metadata, "certificate": null, "existing": "sp" });
        let answer = root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()[0].clone()
    };
    let detail =
        async || root.post_json("/fn/app/saml_providers/api/read_provider", &json!({ "name": "sp" })).await.json();
    let renew = async |version: u64, provider: &Value, mapping: &Value| {
        let body = json!({ "name": "sp", "version": version, "provider": provider, "mappings": [mapping] });
        root.post_json("/fn/app/saml_providers/api/renew_provider", &body).await
    };
    assert_eq!(not_given(&read(METADATA).await), [""; 0]);
    let facts = read(&newer).await;
    assert_eq!(not_given(&facts), ["urn:oid:2.5.4.42", "https://sp.example/colour"], "{facts}");
    let suggestion = facts["wanted"][0]["suggestion"].clone();
    let mut provider = facts["provider"].clone();
    provider["property_mappings"] = json!([suggestion["name"]]);

    let before = world.services.export(false).await.unwrap();
    let version = detail().await["version"].as_u64().unwrap();
    let mut broken = suggestion.clone();
    broken["expression"] = json!("return (");
    assert_eq!(renew(version, &provider, &broken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(renew(version + 1, &provider, &suggestion).await.status, StatusCode::CONFLICT);
    assert_eq!(world.services.export(false).await.unwrap(), before, "half of it was kept");
    let taken = renew(version, &provider, &suggestion).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let exported = world.services.export(false).await.unwrap();
    assert!(exported.contains("acs_url: https://sp.example/acs-2"), "{exported}");
    assert_eq!(detail().await["provider"]["property_mappings"], json!([suggestion["name"]]));

    let again = read(&newer).await;
    assert_eq!(again["changes"], json!([]), "{again}");
    assert_eq!(not_given(&again), ["https://sp.example/colour"], "what is given is offered again");
    let twice = renew(version + 1, &provider, &suggestion).await;
    assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.body.contains("already"), "{}", twice.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_metadata_asks_for_is_ticked_without_javascript_for_a_new_provider_and_for_one_that_is_there() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (read, take) = ("/admin/saml-providers/-/read", "/admin/saml-providers/-/take");
    // Every field of the form that is no box; boxes are sent only where they are ticked.
    let kept = |page: &Answer| {
        let form = forms(&page.body).into_iter().find(|form| form.action == take);
        let form = form.unwrap_or_else(|| panic!("{}", page.body));
        let boxes = ["take", "make", "mapping"];
        form.fields.into_iter().filter(|(name, _)| !boxes.contains(&name.as_str())).collect::<Vec<_>>()
    };
    let send = async |page: &Answer, ticked: &[(&str, &str)]| {
        let kept = kept(page);
        let fields = kept.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = fields.filter(|(name, _)| !ticked.iter().any(|(other, _)| other == name)).collect();
        root.post(take, &[&fields[..], ticked].concat()).await
    };
    let offers = |page: &Answer, name: &str| {
        let ticked = (name.to_owned(), "SAML givenName".to_owned());
        forms(&page.body).iter().any(|form| form.fields.contains(&ticked))
    };
    let given = async |provider: &str| {
        let body = json!({ "name": provider });
        let detail = root.post_json("/fn/app/saml_providers/api/read_provider", &body).await.json();
        detail["provider"]["property_mappings"].clone()
    };
    let looked = root.post(read, &[("metadata", METADATA)]).await;
    assert_eq!(send(&looked, &[("name", "sp")]).await.location(), "/admin/saml-providers/sp");

    let newer = asking();
    let looked = root.post(read, &[("metadata", &newer), ("existing", "sp")]).await;
    assert!(looked.body.contains("No setting would change") && offers(&looked, "make"), "{}", looked.body);
    assert!(looked.body.contains("it is not plain what is meant"), "{}", looked.body);
    let made = send(&looked, &[("make", "SAML givenName")]).await;
    assert_eq!(made.location(), "/admin/saml-providers/sp", "{}", made.body);
    assert_eq!(given("sp").await, json!(["SAML givenName"]));
    let looked = root.post(read, &[("metadata", &newer), ("existing", "sp")]).await;
    assert!(!offers(&looked, "make") && !offers(&looked, "mapping"), "what is given is offered: {}", looked.body);

    // Another provider takes the one that is there, when it is made.
    let looked = root.post(read, &[("metadata", &newer)]).await;
    assert!(!offers(&looked, "make") && offers(&looked, "mapping"), "{}", looked.body);
    let made = send(&looked, &[("name", "other"), ("mapping", "SAML givenName")]).await;
    assert_eq!(made.location(), "/admin/saml-providers/other", "{}", made.body);
    assert_eq!(given("other").await, json!(["SAML givenName"]));
}
