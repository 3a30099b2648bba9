use crate::config::LogFormat;

/// Logs go to standard error, so that standard output holds what a command answers.
pub fn start(format: LogFormat) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::try_from_env("ROLECALL_LOG_FILTER")
        .unwrap_or_else(|_| EnvFilter::new("warn,server=info,domain=info,store=info,app=info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as tests make, changes nothing.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
