use std::sync::Arc;

use domain::Worker;
use model::ScimStatus;
use tests::{Provisioned, TestClock, TestPace, World, in_time};

use crate::provisioning::PEOPLE;

/// The longest that somebody who left may keep access at the service, in milliseconds.
const PROMISE: u64 = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_deactivated_by_the_first_request_after_the_change_within_two_seconds_of_the_fake_clock() {
    let clock = Arc::new(TestClock::default());
    let pace = TestPace::new(&clock);
    let world = World::paced(clock, Arc::clone(&pace) as Arc<dyn domain::port::Pace>).await;
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
    let began = domain::port::Pace::millis(pace.as_ref());
    pace.through(worker.round()).await.unwrap();
    let gathered = u64::try_from(server::jobs::GATHER.as_millis()).unwrap();
    let took = gathered + domain::port::Pace::millis(pace.as_ref()) - began;
    assert!(took < PROMISE, "{took} ms, of which {gathered} are spent on gathering");
    assert!(provisioned.users().contains(&("grace@example.com".to_owned(), false)), "one round was not enough");
    // Access first: nothing goes before what takes it away, and all of it is done in three requests.
    let writes = provisioned.writes();
    assert_eq!(writes.first().map(String::as_str), Some("PatchUser"), "{writes:?}");
    assert_eq!(writes.iter().filter(|kind| *kind == "PatchUser").count(), 1, "{writes:?}");
    assert!(writes.len() <= 3 && writes.len() == provisioned.sandbox.requests().len(), "{writes:?}");
}
