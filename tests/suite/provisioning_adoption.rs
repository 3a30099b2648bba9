use model::{EventKind, ListQuery, ScimAdoptionDecision, ScimAdoptionRow, ScimProvider, ScimStatus};
use reqwest::Client;
use serde_json::{Value, json};
use tests::Provisioned;

use crate::provisioning::PEOPLE;

/// Makes something at the service as somebody else would.
pub async fn by_hand(provisioned: &Provisioned, path: &str, body: Value) {
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let url = format!("{}{path}", provisioned.endpoint);
    let answer = Client::new().post(url).bearer_auth(token).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
}

/// Gives something at the service another name as somebody else would; none: it is deleted.
pub async fn otherwise(provisioned: &Provisioned, path: &str, name: &str, other: Option<&str>) {
    let directory = provisioned.center().directory();
    let (list, attribute) = if path == "/Users" { ("users", "userName") } else { ("groups", "displayName") };
    let row = directory[list].as_array().unwrap().iter().find(|row| row[attribute] == name).unwrap();
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let url = format!("{}{path}/{}", provisioned.endpoint, row["id"].as_str().unwrap());
    let request = match other {
        Some(other) => Client::new().patch(url).json(&json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": attribute, "value": other }],
        })),
        None => Client::new().delete(url),
    };
    let answer = request.bearer_auth(token).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

pub fn user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "displayName": "By hand",
        "name": { "givenName": "By", "familyName": "Hand" }, "active": true,
        "emails": [{ "value": name, "primary": true }],
    })
}

pub fn group(name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name })
}

