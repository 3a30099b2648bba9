use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{Router, http::StatusCode, response::Redirect, routing::get};
use domain::{declarative::Apply, port::MetadataSource};
use model::EventKind;
use serde_json::{Value, json};
use server::outbound::{HttpMetadata, MetadataLimits, Resolve, SystemResolver};
use tests::{World, ended, output};

const METADATA: &str = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example\"><md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/acs\" index=\"0\"/></md:SPSSODescriptor></md:EntityDescriptor>";

/// A service that publishes metadata, and other things.
async fn service() -> SocketAddr {
    let app = Router::new()
        .route("/metadata", get(|| async { METADATA }))
        .route("/elsewhere", get(|| async { METADATA.replace("/acs", "/acs-2") }))
        .route("/moved", get(|| async { Redirect::temporary("http://169.254.169.254/latest/meta-data/") }))
        .route("/gone", get(|| async { StatusCode::NOT_FOUND }))
        .route("/large", get(|| async { "x".repeat(100_000) }))
        .route("/bytes", get(|| async { vec![0xff_u8, 0xfe] }))
        .route("/repair", get(|| async { "<html><body>We are back soon.</body></html>" }))
        .route("/slow", get(std::future::pending::<()>));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A service that sends a byte now and then, as if it would never end.
async fn dripping() -> SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        let mut next = "HTTP/1.1 200 OK\r\ncontent-length: 40000\r\n\r\n".as_bytes();
        while stream.write_all(next).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            next = b"x";
        }
    });
    address
}

/// A name service that says what the test wants, and counts.
struct Names(Vec<SocketAddr>, AtomicUsize);

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, _host: &str, _port: u16) -> std::io::Result<Vec<SocketAddr>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(self.0.clone())
    }
}

fn limits() -> MetadataLimits {
    MetadataLimits { whole: Duration::from_mins(1), largest: 50_000 }
}

