use base64::{Engine, engine::general_purpose::STANDARD};
use model::Event;
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use serde_json::json;

use super::secret;
use crate::{Error, port::WebhookMessage};

/// The message that tells of an event, signed as the Standard Webhooks specification has it: HMAC-SHA256 over id,
/// time and body. The id is the event's, so whoever gets a message twice knows.
pub fn message(event: &Event, url: &str, secret: &str, source: &str, now: i64) -> Result<WebhookMessage, Error> {
    let body = json!({
        "type": event.kind.code(),
        "timestamp": event.at,
        "data": { "id": event.id, "target": event.target, "message": event.message, "detail": event.detail, "source": source },
    })
    .to_string();
    let signature = sign(secret, &format!("{}.{now}.{body}", event.id))?;
    let headers = vec![
        ("webhook-id", event.id.clone()),
        ("webhook-timestamp", now.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ];
    Ok(WebhookMessage { url: url.to_owned(), headers, body })
}

fn sign(secret: &str, text: &str) -> Result<String, Error> {
    let broken = |why: &dyn std::fmt::Display| Error::Internal(format!("a webhook cannot be signed: {why}"));
    let key = secret::key(secret).ok_or_else(|| broken(&"its secret is not base64"))?;
    let key = PKey::hmac(&key).map_err(|e| broken(&e))?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).map_err(|e| broken(&e))?;
    let signature = signer.sign_oneshot_to_vec(text.as_bytes()).map_err(|e| broken(&e))?;
    Ok(STANDARD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_signature_is_the_one_of_the_specification() {
        // The example of the specification's own libraries.
        let text = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let signature = sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", text).unwrap();
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
