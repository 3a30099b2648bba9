use reqwest::{Client, redirect::Policy};
use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;

/// What `credential_process` prints (AWS CLI user guide, "Sourcing credentials with an external process").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Credentials {
    pub version: u8,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    /// RFC 3339.
    pub expiration: String,
}

/// What is exchanged.
pub struct Exchange<'a> {
    pub endpoint: &'a str,
    pub role: &'a str,
    /// The ARN of the SAML provider in IAM.
    pub provider: &'a str,
    pub saml_response: &'a str,
    pub seconds: Option<u32>,
}

/// The address of STS for the partition of a role.
pub fn endpoint(role: &str) -> &'static str {
    match role.split(':').nth(1) {
        Some("aws-us-gov") => "https://sts.us-gov-west-1.amazonaws.com",
        Some("aws-cn") => "https://sts.cn-north-1.amazonaws.com.cn",
        _ => "https://sts.amazonaws.com",
    }
}

/// `AssumeRoleWithSAML` (STS API 2011-06-15). It needs no credentials: the response is what proves.
pub async fn assume_role_with_saml(exchange: &Exchange<'_>) -> Result<Credentials, Failure> {
    let url = url::Url::parse(exchange.endpoint)
        .map_err(|e| Failure::refused(format!("--sts-endpoint {}: {e}", exchange.endpoint)))?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        let why = "a response opens the role to whoever reads it; use https";
        return Err(Failure::refused(format!("--sts-endpoint {}: {why}", exchange.endpoint)));
    }
    let mut form = vec![
        ("Action", "AssumeRoleWithSAML".to_owned()),
        ("Version", "2011-06-15".to_owned()),
        ("RoleArn", exchange.role.to_owned()),
        ("PrincipalArn", exchange.provider.to_owned()),
        ("SAMLAssertion", exchange.saml_response.to_owned()),
    ];
    form.extend(exchange.seconds.map(|seconds| ("DurationSeconds", seconds.to_string())));
    let failed = |e: reqwest::Error| Failure::failed(format!("STS at {}: {e}", exchange.endpoint));
    let client = Client::builder().redirect(Policy::none()).build().map_err(Failure::failed)?;
    let answer = client.post(url).form(&form).send().await.map_err(failed)?;
    let (status, text) = (answer.status(), answer.text().await.map_err(failed)?);
    if !status.is_success() {
        let part = |name| element(&text, name).unwrap_or_default();
        let why = format!("STS refused the role {}: {}: {}", exchange.role, part("Code"), part("Message"));
        return Err(if status.is_client_error() { Failure::refused(why) } else { Failure::failed(why) });
    }
    let part =
        |name: &str| element(&text, name).ok_or_else(|| Failure::failed(format!("the answer of STS has no {name}")));
    Ok(Credentials {
        version: 1,
        access_key_id: part("AccessKeyId")?,
        secret_access_key: part("SecretAccessKey")?,
        session_token: part("SessionToken")?,
        expiration: part("Expiration")?,
    })
}

/// The text of the first element of a name. The answers of STS have no attributes on these and no markup in them.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    Some(entities.iter().fold(text.trim().to_owned(), |text, (entity, plain)| text.replace(entity, plain)))
}

#[cfg(test)]
mod tests {
    use super::{element, endpoint};

    #[test]
    fn an_element_is_read_with_its_entities() {
        let xml = "<R><Error><Code>AccessDenied</Code><Message>a &lt;b&gt; &amp;amp; c</Message></Error></R>";
        assert_eq!(element(xml, "Message").as_deref(), Some("a <b> &amp; c"));
        assert_eq!((element(xml, "Code").as_deref(), element(xml, "None")), (Some("AccessDenied"), None));
        assert!(endpoint("arn:aws-cn:iam::1:role/x").ends_with(".cn"));
    }
}
