use axum::{
    extract::{Path, Query, State},
    http::{Method, header},
    response::{IntoResponse, Response},
};
use domain::Services;
use serde::Deserialize;

use super::{client::Client, pages};

#[derive(Deserialize)]
pub struct Asked {
    /// The secret of the address that only the service was given.
    #[serde(rename = "for", default)]
    secret: String,
}

/// Our metadata for the service provider of an application; public.
pub async fn metadata(
    State(services): State<Services>,
    client: Client,
    method: Method,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match services.metadata(&slug).await {
        Ok(metadata) => {
            // Whoever is signed in here is no service, and a question for the head takes no key along.
            if method == Method::GET && !asked.secret.is_empty() && client.session.is_none() {
                // The service gets its metadata whatever becomes of the note.
                if let Err(error) = services.metadata_fetched(&slug, &asked.secret, &metadata, &client.origin).await {
                    tracing::error!(%error, slug, "that a service fetched the metadata was not written down");
                }
            }
            let headers = [
                (header::CONTENT_TYPE, "application/samlmetadata+xml".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-metadata.xml\"", safe(&slug))),
            ];
            (headers, metadata.xml).into_response()
        }
        Err(error) => pages::error(&client, &error),
    }
}

/// A slug that was found holds nothing else; this keeps the header well formed whatever comes.
fn safe(slug: &str) -> String {
    slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
}
