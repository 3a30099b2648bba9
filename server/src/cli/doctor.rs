use std::{path::Path, process::Command};

use domain::Finding;
use model::VerdictStatus;
use store::OpenError;

use super::{failure::Failure, offline::Offline};
use crate::{
    compose::{self, ComposeError},
    config::Common,
};

/// Free space below which the store may stop taking writes soon, in KiB.
const LITTLE_SPACE: u64 = 512 * 1024;

/// Examines the installation: a line for each finding, and exit code 1 where something is wrong.
pub async fn doctor(common: &Common) -> Result<(), Failure> {
    let mut findings = vec![public_url(common), data_dir(&common.data_dir), master_key(&common.data_dir)];
    findings.push(disk_space(&common.data_dir));
    // Opening would make what is missing; a look must not.
    if common.database.is_none() && !common.data_dir.join("db").exists() {
        let fix = "start the server once, or name the right --data-dir";
        findings.push(Finding::bad(shown(&common.data_dir.join("db")), "there is no database", fix));
    } else {
        findings.extend(store(common).await?);
    }
    for finding in &findings {
        let mark = match finding.status {
            VerdictStatus::Passed => "ok     ",
            VerdictStatus::Warning => "warning",
            VerdictStatus::Failed => "FAILED ",
        };
        let fix = if finding.fix.is_empty() { String::new() } else { format!("; {}", finding.fix) };
        println!("{mark} {}: {}{fix}", finding.place, finding.found);
    }
    match findings.iter().filter(|finding| finding.status == VerdictStatus::Failed).count() {
        0 => Ok(()),
        failed => Err(Failure::failed(format!("{failed} of {} checks failed", findings.len()))),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Opens the store, which brings its schema up to date and opens every private key, and looks at what is in it.
async fn store(common: &Common) -> Result<Vec<Finding>, Failure> {
    match Offline::open(common).await {
        Ok(offline) => {
            let examined = offline.services.examine().await;
            let writable = offline.services.ready().await;
            offline.close().await;
            let mut findings = vec![Finding::good("store", "it opens, its schema is up to date, its secrets open")];
            findings.extend(
                writable.err().map(|error| Finding::bad("store", error.to_string(), "see to the disk or the network")),
            );
            findings.extend(examined?);
            Ok(findings)
        }
        Err(ComposeError::Open(OpenError::Held { address, .. })) => Ok(vec![held(address.as_deref()).await]),
        Err(ComposeError::Open(error @ (OpenError::Unfinished { .. } | OpenError::Marked { .. }))) => {
            Ok(vec![Finding::bad("store", error.to_string(), "")])
        }
        Err(error) => Ok(vec![Finding::bad("store", error.to_string(), "see what it says; the data is untouched")]),
    }
}

/// A running server is asked whether it is ready; what is in its store it alone can see.
async fn held(address: Option<&str>) -> Finding {
    let Some(address) = address else {
        return Finding::warning("store", "another process has it", "stop that process to examine what is in it");
    };
    let address = address.replace("0.0.0.0", "127.0.0.1");
    let place = format!("the server at {address}");
    match reqwest::get(format!("http://{address}/health/ready")).await {
        Ok(answer) if answer.status().is_success() => {
            let fix = "stop it to examine what is in the store too";
            Finding::warning(place, "it has the store and is ready", fix)
        }
        Ok(answer) => Finding::bad(place, format!("it answers {}", answer.status()), "see its log"),
        Err(error) => Finding::bad(place, format!("it does not answer: {error}"), "see its log, or start it again"),
    }
}

fn public_url(common: &Common) -> Finding {
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
    match compose::public_url(common.public_url.as_deref(), listen) {
        Err(error) => Finding::bad("public URL", error.to_string(), "set --public-url or ROLECALL_PUBLIC_URL"),
        Ok(_) if common.public_url.is_none() => {
            let found = "none is given, so addresses in metadata are those of this machine";
            Finding::warning("public URL", found, "set --public-url or ROLECALL_PUBLIC_URL as for the server")
        }
        Ok(url) => Finding::good("public URL", url),
    }
}

#[cfg(unix)]
fn others_may(path: &Path, bits: u32) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & bits != 0)
}

#[cfg(not(unix))]
fn others_may(path: &Path, _: u32) -> std::io::Result<bool> {
    std::fs::metadata(path).map(|_| false)
}

fn data_dir(path: &Path) -> Finding {
    match others_may(path, 0o022) {
        Err(error) => Finding::bad(shown(path), error.to_string(), "name the right --data-dir"),
        Ok(true) => {
            Finding::bad(shown(path), "others can write into it", format!("run: chmod go-w {}", path.display()))
        }
        Ok(false) => Finding::good(shown(path), "only its owner can write into it"),
    }
}

fn master_key(data_dir: &Path) -> Finding {
    let path = data_dir.join("master.key");
    if !path.exists() {
        return Finding::bad(
            shown(&path),
            "it is not there",
            "restore it from its backup; without it secrets stay closed",
        );
    }
    match compose::vault(data_dir) {
        Ok(_) => Finding::good(shown(&path), "only its owner can read it"),
        Err(error) => Finding::bad("master key", error.to_string(), "see what it says"),
    }
}

/// By `df`, which every system of this kind has: the standard library does not tell.
fn disk_space(path: &Path) -> Finding {
    let place = format!("disk of {}", path.display());
    let output = Command::new("df").arg("-Pk").arg(path).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free =
        text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).and_then(|kib| kib.parse::<u64>().ok());
    match free {
        None => Finding::warning(place, "it is not known how much is free", "look by hand: df"),
        Some(kib) if kib < LITTLE_SPACE => Finding::bad(
            place,
            format!("{} MiB are free", kib / 1024),
            "make room: a store that cannot write signs nobody on",
        ),
        Some(kib) => Finding::good(place, format!("{} MiB are free", kib / 1024)),
    }
}
