use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::Services;

use super::{client::Client, pages};

/// Our metadata for the service provider of an application; public.
pub async fn metadata(State(services): State<Services>, client: Client, Path(slug): Path<String>) -> Response {
    match services.metadata(&slug).await {
        Ok(xml) => {
            let headers = [
                (header::CONTENT_TYPE, "application/samlmetadata+xml".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-metadata.xml\"", safe(&slug))),
            ];
            (headers, xml).into_response()
        }
        Err(error) => pages::error(&client, &error),
    }
}

/// A slug that was found holds nothing else; this keeps the header well formed whatever comes.
fn safe(slug: &str) -> String {
    slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
}
