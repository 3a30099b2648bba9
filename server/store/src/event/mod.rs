mod bundle;
mod known;
mod line;
mod listing;
mod lookup;
mod row;
mod search;
mod tag;

pub(crate) use bundle::{LONGEST, Rows, Tags, insert_events};
pub(crate) use known::known;
pub(crate) use line::Line;
pub(crate) use listing::events;
pub(crate) use lookup::{count_after, event};
pub(crate) use row::lines_of;
