use std::{sync::Arc, time::Duration};

use aws_sandbox::{FaultPlan, Outcome, Sandbox, Token};
use domain::{Caller, Next, Origin, Worker, port::Pace};
use model::{ScimHealth, ScimStatus};
use tests::{Provisioned, TestClock, TestPace, World, soak};

use super::{
    Setup,
    chance::Chance,
    exact::{Seen, check, seen},
    hand::Hand,
    tally::Tally,
    town::{Picture, Town},
    weather::weather,
};

const TOWN: &str = r#"
version: 1
groups: [{ name: g0 }]
users:
  - { username: root, name: The Root, email: root@example.com, password: "analytical-engine-1843", administrator: true }
scim_providers:
  - { name: aws-scim, {scim}, writes_per_second: 1000, verify_every: null, {settings} }
applications:
  - { slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: g0 }] }
"#;
const NAME: &str = "aws-scim";
/// Rounds without faults after which both sides are the same, by far.
const ROUNDS: usize = 300;

/// What happened so far. A history that ends badly is told.
struct Tale {
    seed: u64,
    lines: Vec<String>,
}

impl Drop for Tale {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the history of ROLECALL_SEED={}:\n{}", self.seed, self.lines.join("\n"));
        }
    }
}

/// A town, a service, and the worker between them.
pub struct History {
    setup: Setup,
    there: Provisioned,
    pace: Arc<TestPace>,
    worker: Worker,
    /// Of the administrator here.
    key: String,
    /// Of the worker there.
    token: Token,
    hand: Hand,
    town: Town,
    /// Decides what changes here and what goes wrong, whatever the worker makes of it.
    chance: Chance,
    /// Decides what is done about what the worker has made of it.
    whim: Chance,
    tale: Tale,
    tally: Tally,
    /// What was seen there and not deleted by hand.
    seen: Seen,
}

/// One round; None: the worker died in it.
async fn round(sandbox: &Sandbox, pace: &TestPace, worker: &mut Worker) -> Option<Next> {
    tokio::select! {
        // An error is ours, and the server goes on after a moment.
        next = pace.through(Box::pin(worker.round())) => Some(next.unwrap_or_else(|error| {
            println!("a round broke off: {error}");
            Next::After(2_000)
        })),
        () = dies(sandbox) => None,
    }
}

