//! Reading and writing XML.

mod answer;
mod node;

pub(crate) use answer::Answer;
pub(crate) use node::{ASSERTION, DSIG, METADATA, Node, PROTOCOL, XENC, XENC11};
