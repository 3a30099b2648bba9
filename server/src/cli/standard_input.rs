use std::io::Read;

use super::failure::Failure;

/// What is read at most: more than any password or token has.
const MOST: u64 = 16 << 10;

/// The first line of standard input, which is a secret: on the command line itself others could read it. `what` names it.
pub fn first_line(what: &str) -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .take(MOST)
        .read_to_string(&mut text)
        .map_err(|e| Failure::refused(format!("standard input: {e}")))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Failure::refused(format!("standard input holds no {what}; pipe it in, for example from a file"))),
    }
}
