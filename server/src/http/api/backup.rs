use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{
    bearer::Bearer,
    operation::{Least::Administrator, Operation},
};
use crate::http::problem::Problem;

/// Rows as lines of JSON.
const LINES: &str = "application/x-ndjson";

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/backup", Administrator, backup)
            .named("take_backup", "The whole store as `rolecall restore` takes it, secrets sealed; leaves an event")
            .streams(LINES),
    ]
}

/// A stream that breaks off has no end, and `restore` refuses it.
async fn backup(Bearer(caller): Bearer) -> Result<Response, Problem> {
    let writer = caller.admin()?.backup().await?;
    let pieces = stream::try_unfold(writer, |mut writer| async move {
        let piece = writer.next().await.inspect_err(|error| tracing::error!(%error, "a backup broke off"))?;
        Ok::<_, domain::Error>(piece.map(|piece| (piece, writer)))
    });
    let name = "attachment; filename=\"rolecall.backup\"";
    Ok(([(header::CONTENT_TYPE, LINES), (header::CONTENT_DISPOSITION, name)], Body::from_stream(pieces))
        .into_response())
}
