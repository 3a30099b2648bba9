#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use std::collections::BTreeMap;

use domain::port::Clock as _;
use model::{ListQuery, ScimAdoptionDecision};
use reqwest::StatusCode;
use serde_json::json;
use tests::{Api, Browser, PASSWORD, Provisioned, World};

use crate::provisioning_adoption::{by_hand, user};

/// The samples of an exposition by name and labels. Panics where a line is not of the format: every sample has a type,
/// names and labels are well formed, no family is split, counters end in `_total`.
fn parsed(text: &str) -> BTreeMap<String, f64> {
    let (mut samples, mut family, mut seen) = (BTreeMap::new(), None::<(String, String)>, Vec::new());
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty() && !seen.contains(&name.to_owned()), "{line}");
            seen.push(name.to_owned());
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!(seen.last().map(String::as_str), Some(name), "{line}");
            assert!(["gauge", "counter"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            family = Some((name.to_owned(), kind.to_owned()));
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            let name = series.split('{').next().unwrap();
            assert_eq!(family.as_ref().map(|(name, _)| name.as_str()), Some(name), "{line}");
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(name.starts_with("rolecall_") && name.chars().all(fits), "{line}");
            if let Some(labels) = series.strip_prefix(name).filter(|rest| !rest.is_empty()) {
                assert!(labels.starts_with('{') && labels.ends_with("\"}"), "{line}");
            }
            assert!(samples.insert(series.to_owned(), value.parse().unwrap()).is_none(), "{line} is there twice");
        }
    }
    assert!(text.ends_with('\n') && !samples.is_empty());
    samples
}

