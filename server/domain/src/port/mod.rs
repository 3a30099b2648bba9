//! What the domain asks of the world outside it.
mod clock;
mod entropy;
mod logout;
mod pace;
mod password_hasher;
mod provisioning_store;
mod scim_transport;
mod store;

pub use clock::Clock;
pub use entropy::Entropy;
pub use logout::{Initiator, LogoutJourney, LogoutStore, Participant, Waiting};
pub use pace::Pace;
pub use password_hasher::PasswordHasher;
pub use provisioning_store::{Lease, LeaseClaim, MirrorText, ProvisioningStore};
pub use scim_transport::{NoAnswer, ScimAnswer, ScimRequest, ScimTransport};
pub use store::{
    ChangeSet, Configuration, Document, Expect, KeyRecord, Kind, ScimRecord, ScimToken, Sealed, SessionRecord, Setting,
    Store, StoreError, UserRecord, Write,
};
