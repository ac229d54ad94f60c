//! Log and metrics.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Begins to log to standard error: what is a warning or worse, and what Portico itself tells. `PORTICO_LOG` takes other
/// filters; `PORTICO_LOG_FORMAT=json` writes one JSON object a line.
pub fn log() {
    let filter = EnvFilter::try_from_env("PORTICO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,portico=info"));
    let registry = tracing_subscriber::registry().with(filter);
    if std::env::var("PORTICO_LOG_FORMAT").is_ok_and(|format| format == "json") {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).init();
    } else {
        registry.with(fmt::layer().with_writer(std::io::stderr).with_target(false)).init();
    }
}

/// Begins to count.
///
/// # Errors
/// When counting began already.
pub fn metrics() -> Result<PrometheusHandle, String> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("portico_request_seconds".into()),
            &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5],
        )
        .map_err(|error| error.to_string())?
        .install_recorder()
        .map_err(|error| error.to_string())
}
