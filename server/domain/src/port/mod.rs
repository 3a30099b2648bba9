//! What the domain asks of the world outside it.
mod api_token;
mod backup;
mod clock;
mod entropy;
mod logout;
mod metadata_source;
mod pace;
mod password_hasher;
mod provisioning_store;
mod response_store;
mod scim_transport;
mod store;
mod webhook;

pub use api_token::{ApiTokenRecord, ApiTokenStore};
pub use backup::{BackupRow, BackupStore};
pub use clock::Clock;
pub use entropy::Entropy;
pub use logout::{Initiator, LogoutJourney, LogoutStore, Participant, Waiting};
pub use metadata_source::{MetadataSource, NotFetched};
pub use pace::Pace;
pub use password_hasher::PasswordHasher;
pub use provisioning_store::{Lease, LeaseClaim, MirrorMark, MirrorText, ProvisioningStore};
pub use response_store::{IssuedResponse, ResponseRecord, ResponseStore};
pub use scim_transport::{NoAnswer, ScimAnswer, ScimRequest, ScimTransport};
pub use store::{
    ChangeSet, Configuration, Document, Expect, KeyRecord, Kind, ScimRecord, ScimToken, Sealed, SessionRecord, Setting,
    Store, StoreError, UserRecord, Write,
};
pub use webhook::{WebhookMessage, WebhookRecord, WebhookTransport};
