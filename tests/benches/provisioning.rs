use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use aws_sandbox::{
    FaultPlan, FaultRule, IdentityCenterOptions, Outcome as Fault, Rates, Sandbox, SandboxOptions, When,
};
use tokio::net::TcpListener;

use crate::{Outcome, process::run, table::Table};

/// Groups that everybody is in, of those below.
const EACH: usize = 5;
const SECRET: &str = "a-token-of-the-bench";

/// A service, and a store that provisions to it.
struct Bench {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
    users: usize,
    groups: usize,
}

impl Bench {
    /// People in groups, declared and not yet provisioned.
    async fn new(users: usize, groups: usize, rates: Option<Rates>, writes: &str) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let base_url = format!("http://{}", listener.local_addr().map_err(|e| e.to_string())?);
        let identity_center = IdentityCenterOptions { rates, ..IdentityCenterOptions::default() };
        let sandbox = Sandbox::new(SandboxOptions { base_url, identity_center, ..SandboxOptions::default() });
        tokio::spawn(sandbox.clone().serve(listener));
        sandbox.identity_center().create_token_as(SECRET, 86_400).map_err(|e| e.to_string())?;
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let bench = Self { sandbox, folder, users, groups };
        let file = bench.folder.path().join("people.yaml");
        let endpoint = bench.sandbox.identity_center().scim_endpoint();
        std::fs::write(&file, people(users, groups, &endpoint, writes)).map_err(|e| e.to_string())?;
        bench.rolecall(&["apply", &file.display().to_string()]).await?;
        Ok(bench)
    }

    /// The least requests that bring everything there: one for each object, and one for each hundred members.
    fn floor(&self) -> usize {
        let members = |group: usize| (self.users * EACH + self.groups - 1 - group) / self.groups;
        self.users + self.groups + (0..self.groups).map(|group| members(group).div_ceil(100)).sum::<usize>()
    }

    /// Provisions everything; the seconds from the first write that was taken to the last.
    async fn filled(&self) -> Outcome<f64> {
        self.rolecall(&["scim", "sync", "aws"]).await?;
        self.check()?;
        let all = self.sandbox.requests();
        let taken = all.iter().filter(|r| r.method != "GET" && r.status.is_some_and(|status| status < 300));
        let span = taken.fold(None, |span, r| {
            let (first, last) = span.unwrap_or((r.millis, r.millis));
            Some((r.millis.min(first), r.millis.max(last)))
        });
        let (first, last) = span.ok_or("nothing was written")?;
        Ok(Duration::from_millis(u64::try_from(last - first).unwrap_or_default()).as_secs_f64())
    }

    async fn rolecall(&self, arguments: &[&str]) -> Outcome<crate::process::Used> {
        let mut all: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
        all.extend(["--data-dir".to_owned(), self.folder.path().join("data").display().to_string()]);
        tokio::task::spawn_blocking(move || run(&all)).await.map_err(|e| e.to_string())?
    }

    /// Writes and reads that the service saw.
    fn requests(&self) -> (usize, usize) {
        let all = self.sandbox.requests();
        let writes = all.iter().filter(|request| request.method != "GET").count();
        (writes, all.len() - writes)
    }

    /// Everybody is there once, and everybody is a member as often as declared.
    fn check(&self) -> Outcome<()> {
        let directory = self.sandbox.identity_center().directory();
        let rows = |kind: &str| directory.get(kind).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        let members = |row: &serde_json::Value| row.get("memberNames").and_then(|m| m.as_array()).map_or(0, Vec::len);
        let found = (rows("users").len(), rows("groups").len(), rows("groups").iter().map(members).sum::<usize>());
        let wanted = (self.users, self.groups, self.users * EACH);
        if found == wanted { Ok(()) } else { Err(format!("{found:?} at the service, not {wanted:?}")) }
    }
}

fn people(users: usize, groups: usize, endpoint: &str, writes: &str) -> String {
    let mut text = String::from("version: 1\ngroups:\n");
    for group in 0..groups {
        let _ = writeln!(text, "  - {{ name: g{group:04} }}");
    }
    text.push_str("users:\n");
    for user in 0..users {
        let of_user: Vec<String> = (0..EACH).map(|n| format!("g{:04}", (user * EACH + n) % groups)).collect();
        let _ = writeln!(
            text,
            "  - {{ username: p{user:06}, name: Person {user}, email: p{user}@example.com, groups: [{}], attributes: {{ department: D{} }} }}",
            of_user.join(", "),
            user % 50
        );
    }
    let _ = writeln!(text, "scim_providers: [{{ name: aws, url: \"{endpoint}\", token: {SECRET}{writes} }}]");
    text.push_str("applications: [{ slug: aws, name: AWS, backchannel_providers: [aws] }]\n");
    text
}

