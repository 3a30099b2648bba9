use model::{EventKind, ScimProvider, ScimTokenFacts};
use scim::read::probe_request;
use serde_json::json;

use super::{reading, sender::Sender, settings, trouble::Trouble};
use crate::{
    Admin, Error, Services, identifiers,
    port::{Document, Expect, Kind, ScimRecord, ScimToken, StoreError, Write},
};

/// Days before a token's end at which it is told; 0: it is over.
const MARKS: [i64; 4] = [0, 7, 30, 60];

/// Whole days until a token ends, negative when it is over, and the mark that they have passed.
pub(super) fn days(token: &ScimToken, now: i64) -> Option<(i64, Option<i64>)> {
    let left = token.expires? - now;
    let days = left.div_euclid(86_400);
    let mark = if left <= 0 { Some(0) } else { MARKS.into_iter().skip(1).find(|mark| days <= *mark) };
    Some((days, mark))
}

/// What is known of the tokens.
pub(super) fn token_facts(tokens: &[ScimToken], now: i64) -> Vec<ScimTokenFacts> {
    let facts = |(slot, token): (u8, &ScimToken)| ScimTokenFacts {
        slot,
        expires: token.expires.map(identifiers::rfc3339),
        days_left: days(token, now).map(|(days, _)| days),
        warning: days(token, now).and_then(|(_, mark)| mark).and_then(|mark| u32::try_from(mark).ok()),
    };
    (1..).zip(tokens).map(facts).collect()
}

/// A sentence for each token that ends soon or has ended.
pub(crate) fn token_warnings(tokens: &[ScimToken], now: i64) -> Vec<String> {
    let soon = tokens.iter().enumerate().filter_map(|(slot, token)| Some((slot, days(token, now)?)));
    soon.filter_map(|(slot, (days, mark))| mark.map(|mark| ending(slot, days, mark))).collect()
}

/// That a token ends, and what to do. `slot` counts from 0.
pub(super) fn ending(slot: usize, days: i64, mark: i64) -> String {
    let (name, help) = match slot {
        0 => ("current", "make another one at the service, enter it as the next one, test it and switch"),
        _ => ("next", "make another one at the service and enter it in its place"),
    };
    if mark == 0 {
        format!("the {name} token has ended: {help}")
    } else {
        format!("the {name} token ends in {days} days: {help}")
    }
}

impl Services {
    /// Whether an address accepts a token. One read is sent and nothing is kept.
    pub(super) async fn try_scim_token(&self, provider: &ScimProvider, token: String) -> Result<(), Error> {
        let dialect = settings::dialect(provider, None);
        let sender = Sender::new(self.clone(), &provider.url, token, dialect).careful().impatient();
        reading::good(sender.read(&probe_request()).await).map(|_| ()).map_err(|trouble| match trouble {
            Trouble::Broken(error) => error,
            Trouble::Failing(words) => Error::invalid("url", words),
            Trouble::Refused(words) => Error::invalid("token", words),
        })
    }
}

