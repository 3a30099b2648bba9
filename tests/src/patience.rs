use std::{
    future::Future,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::soak;

/// The longest that a test waits for anything: far more than the slowest machine needs. What never comes fails its test by
/// name, and does not hold up all others. What is done in full takes its time.
pub(crate) fn longest() -> Duration {
    Duration::from_secs(soak(180, 3_600))
}

/// The result of some work that has to end.
#[expect(clippy::panic, reason = "what never comes is a failed test")]
pub async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(longest(), work).await.unwrap_or_else(|_| panic!("not in time: {what}"))
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
        match told.recv_timeout(longest()) {
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

/// What a program says, and how it ends; it is given `input` to read.
#[expect(clippy::panic, reason = "a program that does not run is a failed test")]
pub fn output(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // One that reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
    }
    let stdout = child.stdout.take().map(collected);
    let stderr = child.stderr.take().map(collected);
    let status = ended(&mut child);
    let text = |reader: Option<JoinHandle<Vec<u8>>>| reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    Output { status, stdout: text(stdout), stderr: text(stderr) }
}

/// Reads to the end on a thread of its own, so that neither stream keeps the other from being read.
fn collected(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure is all there is.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

/// How a process ended that has to end.
#[expect(clippy::panic, reason = "a process that does not end is a failed test")]
pub fn ended(child: &mut Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status,
            Ok(None) if began.elapsed() < longest() => std::thread::sleep(Duration::from_millis(10)),
            other => {
                let _ = child.kill();
                panic!("the process {} does not end: {other:?}", child.id())
            }
        }
    }
}
