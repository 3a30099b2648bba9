use model::SamlCredential;

use super::{
    cache::Cache,
    sts::{Exchange, assume_role_with_saml, endpoint},
};
use crate::{
    cli::{failure::Failure, remote::Remote},
    config::{AwsCredentials, Common},
};

/// Prints credentials for a role: those that are kept, or new ones, for which the owner of the token signs on to the
/// application and the response is exchanged at STS.
pub async fn credentials(common: &Common, options: &AwsCredentials) -> Result<(), Failure> {
    let server = common.public_url.as_deref().unwrap_or("http://127.0.0.1:8080");
    let remote = Remote::new(server, "the owner of a token signs on here")?;
    let AwsCredentials { application, role, sts_endpoint, duration_seconds } = options;
    let endpoint = sts_endpoint.as_deref().unwrap_or_else(|| endpoint(role));
    let cache = Cache::of(&format!("{server}\n{application}\n{role}\n{endpoint}\n{}", remote.fingerprint()))?;
    let credentials = match cache.read() {
        Some(kept) => kept,
        None => {
            let answer = remote.post(&format!("/me/sign-ons/{}", crate::http::component(application))).await?;
            let signed_on: SamlCredential = answer.json().await.map_err(Failure::failed)?;
            let provider = provider_of(&signed_on, role, application)?;
            let saml_response = &signed_on.saml_response;
            let exchange = Exchange { endpoint, role, provider, saml_response, seconds: *duration_seconds };
            let fresh = assume_role_with_saml(&exchange).await?;
            cache.keep(&fresh)?;
            fresh
        }
    };
    println!("{}", serde_json::to_string(&credentials).map_err(Failure::failed)?);
    Ok(())
}

/// The SAML provider that is trusted for a role, as the response offers it.
fn provider_of<'a>(signed_on: &'a SamlCredential, role: &str, application: &str) -> Result<&'a str, Failure> {
    let found = signed_on.roles.iter().find(|offer| offer.role == role);
    found.map(|offer| offer.provider.as_str()).ok_or_else(|| {
        let offered: Vec<&str> = signed_on.roles.iter().map(|offer| offer.role.as_str()).collect();
        let offered = if offered.is_empty() { "none".to_owned() } else { offered.join(", ") };
        Failure::refused(format!("the application {application} does not offer you {role}; it offers: {offered}"))
    })
}
