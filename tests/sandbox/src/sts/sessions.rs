//! The credentials that are out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Session;
use crate::arn::is_account;
use crate::fault::Fault;
use crate::partition::Partition;

/// Sessions by access key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<String, Session>>>);

/// What `GetCallerIdentity` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) user_id: String,
    pub(crate) arn: String,
}

impl Sessions {
    pub(crate) fn add(&self, session: &Session) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(session.credentials.access_key_id.clone(), session.clone());
    }

    /// Who holds an access key: a session of ours, or the root of the account that the key spells, which is of the
    /// partition of callers.
    pub(crate) fn caller(&self, key: &str, partition: Partition, now: i64) -> Result<Caller, Fault> {
        if is_account(key) {
            let (account, user_id, arn) = (key.into(), key.into(), format!("arn:{partition}:iam::{key}:root"));
            return Ok(Caller { account, user_id, arn });
        }
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get(key).ok_or_else(|| {
            Fault::new(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        })?;
        if session.credentials.expiration <= now {
            let message = "The security token included in the request is expired";
            return Err(Fault::new(403, "ExpiredToken", message));
        }
        Ok(Caller {
            account: session.account.clone(),
            user_id: session.assumed_role_id.clone(),
            arn: session.assumed_role_arn.clone(),
        })
    }
}
