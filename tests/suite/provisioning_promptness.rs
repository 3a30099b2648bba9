use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    Next, Worker,
    port::{NoAnswer, Pace, ScimAnswer, ScimRequest, ScimTransport},
};
use model::ScimStatus;
use server::outbound::HttpScim;
use tests::{Provisioned, TestClock, TestPace, World, in_time};
use tokio::sync::Notify;

use crate::provisioning::PEOPLE;

/// The longest that somebody who left may keep access at the service, in milliseconds.
const PROMISE: u64 = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_deactivated_by_the_first_request_after_the_change_within_two_seconds_of_the_fake_clock() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
    let provisioned = Provisioned::within(world, PEOPLE, None).await;
    let mut worker = Worker::new(provisioned.world.services.clone(), "aws-scim");
    in_time("both sides the same", async {
        while provisioned.health().await.status != ScimStatus::Synced {
            pace.through(worker.round()).await.unwrap();
        }
    })
    .await;
    provisioned.sandbox.forget_requests();
    let mut changes = provisioned.world.services.changes();
    changes.borrow_and_update();
    let grace = "version: 1\nusers: [{ username: grace, name: Grace Hopper, email: grace@example.com }]\n";
    provisioned.world.apply(grace).await;
    // The worker need not look at the time to find out: it is woken, and then gathers for a moment.
    assert!(changes.has_changed().unwrap(), "nobody is told of the change");
    let began = pace.millis();
    pace.through(worker.round()).await.unwrap();
    let gathered = u64::try_from(server::jobs::GATHER.as_millis()).unwrap();
    let took = gathered + pace.millis() - began;
    assert!(took < PROMISE, "{took} ms, of which {gathered} are spent on gathering");
    assert!(provisioned.users().contains(&("grace@example.com".to_owned(), false)), "one round was not enough");
    // Access first: nothing goes before what takes it away, and all of it is done in three requests.
    let writes = provisioned.writes();
    assert_eq!(writes.first().map(String::as_str), Some("PatchUser"), "{writes:?}");
    assert_eq!(writes.iter().filter(|kind| *kind == "PatchUser").count(), 1, "{writes:?}");
    assert!(writes.len() <= 3 && writes.len() == provisioned.sandbox.requests().len(), "{writes:?}");
}

/// Groups that are filled with a hundred people each: one request for each, of which the service takes one a second.
const GROUPS: usize = 15;
const PEOPLE_EACH: usize = 100;

fn crowd() -> String {
    let mut text = String::from("version: 1\ngroups:\n  - { name: staff }\n");
    let groups: Vec<String> = (0..GROUPS).map(|n| format!("g{n:02}")).collect();
    for group in &groups {
        let _ = writeln!(text, "  - {{ name: {group}, parents: [staff] }}");
    }
    text.push_str(
        "users:\n  - { username: root, email: root@example.com, password: \"analytical-engine-1843\", administrator: true }\n",
    );
    for n in 0..PEOPLE_EACH {
        let groups = groups.join(", ");
        let _ = writeln!(text, "  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [{groups}] }}");
    }
    text.push_str(
        "scim_providers: [{ name: aws-scim, {scim} }]\n\
         applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: staff }] }]\n",
    );
    text
}

/// Time that stands still, once, where a request begins to wait for about a second.
struct Watched {
    pace: Arc<TestPace>,
    armed: AtomicBool,
    waits: Notify,
    goes_on: Notify,
}

#[async_trait]
impl Pace for Watched {
    fn millis(&self) -> u64 {
        self.pace.millis()
    }

    async fn pause(&self, millis: u64) {
        if (500..4_000).contains(&millis) && self.armed.swap(false, Ordering::SeqCst) {
            self.waits.notify_one();
            self.goes_on.notified().await;
        }
        self.pace.pause(millis).await;
    }
}

/// Method and path of each request, and the moment of its answer.
struct Timed {
    http: HttpScim,
    pace: Arc<TestPace>,
    answered: Mutex<Vec<(u64, String)>>,
}

#[async_trait]
impl ScimTransport for Timed {
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer> {
        let answer = self.http.send(base, token, request).await;
        let what = format!("{} {}", request.method.as_str(), request.path);
        self.answered.lock().unwrap().push((self.pace.millis(), what));
        answer
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_during_a_long_fill_of_groups_is_deactivated_within_two_seconds_of_the_fake_clock() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let watched = Arc::new(Watched {
        pace: Arc::clone(&pace),
        armed: AtomicBool::new(true),
        waits: Notify::new(),
        goes_on: Notify::new(),
    });
    let world = World::paced(clock, Arc::clone(&watched) as Arc<dyn Pace>).await;
    let provisioned = Provisioned::within(world, &crowd(), None).await;
    let http = HttpScim::new().unwrap();
    let timed = Arc::new(Timed { http, pace: Arc::clone(&pace), answered: Mutex::default() });
    let services = provisioned.world.beside(Arc::clone(&timed) as Arc<dyn ScimTransport>).await;
    let mut worker = Worker::new(services.clone(), "aws-scim");
    // The worst moment: a request has just begun to wait for its turn, and nothing goes before it.
    let change = async {
        watched.waits.notified().await;
        let leaves = "version: 1\nusers: [{ username: u0000, email: u0000@example.com, groups: [] }]\n";
        provisioned.world.apply(leaves).await;
        services.refresh().await.unwrap();
        let began = pace.millis();
        watched.goes_on.notify_one();
        began
    };
    let rounds = async {
        while let Next::After(millis) = pace.through(worker.round()).await.unwrap() {
            pace.advance(millis);
        }
    };
    let (began, ()) = in_time("both sides the same", async { tokio::join!(change, rounds) }).await;

    let answered = timed.answered.lock().unwrap().clone();
    let first = answered.iter().position(|(_, what)| what.starts_with("PATCH /Users/")).unwrap();
    let fills = answered.iter().take(first).filter(|(_, what)| what.starts_with("PATCH /Groups/")).count();
    assert!(fills <= 3, "{fills} groups were filled before");
    let gathered = u64::try_from(server::jobs::GATHER.as_millis()).unwrap();
    let took = gathered + answered[first].0 - began;
    assert!(took < PROMISE, "{took} ms, of which {gathered} are spent on gathering");
    // And then the fill goes on to its end.
    assert!(provisioned.users().contains(&("u0000@example.com".to_owned(), false)));
    let sizes: Vec<usize> = provisioned.groups().iter().map(|(_, members)| members.len()).collect();
    assert_eq!(sizes, [PEOPLE_EACH - 1; GROUPS + 1]);
}
