use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::Outcome;

/// Kernel clock ticks for each second, the unit of `/proc/PID/stat`: fixed on Linux.
const TICKS: f64 = 100.0;

/// OpenSSL's variable that switches instructions off, and its value without AVX-512 IFMA (CPUID leaf 7, EBX, bit 21),
/// which halves the time of an RSA signature.
const CAPABILITIES: &str = "OPENSSL_ia32cap";
const PLAIN: &str = ":~0x200000";

/// Bare signatures per processor second, where these instructions are switched off: asked of this program, since the
/// library looks once.
pub fn plain_bare(calls: u32) -> Outcome<f64> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let answer = Command::new(own).args(["bare", &calls.to_string()]).env(CAPABILITIES, PLAIN).output();
    let answer = answer.map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&answer.stdout);
    text.trim().parse().map_err(|_| format!("no bare signatures: {text}"))
}

/// A running server.
pub struct Server {
    child: Child,
    pub url: String,
    /// From the start of the process to the line that says it listens.
    pub ready: Duration,
}

/// The program that was built with this one.
pub fn rolecall() -> Outcome<PathBuf> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let path = own.with_file_name("rolecall");
    if path.exists() { Ok(path) } else { Err(format!("{} is not built", path.display())) }
}

impl Server {
    pub fn start(data: &Path) -> Outcome<Self> {
        Self::with(Command::new(rolecall()?), data)
    }

    /// As on a processor that has no instructions for long numbers.
    pub fn start_plain(data: &Path) -> Outcome<Self> {
        let mut command = Command::new(rolecall()?);
        command.env(CAPABILITIES, PLAIN);
        Self::with(command, data)
    }

    fn with(mut command: Command, data: &Path) -> Outcome<Self> {
        let start = Instant::now();
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| e.to_string())?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let url = loop {
            let line = lines.next().ok_or("the server ended before it listened")?.map_err(|e| e.to_string())?;
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        let ready = start.elapsed();
        // What else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, url, ready })
    }

    /// Processor seconds that the server has used so far, all its threads.
    pub fn cpu_seconds(&self) -> Outcome<f64> {
        cpu_seconds(&self.child.id().to_string())
    }

    /// Resident memory in MiB.
    pub fn resident_mib(&self) -> Outcome<f64> {
        memory_mib(&self.child.id().to_string(), "VmRSS:")
    }

    /// The part of it that is no file's, in MiB: what it has written. The rest is mostly the program itself, of which the
    /// system takes away what it needs elsewhere.
    pub fn own_mib(&self) -> Outcome<f64> {
        memory_mib(&self.child.id().to_string(), "RssAnon:")
    }

    /// Ends it as a service manager does, so that the next start finds a closed store.
    pub fn stop(mut self) -> Outcome<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().map_err(|e| e.to_string())?;
        self.child.wait().map_err(|e| e.to_string()).map(|_| ())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command took.
pub struct Used {
    pub seconds: f64,
    pub cpu_seconds: f64,
    pub peak_mib: f64,
}

/// Runs a command of Rolecall to its end. Processor time and memory are sampled, so the last hundredth may be missing.
pub fn run(arguments: &[String]) -> Outcome<Used> {
    let start = Instant::now();
    let mut child = Command::new(rolecall()?)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|e| e.to_string())?;
    let id = child.id().to_string();
    let mut used = Used { seconds: 0.0, cpu_seconds: 0.0, peak_mib: 0.0 };
    loop {
        used.cpu_seconds = cpu_seconds(&id).unwrap_or(used.cpu_seconds).max(used.cpu_seconds);
        used.peak_mib = memory_mib(&id, "VmHWM:").unwrap_or(used.peak_mib).max(used.peak_mib);
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            used.seconds = start.elapsed().as_secs_f64();
            return if status.success() { Ok(used) } else { Err(format!("{arguments:?} ended with {status}")) };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Processor seconds of this very process.
pub fn own_cpu_seconds() -> Outcome<f64> {
    cpu_seconds("self")
}

fn cpu_seconds(process: &str) -> Outcome<f64> {
    let stat = read(&format!("/proc/{process}/stat"))?;
    // The name of the program, in brackets, may hold anything; fields are counted after it.
    let (_, fields) = stat.rsplit_once(')').ok_or("no stat")?;
    let field =
        |index: usize| -> f64 { fields.split_whitespace().nth(index).and_then(|f| f.parse().ok()).unwrap_or_default() };
    Ok((field(11) + field(12)) / TICKS)
}

fn memory_mib(process: &str, what: &str) -> Outcome<f64> {
    let status = read(&format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix(what)).ok_or_else(|| format!("no {what}"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().map_err(|e| format!("{what} {e}"))?;
    Ok(kib / 1024.0)
}

fn read(path: &str) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))
}
