use std::{
    future::Future,
    io::{BufRead, BufReader},
    process::{Child, ExitStatus},
    sync::mpsc,
    time::{Duration, Instant},
};

/// The longest that a test waits for anything: far more than the slowest machine needs. What never comes fails its test by
/// name, and does not hold up all others.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// The result of some work that has to end.
#[expect(clippy::panic, reason = "what never comes is a failed test")]
pub async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => panic!("not in time: {what}"),
    }
}

/// What a server says until it listens, line by line; the last line begins with `listening on`.
#[expect(clippy::panic, reason = "a server that does not start is a failed test")]
pub fn listening(server: &mut Child) -> Vec<String> {
    let (tell, told) = mpsc::channel();
    let output = server.stdout.take();
    std::thread::spawn(move || {
        let lines = output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok);
        // Nobody listens any more once the last line was heard.
        lines.map(|line| tell.send(line)).take_while(Result::is_ok).for_each(drop);
    });
    let mut lines = Vec::new();
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(line) => lines.push(line),
            Err(error) => {
                let _ = server.kill();
                panic!("the server does not listen: {error}, {:?}, {lines:?}", server.wait())
            }
        }
        if lines.last().is_some_and(|line| line.starts_with("listening on")) {
            return lines;
        }
    }
}

/// How a process ended that has to end.
#[expect(clippy::panic, reason = "a process that does not end is a failed test")]
pub fn ended(child: &mut Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status,
            Ok(None) if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(10)),
            other => {
                let _ = child.kill();
                panic!("the process {} does not end: {other:?}", child.id())
            }
        }
    }
}
