//! Where the time of a sign-on goes, part by part, each in processor time of this process.

use std::{hint::black_box, sync::Arc};

use domain::port::Store;
use model::{Event, EventKind};
use store::{StoreOptions, SurrealStore};
use tests::World;

use crate::{Outcome, process::own_cpu_seconds, table::Table};

const CALLS: u32 = 3000;
const HANDS: u32 = 16;

pub async fn parts(table: &mut Table) -> Outcome<()> {
    let world = World::new().await;
    // What is known of a person is remembered for the address that asks, so another address asks for the first time.
    for (what, same) in [("for the first time", false), ("again", true)] {
        let before = own_cpu_seconds()?;
        for call in 0..CALLS {
            let address = if same { "192.0.2.1".to_owned() } else { format!("10.0.{}.{}", call / 250, call % 250) };
            drop(black_box(world.services.preview("aws", "ada", &address).await.map_err(|e| e.to_string())?));
        }
        let made = micros(before, CALLS)?;
        table.row(
            format!("part: access, mappings, rules of AWS, signature, {what}"),
            format!("{made:.0} µs"),
            "two mappings; the signature is most of it",
        );
    }

    let before = own_cpu_seconds()?;
    for _ in 0..CALLS {
        let page = app::pages::PostForm {
            heading: "Signing you in",
            action_url: "https://signin.aws.amazon.com/saml".into(),
            parameter: "SAMLResponse",
            message: "A".repeat(6000),
            ..Default::default()
        };
        drop(black_box(app::pages::post_form(page)));
    }
    let page = micros(before, CALLS)?;
    table.row("part: the page that posts", format!("{page:.0} µs"), "6 KB of response");

    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let options = StoreOptions { url, ..StoreOptions::default() };
    let store = Arc::new(SurrealStore::open(&options).await.map_err(|e| e.to_string())?);
    let before = own_cpu_seconds()?;
    let mut tasks = tokio::task::JoinSet::new();
    for hand in 0..HANDS {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for n in 0..CALLS / HANDS {
                store.append_events(vec![event(hand, n)]).await.map_err(|e| e.to_string())?;
            }
            Ok::<_, String>(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|e| e.to_string())??;
    }
    let kept = micros(before, CALLS)?;
    table.row("part: an event on disk", format!("{kept:.0} µs"), format!("{HANDS} at once share transactions"));
    Ok(())
}

fn micros(before: f64, calls: u32) -> Outcome<f64> {
    Ok((own_cpu_seconds()? - before) * 1e6 / f64::from(calls))
}

fn event(hand: u32, n: u32) -> Event {
    Event {
        id: format!("{hand:08x}{n:08x}"),
        at: "2026-11-24T00:00:00Z".into(),
        kind: EventKind::ResponseIssued,
        actor: "root".into(),
        target: "application aws".into(),
        address: "127.0.0.1".into(),
        message: "root signed on to AWS".into(),
        detail: serde_json::json!({
            "response": "_0123456789abcdef0123456789abcdefr", "assertion": "_0123456789abcdef0123456789abcdefa",
            "acs_url": "https://signin.aws.amazon.com/saml", "attributes": [["Role", 1], ["RoleSessionName", 1]],
        }),
    }
}
