//! What the domain asks of the world outside it.
mod clock;
mod entropy;
mod logout;
mod store;

pub use clock::Clock;
pub use entropy::Entropy;
pub use logout::{Initiator, LogoutJourney, LogoutStore, Participant, Waiting};
pub use store::{
    ChangeSet, Configuration, Document, Expect, KeyRecord, Kind, Sealed, SessionRecord, Setting, Store, StoreError,
    UserRecord, Write,
};
