use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// The typeface of the pages, inside the binary. A name ends with the beginning of the SHA-256 of its file.
static FONTS: [(&str, &[u8]); 2] = [
    ("inter-latin-3100e775.woff2", include_bytes!("../../../public/fonts/inter-latin-3100e775.woff2")),
    ("inter-latin-ext-34b9c504.woff2", include_bytes!("../../../public/fonts/inter-latin-ext-34b9c504.woff2")),
];

/// Its licence, which goes wherever it goes.
static LICENCE: &str = include_str!("../../../public/fonts/OFL.txt");

/// A file of the typeface. What a name stands for never changes, so browsers keep it for good.
pub async fn font(Path(name): Path<String>) -> Response {
    if name == "OFL.txt" {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], LICENCE).into_response();
    }
    let Some((_, bytes)) = FONTS.iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let told = [(header::CONTENT_TYPE, "font/woff2"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (told, *bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::FONTS;

    #[test]
    fn a_font_has_the_name_of_its_content_and_the_style_sheet_names_exactly_those_that_are_served() {
        for (name, bytes) in FONTS {
            let digest: String = openssl::sha::sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(name.ends_with(&format!("-{}.woff2", &digest[..8])), "{name}: its content is {digest}");
        }
        let style = include_str!("../../../style/typeface.css");
        let mut named: Vec<&str> =
            style.split("url(\"/fonts/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut served: Vec<&str> = FONTS.iter().map(|(name, _)| *name).collect();
        named.sort_unstable();
        served.sort_unstable();
        assert_eq!(named, served);
        assert!(style.contains(app::TYPEFACE), "what pages ask for beforehand is not what they use");
    }
}
