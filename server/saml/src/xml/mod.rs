//! XML in two directions: the one writer, and the guarded reader of what others wrote.

pub mod canonical;
pub mod chars;
pub mod limits;
pub mod name;
pub mod read;
pub mod scope;
pub mod tree;
pub mod value;
pub mod write;
