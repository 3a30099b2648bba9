//! A server that has lost the lease sends nothing more, whatever it was about to send.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::{
    Error, Next, Services, Worker,
    port::{NoAnswer, Pace, ScimAnswer, ScimRequest, ScimTransport},
};
use model::{EventKind, ScimStatus};
use server::outbound::HttpScim;
use tests::{Claims, Provisioned, TestClock, TestPace, World, in_time};
use tokio::task::JoinHandle;

use crate::provisioning::PEOPLE;

/// The pause that the service asks for, in seconds: a lease runs out meanwhile.
const PAUSE: u64 = 29;
/// Milliseconds after which a lease that nobody renews has run out.
const OVER: u64 = 16_000;
/// Milliseconds between two renewals.
const RENEWAL: u64 = 4_000;
/// How often it is looked whether something has come about.
const LOOK: Duration = Duration::from_millis(20);

/// The bodies that one server sent.
struct Way {
    http: HttpScim,
    sent: Mutex<Vec<String>>,
}

#[async_trait]
impl ScimTransport for Way {
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer> {
        self.sent.lock().unwrap().extend(request.body.as_ref().map(ToString::to_string));
        self.http.send(base, token, request).await
    }
}

/// One of two servers on one store.
struct Server {
    services: Services,
    way: Arc<Way>,
    claims: Arc<Claims>,
}

impl Server {
    async fn of(provisioned: &Provisioned) -> Self {
        let (way, claims) = (Arc::new(Way { http: HttpScim::new().unwrap(), sent: Mutex::default() }), Arc::default());
        let scim = Arc::clone(&way) as Arc<dyn ScimTransport>;
        Self { services: provisioned.world.claiming_by(scim, &claims).await, way, claims }
    }

    fn worker(&self) -> Worker {
        Worker::new(self.services.clone(), "aws-scim")
    }

    /// How often it sent something with such a word.
    fn sent(&self, word: &str) -> usize {
        self.way.sent.lock().unwrap().iter().filter(|body| body.contains(word)).count()
    }
}

/// The first server stands in the middle of a request, which the service told to come again later.
struct Stalled {
    provisioned: Provisioned,
    pace: Arc<TestPace>,
    first: Server,
    second: Server,
    round: JoinHandle<(Worker, Result<Next, Error>)>,
}

/// Rounds until nothing is left to do.
async fn settle(pace: &TestPace, server: &Server, worker: &mut Worker) {
    server.services.refresh().await.unwrap();
    in_time("a worker that is done", async {
        while let Next::After(millis) = pace.through(worker.round()).await.unwrap() {
            pace.advance(millis);
        }
    })
    .await;
}

fn ada(department: &str) -> String {
    format!(
        "version: 1\nusers: [{{ username: ada, name: Ada Lovelace, email: ada@example.com, groups: [engineers], attributes: {{ department: {department} }} }}]\n"
    )
}

impl Stalled {
    /// In the middle of the change of a user.
    async fn new() -> Self {
        Self::at("PatchUser", async |_| ()).await
    }

