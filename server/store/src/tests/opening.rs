use domain::port::{BackupStore, Document, Store};
use model::{Event, EventKind, ListQuery, SamlProvider};
use surrealdb::engine::any::connect;

use super::fixture::{block_on, event, memory, on_a_server, on_disk, person, save, session, setting};
use crate::engine::Engine;
use crate::migrate::{MIGRATIONS, Migration, migrate};
use crate::open::{prepare, whole};
use crate::{OpenError, StoreOptions, SurrealStore};

/// The number of a migration that does not exist yet.
#[expect(clippy::cast_possible_truncation, reason = "there are a few")]
const NEXT: u32 = MIGRATIONS.len() as u32 + 1;

async fn refused(options: &StoreOptions, migrations: &[Migration]) -> OpenError {
    match SurrealStore::open_with(options, migrations).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[test]
fn a_closed_store_opens_again_with_everything_in_it() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let options = on_disk(folder.path());
        let store = SurrealStore::open(&options).await.unwrap();
        save(&store, setting("a", 1)).await;
        save(&store, Document::User(person("Ada"))).await;
        store.put_session(&session("h", "ada", 9)).await.unwrap();
        store.append_events(vec![event(1, EventKind::SignIn, "ada")]).await.unwrap();
        let before = store.configuration().await.unwrap();
        store.close().await;

        let store = SurrealStore::open(&options).await.unwrap();
        assert_eq!(store.configuration().await.unwrap(), before);
        assert_eq!(store.user("ada").await.unwrap().unwrap().value, person("Ada"));
        assert!(store.session("h").await.unwrap().is_some());
        assert_eq!(store.event("00000001").await.unwrap(), Some(event(1, EventKind::SignIn, "ada")));
        store.close().await;
    });
}

#[test]
fn who_comes_second_is_told_who_has_the_database() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let options = on_disk(folder.path());
        let store = SurrealStore::open(&options).await.unwrap();
        let error = refused(&options, MIGRATIONS).await;
        assert!(matches!(&error, OpenError::Held { pid: None, address: None, .. }), "{error}");
        store.announce("http://127.0.0.1:8080").unwrap();
        let error = refused(&options, MIGRATIONS).await.to_string();
        let pid = std::process::id();
        assert!(
            error.ends_with(&format!("in use by process {pid}, which answers at http://127.0.0.1:8080")),
            "{error}"
        );
        store.close().await;
        assert!(!folder.path().join("db.holder").exists());
        SurrealStore::open(&options).await.unwrap().close().await;
    });
}

#[test]
fn a_database_in_which_a_restore_has_not_ended_opens_for_the_restore_alone() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let options = on_disk(folder.path());
        let restoring = StoreOptions { unfinished: true, ..options.clone() };
        // Marked before there is a database: the next start must not make one in the place of what was put aside.
        assert!(!options.begin_restore("2026-01-01T00:00:00Z", "replaced-1").unwrap());
        let told = refused(&options, MIGRATIONS).await.to_string();
        assert!(!folder.path().join("db").exists(), "{told}");
        let store = SurrealStore::open(&restoring).await.unwrap();
        store.begin_restore("2026-02-02T00:00:00Z").await.unwrap();
        store.close().await;
        let error = refused(&options, MIGRATIONS).await;
        let told = error.to_string();
        assert!(matches!(error, OpenError::Unfinished { embedded: true, .. }), "{told}");
        assert!(told.contains("2026-02-02") && told.contains("/db ") && told.contains("--force"), "{told}");
        let store = SurrealStore::open(&restoring).await.unwrap();
        store.finish_restore().await.unwrap();
        store.close().await;
        SurrealStore::open(&options).await.unwrap().close().await;
    });
}

#[test]
fn a_database_that_a_restore_has_not_put_aside_yet_is_said_to_be_whole_and_how_to_go_on_with_it() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let options = on_disk(folder.path());
        SurrealStore::open(&options).await.unwrap().close().await;
        for _ in 0..2 {
            assert!(!options.begin_restore("2026-01-01T00:00:00Z", "replaced-1").unwrap(), "it is whole");
        }
        let error = refused(&options, MIGRATIONS).await;
        let OpenError::Marked { mark, .. } = &error else { panic!("{error}") };
        assert!(error.to_string().contains("before anything was changed"), "{error}");
        assert!(error.to_string().contains(&mark.display().to_string()), "{error}");
        // Once it is put aside, what is in its place is not whole, and that stays so until a restore has ended.
        let db = folder.path().join("db");
        std::fs::rename(&db, db.with_extension("replaced-1")).unwrap();
        std::fs::create_dir(&db).unwrap();
        assert!(matches!(refused(&options, MIGRATIONS).await, OpenError::Unfinished { .. }));
        assert!(options.begin_restore("2026-01-01T00:00:00Z", "replaced-2").unwrap());
        assert!(matches!(refused(&options, MIGRATIONS).await, OpenError::Unfinished { .. }));
        std::fs::remove_dir(&db).unwrap();
        std::fs::rename(db.with_extension("replaced-1"), &db).unwrap();
        options.end_restore().unwrap();
        SurrealStore::open(&options).await.unwrap().close().await;
    });
}

