use std::path::Path;

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The files that `style/main.css` names, in its order.
const STYLE: &str = concat!(
    "@layer tokens, base, parts;\n",
    include_str!("../../../style/typeface.css"),
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/button.css"),
    include_str!("../../../style/field.css"),
    include_str!("../../../style/source.css"),
    include_str!("../../../style/notice.css"),
    include_str!("../../../style/toast.css"),
    include_str!("../../../style/dialog.css"),
    include_str!("../../../style/table.css"),
    include_str!("../../../style/frame.css"),
    include_str!("../../../style/page.css"),
    include_str!("../../../style/connect.css")
);

/// The style sheet, inside the binary: there is no file to lose.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub async fn favicon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../../../public/favicon.svg"))
}

/// The browser half, from the folder that the build put it in; compressed where the build did that and the browser takes it.
pub async fn package(site: &Path, name: &str, headers: &HeaderMap) -> Response {
    // Only these two names exist, so no name can lead out of the folder.
    let kind = match name {
        "rolecall.js" => "text/javascript; charset=utf-8",
        "rolecall_bg.wasm" => "application/wasm",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let common = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "Accept-Encoding")];
    let folder = site.join("pkg");
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accepted.split(',').any(|coding| coding.trim() == "br")
        && let Ok(bytes) = tokio::fs::read(folder.join(format!("{name}.br"))).await
    {
        return (common, [(header::CONTENT_ENCODING, "br")], bytes).into_response();
    }
    match tokio::fs::read(folder.join(name)).await {
        Ok(bytes) => (common, bytes).into_response(),
        Err(error) => {
            tracing::error!(%error, site = %site.display(), name, "a file of the pages is missing: build it, or name its folder with --site");
            StatusCode::NOT_FOUND.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    #[test]
    fn the_served_style_sheet_holds_what_main_css_imports_in_that_order() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
        let main = include_str!("../../../style/main.css");
        let imported =
            main.lines().filter_map(|line| line.strip_prefix("@import")).filter_map(|line| line.split('"').nth(1));
        let mut at = 0;
        let mut count = 0;
        for name in imported {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            at += STYLE[at..].find(&text).unwrap_or_else(|| panic!("{name} is not served, or not in its place"))
                + text.len();
            count += 1;
        }
        assert!(count > 5 && at == STYLE.len(), "something is served that main.css does not import");
    }
}
