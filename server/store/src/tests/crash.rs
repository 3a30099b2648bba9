use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use domain::port::Store;
use model::EventKind;

use super::fixture::{block_on, event, on_disk};
use crate::{OpenError, SurrealStore};

/// Tells the child, which is this same program, which folder to write to.
const FOLDER: &str = "ROLECALL_STORE_CRASH_FOLDER";

/// The other half of the test below; does nothing when it runs as a test.
#[test]
fn child_that_appends_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    block_on(async move {
        let store = SurrealStore::open(&on_disk(folder.as_ref())).await.unwrap();
        store.announce("child").unwrap();
        for n in 0.. {
            store.append_events(vec![event(n, EventKind::SignIn, "ada")]).await.unwrap();
            println!("\nacknowledged {n:08}");
        }
    });
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::child_that_appends_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut killed = false;
    let options = on_disk(folder.path());
    for line in lines {
        let Ok(line) = line else { break };
        acknowledged.extend(line.strip_prefix("acknowledged ").map(str::to_owned));
        // Once: what it wrote before the kill is still to be read after it.
        if acknowledged.len() >= 200 && !killed {
            // While it lives, the database is its own.
            let (options, pid) = (options.clone(), child.id());
            block_on(async move {
                let second = SurrealStore::open(&options).await.err();
                assert!(matches!(second, Some(OpenError::Held { pid: Some(p), .. }) if p == pid), "{second:?}");
            });
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(acknowledged.len() >= 200, "{}", acknowledged.len());
    block_on(async move {
        let store = SurrealStore::open(&options).await.unwrap();
        for id in &acknowledged {
            assert!(store.event(id).await.unwrap().is_some(), "{id} of {}", acknowledged.len());
        }
        store.close().await;
    });
}