async fn refusal(source: &HttpMetadata, url: &str) -> String {
    match source.fetch(url).await {
        Ok(text) => panic!("{url} was read: {text}"),
        Err(why) => why.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_of_the_public_internet_is_not_asked() {
    let source = HttpMetadata::new(false);
    for url in [
        "https://127.0.0.1/metadata",
        "https://127.1/metadata",
        "https://0x7f000001/metadata",
        "https://2130706433/metadata",
        "https://0.0.0.0/metadata",
        "https://10.0.0.8/metadata",
        "https://172.16.3.4/metadata",
        "https://192.168.0.1/metadata",
        "https://100.64.0.1/metadata",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/metadata",
        "https://[::ffff:127.0.0.1]/metadata",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "https://[fe80::1]/metadata",
        "https://localhost/metadata",
    ] {
        let why = refusal(&source, url).await;
        assert!(why.contains("public internet"), "{url}: {why}");
    }
    for url in ["http://sp.example/", "http://1.1.1.1/metadata"] {
        let names = Arc::new(Names(vec!["1.1.1.1:80".parse().unwrap()], AtomicUsize::default()));
        for private in [false, true] {
            let source = HttpMetadata::with(private, limits(), names.clone());
            let why = refusal(&source, url).await;
            assert!(why.contains("plain http"), "{url}: {why}");
        }
    }
    for (url, told) in [
        ("file:///etc/passwd", "`file:` is not accepted"),
        ("ftp://sp.example/", "`ftp:` is not accepted"),
        ("data:text/xml,x", "`data:` is not accepted"),
        ("https://user:word@sp.example/", "no user"),
        ("metadata.xml", "not an address"),
        ("", "not an address"),
    ] {
        let why = refusal(&source, url).await;
        assert!(why.contains(told), "{url}: {why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_one_private_address_among_public_ones_is_refused() {
    let mixed = vec!["1.1.1.1:443".parse().unwrap(), "10.0.0.1:443".parse().unwrap()];
    let source = HttpMetadata::with(false, limits(), Arc::new(Names(mixed, AtomicUsize::default())));
    let why = refusal(&source, "https://sp.example/metadata").await;
    assert!(why.contains("10.0.0.1"), "{why}");
    let none = HttpMetadata::with(false, limits(), Arc::new(Names(Vec::new(), AtomicUsize::default())));
    assert!(refusal(&none, "https://sp.example/").await.contains("no address"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_goes_to_the_address_that_was_checked_and_the_name_is_looked_up_once() {
    let address = service().await;
    let names = Arc::new(Names(vec![address], AtomicUsize::default()));
    let source = HttpMetadata::with(true, limits(), names.clone());
    // No name service knows it, so whoever looked it up again would find nothing.
    let url = format!("http://metadata.invalid:{}/metadata", address.port());
    assert_eq!(source.fetch(&url).await.unwrap(), METADATA);
    assert_eq!(names.1.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_refusals_and_documents_without_end_are_refused() {
    let address = service().await;
    let source = HttpMetadata::with(true, limits(), Arc::new(SystemResolver));
    for (path, told) in [
        ("moved", "leads to http://169.254.169.254/latest/meta-data/"),
        ("gone", "404"),
        ("large", "more than 50000 bytes"),
        ("bytes", "UTF-8"),
    ] {
        let why = refusal(&source, &format!("http://{address}/{path}")).await;
        assert!(why.contains(told), "{path}: {why}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(refusal(&source, &format!("http://{closed}/")).await.contains("cannot be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_does_not_come_or_does_not_end_is_given_up_when_the_time_is_over() {
    let (silent, endless) = (service().await, dripping().await);
    // However short the wait is, it is long enough: one never answers, the other never ends.
    let brief = MetadataLimits { whole: Duration::from_millis(500), ..limits() };
    for url in [format!("http://{silent}/slow"), format!("http://{endless}/")] {
        let impatient = HttpMetadata::with(true, brief.clone(), Arc::new(SystemResolver));
        let reading = tokio::time::timeout(Duration::from_secs(20), impatient.fetch(&url)).await;
        let answered = reading.unwrap_or_else(|_| panic!("{url}: nobody gave it up"));
        assert!(answered.unwrap_err().to_string().contains("did not answer within"), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_asks_for_a_private_address_is_told_why_not_and_it_is_written_down() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let address = service().await;
    let body = json!({ "url": format!("https://{address}/metadata") });
    let answer = root.post_json("/fn/app/saml_providers/api/fetch_sp_metadata", &body).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let fault: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(fault["detail"][0]["field"], "url");
    assert!(answer.body.contains("--metadata-private-addresses"), "{}", answer.body);
    let asked = json!({ "query": { "filter": EventKind::MetadataFetched.code() } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert!(events.contains("public internet"), "{events}");
}

/// What a server says to a file whose provider comes from an address.
async fn applied(services: &domain::Services, rest: &str, dry_run: bool) -> Result<String, String> {
    let text = format!("version: 1\nsaml_providers:\n  - name: sp\n    metadata: {rest}\n");
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let plan = services.apply("f.yaml", &text, &none, "ops", dry_run).await;
    plan.map(|plan| plan.to_string()).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_name_the_address_of_metadata_and_a_dry_run_says_what_would_differ() {
    let world = World::new().await;
    let address = service().await;
    let services =
        world.reading_metadata_by(Arc::new(HttpMetadata::with(true, limits(), Arc::new(SystemResolver)))).await;
    let there = format!("{{ url: 'http://{address}/metadata' }}");
    let planned = applied(&services, &there, true).await.unwrap();
    assert!(planned.contains("+ SAML provider sp"), "{planned}");
    assert!(!services.export(false).await.unwrap().contains("https://sp.example/acs"), "a dry run did it");
    applied(&services, &there, false).await.unwrap();
    assert!(services.export(false).await.unwrap().contains("https://sp.example/acs"));
    let again = applied(&services, &there, false).await.unwrap();
    assert!(again.contains("0 to create, 0 to change"), "{again}");
    // The service has moved meanwhile.
    let moved = format!("{{ url: 'http://{address}/elsewhere' }}");
    let planned = applied(&services, &moved, true).await.unwrap();
    assert!(planned.contains("~ SAML provider sp: acs_url, imported\n"), "{planned}");
    let values = "    acs_url: https://sp.example/acs → https://sp.example/acs-2\n";
    assert!(planned.contains(values) && !planned.contains("imported:"), "{planned}");
    assert!(!services.export(false).await.unwrap().contains("acs-2"), "a dry run did it");
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": EventKind::MetadataFetched.code() } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert!(events.contains("ops read metadata from"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_reaches_no_further_than_the_console_and_nothing_of_it_is_applied_when_it_cannot() {
    let world = World::new().await;
    let address = service().await;
    let private =
        world.reading_metadata_by(Arc::new(HttpMetadata::with(true, limits(), Arc::new(SystemResolver)))).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (services, url, told) in [
        (&world.services, format!("https://{address}/metadata"), "public internet"),
        (&world.services, format!("http://{address}/metadata"), "public internet"),
        (&world.services, "https://169.254.169.254/latest/meta-data/".to_owned(), "public internet"),
        (&world.services, "file:///etc/passwd".to_owned(), "`file:` is not accepted"),
        (&private, format!("http://{address}/moved"), "leads to http://169.254.169.254"),
        (&private, format!("http://{address}/large"), "more than 50000 bytes"),
        (&private, format!("http://{address}/gone"), "404"),
        (&private, format!("http://{closed}/metadata"), "cannot be read"),
    ] {
        for dry_run in [true, false] {
            let why = applied(services, &format!("{{ url: '{url}' }}"), dry_run).await.unwrap_err();
            assert!(why.starts_with("f.yaml:4: saml_providers, `sp`: metadata:"), "{url}: {why}");
            assert!(why.contains(told) && why.contains("{ file: PATH }"), "{url}: {why}");
        }
    }
    assert!(!world.services.export(false).await.unwrap().contains("name: sp\n"), "something was applied");
    let unknown = applied(&private, "{ url: 'https://sp.example/', insecure: true }", true).await;
    assert!(unknown.is_err(), "a misspelt setting was let pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_keeps_a_provider_that_is_there_while_its_metadata_cannot_be_read_and_tells() {
    let world = World::new().await;
    let address = service().await;
    let services =
        world.reading_metadata_by(Arc::new(HttpMetadata::with(true, limits(), Arc::new(SystemResolver)))).await;
    let file = |path: &str, more: &str| {
        format!(
            "version: 1\nsaml_providers:\n  - name: sp\n    metadata: {{ url: 'http://{address}/{path}' }}\n{more}groups: [{{ name: of-{path} }}]\n"
        )
    };
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let apply = async |text: String, keep_unread: bool| {
        let how = Apply { keep_unread, ..Apply::default() };
        let plan = services.apply_as("f.yaml", &text, &none, "start", how).await;
        plan.map(|plan| plan.to_string()).map_err(|error| error.to_string())
    };
    // Nothing is stored yet: there is nothing to start with.
    for keep_unread in [true, false] {
        let why = apply(file("gone", ""), keep_unread).await.unwrap_err();
        assert!(why.starts_with("f.yaml:4: saml_providers, `sp`: metadata:") && why.contains("404"), "{why}");
    }
    apply(file("metadata", ""), true).await.unwrap();
    let stored = services.export(true).await.unwrap();
    // An address that is gone, and one that answers with something else, as of a service under repair.
    for path in ["gone", "large", "repair"] {
        let kept = apply(file(path, "    sign: both\n"), true).await.unwrap();
        assert!(kept.contains("! SAML provider sp stays as it is stored"), "{kept}");
        assert!(kept.contains("0 to change") && kept.contains(&format!("/{path} can be read")), "{kept}");
        let now = services.export(true).await.unwrap();
        assert!(now.contains(&format!("name: of-{path}\n")), "the rest of the file was not applied");
        let provider = |text: &str| text.split("saml_providers:").nth(1).unwrap().to_owned();
        assert_eq!(provider(&now), provider(&stored), "the provider is half of one and half of the other");
        let why = apply(file(path, ""), false).await.unwrap_err();
        assert!(why.contains("saml_providers, `sp`: metadata:"), "by hand it is refused: {why}");
    }
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": EventKind::MetadataFetched.code(), "target": "SAML provider sp" } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert_eq!(events.matches("f.yaml: SAML provider sp stays as it is stored").count(), 3, "{events}");
    assert!(
        apply(file("elsewhere", ""), true).await.unwrap().contains("~ SAML provider sp: acs_url"),
        "read again, it counts"
    );
}

/// EXTERNAL PROGRAM `rolecall`: what it says of a file before it listens or ends, and whether it listens.
async fn starts(data: &std::path::Path, file: &std::path::Path) -> (bool, String) {
    use std::io::{BufRead, BufReader, Read};
    let mut command = std::process::Command::new(tests::program("rolecall"));
    command.args(["serve", "--metadata-private-addresses", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
    command.arg("--apply").arg(file).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (out, mut error) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    tokio::task::spawn_blocking(move || {
        let listens = BufReader::new(out).lines().any(|line| line.unwrap().starts_with("listening on "));
        if listens {
            child.kill().unwrap();
        }
        ended(&mut child);
        let mut said = String::new();
        error.read_to_string(&mut said).unwrap();
        (listens, said)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_again_while_a_service_is_down_whose_metadata_it_has_and_not_for_the_first_time() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("rolecall.yaml"), folder.path().join("data"));
    let address = service().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let write = |address: SocketAddr| {
        let text =
            format!("version: 1\nsaml_providers: [{{ name: sp, metadata: {{ url: 'http://{address}/metadata' }} }}]\n");
        std::fs::write(&file, text).unwrap();
    };
    write(closed);
    let (listens, said) = starts(&data, &file).await;
    assert!(!listens && said.contains("rolecall.yaml:2: saml_providers, `sp`: metadata:"), "{said}");
    assert_eq!(said.lines().filter(|line| line.contains("cannot be read")).count(), 1, "one line: {said}");
    write(address);
    assert!(starts(&data, &file).await.0);
    write(closed);
    let (listens, said) = starts(&data, &file).await;
    assert!(listens && said.contains("WARN") && said.contains("SAML provider sp stays as it is stored"), "{said}");
    let by_hand = output(
        std::process::Command::new(tests::program("rolecall"))
            .args(["apply", "--metadata-private-addresses", "--data-dir"])
            .args([&data, &file]),
        "",
    );
    let error = String::from_utf8_lossy(&by_hand.stderr);
    assert!(by_hand.status.code() == Some(2) && error.contains("cannot be read"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_is_read_again_from_its_address_takes_nothing_that_was_set_by_hand() {
    let world = World::new().await;
    let address = service().await;
    let services =
        world.reading_metadata_by(Arc::new(HttpMetadata::with(true, limits(), Arc::new(SystemResolver)))).await;
    applied(&services, &format!("{{ url: 'http://{address}/metadata' }}"), false).await.unwrap();
    let origin = domain::Origin::default();
    let session = services.sign_in("root", tests::PASSWORD, None, &origin).await.unwrap();
    let caller = services.caller(&session, &origin).await.unwrap().unwrap();
    let admin = caller.admin().unwrap();
    let found = admin.saml_provider("sp").await.unwrap();
    let mut provider = found.provider;
    assert_eq!(provider.imported.as_ref().unwrap().url, Some(format!("http://{address}/metadata")));
    provider.acs.push(model::AcsEndpoint { url: "https://by-hand.example/acs".into(), index: 9 });
    admin.update_saml_provider("sp", found.version, provider.clone(), false).await.unwrap();
    let elsewhere = format!("http://{address}/elsewhere");
    let facts = admin.read_sp_metadata_at(&elsewhere, None, Some("sp".into()), None).await.unwrap().remove(0);
    let standing: Vec<_> = facts.changes.iter().map(|change| (change.file.as_str(), change.by)).collect();
    assert_eq!(standing, [("https://sp.example/acs-2", model::MovedBy::File), ("", model::MovedBy::Hand)]);
    assert_eq!(facts.provider.acs, provider.acs);
    assert_eq!(facts.provider.imported.unwrap().url, Some(elsewhere));
    let large = admin.read_sp_metadata_at(&format!("http://{address}/large"), None, None, None).await.unwrap_err();
    assert!(large.to_string().contains("more than 50000 bytes"), "{large}");
}
