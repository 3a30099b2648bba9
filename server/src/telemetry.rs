use crate::config::LogFormat;

/// Logs go to standard error, so that standard output holds what a command answers.
pub fn start(format: LogFormat) {
    use tracing_subscriber::{EnvFilter, fmt};
    // The engine warns when its last handle goes on a thread of its own pool; every commit was synced by then, and the
    // next start replays the log.
    const USUAL: &str = "warn,surrealkv::lsm=error,server=info,domain=info,store=info,app=info";
    let filter = EnvFilter::try_from_env("ROLECALL_LOG_FILTER").unwrap_or_else(|_| EnvFilter::new(USUAL));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as tests make, changes nothing.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
