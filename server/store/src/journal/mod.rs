//! Events that are on disk before the database has them, and how they get there.

mod file;
mod line;
mod log;
mod mover;
mod moving;
mod seams;
mod writer;

pub(crate) use file::Journal;
pub(crate) use log::JournalLog;
