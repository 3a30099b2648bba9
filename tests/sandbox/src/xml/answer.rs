//! The XML of the Query protocol.

use quick_xml::escape::escape;

/// Builds an answer element by element; text is escaped.
#[derive(Debug, Default)]
pub(crate) struct Answer(String);

impl Answer {
    /// An element with text.
    pub(crate) fn field(&mut self, name: &str, text: impl AsRef<str>) -> &mut Self {
        let text = escape(text.as_ref());
        self.0.push_str(&format!("<{name}>{text}</{name}>"));
        self
    }

    /// An element with text, if there is any.
    pub(crate) fn optional(&mut self, name: &str, text: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(text) = text {
            self.field(name, text);
        }
        self
    }

    /// An element with elements inside.
    pub(crate) fn group(&mut self, name: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.0.push_str(&format!("<{name}>"));
        fill(self);
        self.0.push_str(&format!("</{name}>"));
        self
    }

    /// `<{action}Response>` with the result and the request id.
    pub(crate) fn response(self, action: &str, namespace: &str, request_id: &str) -> String {
        let result =
            if self.0.is_empty() { String::new() } else { format!("<{action}Result>{}</{action}Result>", self.0) };
        format!(
            "<{action}Response xmlns=\"{namespace}\">{result}<ResponseMetadata><RequestId>{request_id}</RequestId>\
             </ResponseMetadata></{action}Response>"
        )
    }

    /// `<ErrorResponse>`.
    pub(crate) fn error(kind: &str, code: &str, message: &str, namespace: &str, request_id: &str) -> String {
        let mut answer = Self::default();
        answer.group("Error", |a| {
            a.field("Type", kind).field("Code", code).field("Message", message);
        });
        answer.field("RequestId", request_id);
        format!("<ErrorResponse xmlns=\"{namespace}\">{}</ErrorResponse>", answer.0)
    }
}
