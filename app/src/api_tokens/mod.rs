mod create;
mod list;
mod revoke;

pub use create::{create, new_form};
pub use list::list;
pub use revoke::{question, revoke};
