//! The upload of a key. It is no server function: its form must work without JavaScript at the same address.

use model::Fault;

/// Sends a pair to the server, which answers with a fault that names the field.
#[cfg(feature = "hydrate")]
pub async fn import(name: &str, certificate: &str, private_key: &str) -> Result<(), Fault> {
    let lost = |error: gloo_net::Error| Fault::Transport(error.to_string());
    let fields = web_sys::UrlSearchParams::new().map_err(|_| Fault::Transport("the form cannot be sent".to_owned()))?;
    for (field, value) in [("name", name), ("certificate", certificate), ("private_key", private_key)] {
        fields.append(field, value);
    }
    let request = gloo_net::http::Request::post(super::page::IMPORT).header("accept", "application/json");
    let answer = request.body(fields).map_err(lost)?.send().await.map_err(lost)?;
    if answer.ok() {
        return Ok(());
    }
    Err(answer.json().await.unwrap_or_else(|_| Fault::Transport(format!("it answered {}", answer.status()))))
}

#[cfg(not(feature = "hydrate"))]
pub async fn import(_name: &str, _certificate: &str, _private_key: &str) -> Result<(), Fault> {
    Err(Fault::Unavailable)
}
