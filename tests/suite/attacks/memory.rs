use std::{path::Path, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use tests::{Browser, PASSWORD, ended};

use crate::crash::{Server, sample, spawn};
use tests::program;

/// What one request may make the program hold, in KiB; server/docs/limits.md states it.
const BOUND: u64 = 32 * 1024;
/// Bytes that come or unfold without end: more than the bound, and as much as a query can unfold to.
const BOMB: usize = 40 * 1024 * 1024;

/// The most that a process has held, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Lets the count begin anew at what is held now (Linux, proc(5), `clear_refs`).
fn forget(pid: u32) -> u64 {
    std::fs::write(Path::new("/proc").join(pid.to_string()).join("clear_refs"), "5").unwrap();
    peak(pid)
}

/// Documents of nearly 128 KiB, each of another shape, that cost the most for their size.
fn worst() -> Vec<(&'static str, String)> {
    let root = |inside: &str| {
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inside}</samlp:AuthnRequest>"
        )
    };
    let fill = |part: &str| part.repeat(126 * 1024 / part.len());
    vec![
        ("elements", root(&fill("<a/>"))),
        ("attributes", root(&fill("<a b=\"\" c=\"\" d=\"\" e=\"\" f=\"\" g=\"\" h=\"\"/>"))),
        ("namespaces", root(&fill("<a xmlns:b=\"c\" xmlns:d=\"e\"/>"))),
        ("nesting", root(&fill(&format!("{}{}", "<a>".repeat(29), "</a>".repeat(29))))),
        ("references", root(&fill("&#65;"))),
        ("text between elements", root(&fill("x<a/>"))),
    ]
}

/// A server that has done everything once, and one of its people.
///
/// Each measurement has its own: what one request has left in the allocator the next one would use, and the kernel would
/// not see it. For the same reason freed memory goes back at once, as far as the allocator can give it (glibc, "Memory Allocation Tunables").
async fn warm(folder: &Path) -> (Server, Browser) {
    let file = sample(folder);
    let mut command = Command::new(program("rolecall"));
    for (tunable, value) in [("MMAP_THRESHOLD_", "65536"), ("TRIM_THRESHOLD_", "0"), ("TOP_PAD_", "0")] {
        command.env(format!("MALLOC_{tunable}"), value);
    }
    let server = spawn(command, &folder.join("data"), Some(file.as_path()));
    let ada = Browser::new(&server.url);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 303);
    for _ in 0..3 {
        assert_eq!(ada.get("/application/saml/aws/sso/binding/init/").await.status, 200);
        ada.post(POST, &[("SAMLRequest", "AAAA")]).await;
    }
    (server, ada)
}

const POST: &str = "/application/saml/aws/sso/binding/post/";

/// What `requests` made a fresh server hold beyond what it held before, in KiB.
///
/// Other work of the process can only add to it, so a result above the bound is looked at again.
async fn cost(what: &str, requests: impl AsyncFn(&Browser)) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let (mut server, ada) = warm(folder.path()).await;
        let before = forget(server.child.id());
        requests(&ada).await;
        // The kernel counts in batches, so a later reading may be a little lower.
        let more = peak(server.child.id()).saturating_sub(before);
        server.child.kill().unwrap();
        ended(&mut server.child);
        println!("{what}: {more} KiB");
        least = least.min(more);
        if least <= BOUND {
            break;
        }
    }
    least
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_makes_the_program_hold_more_than_is_stated() {
    let mut most = 0;
    for (what, xml) in worst() {
        let field = STANDARD.encode(&xml);
        assert!(
            xml.len() < 128 * 1024 && field.len() < 256 * 1024 - 4096,
            "{what} would be refused for its size alone"
        );
        let redirect = crate::sign_on::redirect_query(&xml, "");
        let logout = POST.replace("/sso/", "/slo/");
        let more = cost(what, async |ada: &Browser| {
            for answer in [
                ada.post(POST, &[("SAMLRequest", &field)]).await,
                ada.post(&logout, &[("SAMLRequest", &field)]).await,
                ada.get(&format!("/application/saml/aws/sso/binding/redirect/?{redirect}")).await,
            ] {
                assert_eq!(answer.status, 400, "{what}: {}", answer.body);
            }
        })
        .await;
        assert!(more <= BOUND, "{what}: {more} KiB more than before");
        most = most.max(more);
    }
    // The worst of them costs many times its own size; a measure that does not see that sees nothing.
    assert!(most >= 1024, "{most} KiB: nothing was measured");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_inflates_or_is_sent_without_end_is_not_held() {
    let bomb = crate::sign_on::redirect_query(&" ".repeat(BOMB), "");
    let endless = "A".repeat(BOMB);
    let more = cost("bombs", async |ada: &Browser| {
        ada.get(&format!("/application/saml/aws/sso/binding/redirect/?{bomb}")).await;
        ada.post(POST, &[("SAMLRequest", &endless)]).await;
    })
    .await;
    assert!(more <= BOUND, "a bomb was held whole: {more} KiB");
}
