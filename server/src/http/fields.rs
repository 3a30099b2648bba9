use axum::{
    Form,
    extract::{FromRequest, Multipart, Request},
    http::header,
    response::{IntoResponse, Response},
};

/// The fields of a form that was posted, files among them as text: a form with a file comes in parts (RFC 7578). Both are
/// as large as any body may be, and no more.
pub async fn fields(request: Request) -> Result<Vec<(String, String)>, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        return form.map(|Form(fields)| fields).map_err(IntoResponse::into_response);
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(IntoResponse::into_response)? {
        let name = part.name().unwrap_or_default().to_owned();
        fields.push((name, part.text().await.map_err(IntoResponse::into_response)?));
    }
    Ok(fields)
}
