use domain::port::StoreError;
use model::Event;

/// An event as it is kept: as text, beside what it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: String,
    pub kind: &'static str,
    pub target: String,
    text: String,
}

impl Line {
    pub(crate) fn of(event: &Event) -> Result<Self, StoreError> {
        Ok(Self {
            id: event.id.clone(),
            kind: event.kind.code(),
            target: event.target.clone(),
            text: serde_json::to_string(event).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        })
    }

    pub(crate) fn of_all(events: &[Event]) -> Result<Vec<Self>, StoreError> {
        events.iter().map(Self::of).collect()
    }

    /// One line of the journal or of a row. The text of an event has no line ends but escaped ones.
    pub(crate) fn push_to(&self, lines: &mut String) {
        lines.push_str(&self.text);
        lines.push('\n');
    }

    /// How much [`Line::push_to`] pushes, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len() + 1
    }
}
