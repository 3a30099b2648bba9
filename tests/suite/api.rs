use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Api, Provisioned, World};

use crate::keys::{pair, pkcs12};

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_made_read_changed_and_deleted_and_an_overtaken_change_is_a_conflict() {
    let world = World::new().await;
    let root = world.api("root").await;
    let application = json!({ "slug": "wiki", "name": "Wiki", "launch_url": "https://wiki.example/" });
    let made = root.post("/applications", &application).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/applications/wiki"), "{}", made.body);
    assert_eq!(root.post("/applications", &application).await.status, 409);
    let mut detail = root.read("/applications/wiki").await;
    assert_eq!(detail, made.json());
    detail["application"]["name"] = json!("The wiki");
    let changed = root.put("/applications/wiki?version=1", &detail["application"]).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["version"]), (200, &json!(2)), "{}", changed.body);
    let overtaken = root.put("/applications/wiki?version=1", &detail["application"]).await;
    assert!(overtaken.status == 409 && overtaken.json()["code"] == "conflict", "{}", overtaken.body);
    assert_eq!(root.put("/applications/wiki", &detail["application"]).await.status, 400, "without a version");
    assert_eq!(root.delete("/applications/wiki?version=1").await.status, 409);
    assert_eq!(root.delete("/applications/wiki?version=2").await.status, 204);
    assert_eq!(root.get("/applications/wiki").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_request_is_a_problem_document_that_says_where() {
    let world = World::new().await;
    let root = world.api("root").await;
    let browser = world.browser();
    let token = format!("Bearer {}", world.token("root").await);
    let send = |kind: &'static str, body: String| {
        let (browser, headers) = (&browser, [("authorization", token.as_str())]);
        async move { browser.send(Method::POST, "/api/v1/applications", &headers, Some((kind, body))).await }
    };
    let fine = json!({ "slug": "x", "name": "X" }).to_string();
    for (answer, status, code) in [
        (send("text/plain", fine.clone()).await, 415, "media_type"),
        (send("application/x-www-form-urlencoded", fine.clone()).await, 415, "media_type"),
        (send("application/json", "{".to_owned()).await, 400, "not_json"),
        (send("application/json", format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024))).await, 413, "too_large"),
        (send("application/json", "{\"slug\":\"x\"}".to_owned()).await, 422, "invalid"),
        (send("application/json", "{\"slug\":\"X Y\",\"name\":\"x\"}".to_owned()).await, 422, "invalid"),
        (send("application/json", "{\"slug\":\"x\",\"name\":\"x\",\"nothing\":1}".to_owned()).await, 422, "invalid"),
        (root.get("/applications?page=first").await, 400, "query"),
        (root.get("/users/%FF").await, 400, "path"),
        (root.get("/applications/none").await, 404, "not_found"),
    ] {
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, "application/problem+json"));
        let problem = answer.json();
        assert_eq!((problem["code"].as_str(), &problem["type"]), (Some(code), &json!("about:blank")), "{problem}");
        assert!(problem["title"].is_string() && problem["detail"].as_str().unwrap().len() > 10, "{problem}");
    }
    let dangling = json!({ "slug": "x", "name": "", "saml_provider": "none" });
    let problem = root.post("/applications", &dangling).await.json();
    let fields: Vec<&str> = problem["errors"].as_array().unwrap().iter().filter_map(|e| e["field"].as_str()).collect();
    assert!(fields.contains(&"saml_provider") && fields.contains(&"name"), "{problem}");
    assert_eq!(send("application/json; charset=utf-8", fine).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_and_are_searched_and_sorted_as_in_the_console() {
    let world = World::new().await;
    let people: String = (0..30).map(|n| format!("  - {{ username: p{n:02}, name: Person }}\n")).collect();
    world.apply(&format!("version: 1\nusers:\n{people}")).await;
    let auditor = world.api("audrey").await;
    let second = auditor.read("/users?q=person&sort=-username&page=2").await;
    assert_eq!((&second["total"], &second["page"], &second["page_size"]), (&json!(30), &json!(2), &json!(25)));
    let names: Vec<&str> = second["rows"].as_array().unwrap().iter().filter_map(|r| r["username"].as_str()).collect();
    assert_eq!(names, ["p04", "p03", "p02", "p01", "p00"]);
    let groups = auditor.read("/groups").await;
    assert_eq!(groups["rows"][0], json!({ "name": "aws-admins", "parents": ["engineers"], "members": 1 }));
    let group = auditor.read("/groups/engineers").await;
    assert_eq!((&group["children"], &group["members"]), (&json!(["aws-admins"]), &json!([])));
    let ada = auditor.read("/users/ADA").await;
    assert_eq!(ada["all_groups"], json!(["aws-admins", "engineers"]));
    assert!(ada["has_password"] == true && !ada.to_string().contains("argon2"), "{ada}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_goes_in_and_never_comes_out() {
    let world = World::new().await;
    let root = world.api("root").await;
    let generate = json!({ "algorithm": "p-256", "common_name": "x", "valid_days": 30 });
    let made = root.post("/keys", &json!({ "name": "a b/c", "generate": generate })).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/keys/a%20b%2Fc"), "{}", made.body);
    let read = root.get("/keys/a%20b%2Fc").await;
    assert!(read.body.contains("BEGIN CERTIFICATE") && !read.body.contains("PRIVATE KEY"), "{}", read.body);
    assert_eq!(root.send(Method::PUT, "/keys/a%20b%2Fc/default", None).await.status, 204);
    assert_eq!(root.read("/keys/a%20b%2Fc").await["is_default"], true);
    assert_eq!(root.delete("/keys/a%20b%2Fc?version=1").await.status, 409, "the default key is gone");
    let both = json!({ "name": "k", "generate": generate, "certificate": "x", "private_key": "y" });
    assert_eq!(root.post("/keys", &both).await.status, 422);
    let mapping = root.read("/property-mappings/AWS%20session%20name").await;
    assert_eq!(mapping["used_by"], json!(["aws-iam"]));
    let trial = json!({ "source": "return user.username", "username": "ada" });
    assert_eq!(root.post("/expression-trials", &trial).await.json()["value"]["values"], json!(["ada"]));
    let preview = root.read("/applications/aws/preview/ada").await;
    assert!(preview["xml"].as_str().unwrap().contains("role/Engineer"), "{preview}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_brings_a_pkcs12_file_and_hears_which_field_is_wrong() {
    let world = World::new().await;
    let root = world.api("root").await;
    let (certificate, private_key) = pair();
    let file = STANDARD.encode(pkcs12(&certificate, &private_key, "open sesame"));
    let secret = private_key.lines().nth(5).unwrap();
    let generate = json!({ "common_name": "x", "valid_days": 30 });
    for (what, mut body, field) in [
        ("a wrong password", json!({ "pkcs12": file, "password": "guess" }), "pkcs12"),
        ("no password", json!({ "pkcs12": file }), "pkcs12"),
        ("no PKCS#12", json!({ "pkcs12": "aGVsbG8=", "password": "" }), "pkcs12"),
        ("no base64", json!({ "pkcs12": "%%%" }), "pkcs12"),
        (
            "a certificate too",
            json!({ "pkcs12": file, "password": "open sesame", "certificate": certificate }),
            "pkcs12",
        ),
        ("made here too", json!({ "pkcs12": file, "password": "open sesame", "generate": generate }), "pkcs12"),
        ("a password of nothing", json!({ "generate": generate, "password": "open sesame" }), "password"),
        ("a private key alone", json!({ "private_key": private_key }), "certificate"),
        ("made here and brought", json!({ "generate": generate, "certificate": certificate }), "generate"),
        ("nothing", json!({}), ""),
        ("a name that is taken", json!({ "name": "rolecall", "pkcs12": file, "password": "open sesame" }), "name"),
    ] {
        body.as_object_mut().unwrap().entry("name").or_insert_with(|| json!("brought"));
        let refused = root.post("/keys", &body).await;
        assert_eq!(refused.status, 422, "{what}: {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{what}: {}", refused.body);
        for told in [secret, file.as_str(), "open sesame"] {
            assert!(!refused.body.contains(told), "{what}: {}", refused.body);
        }
    }
    assert_eq!(root.read("/keys").await["total"], 1, "one that was refused is kept");
    // As `base64` writes it, in lines.
    let lines: String =
        file.as_bytes().chunks(76).flat_map(|line| [line, b"\n".as_slice()].concat()).map(char::from).collect();
    let made = root.post("/keys", &json!({ "name": "brought", "pkcs12": lines, "password": "open sesame" })).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/keys/brought"), "{}", made.body);
    let der = |pem: &str| pem.lines().filter(|l| !l.starts_with("-----")).collect::<String>();
    assert_eq!(der(made.json()["key"]["certificate"].as_str().unwrap()), der(&certificate));
    assert_eq!(root.send(Method::PUT, "/keys/brought/default", None).await.status, 204);
    let metadata = world.browser().get("/application/saml/aws/metadata/").await.body.replace('\n', "");
    assert!(metadata.contains(&der(&certificate)), "the brought key does not sign: {metadata}");
    for path in ["/keys", "/keys/brought", "/events"] {
        let read = root.get(path).await;
        assert_eq!(read.status, 200, "{path}: {}", read.body);
        for told in [secret, "PRIVATE KEY", "ciphertext", "open sesame"] {
            assert!(!made.body.contains(told) && !read.body.contains(told), "{path} tells {told}");
        }
    }
    let document = root.read("/openapi.json").await.to_string();
    assert!(document.contains("\"pkcs12\"") && document.contains("\"password\""), "the document leaves it out");
}

const PEOPLE: &str = r#"
version: 1
groups: [{ name: staff }]
users:
  - { username: root, name: The Root, email: root@example.com, password: "analytical-engine-1843", administrator: true }
  - { username: ada, name: Ada Lovelace, given_name: Ada, family_name: Lovelace, email: ada@example.com, groups: [staff] }
scim_providers: [{ name: aws-scim, {scim}, groups: [staff] }]
applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: staff }] }]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn provisioning_is_read_and_asked_for_by_a_program() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let api = Api::new(&provisioned.world.url, &provisioned.world.token("root").await);
    let health = api.read("/scim-providers/aws-scim/health").await;
    assert_eq!((&health["status"], &health["users"]), (&json!("synced"), &json!(1)), "{health}");
    let detail = api.read("/scim-providers/aws-scim").await;
    assert_eq!(detail["tokens"], json!([{ "slot": 1, "expires": null, "days_left": null, "warning": null }]));
    assert_eq!(api.read("/scim-providers/aws-scim/plan").await["total"], 0);
    let objects = api.read("/scim-providers/aws-scim/objects?filter=group").await;
    assert_eq!(objects["rows"][0]["name"], "staff", "{objects}");
    let preview = api.read("/scim-providers/aws-scim/preview/users/ada").await;
    assert!(preview["in_scope"] == true && preview["json"].as_str().unwrap().contains("Lovelace"), "{preview}");
    for what in ["sync", "verify"] {
        let answer = api.send(Method::POST, &format!("/scim-providers/aws-scim/{what}"), None).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
    }
    let stale = api.post("/scim-providers/aws-scim/approve", &json!({ "plan": "none" })).await;
    assert_eq!(stale.status, 409, "{}", stale.body);
    provisioned.synced().await;
    let used = api.delete(&format!("/scim-providers/aws-scim?version={}", detail["version"])).await;
    assert_eq!(used.status, 409, "an application uses it");
    let new =
        json!({ "provider": { "name": "second", "url": provisioned.endpoint }, "token": "secret-of-the-service" });
    let made = api.post("/scim-providers", &new).await;
    assert!(made.status == 201 && !made.body.contains("secret-of-the-service"), "{}", made.body);
    let token = json!({ "token": "another-secret", "expires": 4_000_000_000_i64 });
    assert_eq!(api.put("/scim-providers/second/tokens/2?version=1", &token).await.status, 204);
    assert_eq!(api.put("/scim-providers/second/tokens/3?version=2", &token).await.status, 404);
    assert_eq!(api.read("/scim-providers/second").await["tokens"].as_array().map(Vec::len), Some(2));
    // A token is tried before it is switched to, and a refused one says what to do.
    let asked = |path: &'static str| api.send(Method::POST, path, None);
    assert_eq!(asked("/scim-providers/aws-scim/tokens/1/test").await.status, 204);
    for path in ["/scim-providers/second/tokens/2/test", "/scim-providers/second/switch-token?version=2"] {
        let refused = asked(path).await;
        assert!(refused.status == 422 && refused.body.contains("Generate token"), "{path}: {}", refused.body);
    }
    // Without the first one it would be the one in use; it can be taken out itself.
    let refused = api.delete("/scim-providers/second/tokens/1?version=2").await;
    assert!(refused.status == 422 && refused.body.contains("Generate token"), "{}", refused.body);
    assert_eq!(api.delete("/scim-providers/second/tokens/2?version=2").await.status, 204);
    assert_eq!(api.read("/scim-providers/second").await["tokens"].as_array().map(Vec::len), Some(1));
    assert_eq!(api.delete("/scim-providers/second?version=3").await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_whole() {
    let document = World::new().await.api("ada").await.read("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut open = vec![&document];
    let mut references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let found = document.pointer(reference.strip_prefix('#').unwrap());
                    assert!(found.is_some(), "{reference} leads nowhere");
                    references += 1;
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    assert!(references > 100, "only {references} references");
}
