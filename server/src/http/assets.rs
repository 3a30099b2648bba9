use axum::{http::header, response::IntoResponse};

/// The style sheet, inside the binary: there is no file to lose.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../../style/main.css"))
}

pub async fn favicon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../../../public/favicon.svg"))
}