pub async fn rows(provisioned: &Provisioned, filter: &str) -> Vec<ScimAdoptionRow> {
    let query = ListQuery { filter: filter.to_owned(), ..ListQuery::default() };
    provisioned.root().await.auditor().unwrap().scim_adoption("aws-scim", &query).await.unwrap().found.rows
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_first_connection_nothing_is_written_before_every_namesake_is_decided() {
    let text = PEOPLE.replace("writes_per_second", "adopt: ask, protected: ['AWS*'], writes_per_second");
    let mut provisioned = Provisioned::quiet(&text).await;
    for name in ["ada@example.com", "grace@example.com", "stranger@example.com"] {
        by_hand(&provisioned, "/Users", user(name)).await;
    }
    for name in ["engineers", "AWSControlTower"] {
        by_hand(&provisioned, "/Groups", group(name)).await;
    }
    provisioned.sandbox.forget_requests();
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    assert_eq!(provisioned.writes(), [""; 0]);
    assert_eq!(provisioned.health().await.undecided, 3);
    let all = rows(&provisioned, "").await;
    let of = |state: &str| all.iter().filter(|row| row.state == state).map(|row| &*row.name).collect::<Vec<_>>();
    let mut conflicts = of("conflict");
    conflicts.sort_unstable();
    assert_eq!(conflicts, ["ada@example.com", "engineers", "grace@example.com"]);
    let mut foreign = of("foreign");
    foreign.sort_unstable();
    assert_eq!(foreign, ["AWSControlTower", "stranger@example.com"]);

    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let decide = |name: &str, adopt: bool| {
        let row = all.iter().find(|row| row.name == name).unwrap();
        ScimAdoptionDecision { remote: row.remote.clone(), adopt, name: row.name.clone() }
    };
    let some = [decide("ada@example.com", true), decide("engineers", true)];
    admin.decide_scim_adoption("aws-scim", &some).await.unwrap();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    assert_eq!(provisioned.writes(), [""; 0], "one is still not decided");
    assert_eq!(rows(&provisioned, "undecided").await.len(), 1);
    let gone = ScimAdoptionDecision { remote: "nobody".to_owned(), adopt: true, ..ScimAdoptionDecision::default() };
    assert!(admin.decide_scim_adoption("aws-scim", &[gone]).await.is_err());

    admin.decide_scim_adoption("aws-scim", &[decide("grace@example.com", false)]).await.unwrap();
    provisioned.synced().await;
    let directory = provisioned.center().directory();
    let shown = |name: &str| {
        let users = directory["users"].as_array().unwrap();
        users.iter().find(|user| user["userName"] == name).unwrap()["displayName"].clone()
    };
    assert_eq!(shown("ada@example.com"), "Ada Lovelace");
    assert_eq!((shown("grace@example.com"), shown("stranger@example.com")), ("By hand".into(), "By hand".into()));
    let groups = provisioned.groups();
    assert!(groups.contains(&("engineers".to_owned(), vec!["ada@example.com".to_owned()])), "{groups:?}");
    assert!(groups.contains(&("AWSControlTower".to_owned(), Vec::new())), "{groups:?}");
    assert_eq!(provisioned.users().len(), 3);

    // Who comes later and has a namesake holds up nobody else, and can still be decided.
    admin.decide_scim_adoption("aws-scim", &[decide("grace@example.com", true)]).await.unwrap();
    provisioned.synced().await;
    let directory = provisioned.center().directory().to_string();
    assert!(directory.contains("Grace Hopper"), "{directory}");
    assert_eq!(rows(&provisioned, "conflict").await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_rule_decides_nobody_is_asked() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    assert!(root.admin().unwrap().decide_scim_adoption("aws-scim", &[]).await.is_err());
    assert_eq!(rows(&provisioned, "matched").await.len(), 4);
    let export = provisioned.world.services.export(false).await.unwrap();
    assert!(export.contains("adopt: never"), "{export}");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_decisions_is_told_once_and_no_object_by_itself_goes_before() {
    let text = PEOPLE.replace("writes_per_second", "adopt: ask, writes_per_second");
    let mut provisioned = Provisioned::quiet(&text).await;
    by_hand(&provisioned, "/Users", user("ada@example.com")).await;
    provisioned.sandbox.forget_requests();
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let grace = admin.user("grace").await.unwrap().user.uid;
    admin.sync_scim_object("aws-scim", "user", &grace).await.unwrap();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    let log = admin.scim_object_log("aws-scim", "user", &grace).await.unwrap().unwrap();
    assert!(!log.good && log.outcome.starts_with("its plan waits for approval: 1 objects there"), "{log:?}");
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    assert_eq!(provisioned.writes(), [""; 0]);
    let told = provisioned.events(EventKind::ProvisioningHeld).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.contains("provisioning to aws-scim waits: 1 objects there"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_listed_and_decided_before_the_first_run_and_nothing_is_written() {
    let text =
        PEOPLE.replace("writes_per_second", "enabled: false, adopt: ask, protected: ['AWS*'], writes_per_second");
    let mut provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let mut grace = user("grace@example.com");
    grace["externalId"] = json!(admin.user("grace").await.unwrap().user.uid);
    for body in [user("ada@example.com"), grace, user("stranger@example.com")] {
        by_hand(&provisioned, "/Users", body).await;
    }
    for name in ["engineers", "pilots", "AWSControlTower"] {
        by_hand(&provisioned, "/Groups", group(name)).await;
    }
    provisioned.sandbox.forget_requests();
    let all = rows(&provisioned, "").await;
    let told = |all: &[ScimAdoptionRow]| {
        let mut told: Vec<_> = all.iter().map(|row| format!("{} {} {}", row.name, row.state, row.outcome)).collect();
        told.sort_unstable();
        told
    };
    let expected = [
        "AWSControlTower foreign leave",
        "ada@example.com conflict wait",
        "engineers conflict wait",
        "grace@example.com matched keep",
        "pilots conflict wait",
        "stranger@example.com foreign leave",
    ];
    assert_eq!(told(&all), expected);
    assert!(all.iter().take(3).all(|row| row.state == "conflict"), "what is to be decided comes first: {all:?}");
    assert!(rows(&provisioned, "undecided").await.len() == 3 && rows(&provisioned, "foreign").await.len() == 2);

    // It can be decided now, about what is there and nothing else, without reading everything once more.
    provisioned.sandbox.forget_requests();
    let decide = |name: &str, adopt: bool| {
        let row = all.iter().find(|row| row.name == name).unwrap();
        ScimAdoptionDecision { remote: row.remote.clone(), adopt, name: row.name.clone() }
    };
    let some = [decide("ada@example.com", true), decide("engineers", true), decide("pilots", false)];
    admin.decide_scim_adoption("aws-scim", &some).await.unwrap();
    for remote in ["nobody", &*all.iter().find(|row| row.state == "matched").unwrap().remote] {
        let decision =
            ScimAdoptionDecision { remote: remote.to_owned(), adopt: true, ..ScimAdoptionDecision::default() };
        assert!(admin.decide_scim_adoption("aws-scim", &[decision]).await.is_err(), "{remote}");
    }
    assert_eq!(provisioned.sandbox.requests().len(), 0);
    let decided = told(&rows(&provisioned, "conflict").await);
    assert_eq!(decided, ["ada@example.com conflict adopt", "engineers conflict adopt", "pilots conflict leave"]);

    // The plan is of what was decided.
    let plan = admin.scim_plan("aws-scim").await.unwrap();
    let made: Vec<_> = plan.steps.iter().filter(|step| step.action == "create").collect();
    assert!(made.is_empty(), "{made:?}");
    let changed = |name: &str| plan.steps.iter().any(|step| step.name == name);
    assert!(changed("ada@example.com") && !changed("stranger@example.com"), "{plan:?}");
    assert!(plan.refused.iter().any(|(name, _)| name == "pilots"), "{plan:?}");
    assert_eq!(plan.foreign, 3);
    assert_eq!(provisioned.writes(), [""; 0]);

    let detail = admin.scim_provider("aws-scim").await.unwrap();
    let switched = ScimProvider { enabled: true, ..detail.provider };
    admin.update_scim_provider("aws-scim", detail.version, switched, false).await.unwrap();
    provisioned.start();
    provisioned.synced().await;
    let directory = provisioned.center().directory().to_string();
    assert!(directory.contains("Ada Lovelace") && directory.contains("Grace Hopper"), "{directory}");
    let groups = provisioned.groups();
    let members = vec!["ada@example.com".to_owned(), "grace@example.com".to_owned()];
    assert!(groups.contains(&("engineers".to_owned(), members)), "{groups:?}");
    assert!(groups.contains(&("pilots".to_owned(), Vec::new())), "it was left alone: {groups:?}");
    assert_eq!((provisioned.users().len(), groups.len()), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_run_the_list_says_what_each_rule_does_with_what_has_the_name_of_ours() {
    for (rule, outcome) in [("never", "leave"), ("same_name", "adopt"), ("ask", "wait")] {
        let text = PEOPLE.replace("writes_per_second", &format!("enabled: false, adopt: {rule}, writes_per_second"));
        let provisioned = Provisioned::quiet(&text).await;
        assert_eq!(rows(&provisioned, "").await, [], "{rule}: nothing is there");
        by_hand(&provisioned, "/Users", user("ada@example.com")).await;
        // What was seen is remembered for a minute.
        provisioned.sandbox.forget_requests();
        assert_eq!(rows(&provisioned, "").await, [], "{rule}");
        assert_eq!(provisioned.sandbox.requests().len(), 0, "{rule}: it was read once more");
        provisioned.world.clock.advance(60);
        let all = rows(&provisioned, "").await;
        let told: Vec<_> = all.iter().map(|row| (&*row.name, &*row.state, &*row.outcome)).collect();
        assert_eq!(told, [("ada@example.com", "conflict", outcome)], "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_from_a_list_that_is_not_of_this_moment_is_about_what_is_there_now() {
    // Before anything was sent, and with a mirror that knows what a comparison has found.
    for enabled in [false, true] {
        let text = PEOPLE.replace("writes_per_second", &format!("enabled: {enabled}, adopt: ask, writes_per_second"));
        let mut provisioned = Provisioned::quiet(&text).await;
        for name in ["ada@example.com", "grace@example.com"] {
            by_hand(&provisioned, "/Users", user(name)).await;
        }
        by_hand(&provisioned, "/Groups", group("pilots")).await;
        if enabled {
            provisioned.start();
            provisioned.status(ScimStatus::WaitsForAdoption).await;
        }
        let root = provisioned.root().await;
        let (auditor, admin) = (root.auditor().unwrap(), root.admin().unwrap());
        let list = auditor.scim_adoption("aws-scim", &ListQuery::default()).await.unwrap();
        assert_eq!((list.first, list.read_at.is_some(), list.found.total), (!enabled, true, 3), "{list:?}");

        otherwise(&provisioned, "/Users", "ada@example.com", Some("zoe@example.com")).await;
        otherwise(&provisioned, "/Groups", "pilots", None).await;
        provisioned.world.clock.advance(30);
        let decide = |name: &str, told: &str| {
            let row = list.found.rows.iter().find(|row| row.name == name).unwrap();
            [ScimAdoptionDecision { remote: row.remote.clone(), adopt: true, name: told.to_owned() }]
        };
        for (name, words) in
            [("ada@example.com", "is called zoe@example.com by now"), ("pilots", "is not there any more")]
        {
            let refused = admin.decide_scim_adoption("aws-scim", &decide(name, name)).await.unwrap_err().to_string();
            assert!(refused.contains(words), "{enabled}: {refused}");
        }
        // Nor is one that was made of another name than the list has.
        assert!(admin.decide_scim_adoption("aws-scim", &decide("grace@example.com", "eve@example.com")).await.is_err());
        let now = auditor.scim_adoption("aws-scim", &ListQuery::default()).await.unwrap();
        assert!(now.found.rows.iter().all(|row| row.decision.is_empty()), "something was decided: {now:?}");
        admin.decide_scim_adoption("aws-scim", &decide("grace@example.com", "grace@example.com")).await.unwrap();
        assert_eq!(provisioned.writes().iter().filter(|kind| kind.starts_with("Create")).count(), 3, "ours by hand");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_before_the_first_run_says_of_when_it_is_and_is_read_again_when_somebody_asks_for_it() {
    let text = PEOPLE.replace("writes_per_second", "enabled: false, adopt: ask, writes_per_second");
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.root().await;
    let auditor = root.auditor().unwrap();
    let before = auditor.scim_adoption("aws-scim", &ListQuery::default()).await.unwrap();
    assert!(before.first && before.found.total == 0, "{before:?}");
    by_hand(&provisioned, "/Users", user("ada@example.com")).await;
    provisioned.world.clock.advance(30);
    assert_eq!(auditor.scim_adoption("aws-scim", &ListQuery::default()).await.unwrap(), before);
    let page = provisioned.world.signed_in("root").await.get("/admin/scim-providers/aws-scim/adoption").await.body;
    let at = before.read_at.as_ref().unwrap();
    assert!(page.contains(&format!("datetime=\"{at}\"")) && page.contains("Read again"), "{page}");

    auditor.reread_scim_adoption("aws-scim").await.unwrap();
    let after = auditor.scim_adoption("aws-scim", &ListQuery::default()).await.unwrap();
    assert!(after.read_at > before.read_at && after.found.rows[0].name == "ada@example.com", "{after:?}");
}