#[test]
fn a_database_without_a_folder_is_marked_in_itself_while_it_is_restored() {
    block_on(async {
        let (store, options) = (memory().await, StoreOptions::default());
        assert!(store.is_empty().await.unwrap());
        whole(&store.engine, &options).await.unwrap();
        store.begin_restore("2026-01-01T00:00:00Z").await.unwrap();
        assert!(!store.is_empty().await.unwrap(), "another restore may have left anything in it");
        let error = whole(&store.engine, &options).await.unwrap_err();
        assert!(matches!(error, OpenError::Unfinished { embedded: false, .. }), "{error}");
        assert!(error.to_string().contains("2026-01-01"), "{error}");
        store.finish_restore().await.unwrap();
        whole(&store.engine, &options).await.unwrap();
    });
}

#[test]
fn an_address_of_nothing_known_is_refused() {
    block_on(async {
        let error = refused(&StoreOptions::new("rocksdb:///data/db"), MIGRATIONS).await;
        assert!(matches!(error, OpenError::BadUrl(_)));
    });
}

#[test]
fn migrations_run_once_and_any_number_of_servers_may_start_at_once() {
    block_on(async {
        let store = memory().await;
        migrate(&store.engine, MIGRATIONS).await.unwrap();
        let next = Migration { number: NEXT, name: "next", text: "CREATE setting:next SET version = 1, body = {};" };
        let all: &'static [Migration] = Vec::leak([MIGRATIONS, &[next]].concat());
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let engine = store.engine.clone();
                tokio::spawn(async move { migrate(&engine, all).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let error = migrate(&store.engine, MIGRATIONS).await.unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: NEXT, known } if known == NEXT - 1), "{error}");
    });
}

/// So many begin at once.
const SERVERS: usize = 8;

#[test]
fn servers_that_find_no_database_yet_at_the_same_moment_all_start() {
    block_on(async {
        for _ in 0..8 {
            let surreal = connect("memory").await.unwrap();
            let begin = |_| {
                // A clone is a session of its own, as each server has one.
                let engine = Engine::new(surreal.clone(), None);
                tokio::spawn(async move { prepare(&engine, &StoreOptions::default(), &MIGRATIONS[..2]).await })
            };
            let tasks: Vec<_> = (0..SERVERS).map(begin).collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
        }
    });
}

