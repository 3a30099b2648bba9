use std::{sync::Arc, time::Instant};

use expression::{Context, Expression, Limits, UserContext};

use crate::{
    Outcome, directory,
    load::Visitor,
    peer,
    process::{Server, plain_bare},
    signing,
    table::Table,
};

/// Of a provider that keeps its last ten responses, as every one does that says nothing else.
const INIT: &str = "/application/saml/aws/sso/binding/init/";
/// Of one that keeps none.
const INIT_KEEPING_NONE: &str = "/application/saml/aws-keeping-none/sso/binding/init/";
/// Requests at once: more than processors, as a busy morning has.
const HANDS: usize = 16;
/// Processor time is counted in hundredths of a second; of so many signatures and sign-ons one is a hundredth and less.
const SIGNATURES: u32 = 4000;
const SIGN_ONS: usize = 4000;

/// Signed responses over HTTP beside bare signatures, in turns, so that a change of the machine's load meets both alike.
pub async fn sign_on(table: &mut Table) -> Outcome<()> {
    let key = signing::key()?;
    let mut bare = 0.0;
    for (turn, people) in [100, 10_000, 100_000].into_iter().enumerate() {
        let folder = Folder::filled(people, table)?;
        let server = Server::start(&folder.data())?;
        let visitor = Arc::new(Visitor::sign_in(&server.url).await?);
        for path in [INIT, INIT_KEEPING_NONE] {
            visitor.together(path, 160, HANDS).await?;
        }
        let (mut http, mut none_kept, mut signatures) = (Vec::new(), Vec::new(), Vec::new());
        let (mut floor, mut first) = (Vec::new(), Vec::new());
        // What a response says is remembered for few addresses, so each of these asks as if for the first time.
        let strangers = visitor.at_addresses(16)?;
        for _ in 0..5 {
            signatures.push(signing::bare(&key, SIGNATURES)?);
            http.push(served(&server, &visitor, INIT, SIGN_ONS).await?);
            none_kept.push(served(&server, &visitor, INIT_KEEPING_NONE, SIGN_ONS).await?);
            floor.push(served(&server, &visitor, "/health/live", 16_000).await?);
            if turn == 0 {
                let before = server.cpu_seconds()?;
                Visitor::all_together(&strangers, INIT, 1600).await?;
                first.push(1600.0 / (server.cpu_seconds()? - before));
            }
        }
        let (http, none_kept, signatures, floor) = (median(http), median(none_kept), median(signatures), median(floor));
        if turn == 0 {
            bare = signatures;
            table.row("bare RSA-2048 signatures", format!("{signatures:.0} / CPU s"), "the yardstick, same library");
            table.row("request floor", format!("{floor:.0} / CPU s"), "`/health/live`, the server's share alone");
        }
        table.row(
            format!("sign-on over HTTP ÷ bare signature, {people} people, the last 10 responses kept"),
            format!("{:.3}", http / signatures),
            format!("{http:.0} responses / CPU s of the server; live session, event on disk before the answer"),
        );
        table.row(
            format!("sign-on over HTTP ÷ bare signature, {people} people, no response kept"),
            format!("{:.3}", none_kept / signatures),
            format!("{none_kept:.0} responses / CPU s of the server; `keep_responses: 0`, all else as above"),
        );
        if turn == 0 {
            let first = median(first);
            table.row(
                "the same with nothing remembered of the person, the last 10 responses kept",
                format!("{:.3}", first / signatures),
                format!("{first:.0} responses / CPU s; access, mappings and rules are worked out each time"),
            );
        }
        server.stop()?;
    }
    let samael = signing::samael(1000)?;
    table.row(
        "samael's own path ÷ bare signature",
        format!("{:.3}", samael / bare),
        "in process, without HTTP or events",
    );
    let pysaml2 = peer::pysaml2(60)?;
    table.row("pysaml2 ÷ bare signature", format!("{:.3}", pysaml2 / bare), "in process, xmlsec1 as it calls it");
    Ok(())
}

/// The same ratio as on a processor without instructions for long numbers (AVX-512 IFMA), where a signature takes twice
/// as long and everything else what it takes here.
pub async fn without_long_numbers(table: &mut Table) -> Outcome<()> {
    let folder = Folder::filled(10_000, table)?;
    let server = Server::start_plain(&folder.data())?;
    let visitor = Arc::new(Visitor::sign_in(&server.url).await?);
    let ways = [(INIT, "the last 10 responses kept"), (INIT_KEEPING_NONE, "no response kept")];
    for (path, _) in ways {
        visitor.together(path, 160, HANDS).await?;
    }
    let (mut http, mut signatures) = (ways.map(|_| Vec::new()), Vec::new());
    for _ in 0..5 {
        signatures.push(plain_bare(SIGNATURES)?);
        for ((path, _), http) in ways.iter().zip(&mut http) {
            http.push(served(&server, &visitor, path, SIGN_ONS).await?);
        }
    }
    let signatures = median(signatures);
    server.stop()?;
    for ((_, kept), http) in ways.into_iter().zip(http) {
        let http = median(http);
        table.row(
            format!("sign-on over HTTP ÷ bare signature, 10000 people, {kept}, without AVX-512 IFMA"),
            format!("{:.3}", http / signatures),
            format!("{http:.0} ÷ {signatures:.0} / CPU s; a bare signature takes {:.2} ms so", 1000.0 / signatures),
        );
    }
    Ok(())
}

