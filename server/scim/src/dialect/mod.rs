//! What a remote service takes, as data: a new service is a new table, not a new `if`.
mod answers;
mod attribute;
mod aws;
mod clean;
mod conform;
mod note;
mod offered;
mod rfc7644;
mod table;
mod text;

pub use answers::{Answers, Forecast};
pub(crate) use attribute::join;
pub use attribute::{Attribute, Charset, Form, Weight};
pub use conform::Conformed;
pub use note::Note;
pub use offered::Offered;
pub use table::{
    Accepted, ChangeStyle, Dialect, Endpoints, MemberRemoval, MembersRead, ObjectRules, Paging, Unique, Unlisted,
};