/// Waits for a request whose answer never comes.
async fn dies(sandbox: &Sandbox) {
    loop {
        let (plan, fired) = sandbox.faults();
        let mut fired = plan.rules.iter().zip(fired).filter(|(_, times)| *times > 0);
        if fired.any(|(rule, _)| matches!(rule.then, Outcome::Hang { .. })) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

impl History {
    pub async fn begin(seed: u64, setup: Setup) -> Self {
        let clock = Arc::new(TestClock::default());
        let pace = TestPace::new(&clock);
        let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn Pace>).await;
        let there = Provisioned::within(world, &TOWN.replace("{settings}", &setup.settings.join(", ")), None).await;
        let token = there.center().tokens().pop().unwrap();
        let other = there.center().create_token().unwrap().secret;
        let hand = Hand::settle(&there.center(), &other).await;
        let key = there.world.token("root").await;
        let worker = Worker::new(there.world.services.clone(), NAME);
        let tale = Tale { seed, lines: Vec::new() };
        let (chance, whim, town) = (Chance::new(seed), Chance::new(!seed), Town::default());
        let (tally, seen) = (Tally::default(), Seen::new());
        let mut this = Self { setup, there, pace, worker, key, token, hand, town, chance, whim, tale, tally, seen };
        let caller = this.caller().await;
        this.town = Town::settle(&caller, &mut this.chance).await;
        this.tally.change(&Picture::default(), &this.town.picture());
        this.tale.lines.push(format!("{:#?}", this.town.picture().groups));
        this
    }

    /// The whole history. Both sides are the same in the end, and nothing is left to do.
    pub async fn run(mut self) {
        for _ in 0..soak(12, 40) {
            self.chapter().await;
        }
        self.tale.lines.push("the end".to_owned());
        self.calm();
        // Whatever the worker knew and did not write down is not needed.
        self.start_again().await;
        self.caller().await.admin().unwrap().sync_scim_provider(NAME).await.unwrap();
        self.compare().await;
        self.quiet().await;
        self.pace.advance(self.setup.grace);
        self.quiet().await;
        self.tally.check(&self.there.sandbox.requests(), &self.town, &self.hand);
        let before = self.there.center().directory();
        check(&before, &self.town, &self.hand, self.setup, &self.seen);

        self.there.sandbox.forget_requests();
        self.start_again().await;
        let caller = self.caller().await;
        let plan = caller.auditor().unwrap().scim_plan(NAME).await.unwrap();
        assert_eq!((plan.requests, plan.refused, plan.failed), (0, Vec::new(), Vec::new()));
        self.compare().await;
        self.quiet().await;
        assert_eq!(self.there.writes(), [""; 0], "something was left to do");
        assert_eq!(self.there.center().directory(), before);
    }

    /// Something changes, here and perhaps there, something goes wrong, and the worker goes on for a while.
    async fn chapter(&mut self) {
        if self.chance.one_in(4) {
            self.by_hand().await;
        }
        let (plan, told) = weather(&mut self.chance);
        self.tale.lines.push(told);
        self.there.sandbox.set_faults(plan).unwrap();
        self.change().await;
        for _ in 0..self.chance.below(4) {
            let next = round(&self.there.sandbox, &self.pace, &mut self.worker).await;
            if self.goes_on(next).await {
                continue;
            }
            if self.whim.one_in(2) {
                let health = self.health().await;
                self.decide(&health).await;
            }
        }
        if self.town.trades {
            // Who leaves the scope in the middle of it keeps an address that the other was to have, and rightly so.
            self.calm();
            self.caller().await.admin().unwrap().sync_scim_provider(NAME).await.unwrap();
            self.quiet().await;
            self.town.trades = false;
        }
    }

    /// A change, sometimes while a round is under way.
    async fn change(&mut self) {
        let (caller, before) = (self.caller().await, self.town.picture());
        if self.chance.one_in(3) {
            let Self { there, pace, worker, town, chance, .. } = self;
            let work = round(&there.sandbox, pace, worker);
            let (next, told) = tokio::join!(work, Box::pin(town.change(&caller, chance)));
            self.tale.lines.push(format!("meanwhile, {told}"));
            self.tally.meanwhile += 1;
            self.goes_on(next).await;
        } else {
            let told = self.town.change(&caller, &mut self.chance).await;
            self.tale.lines.push(told);
        }
        self.tally.change(&before, &self.town.picture());
    }

    /// What a round says comes next: a new worker for one that died, and a pause. False: nothing does.
    async fn goes_on(&mut self, next: Option<Next>) -> bool {
        for (object, id) in seen(&self.there.center().directory()) {
            self.seen.entry(object).or_insert(id);
        }
        match next {
            Some(Next::After(millis)) => self.pace.advance(millis),
            Some(_) => return false,
            None => {
                self.tale.lines.push("the worker dies".to_owned());
                self.tally.deaths += 1;
                self.start_again().await;
            }
        }
        true
    }

    /// Another process on the same store. The one before it is gone, and so are its connections.
    async fn start_again(&mut self) {
        let (plan, _) = self.there.sandbox.faults();
        let rules = plan.rules.into_iter().filter(|rule| !matches!(rule.then, Outcome::Hang { .. })).collect();
        self.there.sandbox.set_faults(FaultPlan { seed: plan.seed, rules }).unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.there.world.services = self.there.world.restarted().await;
        self.worker = Worker::new(self.there.world.services.clone(), NAME);
    }

    fn calm(&self) {
        self.there.sandbox.set_faults(FaultPlan::default()).unwrap();
    }

    /// Somebody changes something at the service itself, and sometimes asks whether anything is wrong there.
    async fn by_hand(&mut self) {
        self.calm();
        let directory = self.there.center().directory();
        let Some(done) = self.hand.act(&directory, &mut self.whim).await else { return };
        self.tale.lines.push(done.told);
        self.tally.acts += 1;
        if let Some(gone) = done.gone {
            self.seen.remove(&gone);
        }
        if self.whim.one_in(2) {
            self.compare().await;
        }
    }

    async fn compare(&mut self) {
        self.tally.comparisons += 1;
        self.tale.lines.push("a comparison is asked for".to_owned());
        self.caller().await.admin().unwrap().verify_scim_provider(NAME).await.unwrap();
    }

    /// Rounds and decisions until both sides are the same.
    async fn quiet(&mut self) {
        let mut health = ScimHealth::default();
        for _ in 0..ROUNDS {
            let next = round(&self.there.sandbox, &self.pace, &mut self.worker).await;
            if self.goes_on(next).await {
                continue;
            }
            health = self.health().await;
            if health.status == ScimStatus::Synced && health.drift == 0 {
                return;
            }
            assert!(self.decide(&health).await, "nobody can help: {health:?}");
        }
        panic!("both sides never are the same: {health:?}, {:?}", self.health().await);
    }

    /// Does what the worker waits for; whether it waits for anybody.
    async fn decide(&mut self, health: &ScimHealth) -> bool {
        let caller = self.caller().await;
        let admin = caller.admin().unwrap();
        match health.status {
            ScimStatus::WaitsForApproval => {
                self.tale.lines.push("the plan is approved".to_owned());
                admin.approve_scim_plan(NAME, &health.pending.as_ref().unwrap().id).await.unwrap();
            }
            ScimStatus::Stopped => {
                self.tale.lines.push("there is a new token".to_owned());
                let center = self.there.center();
                assert!(center.delete_token(&self.token.id));
                self.token = center.create_token().unwrap();
                let version = admin.scim_provider(NAME).await.unwrap().version;
                admin.set_scim_token(NAME, version, 1, &self.token.secret, None).await.unwrap();
            }
            ScimStatus::Synced if health.drift > 0 => {
                self.tale.lines.push("what was found is put right".to_owned());
                self.tally.comparisons += 1;
                let found = admin.scim_drift(NAME).await.unwrap();
                admin.repair_scim_drift(NAME, &found.id).await.unwrap();
            }
            _ => return false,
        }
        true
    }

    async fn health(&self) -> ScimHealth {
        let caller = self.caller().await;
        caller.auditor().unwrap().scim_provider(NAME).await.unwrap().health
    }

    /// The administrator, by a key that no passing of time ends.
    async fn caller(&self) -> Caller {
        let services = &self.there.world.services;
        services.caller_by_token(&self.key, &Origin::default()).await.unwrap().unwrap()
    }
}
