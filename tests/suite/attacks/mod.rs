//! What a hostile network sends, over HTTP, against a provider that wants everything signed. Each case would be taken if
//! one guard were missing: the message is otherwise good, and the kit shows that the good one is taken.
//!
//! - `documents`   DOCTYPE, external entities, other encodings, entity and deflate bombs, depth, size
//! - `wrapping`    ten shapes of signature wrapping, for sign-on and for logout
//! - `signatures`  references, transforms, keys in the message, identifiers twice, no signature, weak algorithms, comments
//! - `queries`     pollution, other spellings and replays of signed queries
//! - `redirects`   addresses, states and ways back that would lead elsewhere
//! - `injection`   markup in what a user says of himself
//! - `timing`      the work behind a sign-in under a name that does not exist
//! - `memory`      what one request can make the program hold

mod documents;
mod injection;
mod kit;
#[cfg(target_os = "linux")]
mod memory;
mod queries;
mod redirects;
mod signatures;
mod timing;
mod wrapping;
