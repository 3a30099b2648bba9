//! XML in two directions: the one writer, and the guard over what others wrote.

pub mod chars;
pub mod name;
pub mod read;
pub mod write;