/// Tries nothing without a database server, which `.ci/remote` has.
#[test]
fn stores_of_a_new_database_on_a_server_open_at_the_same_moment() {
    let Some(options) = on_a_server() else { return };
    block_on(async move {
        let options = StoreOptions { namespace: options.database.clone(), ..options };
        let open = |_| {
            let options = options.clone();
            tokio::spawn(async move { SurrealStore::open(&options).await.map(drop) })
        };
        let tasks: Vec<_> = (0..SERVERS).map(open).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_migration_that_was_changed_after_it_ran_is_refused() {
    block_on(async {
        let store = memory().await;
        let changed = Migration { text: "RETURN 1;", ..MIGRATIONS[0] };
        let error = migrate(&store.engine, &[&[changed], &MIGRATIONS[1..]].concat()).await.unwrap_err();
        assert!(error.to_string().contains("migration 1 (foundation) has changed"), "{error}");
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing_behind() {
    block_on(async {
        let store = memory().await;
        let text = "DEFINE TABLE half SCHEMAFULL; CREATE setting:half SET version = 1, body = {}; THROW 'no';";
        let broken = [MIGRATIONS, &[Migration { number: NEXT, name: "broken", text }]].concat();
        assert!(migrate(&store.engine, &broken).await.is_err());
        migrate(&store.engine, MIGRATIONS).await.unwrap();
        assert!(store.configuration().await.unwrap().settings.is_empty());
    });
}

#[test]
fn a_database_of_an_earlier_version_gives_the_target_of_its_events() {
    block_on(async {
        let options = StoreOptions::new("memory");
        let store = SurrealStore::open_with(&options, &MIGRATIONS[..1]).await.unwrap();
        let body = serde_json::to_string(&event(1, EventKind::Updated, "ada")).unwrap();
        let text: &'static str =
            format!("CREATE event:`00000001` SET kind = 'updated', search = 'x', body = {body};").leak();
        store.engine.write(text, surrealdb::types::Variables::new()).await.unwrap();
        migrate(&store.engine, MIGRATIONS).await.unwrap();
        store.append_events(vec![event(2, EventKind::Updated, "ada")]).await.unwrap();
        let target = event(1, EventKind::Updated, "ada").target;
        let query = ListQuery { target: target.clone(), ..ListQuery::default() };
        let page = store.events(&query).await.unwrap();
        assert_eq!((page.total, page.rows.len()), (2, 2), "{target}");
        let longer = ListQuery { target: format!("{target}x"), ..ListQuery::default() };
        assert_eq!(store.events(&longer).await.unwrap().total, 0);
    });
}

#[test]
fn a_saml_provider_of_an_earlier_version_keeps_the_responses_that_it_kept() {
    block_on(async {
        let store = SurrealStore::open_with(&StoreOptions::new("memory"), &MIGRATIONS[..10]).await.unwrap();
        for (name, kept) in [("silent", None), ("keeping", Some(5))] {
            let provider = SamlProvider::new(name, "https://sp.example/acs", "https://sp.example");
            let mut body = serde_json::to_value(&provider).unwrap();
            let fields = body.as_object_mut().unwrap();
            fields.remove("keep_responses");
            fields.extend(kept.map(|kept: u32| ("keep_responses".to_owned(), kept.into())));
            let text: &'static str = format!("CREATE saml_provider:{name} SET version = 3, body = {body};").leak();
            store.engine.write(text, surrealdb::types::Variables::new()).await.unwrap();
        }
        migrate(&store.engine, MIGRATIONS).await.unwrap();
        let providers = store.configuration().await.unwrap().saml_providers;
        let kept = |name: &str| (providers[name].version, providers[name].value.keep_responses);
        assert_eq!((kept("silent"), kept("keeping")), ((3, 0), (3, 5)));
    });
}

/// What a database of so many migrations has written down of an event.
fn written(event: &Event, migrations: usize) -> Option<String> {
    let (target, body) = (&event.target, serde_json::to_string(event).unwrap());
    let text = serde_json::to_string(&body).unwrap();
    let kept = match migrations {
        1 => format!("body = {body}"),
        2..=4 => format!("target = '{target}', body = {body}"),
        5..=9 => format!("target = '{target}', text = {text}"),
        // As it is today.
        _ => return None,
    };
    Some(format!("CREATE event:`{}` SET kind = 'updated', search = 'x', {kept};", event.id))
}

#[test]
fn a_database_of_every_earlier_version_is_brought_up_with_all_that_it_holds() {
    for there in 1..MIGRATIONS.len() {
        block_on(async move {
            let store = SurrealStore::open_with(&StoreOptions::new("memory"), &MIGRATIONS[..there]).await.unwrap();
            let told = event(1, EventKind::Updated, "ada");
            let mut text = String::new();
            for (table, key, body) in [
                ("`group`", "sea", serde_json::json!({ "name": "sea", "attributes": { "aws_role": "Admin" } })),
                ("policy", "late", serde_json::json!({ "name": "late", "expression": "return True" })),
                ("application", "aws", serde_json::json!({ "slug": "aws", "name": "AWS" })),
                ("setting", "s", serde_json::json!({ "name": "s", "value": [1, null] })),
            ] {
                text.push_str(&format!("CREATE {table}:{key} SET version = 3, body = {body};\n"));
            }
            match written(&told, there) {
                Some(event) => text.push_str(&event),
                None => store.append_events(vec![told.clone()]).await.unwrap(),
            }
            store.engine.write(text.leak(), surrealdb::types::Variables::new()).await.unwrap();
            migrate(&store.engine, MIGRATIONS).await.unwrap();

            let all = store.configuration().await.unwrap();
            assert_eq!(all.groups["sea"].value.attributes["aws_role"], "Admin", "from {there}");
            assert_eq!(all.policies["late"].value.expression, "return True", "from {there}");
            assert_eq!((all.applications["aws"].version, all.settings["s"].version), (3, 3), "from {there}");
            let later = event(2, EventKind::Updated, "ada");
            store.append_events(vec![later.clone()]).await.unwrap();
            let query = ListQuery { target: told.target.clone(), ..ListQuery::default() };
            let page = store.events(&query).await.unwrap();
            assert_eq!(page.rows, [later, told], "from {there}");
        });
    }
}
