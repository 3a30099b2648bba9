//! Ids of the identity store.

use crate::entropy::request_id;

/// The id of the `n`th thing: a UUID, every other time with the store's ten hexadecimal digits before it.
pub(crate) fn new_id(store: &str, n: u64) -> String {
    let uuid = request_id();
    if n.is_multiple_of(2) { uuid } else { format!("{store}-{uuid}") }
}
