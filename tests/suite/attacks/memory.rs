use std::{path::Path, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use tests::{Browser, PASSWORD};

use crate::crash::{sample, spawn};
use tests::program;

/// What one request may make the program hold, in KiB; server/docs/limits.md states it.
const BOUND: u64 = 32 * 1024;

/// The most that a process has ever held, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
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

#[tokio::test(flavor = "multi_thread")]
async fn no_request_makes_the_program_hold_more_than_is_stated() {
    let folder = tempfile::tempdir().unwrap();
    let file = sample(folder.path());
    let mut server = spawn(Command::new(program("rolecall")), &folder.path().join("data"), Some(file.as_path()));
    let ada = Browser::new(&server.url);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 303);
    let path = "/application/saml/aws/sso/binding/post/";
    // Everything that is only made once is made before anything is measured.
    for _ in 0..3 {
        assert_eq!(ada.get("/application/saml/aws/sso/binding/init/").await.status, 200);
        ada.post(path, &[("SAMLRequest", "AAAA")]).await;
    }
    let mut before = peak(server.child.id());
    for (what, xml) in worst() {
        let field = STANDARD.encode(&xml);
        assert!(
            xml.len() < 128 * 1024 && field.len() < 256 * 1024 - 4096,
            "{what} would be refused for its size alone"
        );
        let redirect = crate::sign_on::redirect_query(&xml, "");
        let logout = path.replace("/sso/", "/slo/");
        for answer in [
            ada.post(path, &[("SAMLRequest", &field)]).await,
            ada.post(&logout, &[("SAMLRequest", &field)]).await,
            ada.get(&format!("/application/saml/aws/sso/binding/redirect/?{redirect}")).await,
        ] {
            assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        }
        let after = peak(server.child.id());
        println!("{what}: {} KiB", after - before);
        assert!(after - before <= BOUND, "{what}: {} KiB more than before", after - before);
        before = after;
    }
    let bomb = crate::sign_on::redirect_query(&" ".repeat(32 * 1024 * 1024), "");
    ada.get(&format!("/application/saml/aws/sso/binding/redirect/?{bomb}")).await;
    ada.post(path, &[("SAMLRequest", &"A".repeat(64 * 1024 * 1024))]).await;
    assert!(peak(server.child.id()) - before <= BOUND, "a bomb was held whole");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
}
