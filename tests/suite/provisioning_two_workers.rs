use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};
use domain::{
    Next, Services, Worker,
    port::{NoAnswer, ScimAnswer, ScimRequest, ScimTransport},
};
use server::outbound::HttpScim;
use tests::Provisioned;
use tokio::task::JoinHandle;

use crate::provisioning::many;

const PEOPLE: usize = 80;

/// What both send.
#[derive(Default)]
struct Wire {
    /// Requests of each that are under way.
    busy: [AtomicUsize; 2],
    /// Who sent a request while one of the other was under way.
    overlaps: Mutex<Vec<usize>>,
    /// Who sent something that changes anything, what, and the answer.
    answered: Mutex<Vec<(usize, String, u16)>>,
}

/// The way of one of the two.
struct Way {
    me: usize,
    http: HttpScim,
    wire: Arc<Wire>,
}

/// One request under way, however it ends.
struct Busy<'a>(&'a AtomicUsize);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl ScimTransport for Way {
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer> {
        self.wire.busy[self.me].fetch_add(1, Ordering::SeqCst);
        let busy = Busy(&self.wire.busy[self.me]);
        if self.wire.busy[1 - self.me].load(Ordering::SeqCst) > 0 {
            self.wire.overlaps.lock().unwrap().push(self.me);
        }
        let answer = self.http.send(base, token, request).await;
        drop(busy);
        if let (Ok(answer), Some(body)) = (&answer, &request.body) {
            let what = format!("{} {} {body}", request.method.as_str(), request.path);
            self.wire.answered.lock().unwrap().push((self.me, what, answer.status));
        }
        answer
    }
}

fn way(me: usize, wire: &Arc<Wire>) -> Arc<Way> {
    Arc::new(Way { me, http: HttpScim::new().unwrap(), wire: Arc::clone(wire) })
}

/// Works as the server does.
fn work(services: Services) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut worker = Worker::new(services.clone(), "aws-scim");
        loop {
            services.refresh().await.unwrap();
            let pause = match worker.round().await {
                Ok(Next::After(millis)) => millis.min(20),
                _ => 20,
            };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_workers_on_one_store_one_sends_and_the_other_takes_over_and_nothing_is_sent_twice() {
    let provisioned = Provisioned::quiet(&many(PEOPLE, "")).await;
    let slow = FaultRule { when: When::default(), then: Outcome::Delay { milliseconds: 25 } };
    provisioned.sandbox.set_faults(FaultPlan { seed: 1, rules: vec![slow] }).unwrap();
    let wire = Arc::new(Wire::default());
    let mut workers = Vec::new();
    for me in 0..2 {
        workers.push(work(provisioned.world.beside(way(me, &wire)).await));
    }
    provisioned.until("some are there", |p| p.users().len() >= 25).await;
    let first = wire.answered.lock().unwrap()[0].0;
    let senders = |wire: &Wire| wire.answered.lock().unwrap().iter().map(|(who, ..)| *who).collect::<Vec<_>>();
    assert!(senders(&wire).iter().all(|who| *who == first), "both send");

    // It goes away in the middle of its requests. As long as it may come back, the other waits.
    workers[first].abort();
    while !workers[first].is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(senders(&wire).iter().all(|who| *who == first), "the lease was not over");
    provisioned.world.clock.advance(16);
    provisioned.synced().await;
    assert!(senders(&wire).contains(&(1 - first)));
    assert_eq!(provisioned.users().len(), PEOPLE);
    assert_eq!(provisioned.groups()[0].1.len(), PEOPLE);
    assert_eq!(*wire.overlaps.lock().unwrap(), [0; 0], "both had requests under way");

    // What was answered is not sent again, by whomever.
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (_, what, status) in wire.answered.lock().unwrap().iter() {
        assert!(*status < 300, "{status} to {what}");
        *times.entry(what.clone()).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");

    // Both alive, one after the other: each change is sent once, by either.
    let before = wire.answered.lock().unwrap().len();
    workers[first] = work(provisioned.world.beside(way(first, &wire)).await);
    for n in 0..5 {
        let text = format!(
            "version: 1\nusers: [{{ username: u0001, email: u0001@example.com, groups: [sea], attributes: {{ department: D{n} }} }}]\n"
        );
        provisioned.world.apply(&text).await;
        provisioned.synced().await;
    }
    assert_eq!(wire.answered.lock().unwrap().len(), before + 5);
    assert_eq!(*wire.overlaps.lock().unwrap(), [0; 0], "both had requests under way");
    workers.iter().for_each(JoinHandle::abort);
}