/// 10,000 people at a service without limits: requests against the floor, and what planning takes.
pub async fn at_full_speed(table: &mut Table) -> Outcome<()> {
    let bench = Bench::new(10_000, 500, None, ", writes_per_second: 10000").await?;
    let used = bench.rolecall(&["scim", "plan", "aws"]).await?;
    table.row(
        "plan of everything, 10,000 users, 500 groups, 50,000 memberships",
        format!("{:.2} s of CPU", used.cpu_seconds),
        format!("{:.0} MiB at most; the whole `scim plan`: start, rendering, plan", used.peak_mib),
    );
    bench.sandbox.forget_requests();
    let used = bench.rolecall(&["scim", "sync", "aws"]).await?;
    bench.check()?;
    let (writes, reads) = bench.requests();
    if writes != bench.floor() {
        return Err(format!("{writes} writes, and the floor is {}", bench.floor()));
    }
    table.row(
        "writes ÷ floor, the same",
        ratio(writes, bench.floor()),
        format!(
            "{writes} writes, {reads} reads, floor {}; {:.0} s, {:.0} s of CPU, {:.0} MiB at most; exact",
            bench.floor(),
            used.seconds,
            used.cpu_seconds,
            used.peak_mib
        ),
    );
    bench.sandbox.forget_requests();
    let used = bench.rolecall(&["scim", "plan", "aws"]).await?;
    let (writes, reads) = bench.requests();
    table.row(
        "plan of nothing, the same",
        format!("{:.2} s of CPU", used.cpu_seconds),
        format!("{:.0} MiB at most; {} requests", used.peak_mib, writes + reads),
    );
    Ok(())
}

/// AWS's rates: how much of what it permits is used, from the first request to the last. How many changes of membership it
/// takes it does not say: once as many as all writes carry, and once so few that they are what takes longest.
pub async fn at_aws_rates(table: &mut Table) -> Outcome<()> {
    let wide = Rates { members: 1e9, ..Rates::AWS };
    for (users, groups, rates, what) in [
        (10_000, 500, wide, "share of 25 writes a second, 10,000 users, 500 groups, 50,000 memberships"),
        (2_400, 100, Rates::AWS, "the same with 2,400 users and 100 changes of membership a second"),
    ] {
        let bench = Bench::new(users, groups, Some(rates), "").await?;
        let seconds = bench.filled().await?;
        // Users come before memberships, so what the two take adds up.
        let members = share(users * EACH, rates.members);
        let filling = bench.floor() - users - groups;
        let least = share(users + groups, rates.writes) + share(filling, rates.writes).max(members);
        let sent_away = bench.sandbox.requests().iter().filter(|r| r.status == Some(429)).count();
        table.row(
            what,
            format!("{:.1} %", least / seconds * 100.0),
            format!("{} writes in {seconds:.1} s, at least {least:.0}; {sent_away} more were sent away", bench.floor()),
        );
    }
    Ok(())
}

/// 30 % are sent away, 5 % fail, of 2 % the answer is lost though they took effect.
pub async fn in_a_storm(table: &mut Table) -> Outcome<()> {
    for (what, applied) in [("before they took effect", 0.0), ("half of them after they took effect", 0.5)] {
        let bench = Bench::new(4_000, 200, None, ", writes_per_second: 10000").await?;
        bench.sandbox.set_faults(storm(applied)).map_err(|e| e.to_string())?;
        let began = Instant::now();
        // The command gives up after some bad rounds, as a command should; a server would go on, and so does this.
        let mut left = 50;
        while let Err(why) = bench.rolecall(&["scim", "sync", "aws"]).await {
            left -= 1;
            if left == 0 {
                return Err(why);
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        bench.check()?;
        let (writes, reads) = bench.requests();
        table.row(
            format!("requests ÷ floor in a storm, 4,000 users, errors {what}"),
            ratio(writes + reads, bench.floor()),
            format!("30 % 429, 5 % 500, 2 % lost; {writes} writes, {reads} reads, {seconds:.0} s; exact"),
        );
    }
    Ok(())
}

/// A rule sees what the rules before it left.
fn storm(applied: f64) -> FaultPlan {
    let status = |status, applied| Fault::Status {
        status,
        detail: None,
        body: None,
        content_type: None,
        retry_after: None,
        applied,
    };
    let rule = |probability, then| FaultRule { when: When { probability: Some(probability), ..When::default() }, then };
    let rules = vec![
        rule(0.3, status(429, false)),
        rule(0.05 * (1.0 - applied) / 0.7, status(500, false)),
        rule(0.05 * applied / 0.675, status(500, true)),
        rule(0.02 / 0.65, Fault::Reset { applied: true }),
    ];
    FaultPlan { seed: 11, rules }
}

fn ratio(part: usize, whole: usize) -> String {
    format!("{:.3}", share(part, 1.0) / share(whole, 1.0))
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn share(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}
