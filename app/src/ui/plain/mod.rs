//! The kit of pages that the server alone draws: the same looks and the same classes, without signals.
mod facts;
mod fields;
mod form;
mod list;
mod tabs;

pub use facts::{code, copyable, fact, moment, python, shown_once};
pub use fields::{Area, Line, area, check, checks, field_id, line, select};
pub use form::{Confirm, Form, changing, confirm, form, making};
pub use list::{Filter, Head, List, Row, list, paging};
pub use tabs::tabs;
