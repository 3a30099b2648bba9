use std::{io::Write as _, net::TcpStream, process::Command};

use tests::{Browser, PASSWORD, ended};

use crate::crash::{Server, sample, start};

fn terminate(server: &Server) {
    Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stays_open_does_not_hold_a_server_that_is_told_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(&folder.path().join("data"), Some(&sample(folder.path())));
    let root = Browser::new(&server.url);
    root.sign_in("root", PASSWORD).await;
    let mut stream = root.open("/admin/events/stream?after=").await.unwrap();
    assert_eq!(stream.status(), 200);
    assert!(stream.chunk().await.unwrap().is_some(), "nothing is told");
    terminate(&server);
    assert_eq!(ended(&mut server.child).code(), Some(0));
    // It has an end; one that was cut off when the time of requests was over would have none.
    while stream.chunk().await.expect("the stream was cut off").is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_does_not_hold_a_server_that_is_told_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start(&data, Some(&sample(folder.path())));
    let mut client = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    client.write_all(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nusername=").unwrap();
    assert_eq!(Browser::new(&server.url).get("/health/live").await.status, 200);
    terminate(&server);
    assert_eq!(ended(&mut server.child).code(), Some(0));
    // The folder is free, and what was in it is there.
    let mut server = start(&data, None);
    assert_eq!(Browser::new(&server.url).sign_in("ada", PASSWORD).await.status, 303);
    terminate(&server);
    ended(&mut server.child);
}
