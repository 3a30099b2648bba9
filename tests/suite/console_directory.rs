//! Users and groups in the console, as a browser without JavaScript uses it.

use reqwest::StatusCode;
use tests::{Answer, Browser, PASSWORD, World};

/// The form that the server drew at an address, as it is sent when nothing is typed.
async fn version(browser: &Browser, path: &str) -> String {
    let page = browser.get(path).await;
    let form = tests::forms(&page.body).into_iter().find(|form| form.field("version").is_some());
    form.and_then(|form| form.field("version").map(str::to_owned)).unwrap_or_else(|| panic!("{path}: {}", page.body))
}

fn gone_to(answer: &Answer, path: &str) {
    assert!(answer.status == StatusCode::SEE_OTHER && answer.location() == path, "{}: {}", answer.status, answer.body);
}

const EVE: [(&str, &str); 8] = [
    ("username", "eve"),
    ("name", "Eve <b>"),
    ("email", "eve@example.com"),
    ("role", "member"),
    ("active", "on"),
    ("groups", "aws-admins"),
    ("attributes", "{\"department\": \"Orchard\"}"),
    ("password", "an-apple-a-day-1"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_made_signs_in_is_changed_and_goes() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    gone_to(&root.post("/admin/users/-/new", &EVE).await, "/admin/users/eve?done=created");
    let page = root.get("/admin/users/eve").await;
    for text in ["Eve &lt;b&gt;", "eve@example.com", "Orchard", "engineers", " through aws-admins"] {
        assert!(page.body.contains(text), "{text} is missing: {}", page.body);
    }
    let eve = world.browser();
    assert_eq!(eve.sign_in("eve", "an-apple-a-day-1").await.status, StatusCode::SEE_OTHER);
    assert!(root.get("/admin/users/eve/sessions").await.body.contains("End the session"));

    let at = version(&root, "/admin/users/eve/edit").await;
    let change = [("version", at.as_str()), ("name", "Eve"), ("role", "auditor"), ("active", "on"), ("attributes", "")];
    gone_to(&root.post("/admin/users/eve/edit", &change).await, "/admin/users/eve?done=saved");
    assert_eq!(eve.get("/admin/users").await.status, StatusCode::OK, "the role counts at once");

    let page = root.get("/admin/users/eve/sessions").await.body;
    let handle = tests::forms(&page).into_iter().find_map(|f| f.field("handle").map(str::to_owned)).unwrap();
    let ended = root.post("/admin/users/eve/sessions", &[("handle", &handle)]).await;
    gone_to(&ended, "/admin/users/eve/sessions?done=ended");
    assert_eq!(eve.get("/").await.status, StatusCode::SEE_OTHER, "the session goes on");
    let others = root.post("/admin/users/ada/sessions", &[("handle", &handle)]).await;
    assert_eq!(others.status, StatusCode::NOT_FOUND, "a session of somebody else is ended through ada");

    let at = version(&root, "/admin/users/eve/delete").await;
    gone_to(&root.post("/admin/users/eve/delete", &[("version", &at)]).await, "/admin/users?done=deleted");
    assert_eq!(root.get("/admin/users/eve").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.browser().sign_in("eve", "an-apple-a-day-1").await.status, StatusCode::UNAUTHORIZED);
    let events = root.get("/admin/events?q=eve").await.body;
    for text in [
        "root created the user eve",
        "root changed the user eve",
        "root ended a session of eve",
        "root deleted the user eve",
    ] {
        assert!(events.contains(text), "no event: {text}");
    }
    assert!(!events.contains("an-apple-a-day"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_user_is_said_at_its_field_and_what_was_typed_stays_but_the_password() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let wrong = [
        ("username", "two words"),
        ("name", "Kept <i>"),
        ("email", "nowhere"),
        ("groups", "no-such-group"),
        ("attributes", "{}"),
        ("password", "tiny-9"),
    ];
    let answer = root.post("/admin/users/-/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in
        ["no spaces", "has an @", "no group `no-such-group`", "at least 12", "Kept &lt;i&gt;", "Nothing was saved yet"]
    {
        assert!(answer.body.contains(text), "{text} is missing: {}", answer.body);
    }
    assert!(!answer.body.contains("tiny-9"), "a password came back");
    for attributes in ["[1]", "{", "7"] {
        let odd = [("username", "eve"), ("attributes", attributes)];
        let answer = root.post("/admin/users/-/new", &odd).await;
        assert!(answer.status == 422 && answer.body.contains("attributes are a JSON object"), "{attributes}");
    }
    let taken = root.post("/admin/users/-/new", &[("username", "ADA")]).await;
    assert!(taken.status == 422 && taken.body.contains("a user of this name already"), "{}", taken.body);
    let page =
        root.post("/admin/users/-/new", &[("username", "x y"), ("attributes", "</textarea><script>x</script>")]).await;
    assert!(!page.body.contains("<script>x"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_a_user_see_both_sides_and_the_later_may_save_over_it() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let at = version(&root, "/admin/users/grace/edit").await;
    let theirs = [("version", at.as_str()), ("name", "Theirs"), ("active", "on")];
    gone_to(&root.post("/admin/users/grace/edit", &theirs).await, "/admin/users/grace?done=saved");
    let mine = [("version", at.as_str()), ("name", "Mine"), ("active", "on")];
    let conflict = root.post("/admin/users/grace/edit", &mine).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT, "{}", conflict.body);
    assert!(conflict.body.contains("Theirs") && conflict.body.contains("value=\"Mine\""), "{}", conflict.body);
    let newer = tests::forms(&conflict.body).into_iter().find_map(|f| f.field("version").map(str::to_owned)).unwrap();
    let over = [("version", newer.as_str()), ("name", "Mine"), ("active", "on")];
    gone_to(&root.post("/admin/users/grace/edit", &over).await, "/admin/users/grace?done=saved");
    assert!(root.get("/admin/users/grace").await.body.contains("Mine"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_set_signs_out_everywhere_and_opens_the_door() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let ada = world.signed_in("ada").await;
    let path = "/admin/users/ada/password";
    let differing = root.post(path, &[("password", "a-new-password-1"), ("password_again", "another-password")]).await;
    assert!(differing.status == 422 && differing.body.contains("not the same password"), "{}", differing.body);
    let weak = root.post(path, &[("password", "short"), ("password_again", "short")]).await;
    assert!(weak.status == 422 && !weak.body.contains("value=\"short\""), "{}", weak.body);
    assert_eq!(ada.get("/").await.status, StatusCode::OK, "nothing was set yet");
    let set = root.post(path, &[("password", "a-new-password-1"), ("password_again", "a-new-password-1")]).await;
    gone_to(&set, "/admin/users/ada?done=password");
    assert_eq!(ada.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.browser().sign_in("ada", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.browser().sign_in("ada", "a-new-password-1").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_one_and_whoever_a_binding_names_stays() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let at = version(&root, "/admin/users/root/edit").await;
    let demoted = [("version", at.as_str()), ("name", "Root"), ("role", "member"), ("active", "on")];
    let answer = root.post("/admin/users/root/edit", &demoted).await;
    assert!(answer.status == 422 && answer.body.contains("last active administrator"), "{}", answer.body);
    let deleted = root.post("/admin/users/root/delete", &[("version", &at)]).await;
    assert!(
        deleted.status == StatusCode::CONFLICT && deleted.body.contains("last active administrator"),
        "{}",
        deleted.body
    );
    world.apply("version: 1\napplications: [{ slug: aws, name: A, bindings: [{ user: mallory }] }]").await;
    let question = root.get("/admin/users/mallory/delete").await.body;
    assert!(question.contains("Bindings of these applications name the user: aws"), "{question}");
    let deleted = root.post("/admin/users/mallory/delete", &[("version", "1")]).await;
    assert_eq!(deleted.status, StatusCode::CONFLICT, "with its last binding gone everybody could open it");
    assert_eq!(root.get("/admin/users/mallory").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_shows_its_members_and_by_which_way_and_takes_its_name_along_when_it_goes() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let page = root.get("/admin/groups/engineers").await.body;
    assert!(page.contains("aws-admins → engineers") && page.contains("a binding of the application aws"), "{page}");
    let kept = root.post("/admin/groups/engineers/delete", &[("version", "1")]).await;
    assert!(
        kept.status == StatusCode::CONFLICT && kept.body.contains("a binding of the application aws"),
        "{}",
        kept.body
    );

    let new = [("name", "night shift"), ("parents", "engineers"), ("attributes", "{\"shift\": 3}")];
    gone_to(&root.post("/admin/groups/-/new", &new).await, "/admin/groups/night%20shift?done=created");
    let path = "/admin/groups/night%20shift";
    let added = root.post(&format!("{path}/members"), &[("member", "mallory")]).await;
    gone_to(&added, &format!("{path}?done=member"));
    let nobody = root.post(&format!("{path}/members"), &[("member", "nobody")]).await;
    assert!(nobody.status == 422 && nobody.body.contains("there is no user `nobody`"), "{}", nobody.body);
    assert!(root.get("/admin/groups/engineers").await.body.contains("night shift → engineers"));
    let at = version(&root, "/admin/groups/engineers/edit").await;
    let ring = [("version", at.as_str()), ("parents", "night shift"), ("attributes", "")];
    let ring = root.post("/admin/groups/engineers/edit", &ring).await;
    assert!(ring.status == 422 && ring.body.contains("go round in a ring"), "{}", ring.body);

    let at = version(&root, &format!("{path}/delete")).await;
    gone_to(&root.post(&format!("{path}/delete"), &[("version", &at)]).await, "/admin/groups?done=deleted");
    gone_to(
        &root.post("/admin/groups/-/new", &[("name", "night shift")]).await,
        "/admin/groups/night%20shift?done=created",
    );
    assert!(root.get(path).await.body.contains("There is none."), "a former member came back with the name");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_rows_are_asked_about_first_and_what_must_stay_stays_with_its_reason() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let none = root.post("/admin/users/-/selected", &[("act", "delete")]).await.body;
    assert!(none.contains("Nothing is selected"), "{none}");
    let chosen = [("act", "delete"), ("item", "mallory"), ("item", "root")];
    let question = root.post("/admin/users/-/selected", &chosen).await;
    assert!(question.status == 200 && question.body.contains("Delete 2 users?"), "{}", question.body);
    assert_eq!(root.get("/admin/users/mallory").await.status, StatusCode::OK, "the question did it already");
    let form = tests::forms(&question.body).into_iter().find(|f| f.action == "/admin/users/-/selected").unwrap();
    let mut fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.push(("sure", "yes"));
    let answer = root.post("/admin/users/-/selected", &fields).await;
    assert!(
        answer.body.contains("1 user stayed") && answer.body.contains("last active administrator"),
        "{}",
        answer.body
    );
    assert_eq!(root.get("/admin/users/mallory").await.status, StatusCode::NOT_FOUND);
    assert_eq!(root.get("/admin").await.status, StatusCode::OK);

    let ada = world.signed_in("ada").await;
    let off = [("act", "deactivate"), ("item", "ada"), ("sure", "yes"), ("sure_of", "1 ada")];
    gone_to(&root.post("/admin/users/-/selected", &off).await, "/admin/users?done=deactivated");
    assert_eq!(ada.get("/").await.status, StatusCode::SEE_OTHER);
    let again = root.post("/admin/users/-/selected", &off).await;
    assert!(again.body.contains("1 user stayed"), "another version was changed: {}", again.body);
    let application = [("act", "delete"), ("item", "aws"), ("sure", "yes"), ("sure_of", "1 aws")];
    gone_to(&root.post("/admin/applications/-/selected", &application).await, "/admin/applications?done=deleted");
}