impl Admin<'_> {
    /// Puts a token into a slot: 1 is the current one, 2 the next one, which takes over when the current one is refused.
    pub async fn set_scim_token(
        &self,
        name: &str,
        version: u64,
        slot: u8,
        token: &str,
        expires: Option<i64>,
    ) -> Result<(), Error> {
        let mut record = self.scim_at(name, version)?;
        let sealed = self.caller().services.seal_scim_token(name, token, expires)?;
        match record.tokens.get_mut(at(slot)) {
            Some(kept) => *kept = sealed,
            None => record.tokens.push(sealed),
        }
        self.put_tokens(record, version, &format!("the token in slot {slot} is another one")).await
    }

    /// Takes a token out of a slot, 1 or 2. Without the current one, the next one is the current one, so it is tried first, as
    /// by [`Self::switch_scim_token`]; where the service does not accept it, everything stays.
    pub async fn remove_scim_token(&self, name: &str, version: u64, slot: u8) -> Result<(), Error> {
        let mut record = self.scim_at(name, version)?;
        if at(slot) >= record.tokens.len() {
            return Err(Error::invalid("slot", "there is no token in this slot"));
        }
        if at(slot) == 0 && record.tokens.len() > 1 {
            self.test_scim_token(name, 2).await?;
        }
        record.tokens.remove(at(slot));
        self.put_tokens(record, version, &format!("the token in slot {slot} is taken out")).await
    }

    /// Whether the service accepts the token in a slot, 1 or 2. Nothing is changed.
    pub async fn test_scim_token(&self, name: &str, slot: u8) -> Result<(), Error> {
        let services = &self.caller().services;
        let record = services.scim_record(name)?;
        let token = services.open_scim_tokens(&record)?.into_iter().nth(at(slot));
        let token = token.ok_or_else(|| Error::invalid("slot", "there is no token in this slot"))?;
        services.try_scim_token(&record.provider, token).await
    }

    /// Makes the next token the current one, after the service has accepted it; otherwise everything stays. The former
    /// one is forgotten here and can be deleted there.
    pub async fn switch_scim_token(&self, name: &str, version: u64) -> Result<(), Error> {
        let mut record = self.scim_at(name, version)?;
        if record.tokens.len() < 2 {
            return Err(Error::invalid("slot", "there is no next token: enter it first"));
        }
        self.test_scim_token(name, 2).await?;
        record.tokens.remove(0);
        self.put_tokens(record, version, "the next token is the current one").await
    }

    /// The provider as it was when the caller saw it.
    fn scim_at(&self, name: &str, version: u64) -> Result<ScimRecord, Error> {
        let snapshot = self.caller().services.snapshot();
        let found = snapshot.configuration.scim_providers.get(name);
        let found = found.ok_or_else(|| Error::missing(Kind::ScimProvider, name))?;
        if found.version != version {
            return Err(StoreError::Stale { kind: Kind::ScimProvider, key: name.to_owned() }.into());
        }
        Ok(found.value.clone())
    }

    async fn put_tokens(&self, record: ScimRecord, version: u64, what: &str) -> Result<(), Error> {
        let name = record.provider.name.clone();
        let event = self.changed(EventKind::Updated, Kind::ScimProvider, &name, None, Some(&json!({ "token": what })));
        let document = Document::ScimProvider(record);
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await
    }
}

/// The place of a slot.
fn at(slot: u8) -> usize {
    usize::from(slot.clamp(1, 2) - 1)
}

#[cfg(test)]
mod tests {
    use super::{MARKS, days, token_warnings};
    use crate::port::{ScimToken, Sealed};

    fn ends_in(seconds: i64) -> ScimToken {
        let sealed = Sealed { key_id: String::new(), nonce: String::new(), ciphertext: String::new() };
        ScimToken { sealed, expires: Some(1_000_000 + seconds) }
    }

    #[test]
    fn a_token_passes_the_mark_of_sixty_thirty_and_seven_days_and_its_end() {
        let mark = |seconds| days(&ends_in(seconds), 1_000_000).and_then(|(_, mark)| mark);
        let day = 86_400;
        assert_eq!(mark(61 * day), None);
        for at in MARKS {
            assert_eq!(mark(at * day), Some(at));
        }
        assert_eq!((mark(60 * day + 1), mark(31 * day), mark(8 * day)), (Some(60), Some(60), Some(30)));
        assert_eq!((mark(1), mark(-1), mark(-day)), (Some(7), Some(0), Some(0)));
        assert_eq!(days(&ScimToken { expires: None, ..ends_in(0) }, 0), None);
    }

    #[test]
    fn what_ends_is_said_with_what_to_do() {
        let tokens = [ends_in(-1), ends_in(20 * 86_400)];
        let warnings = token_warnings(&tokens, 1_000_000);
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("current token has ended") && warnings[0].contains("switch"), "{warnings:?}");
        assert!(warnings[1].contains("next token ends in 20 days"), "{warnings:?}");
        assert_eq!(token_warnings(&[ends_in(90 * 86_400)], 1_000_000), [""; 0]);
    }
}
