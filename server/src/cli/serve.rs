use std::{path::PathBuf, time::Duration};

use domain::{Services, declarative::Apply};
use tokio::net::TcpListener;

use super::{apply::apply_file, failure::Failure};
use crate::{
    compose,
    config::{Common, Listed, Serve},
    http::{Closing, HttpOptions, router},
    jobs,
};

/// What is under way when the server is told to end has this long; systemd and Docker send their kill after 90 and 10 seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// Runs the server until SIGTERM or Ctrl-C; then answers what is under way, for eight seconds at most, and ends.
pub async fn serve(common: Common, options: Serve) -> Result<(), Failure> {
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|e| Failure::failed(format!("--listen {}: {e}", options.listen)))?;
    // Port 0 asks for any free one.
    let listen = listener.local_addr().map_err(Failure::failed)?;
    let public_url = compose::public_url(common.public_url.as_deref(), listen)?;
    let (services, store) = compose::services(&common, public_url).await?;
    store.announce(&listen.to_string()).map_err(Failure::failed)?;
    let served = answer(services, listener, options).await;
    // The last handle closes the database properly; while a request still holds one, the next start replays its log.
    if let Some(store) = std::sync::Arc::into_inner(store) {
        store.close().await;
    }
    served
}

async fn answer(services: Services, listener: TcpListener, options: Serve) -> Result<(), Failure> {
    for file in Listed::all(&options.apply) {
        let how = Apply { keep_unread: true, ..Apply::default() };
        let plan = apply_file(&services, file, "start", how).await?;
        for warning in &plan.warnings {
            tracing::warn!(file = %file.display(), "{warning}");
        }
        tracing::info!(file = %file.display(), "{}", plan.to_string().lines().last().unwrap_or_default());
    }
    if let Some(token) = services.offer_set_up().await? {
        println!("no administrator yet; make one at {}/setup?token={token}", services.public_url());
    }
    let listen = listener.local_addr().map_err(Failure::failed)?;
    let mut jobs = jobs::start(&services);
    let closing = Closing::default();
    let trusted_proxies = Listed::all(&options.trusted_proxy).copied().collect();
    let http = HttpOptions { site: site(options.site), trusted_proxies, closing: closing.clone() };
    let app = router(services, http);
    println!("listening on http://{listen}");
    let begins = closing.clone();
    let answers = axum::serve(listener, app.into_make_service_with_connect_info::<std::net::SocketAddr>())
        .with_graceful_shutdown(async move {
            shutdown().await;
            begins.begin();
        });
    let served = tokio::select! {
        served = answers.into_future() => served,
        () = patience(&closing) => Ok(()),
    };
    jobs.shutdown().await;
    served.map_err(Failure::failed)
}

/// Ends when what was under way has had long enough: a client that never reads its answer, or never sends the rest of its
/// request, must not hold the server.
async fn patience(closing: &Closing) {
    closing.begun().await;
    tokio::time::sleep(PATIENCE).await;
    tracing::warn!("requests were still under way {PATIENCE:?} after the signal; they are cut off");
}

/// `site` in the folder of the binary, or in the one above it, where every profile's build finds it.
fn site(given: Option<PathBuf>) -> PathBuf {
    given.unwrap_or_else(|| {
        let exe = std::env::current_exe().unwrap_or_default();
        let near = exe.ancestors().skip(1).take(2).map(|folder| folder.join("site"));
        near.into_iter().find(|site| site.is_dir()).unwrap_or_else(|| PathBuf::from("target/site"))
    })
}

async fn shutdown() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be listened for");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
