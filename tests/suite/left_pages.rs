use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tests::World;

/// Pages whose forms stand on what is read, so that they are made in several turns.
const PAGES: &[&str] =
    &["/admin/scim-providers/-/new", "/admin/applications/aws/edit", "/admin/property-mappings/-/new"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_that_somebody_leaves_while_it_is_made_is_made_to_its_end_in_peace() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let (hears, former) = (Arc::clone(&told), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.to_string();
        // Other tests run beside this one, and may fail in their own way.
        if ["disposed", "Router", "reactive"].iter().any(|word| text.contains(word)) {
            hears.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        }
        former(panic);
    }));
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let (mut left, mut whole) = (0, 0);
    for turn in 0..240_u64 {
        let path = PAGES[usize::try_from(turn).unwrap() % PAGES.len()];
        let patience = Duration::from_micros(500 + turn * 397 % 20_000);
        match tokio::time::timeout(patience, root.get(path)).await {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{path}");
                whole += 1;
            }
            Err(_) => left += 1,
        }
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    // Not under the lock: what fails here is heard, too.
    let told = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(told.is_empty(), "{} panics, {left} pages left, {whole} whole; the first: {}", told.len(), told[0]);
    assert!(left > 20, "nobody left: {whole} pages were whole");
}