/// What a monitor reads, by series.
pub async fn metrics(url: &str) -> BTreeMap<String, f64> {
    let answer = Browser::new(url).get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    parsed(&answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ons_denials_failures_sessions_and_keys_are_counted() {
    let world = World::new().await;
    let before = metrics(&world.url).await;
    assert_eq!(before["rolecall_sign_ons_total{outcome=\"issued\"}"], 0.0);
    let ada = world.signed_in("ada").await;
    ada.get("/application/saml/aws/sso/binding/init/").await;
    world.signed_in("mallory").await.get("/application/saml/aws/sso/binding/init/").await;
    world.browser().sign_in("ada", "wrong").await;
    let after = metrics(&world.url).await;
    for (series, count) in [
        ("rolecall_sign_ons_total{outcome=\"issued\"}", 1.0),
        ("rolecall_sign_ons_total{outcome=\"denied\"}", 1.0),
        ("rolecall_sign_ins_total{outcome=\"succeeded\"}", 2.0),
        ("rolecall_sign_ins_total{outcome=\"failed\"}", 1.0),
        ("rolecall_events_total{kind=\"access_denied\"}", 1.0),
        ("rolecall_sessions", 2.0),
        ("rolecall_events_waiting", 0.0),
    ] {
        assert_eq!(after[series], count, "{series}");
    }
    assert!(after["rolecall_key_not_after_timestamp_seconds{key=\"rolecall\"}"] > 1.8e9);
    assert!(after.keys().any(|series| series.starts_with("rolecall_build_info{version=\"")));
    ada.post("/logout", &[]).await;
    assert_eq!(metrics(&world.url).await["rolecall_sessions"], 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_reads_when_a_key_ends_in_each_of_its_roles() {
    const DAY: i64 = 86_400;
    let world = World::new().await;
    let key = |(name, days): (&str, u32)| {
        format!(
            "  - {{ name: {name}, generate: {{ algorithm: rsa-2048, common_name: {name}, valid_days: {days} }} }}\n"
        )
    };
    let keys = [("now", 30), ("soon", 400), ("opens", 90), ("theirs", 20), ("spare", 50)].map(key).concat();
    world
        .apply(&format!(
            "version: 1\nkeys:\n{keys}saml_providers:\n  - {{ name: sp, acs_url: 'https://sp.example/acs', \
             audience: 'https://sp.example', signing_key: now, next_signing_key: soon, retiring_keys: [rolecall], \
             decryption_key: opens, verification_keys: [theirs], encryption: {{ key: theirs }} }}\n"
        ))
        .await;
    let samples = metrics(&world.url).await;
    let (family, prefix) = ("rolecall_saml_key_not_after_timestamp_seconds", "{provider=\"sp\",key=\"");
    let of_sp = samples.iter().filter_map(|(series, value)| Some((series.strip_prefix(family)?, *value)));
    let of_sp: BTreeMap<&str, f64> =
        of_sp.filter_map(|(labels, value)| Some((labels.strip_prefix(prefix)?, value))).collect();
    let roles = [
        ("now", "current"),
        ("soon", "next"),
        ("rolecall", "retiring"),
        ("opens", "decryption"),
        ("theirs", "verification"),
        ("theirs", "encryption"),
    ];
    for (name, role) in roles {
        let ends = samples[&format!("rolecall_key_not_after_timestamp_seconds{{key=\"{name}\"}}")];
        assert_eq!(of_sp.get(format!("{name}\",role=\"{role}\"}}").as_str()), Some(&ends), "{role}: {of_sp:?}");
    }
    assert_eq!(of_sp.len(), roles.len(), "what nobody uses has no role: {of_sp:?}");
    assert!(samples.contains_key("rolecall_key_not_after_timestamp_seconds{key=\"spare\"}"));
    let ends: i64 = of_sp["now\",role=\"current\"}"].to_string().parse().unwrap();
    let left = ends - world.clock.now();
    assert!((29 * DAY..=30 * DAY).contains(&left), "an alarm of 30 days goes off: {left}");
    // The default key signs for those that name none.
    assert!(samples.contains_key(&format!("{family}{{provider=\"aws-iam\",key=\"rolecall\",role=\"current\"}}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_through_a_proxy_needs_the_token_of_an_auditor() {
    let world = World::new().await;
    let get = |headers: Vec<(&'static str, String)>| {
        let browser = world.browser();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            browser.send(reqwest::Method::GET, "/metrics", &headers, None).await.status.as_u16()
        }
    };
    let forwarded = ("x-forwarded-for", "203.0.113.5".to_owned());
    assert_eq!(get(vec![forwarded.clone()]).await, 401);
    for (name, status) in [("ada", 403), ("audrey", 200), ("root", 200)] {
        let token = format!("Bearer {}", world.token(name).await);
        assert_eq!(get(vec![forwarded.clone(), ("authorization", token)]).await, status, "{name}");
    }
    assert_eq!(get(vec![("authorization", "Bearer nonsense".to_owned())]).await, 401, "a bad token counts as none");
    let cookie = world.browser().sign_in("root", PASSWORD).await.header("set-cookie").to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    assert_eq!(get(vec![forwarded, ("cookie", cookie)]).await, 401, "a session is no token");
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
async fn provisioning_has_its_queue_its_age_its_requests_and_its_alarms() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let world = &provisioned.world;
    let of = |name: &str| format!("{name}{{provider=\"aws-scim\"}}");
    let alarm = |reason: &str| format!("rolecall_scim_alarm{{provider=\"aws-scim\",reason=\"{reason}\"}}");
    let synced = metrics(&world.url).await;
    assert_eq!((synced[&of("rolecall_scim_queue_steps")], synced[&of("rolecall_scim_unsynced_seconds")]), (0.0, 0.0));
    assert!(synced[&of("rolecall_scim_last_success_timestamp_seconds")] > 1.7e9);
    assert!(synced["rolecall_scim_requests_total{provider=\"aws-scim\",status=\"2xx\"}"] >= 3.0);
    assert_eq!(synced["rolecall_scim_objects{provider=\"aws-scim\",kind=\"user\"}"], 1.0);
    assert_eq!(synced[&alarm("token_refused")], 0.0);
    let ended = |outcome: &str| format!("rolecall_scim_runs_total{{provider=\"aws-scim\",outcome=\"{outcome}\"}}");
    assert!(synced[&ended("done")] >= 1.0 && !synced.contains_key(&ended("refused")));
    let api = Api::new(&world.url, &world.token("root").await);
    let version = api.read("/scim-providers/aws-scim").await["version"].clone();
    let path = format!("/scim-providers/aws-scim/tokens/1?version={version}");
    assert_eq!(api.put(&path, &json!({ "token": "not-accepted" })).await.status, 204);
    world
        .apply("version: 1\nusers: [{ username: ada, name: Ada King, email: ada@example.com, groups: [staff] }]")
        .await;
    provisioned.status(model::ScimStatus::Stopped).await;
    world.clock.advance(120);
    let stopped = metrics(&world.url).await;
    assert_eq!(stopped[&alarm("token_refused")], 1.0);
    assert_eq!(stopped[&ended("refused")], 1.0);
    assert!(stopped[&of("rolecall_scim_unsynced_seconds")] >= 120.0);
    assert!(stopped["rolecall_scim_requests_total{provider=\"aws-scim\",status=\"4xx\"}"] >= 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_of_provisioning_needs_somebody_has_an_alarm_and_a_token_says_when_it_ends() {
    let text = PEOPLE.replace("groups: [staff] }]\napplications", "adopt: ask, groups: [staff] }]\napplications");
    let mut provisioned = Provisioned::quiet(&text).await;
    by_hand(&provisioned, "/Users", user("ada@example.com")).await;
    provisioned.start();
    provisioned.status(model::ScimStatus::WaitsForAdoption).await;
    let url = provisioned.world.url.clone();
    let on = async || {
        let samples = metrics(&url).await;
        let on = samples.iter().filter(|(series, value)| series.starts_with("rolecall_scim_alarm") && **value > 0.0);
        let reason = |series: &str| series.split("reason=\"").nth(1).unwrap().trim_end_matches("\"}").to_owned();
        on.map(|(series, _)| reason(series)).collect::<Vec<_>>()
    };
    let count = async |name: &str| metrics(&url).await[&format!("rolecall_scim_{name}{{provider=\"aws-scim\"}}")];
    let waits = async || (count("drift_differences").await, count("undecided_objects").await);
    assert_eq!((on().await, waits().await), (vec!["waits_for_adoption".to_owned()], (0.0, 1.0)));
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let row = admin.scim_adoption("aws-scim", &ListQuery { filter: "undecided".into(), ..ListQuery::default() }).await;
    let remote = row.unwrap().found.rows[0].remote.clone();
    let decision = ScimAdoptionDecision { remote, adopt: true, ..ScimAdoptionDecision::default() };
    admin.decide_scim_adoption("aws-scim", &[decision]).await.unwrap();
    provisioned.synced().await;
    assert_eq!((on().await, waits().await), (Vec::new(), (0.0, 0.0)));

    // Others take something of ours away.
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let staff = admin.scim_objects("aws-scim", &ListQuery { q: "staff".into(), ..ListQuery::default() }).await.unwrap();
    let group = format!("{}/Groups/{}", provisioned.endpoint, staff.rows[0].remote);
    assert!(reqwest::Client::new().delete(group).bearer_auth(&token).send().await.unwrap().status().is_success());
    admin.verify_scim_provider("aws-scim").await.unwrap();
    provisioned.synced().await;
    assert_eq!(on().await, ["drift"]);
    let found = admin.scim_drift("aws-scim").await.unwrap();
    let (differences, undecided) = waits().await;
    assert!(differences >= 1.0 && undecided == 0.0, "{found:?}");
    admin.repair_scim_drift("aws-scim", &found.id).await.unwrap();
    provisioned.synced().await;

    let series =
        |slot: u8| format!("rolecall_scim_token_not_after_timestamp_seconds{{provider=\"aws-scim\",slot=\"{slot}\"}}");
    assert!(!metrics(&provisioned.world.url).await.contains_key(&series(1)), "nobody said when it ends");
    for (days, alarms) in [(90, &[][..]), (59, &["token_expires"])] {
        let expires = provisioned.world.clock.now() + days * 86_400;
        let version = admin.scim_provider("aws-scim").await.unwrap().version;
        admin.set_scim_token("aws-scim", version, 1, &token, Some(expires)).await.unwrap();
        provisioned.synced().await;
        let samples = metrics(&provisioned.world.url).await;
        assert_eq!(samples[&series(1)].to_string(), expires.to_string());
        assert!(!samples.contains_key(&series(2)));
        assert_eq!(on().await, alarms, "{days}");
    }

    let emptied = "version: 1\nscim_providers: [{ name: aws-scim, {scim}, removal_threshold: { count: 0 }, groups: [staff] }]\nusers: [{ username: ada, name: Ada, email: ada@example.com, groups: [] }]\n";
    let scim = format!("url: \"{}\", token: \"{token}\"", provisioned.endpoint);
    provisioned.world.apply(&emptied.replace("{scim}", &scim)).await;
    provisioned.status(model::ScimStatus::WaitsForApproval).await;
    assert_eq!(on().await, ["token_expires", "waits_for_approval"]);
    admin.cancel_scim_run("aws-scim").await.unwrap();
    provisioned.status(model::ScimStatus::Cancelled).await;
    assert_eq!(on().await, ["cancelled", "token_expires"]);
}
