use std::sync::Arc;

use domain::port::{ChangeSet, Document, Expect, Store, StoreError};
use model::{EventKind, ListQuery, Role};

use super::fixture::{block_on, event, memory, on_disk, person, put, save, session, setting, writes};
use crate::SurrealStore;

const WRITERS: u32 = 16;
const ROUNDS: u32 = 4;

/// Each of the writers raises one number a few times, reading and writing until its version is still the one it read.
async fn everyone_counts(stores: Vec<Arc<SurrealStore>>) {
    save(&stores[0], setting("n", 0)).await;
    let tasks: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&stores[writer as usize % stores.len()]);
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    loop {
                        let kept = store.configuration().await.unwrap().settings["n"].clone();
                        let next = setting("n", kept.value.value.as_i64().unwrap() + 1);
                        let mut change = writes(vec![put(next, Expect::Version(kept.version))]);
                        change.events = vec![event(writer * 100 + round, EventKind::Updated, "w")];
                        match store.commit(change).await {
                            Ok(_) => break,
                            Err(StoreError::Stale { .. }) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let total = i64::from(WRITERS * ROUNDS);
    let configuration = stores[0].configuration().await.unwrap();
    assert_eq!(configuration.settings["n"].value.value, total);
    assert_eq!(i64::try_from(configuration.settings["n"].version).unwrap(), total + 1);
    assert_eq!(i64::try_from(configuration.epoch).unwrap(), total + 1);
    let events = stores[0].events(&ListQuery::default()).await.unwrap().total;
    assert_eq!(i64::try_from(events).unwrap(), total);
}

#[test]
fn sixteen_writers_lose_no_update_in_memory() {
    block_on(async { everyone_counts(vec![Arc::new(memory().await)]).await });
}

#[test]
fn sixteen_writers_lose_no_update_on_disk() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        everyone_counts(vec![Arc::new(store)]).await;
    });
}

/// Two stores on one engine have nothing in common but the database, like two servers.
#[test]
fn servers_that_share_a_database_lose_no_update_either() {
    block_on(async {
        let one = memory().await;
        let other = SurrealStore::new(one.engine.clone(), None, None, true).await.unwrap();
        everyone_counts(vec![Arc::new(one), Arc::new(other)]).await;
    });
}

#[test]
fn of_sixteen_that_create_the_same_one_succeeds() {
    block_on(async {
        let store = Arc::new(memory().await);
        let tasks: Vec<_> = (0..WRITERS)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(
                    async move { store.commit(writes(vec![put(setting("n", n.into()), Expect::Absent)])).await },
                )
            })
            .collect();
        let mut created = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => created += 1,
                Err(StoreError::Exists { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(created, 1);
    });
}

#[test]
fn of_two_administrators_who_take_each_others_role_away_at_once_one_keeps_it() {
    block_on(async {
        let one = Arc::new(memory().await);
        let other = Arc::new(SurrealStore::new(one.engine.clone(), None, None, true).await.unwrap());
        for _ in 0..10 {
            let with_role = |name: &str, role| {
                let mut record = person(name);
                record.user.role = role;
                Document::User(record)
            };
            for name in ["ada", "bob"] {
                save(&one, with_role(name, Role::Administrator)).await;
            }
            let demotes = |store: &Arc<SurrealStore>, name: &str| {
                let (store, demoted) = (Arc::clone(store), put(with_role(name, Role::Member), Expect::Anything));
                let change = ChangeSet { takes_administrator: true, ..writes(vec![demoted]) };
                tokio::spawn(async move { store.commit(change).await })
            };
            let (first, second) = (demotes(&one, "ada"), demotes(&other, "bob"));
            let results = [first.await.unwrap(), second.await.unwrap()];
            assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
            assert!(results.iter().any(|result| matches!(result, Err(StoreError::LastAdministrator))), "{results:?}");
            assert_eq!(one.count_administrators().await.unwrap(), 1);
        }
    });
}

#[test]
fn a_session_that_is_ended_while_it_is_used_stays_ended() {
    block_on(async {
        let store = Arc::new(memory().await);
        for round in 0..20 {
            let record = session(&format!("h{round}"), "ada", 100);
            store.put_session(&record).await.unwrap();
            let (touching, used) = (Arc::clone(&store), record.clone());
            let touches = tokio::spawn(async move {
                for _ in 0..5 {
                    touching.put_session(&used).await.unwrap();
                }
            });
            store.end_session(&record.id_hash, vec![]).await.unwrap();
            touches.await.unwrap();
            assert!(store.session(&record.id_hash).await.unwrap().is_none());
        }
    });
}

#[test]
fn many_appenders_share_transactions_and_lose_nothing() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SurrealStore::open(&on_disk(folder.path())).await.unwrap());
        let tasks: Vec<_> = (0..500)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.append_events(vec![event(n, EventKind::SignIn, "ada")]).await })
            })
            .collect();
        let begun = std::time::Instant::now();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        println!("500 events: {:?}", begun.elapsed());
        assert_eq!(store.events(&ListQuery::default()).await.unwrap().total, 500);
    });
}
