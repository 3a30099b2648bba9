/// The innermost reason says most; the address is left out, since it may hold a tenant or a secret.
pub fn words(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    if error.is_timeout() { "time ran out".to_owned() } else { inner.to_string() }
}
