//! A SAML provider as a program puts it. Programs repeat what they once read or were once told, and keys move meanwhile: in the
//! console, by a file, or by an earlier call of the same program. ADRs 12 and 28.

use model::SamlProvider;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};

use crate::{Admin, Error};

/// What stays as it is where a program says nothing of it: the life of keys, and that nothing is kept of people.
const LASTING: [&str; 4] = ["signing_key", "next_signing_key", "retiring_keys", "keep_responses"];

/// What is put in the place of a stored provider. Of what lasts, what it says nothing of stays as it is; an empty list and
/// `null` say something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutProvider {
    provider: SamlProvider,
    unsaid: Vec<&'static str>,
}

impl<'de> Deserialize<'de> for PutProvider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::<String, Value>::deserialize(deserializer)?;
        let unsaid = LASTING.into_iter().filter(|field| !fields.contains_key(*field)).collect();
        let provider = SamlProvider::deserialize(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { provider, unsaid })
    }
}

impl PutProvider {
    /// The provider that is meant. A key that signs by it is no next one and none that goes, whatever it was.
    fn over(self, stored: &SamlProvider, default: Option<&str>) -> SamlProvider {
        let Self { mut provider, unsaid } = self;
        let stays = |field: &str| unsaid.contains(&field);
        if stays("signing_key") {
            provider.signing_key.clone_from(&stored.signing_key);
        }
        let signs = provider.signing_key.as_deref().or(default).map(str::to_owned);
        let another = |key: &String| signs.as_ref() != Some(key);
        if stays("next_signing_key") {
            provider.next_signing_key = stored.next_signing_key.clone().filter(another);
        }
        if stays("retiring_keys") {
            provider.retiring_keys = stored.retiring_keys.iter().filter(|key| another(key)).cloned().collect();
        }
        if stays("keep_responses") {
            provider.keep_responses = stored.keep_responses;
        }
        provider
    }
}

impl Admin<'_> {
    /// As [`Self::update_saml_provider`], by a program.
    pub async fn put_saml_provider(
        &self,
        name: &str,
        version: u64,
        put: PutProvider,
        anyway: bool,
    ) -> Result<(), Error> {
        let stored = self.saml_provider(name).await?;
        // What was made from an older version is a conflict, whatever it says.
        let provider = if stored.version == version {
            put.over(&stored.provider, self.caller().services.snapshot().default_key())
        } else {
            put.provider
        };
        self.update_saml_provider(name, version, provider, anyway).await
    }
}

#[cfg(test)]
mod tests {
    use model::SamlProvider;
    use serde_json::{Value, json};

    use super::PutProvider;

    fn stored() -> SamlProvider {
        let mut stored = SamlProvider::new("sp", "https://sp.example/acs", "https://sp.example");
        stored.signing_key = Some("now".to_owned());
        stored.next_signing_key = Some("later".to_owned());
        stored.retiring_keys = vec!["before".to_owned(), "long ago".to_owned()];
        stored
    }

    /// What is put, of the life of keys.
    fn put(life: Value) -> (Option<String>, Option<String>, Vec<String>) {
        let mut body = json!({ "name": "sp", "acs_url": "https://sp.example/new", "audience": "https://sp.example" });
        for (field, value) in life.as_object().unwrap() {
            body[field] = value.clone();
        }
        let put: PutProvider = serde_json::from_value(body).unwrap();
        let provider = put.over(&stored(), Some("default"));
        assert_eq!(provider.acs_url, "https://sp.example/new");
        (provider.signing_key, provider.next_signing_key, provider.retiring_keys)
    }

    #[test]
    fn what_is_not_said_of_the_life_of_keys_stays_and_what_is_said_is_done() {
        let some = |key: &str| Some(key.to_owned());
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let before = keys(&["before", "long ago"]);
        assert_eq!(put(json!({})), (some("now"), some("later"), before.clone()));
        assert_eq!(put(json!({ "signing_key": "later" })), (some("later"), None, before.clone()));
        assert_eq!(put(json!({ "signing_key": "before" })), (some("before"), some("later"), keys(&["long ago"])));
        assert_eq!(put(json!({ "next_signing_key": null })), (some("now"), None, before.clone()));
        assert_eq!(put(json!({ "retiring_keys": [] })), (some("now"), some("later"), keys(&[])));
        assert_eq!(put(json!({ "signing_key": null })), (None, some("later"), before));
    }

    #[test]
    fn who_keeps_no_responses_goes_on_to_keep_none_until_a_program_says_so() {
        let stored = SamlProvider { keep_responses: 0, ..stored() };
        for (said, kept) in [(None, 0), (Some(3), 3)] {
            let mut body =
                json!({ "name": "sp", "acs_url": "https://sp.example/acs", "audience": "https://sp.example" });
            if let Some(said) = said {
                body["keep_responses"] = json!(said);
            }
            let put: PutProvider = serde_json::from_value(body).unwrap();
            assert_eq!(put.over(&stored, None).keep_responses, kept);
        }
    }

    #[test]
    fn what_is_no_setting_is_still_refused() {
        let body = r#"{"name":"sp","acs_url":"https://sp.example/acs","audience":"a","colour":"red"}"#;
        let error = serde_json::from_str::<PutProvider>(body).unwrap_err();
        assert!(error.is_data() && error.to_string().contains("colour"), "{error}");
    }
}
