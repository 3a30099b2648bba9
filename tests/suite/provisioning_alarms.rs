//! Whoever has a webhook without events of its own is told, once, of what provisioning needs somebody for.

use domain::{Courier, Worker};
use model::{EventKind, ScimStatus, Webhook};
use tests::{Provisioned, settle};

use crate::{metrics::metrics, provisioning::PEOPLE, provisioning_brake::parked, webhooks::Receiver};

/// A worker and a webhook on alarms, each of which does something when the test says so.
struct Watched {
    provisioned: Provisioned,
    worker: Worker,
    courier: Courier,
    receiver: Receiver,
}

impl Watched {
    /// With everything there, and the webhook begun.
    async fn new(people: &str) -> Self {
        let provisioned = Provisioned::quiet(people).await;
        let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
        settle(&mut worker).await;
        assert_eq!(provisioned.health().await.status, ScimStatus::Synced);
        let receiver = Receiver::start().await;
        let (name, url) = ("pager".to_owned(), receiver.url.clone());
        let webhook = Webhook { name, url, events: Vec::new(), enabled: true };
        provisioned.root().await.admin().unwrap().create_webhook(webhook, None).await.unwrap();
        let courier = Courier::new(provisioned.world.services.clone());
        courier.round().await.unwrap();
        Self { provisioned, worker, courier, receiver }
    }

    /// Follows a change; the kinds and the words of what the webhook was told.
    async fn after(&mut self, change: &str) -> Vec<(String, String)> {
        self.provisioned.world.apply(change).await;
        self.told().await
    }

    async fn told(&mut self) -> Vec<(String, String)> {
        settle(&mut self.worker).await;
        self.courier.round().await.unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let messages = self.receiver.messages();
        messages.iter().map(|message| (text(&message["type"]), text(&message["data"]["message"]))).collect()
    }

    async fn alarm(&self, reason: &str) -> bool {
        let samples = metrics(&self.provisioned.world.url).await;
        samples[&format!("rolecall_scim_alarm{{provider=\"aws-scim\",reason=\"{reason}\"}}")] > 0.0
    }
}

fn group(name: &str) -> String {
    format!("version: 1\ngroups: [{{ name: {name} }}]\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_is_one_alarm_and_that_it_goes_on_is_none() {
    let mut watched = Watched::new(PEOPLE).await;
    let old = watched.provisioned.center().tokens()[0].id.clone();
    assert!(watched.provisioned.center().delete_token(&old));
    let told = watched.after(&group("later")).await;
    let [(kind, words)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(kind, "provisioning_stopped");
    assert!(words.contains("aws-scim does not accept the token") && words.contains("401"), "{words}");
    assert!(watched.alarm("token_refused").await);
    for name in ["a", "b"] {
        assert_eq!(watched.after(&group(name)).await, [], "told again");
    }
    // It is asked again in time, and answers as before.
    watched.provisioned.world.clock.advance(1_000);
    assert_eq!(watched.told().await, [], "told again");
    let token = watched.provisioned.center().create_token().unwrap().secret;
    let root = watched.provisioned.root().await;
    let admin = root.admin().unwrap();
    let version = admin.scim_provider("aws-scim").await.unwrap().version;
    admin.set_scim_token("aws-scim", version, 1, &token, None).await.unwrap();
    assert_eq!(watched.told().await, []);
    assert!(!watched.alarm("token_refused").await);
    assert_eq!(watched.provisioned.events(EventKind::ProvisioningResumed).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_fails_is_an_alarm_and_none_that_stays_so() {
    let mapping = |line: &str| {
        format!(
            "property_mappings:\n  - name: more\n    kind: scim_user\n    expression: |\n      {line}\nscim_providers:"
        )
    };
    let text = PEOPLE.replace("scim_providers:", &mapping("return {}"));
    let text =
        text.replace("writes_per_second", "user_mappings: [more, 'rolecall default SCIM: user'], writes_per_second");
    let mut watched = Watched::new(&text).await;
    assert!(!watched.alarm("parked").await);
    let broken = mapping("raise ValueError('no such desk')").replace("scim_providers:", "");
    let told = watched.after(&format!("version: 1\n{broken}")).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["provisioning_failed"; 2], "one for each person: {told:?}");
    assert!(told.iter().all(|(_, words)| words.contains("the mapping more failed for")), "{told:?}");
    assert!(watched.alarm("parked").await);
    for name in ["a", "b"] {
        assert_eq!(watched.after(&group(name)).await, [], "told again");
    }
    // One more person is one more failure.
    let linus = "version: 1\nusers: [{ username: linus, email: linus@example.com, groups: [engineers] }]\n";
    let told = watched.after(linus).await;
    assert!(told.len() == 1 && told[0].1.contains("linus"), "{told:?}");
    // Mended and broken anew it is told anew.
    let mended = broken.replace("raise ValueError('no such desk')", "return {}");
    assert_eq!(watched.after(&format!("version: 1\n{mended}")).await, []);
    assert!(!watched.alarm("parked").await);
    assert_eq!(watched.after(&format!("version: 1\n{broken}")).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_fails_for_everybody_is_one_alarm() {
    let text = crate::provisioning::many(30, ", user_mappings: [more, 'rolecall default SCIM: user']");
    let mapping = |line: &str| {
        format!("property_mappings: [{{ name: more, kind: scim_user, expression: \"{line}\" }}]\nscim_providers:")
    };
    let text = text.replace("scim_providers:", &mapping("return {}"));
    let mut watched = Watched::new(&text).await;
    let broken = mapping("return user.nope").replace("scim_providers:", "");
    let told = watched.after(&format!("version: 1\n{broken}")).await;
    assert!(told.len() == 1 && told[0].1.contains("failed for 30 objects"), "{told:?}");
    let (health, rows) = parked(&watched.provisioned).await;
    assert_eq!((health.parked, rows.len()), (30, 25), "a page of them");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_whom_a_policy_says_nothing_in_time_keep_what_they_had_and_stand_in_the_list() {
    let policy = |line: &str| format!("policies: [{{ name: asked, expression: \"{line}\" }}]\n");
    let text = PEOPLE.replace("bindings: [{ group: engineers }]", "bindings: [{ policy: asked }]");
    let text = text.replace("scim_providers:", &format!("{}scim_providers:", policy("return user.username != 'root'")));
    let mut watched = Watched::new(&text).await;
    let there = watched.provisioned.users();
    let told = watched.after(&format!("version: 1\n{}", policy("while True:\\n    pass"))).await;
    assert_eq!(watched.provisioned.users(), there);
    let (health, rows) = parked(&watched.provisioned).await;
    let ada = rows.iter().find(|row| row.name == "ada@example.com").unwrap();
    assert!(ada.words.starts_with("not sent: the policy asked failed:"), "{ada:?}");
    assert!(ada.fix.contains("quicker") && health.parked >= 2, "{ada:?} {health:?}");
    assert!(told.iter().any(|(kind, words)| kind == "provisioning_failed" && words.contains("ada")), "{told:?}");
    assert_eq!(watched.after(&group("later")).await, [], "told again");
}