    /// In the middle of a request of a kind, after something was done that leads to it.
    async fn at(kind: &str, before: impl AsyncFnOnce(&Provisioned)) -> Self {
        let clock = Arc::new(TestClock::default());
        let pace = TestPace::new(&clock);
        let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
        let provisioned = Provisioned::within(world, PEOPLE, None).await;
        let (first, second) = (Server::of(&provisioned).await, Server::of(&provisioned).await);
        let mut worker = first.worker();
        settle(&pace, &first, &mut worker).await;
        before(&provisioned).await;
        let when = When { kind: Some(kind.to_owned()), nth: vec![1], ..When::default() };
        let then = Outcome::Status {
            status: 429,
            detail: None,
            body: None,
            content_type: None,
            retry_after: Some(PAUSE),
            applied: false,
        };
        provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules: vec![FaultRule { when, then }] }).unwrap();
        provisioned.world.apply(&ada("Older")).await;
        first.services.refresh().await.unwrap();
        let round = tokio::spawn(async move {
            let ended = worker.round().await;
            (worker, ended)
        });
        let away = |p: &Provisioned| p.sandbox.requests().iter().any(|request| request.status == Some(429));
        provisioned.until("the service wants it later", away).await;
        Self { provisioned, pace, first, second, round }
    }

    /// One more renewal of the first server's lease, which reaches the store or not.
    async fn renewal(&self, lost: bool) {
        let made = self.first.claims.made();
        self.first.claims.lose(lost);
        self.pace.advance(RENEWAL);
        in_time("the lease is claimed", async {
            for look in 1.. {
                if self.first.claims.made() > made {
                    return;
                }
                tokio::time::sleep(LOOK).await;
                if look % 100 == 0 {
                    // It was not waiting yet when the time passed.
                    self.pace.advance(1_000);
                }
            }
        })
        .await;
    }

    /// The end of the round of the first server.
    async fn end(&mut self) -> (Worker, Result<Next, Error>) {
        in_time("the round of the first", async {
            while !self.round.is_finished() {
                self.pace.advance(1_000);
                tokio::time::sleep(LOOK).await;
            }
        })
        .await;
        (&mut self.round).await.unwrap()
    }

    fn department(&self) -> String {
        let directory = self.provisioned.center().directory();
        let users = directory["users"].as_array().unwrap();
        let ada = users.iter().find(|user| user["userName"] == "ada@example.com").unwrap();
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        ada[enterprise]["department"].as_str().unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_turn_while_another_server_takes_over_is_not_sent_after_it() {
    // With the store out of reach to the end, and with the store back in time to say who has the lease.
    for back in [false, true] {
        let mut stalled = Stalled::new().await;
        stalled.first.claims.lose(true);
        stalled.pace.advance(OVER);
        stalled.provisioned.world.apply(&ada("Newer")).await;
        let mut other = stalled.second.worker();
        settle(&stalled.pace, &stalled.second, &mut other).await;
        assert_eq!(stalled.department(), "Newer", "the second did not take over");

        stalled.first.claims.lose(!back);
        let (mut worker, ended) = stalled.end().await;
        assert_eq!(stalled.first.sent("Older"), 1, "what is older went out after what is newer");
        assert!(ended.is_err(), "{ended:?}");
        assert_eq!(stalled.department(), "Newer");

        // Both know what is there: the next change is one request, by either, and then there is nothing to do.
        stalled.first.claims.lose(false);
        settle(&stalled.pace, &stalled.first, &mut worker).await;
        settle(&stalled.pace, &stalled.second, &mut other).await;
        assert_eq!((stalled.first.sent("Newer"), stalled.second.sent("Newer")), (0, 1));
        stalled.provisioned.world.apply(&ada("Newest")).await;
        settle(&stalled.pace, &stalled.first, &mut worker).await;
        settle(&stalled.pace, &stalled.second, &mut other).await;
        assert_eq!((stalled.first.sent("Newest"), stalled.second.sent("Newest")), (1, 0));
        assert_eq!(stalled.department(), "Newest");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_fails_once_is_made_again_and_no_other_server_takes_over() {
    let mut stalled = Stalled::new().await;
    for lost in [true, false, false, false] {
        stalled.renewal(lost).await;
    }
    let mut other = stalled.second.worker();
    stalled.second.services.refresh().await.unwrap();
    assert_eq!(other.round().await.unwrap(), Next::After(1_000), "the lease was let go");
    let (_, ended) = stalled.end().await;
    assert!(ended.is_ok(), "{ended:?}");
    assert_eq!((stalled.first.sent("Older"), stalled.second.sent("Older")), (2, 0));
    assert_eq!(stalled.department(), "Older");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ends_while_the_second_token_is_tried_is_no_refusal() {
    let mut stalled = Stalled::at("ServiceProviderConfig", async |provisioned| {
        let old = provisioned.center().tokens()[0].id.clone();
        let next = provisioned.center().create_token().unwrap().secret;
        let root = provisioned.root().await;
        let admin = root.admin().unwrap();
        let version = admin.scim_provider("aws-scim").await.unwrap().version;
        admin.set_scim_token("aws-scim", version, 2, &next, None).await.unwrap();
        assert!(provisioned.center().delete_token(&old));
    })
    .await;
    stalled.first.claims.lose(true);
    stalled.pace.advance(OVER);
    let (_, ended) = stalled.end().await;
    assert!(ended.is_err(), "{ended:?}");
    assert_eq!(stalled.provisioned.events(EventKind::ProvisioningStopped).await, []);
    assert_ne!(stalled.provisioned.health().await.status, ScimStatus::Stopped);

    // Whoever follows tries it as well, and gets an answer.
    let mut other = stalled.second.worker();
    settle(&stalled.pace, &stalled.second, &mut other).await;
    assert_eq!(stalled.department(), "Older");
    assert_eq!(stalled.provisioned.events(EventKind::ProvisioningStopped).await, []);
}