async fn served(server: &Server, visitor: &Arc<Visitor>, path: &str, count: usize) -> Outcome<f64> {
    let before = server.cpu_seconds()?;
    visitor.together(path, count, HANDS).await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let count = count as f64;
    Ok(count / (server.cpu_seconds()? - before))
}

/// Cold start and idle memory.
pub async fn start_and_memory(table: &mut Table) -> Outcome<()> {
    for people in [0, 10_000] {
        let folder = Folder::filled(people, table)?;
        let mut ready = Vec::new();
        for _ in 0..7 {
            let server = Server::start(&folder.data())?;
            ready.push(server.ready.as_secs_f64() * 1000.0);
            server.stop()?;
        }
        table.row(
            format!("start to ready, {people} people"),
            format!("{:.0} ms", median(ready)),
            "median of 7, existing store",
        );
        let server = Server::start(&folder.data())?;
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        table.row(
            format!("resident when idle, {people} people"),
            format!("{:.0} MiB", server.resident_mib()?),
            format!("5 s after ready; {:.0} MiB of it are its own, the rest is the program's code", server.own_mib()?),
        );
        let visitor = Arc::new(Visitor::sign_in(&server.url).await?);
        visitor.together(INIT, 1600, HANDS).await?;
        table.row(
            format!("resident after 1,600 sign-ons, {people} people"),
            format!("{:.0} MiB", server.resident_mib()?),
            "one password hash of Argon2id among them",
        );
        server.stop()?;
    }
    Ok(())
}

/// The list of people, and how its cost grows.
pub async fn lists(table: &mut Table) -> Outcome<()> {
    let views = [
        ("first page", "/admin/users".to_owned()),
        ("by email, page 40", "/admin/users?sort=email&page=40".to_owned()),
        ("search for one", "/admin/users?q=person000777".to_owned()),
    ];
    let mut former = Vec::new();
    for people in [10_000, 100_000] {
        let folder = Folder::filled(people, table)?;
        let server = Server::start(&folder.data())?;
        let visitor = Visitor::sign_in(&server.url).await?;
        for (index, (what, path)) in views.iter().enumerate() {
            visitor.in_turn(path, 5).await?;
            let durations = visitor.in_turn(path, 100).await?;
            let median = durations.quantile_ms(0.5);
            let growth = former.get(index).map(|f| format!(", {:.1} times that of 10,000", median / f));
            table.row(
                format!("list of {people} people, {what}"),
                format!("{median:.1} ms"),
                format!("p99 {:.1} ms{}", durations.quantile_ms(0.99), growth.unwrap_or_default()),
            );
            if people == 10_000 {
                former.push(median);
            }
        }
        server.stop()?;
    }
    Ok(())
}

/// The guide's mapping, compiled once, as sign-on runs it.
pub fn expressions(table: &mut Table) -> Outcome<()> {
    let source = "role_name = user.group_attributes().get(\"aws_role\", \"\")\n\
        return f\"arn:aws:iam::123412341234:role/{role_name},arn:aws:iam::123412341234:saml-provider/authentik\"";
    let expression = Expression::compile("role", source).map_err(|e| e.to_string())?;
    let mut attributes = serde_json::Map::new();
    attributes.insert("aws_role".into(), "Admin".into());
    let context = Context {
        user: Some(UserContext { group_attributes: attributes, ..UserContext::default() }),
        ..Context::default()
    };
    let start = Instant::now();
    let calls = 2000;
    for _ in 0..calls {
        expression.evaluate(&context, &Limits::default()).map_err(|e| e.to_string())?;
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(calls);
    table.row("one property mapping", format!("{each:.0} µs"), "role by group attribute, compiled once");
    Ok(())
}

/// What a browser loads once.
pub fn browser_half(table: &mut Table) {
    match peer::module_sizes() {
        Ok((raw, compressed)) => {
            table.row("WASM, brotli", format!("{} KB", compressed / 1000), format!("{} KB unpacked", raw / 1000));
        }
        Err(why) => table.row("WASM, brotli", "not built", why),
    }
}

/// A folder with a store of its own, gone at the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn filled(people: usize, table: &mut Table) -> Outcome<Self> {
        let folder = Self(tempfile::tempdir().map_err(|e| e.to_string())?);
        let start = Instant::now();
        directory::fill(folder.0.path(), people)?;
        if people == 100_000 && !table.has("apply") {
            table.row(
                "apply of a file with 100,000 people",
                format!("{:.0} s", start.elapsed().as_secs_f64()),
                "one transaction",
            );
        }
        Ok(folder)
    }

    fn data(&self) -> std::path::PathBuf {
        self.0.path().join("data")
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
