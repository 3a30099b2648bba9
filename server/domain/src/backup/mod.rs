//! The whole store as one file: rows as lines of JSON between a line that says what it is and one that seals it.
mod format;
mod read;
mod restored;
mod write;

pub use format::{BackupError, Header};
pub use read::Backup;
pub use write::BackupWriter;
