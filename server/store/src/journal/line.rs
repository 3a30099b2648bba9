use model::Event;

use crate::event::Line;

/// What comes before an event: its checksum in hexadecimal, and a space.
const SUM: usize = 9;

/// Writes an event as a line of the journal.
pub(super) fn push_line(line: &Line, lines: &mut String) {
    let start = lines.len();
    lines.push_str("00000000 ");
    line.push_to(lines);
    let event = lines.get(start + SUM..lines.len() - 1).unwrap_or_default();
    let sum = format!("{:08x}", crc32fast::hash(event.as_bytes()));
    lines.replace_range(start..start + sum.len(), &sum);
}

/// A line of the journal as it is read.
pub(super) enum Read {
    Event(Box<Event>),
    /// It is whole and says something that is not understood.
    Unknown(serde_json::Error),
    /// The end, or what a crash left behind it.
    Torn,
}

/// Reads one line with its end.
pub(super) fn read_line(line: &[u8]) -> Read {
    let Some(line) = line.strip_suffix(b"\n") else { return Read::Torn };
    // Earlier versions wrote no checksum, and always at the end of the file.
    let event = if line.starts_with(b"{") { Some(line) } else { checked(line) };
    match event.map(serde_json::from_slice) {
        Some(Ok(event)) => Read::Event(Box::new(event)),
        Some(Err(error)) if error.is_data() => Read::Unknown(error),
        _ => Read::Torn,
    }
}

/// The event of a line whose checksum is right.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, event) = line.split_at_checked(SUM)?;
    let sum = std::str::from_utf8(sum).ok()?.strip_suffix(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    (crc32fast::hash(event) == sum).then_some(event)
}
