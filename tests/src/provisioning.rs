use std::time::Duration;

use aws_sandbox::{IdentityCenter, IdentityCenterOptions, Rates, Sandbox, SandboxOptions};
use domain::{Caller, Next, Origin, Worker};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    PASSWORD, World,
    patience::{in_time, longest},
};

/// A worker that has so many rounds and is not done never will be.
const ROUNDS: usize = 10_000;

/// A running Rolecall that provisions to a running double of IAM Identity Center.
pub struct Provisioned {
    pub world: World,
    pub sandbox: Sandbox,
    pub endpoint: String,
    pub jobs: JoinSet<()>,
    session: String,
}

impl Provisioned {
    /// With everybody of `people` and nothing at the service. `{scim}` in the text is the provider's address and token.
    pub async fn new(people: &str) -> Self {
        let mut this = Self::quiet(people).await;
        this.start();
        this
    }

    /// The same, with no worker yet.
    pub async fn quiet(people: &str) -> Self {
        Self::within(World::empty().await, people, None).await
    }

    /// The same in a world of the test's own, at a service that takes so many requests; none: any number.
    pub async fn within(world: World, people: &str, rates: Option<Rates>) -> Self {
        let sandbox = sandbox(rates).await;
        let center = sandbox.identity_center();
        let token = center.create_token().map(|token| token.secret).unwrap_or_default();
        let endpoint = center.scim_endpoint();
        world.apply(&people.replace("{scim}", &format!("url: \"{endpoint}\", token: \"{token}\""))).await;
        let session = ok(world.services.sign_in("root", PASSWORD, None, &Origin::default()).await);
        Self { world, sandbox, endpoint, jobs: JoinSet::new(), session }
    }

    pub fn start(&mut self) {
        self.jobs = server::jobs::start(&self.world.services);
    }

    /// Ends the jobs where they stand and goes on with new services on the same store.
    pub async fn restart(&mut self) {
        self.jobs.shutdown().await;
        // A database that others may share keeps the lease of a worker that died until it runs out.
        if std::env::var_os("ROLECALL_TEST_DATABASE").is_some() {
            self.world.clock.advance(20);
        }
        self.world.services = self.world.restarted().await;
        self.start();
    }

    pub fn center(&self) -> IdentityCenter {
        self.sandbox.identity_center()
    }

    /// An administrator, `root`, by the front door; signs in again when the clock has ended the session.
    pub async fn root(&self) -> Caller {
        let services = &self.world.services;
        let mut found = ok(services.caller(&self.session, &Origin::default()).await);
        if found.is_none() {
            let session = ok(services.sign_in("root", PASSWORD, None, &Origin::default()).await);
            found = ok(services.caller(&session, &Origin::default()).await);
        }
        ok(found.ok_or("the session is over"))
    }

    /// Users at the service: `userName` and whether it is active, sorted.
    pub fn users(&self) -> Vec<(String, bool)> {
        let directory = self.center().directory();
        let rows = directory.get("users").and_then(Value::as_array).cloned().unwrap_or_default();
        let active = |row: &Value| row.get("active").and_then(Value::as_bool).unwrap_or_default();
        let mut users: Vec<_> = rows.iter().map(|row| (text(row, "userName"), active(row))).collect();
        users.sort();
        users
    }

    /// Groups at the service with the names of their members, sorted.
    pub fn groups(&self) -> Vec<(String, Vec<String>)> {
        let directory = self.center().directory();
        let rows = directory.get("groups").and_then(Value::as_array).cloned().unwrap_or_default();
        let names = |row: &Value| {
            let members = row.get("memberNames").and_then(Value::as_array).cloned().unwrap_or_default();
            members.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let mut groups: Vec<_> = rows.iter().map(|row| (text(row, "displayName"), names(row))).collect();
        groups.sort();
        groups
    }

    /// Requests that change something, by AWS's names, since the last time they were forgotten.
    pub fn writes(&self) -> Vec<String> {
        let all = self.sandbox.requests().into_iter().filter(|r| r.method != "GET" && !r.path.starts_with("/_"));
        all.map(|r| r.kind).collect()
    }

    /// Waits until something holds.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = std::time::Instant::now();
        while !holds(self) {
            if began.elapsed() > longest() {
                self.give_up(what).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the provider says that both sides are the same, at the present epoch.
    pub async fn synced(&self) {
        self.status(model::ScimStatus::Synced).await;
    }

    /// Waits until the provider has been in this state for a moment, with nothing left to follow.
    pub async fn status(&self, wanted: model::ScimStatus) {
        let began = std::time::Instant::now();
        let mut quiet = 0;
        while quiet < 3 {
            let (health, epoch) = (self.health().await, *self.world.services.changes().borrow());
            quiet = if health.status == wanted && health.followed == epoch { quiet + 1 } else { 0 };
            if began.elapsed() > longest() {
                self.give_up(&format!("{wanted:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until the provider is in this state, whatever it has still to do.
    pub async fn turns(&self, wanted: model::ScimStatus) {
        let began = std::time::Instant::now();
        while self.health().await.status != wanted {
            if began.elapsed() > longest() {
                self.give_up(&format!("{wanted:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Events of a kind, newest first.
    pub async fn events(&self, kind: model::EventKind) -> Vec<model::Event> {
        let root = self.root().await;
        let query = model::ListQuery { filter: kind.code().to_owned(), ..model::ListQuery::default() };
        ok(ok(root.auditor()).events(&query).await).rows
    }

    pub async fn health(&self) -> model::ScimHealth {
        let root = self.root().await;
        let auditor = ok(root.auditor());
        ok(auditor.scim_provider("aws-scim").await).health
    }

    #[expect(clippy::panic, reason = "a promise that is not kept is a failed test")]
    async fn give_up(&self, what: &str) -> ! {
        let root = self.root().await;
        let events = ok(ok(root.auditor()).events(&model::ListQuery::default()).await);
        let told: Vec<String> = events.rows.into_iter().map(|event| event.message).take(8).collect();
        panic!("not in time: {what}\n{:#?}\n{told:#?}\n{:?}\n{:?}", self.health().await, self.users(), self.groups())
    }
}

/// Rounds of a worker until it has nothing left to do, with the pauses that it asks for.
pub async fn settle(worker: &mut Worker) {
    for _ in 0..ROUNDS {
        match in_time("a round of the worker", worker.round()).await {
            Ok(Next::After(millis)) => tokio::time::sleep(Duration::from_millis(millis)).await,
            Ok(_) => return,
            Err(error) => ok(Err(error)),
        }
    }
    ok::<(), _>(Err("the worker is never done"));
}

/// A sandbox that serves.
async fn sandbox(rates: Option<Rates>) -> Sandbox {
    let listener = ok(TcpListener::bind("127.0.0.1:0").await);
    let base_url = format!("http://{}", ok(listener.local_addr()));
    let identity_center = IdentityCenterOptions { rates, ..IdentityCenterOptions::default() };
    let sandbox = Sandbox::new(SandboxOptions { base_url, identity_center, ..SandboxOptions::default() });
    tokio::spawn(sandbox.clone().serve(listener));
    sandbox
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[expect(clippy::panic, reason = "a world that does not start is a failed test")]
fn ok<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
