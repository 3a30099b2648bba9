//! The one writer. What it emits is already in exclusive canonical form without comments
//! (Exclusive XML Canonicalization 1.0 §3), so the digest of a signed element is the digest of the bytes written.
//!
//! By construction, not by care of the caller: no declaration before the root; an empty element is `<a></a>`;
//! values stand in double quotes; an element declares its prefix exactly when no written ancestor has (which is what
//! "visibly utilised" comes to when no attribute is prefixed); attributes follow in order of name, each once; and data
//! can only pass through [`Writer::text`] or an attribute value, where it is escaped. There is no way to emit raw text.
//!
//! Characters that XML 1.0 cannot hold at all (§2.2: most controls, U+FFFE, U+FFFF) are left out: no escape exists for
//! them, and to refuse would let one odd display name lock its owner out.

use super::chars::is_legal;
use super::name::Name;

/// An attribute and its value; without a value it is not written.
pub type Pair<'a> = (&'static str, Option<&'a str>);

/// Writes one document, from its root to its end.
pub struct Writer {
    out: String,
    open: Vec<Open>,
}

struct Open {
    name: Name,
    /// The prefixes declared by this element or by an ancestor, as bits.
    declared: u8,
}

impl Writer {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), open: Vec::with_capacity(16) }
    }

    /// How many bytes are written so far: the way to remember where a signed element begins and ends.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Opens an element inside the innermost open one.
    pub fn open(&mut self, name: Name, attributes: &[Pair<'_>]) {
        let inherited = self.open.last().map_or(0, |parent| parent.declared);
        self.out.push('<');
        self.push_name(name);
        if inherited & name.prefix.bit() == 0 {
            self.out.push_str(" xmlns:");
            self.out.push_str(name.prefix.text());
            self.out.push_str("=\"");
            self.out.push_str(name.prefix.namespace());
            self.out.push('"');
        }
        // Smallest name first, then the next larger: sorted, and a repeated name cannot be written twice.
        let mut last = "";
        while let Some(&(key, value)) =
            attributes.iter().filter(|(key, value)| value.is_some() && *key > last).min_by_key(|(key, _)| *key)
        {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            push_escaped(&mut self.out, value.unwrap_or_default(), attribute_escape);
            self.out.push('"');
            last = key;
        }
        self.out.push('>');
        self.open.push(Open { name, declared: inherited | name.prefix.bit() });
    }

    /// Character data of the innermost open element.
    pub fn text(&mut self, text: &str) {
        push_escaped(&mut self.out, text, text_escape);
    }

    /// Closes the innermost open element.
    pub fn close(&mut self) {
        if let Some(Open { name, .. }) = self.open.pop() {
            self.out.push_str("</");
            self.push_name(name);
            self.out.push('>');
        }
    }

    /// An element that holds only text.
    pub fn leaf(&mut self, name: Name, attributes: &[Pair<'_>], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// Closes whatever is still open and gives the document.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn push_name(&mut self, name: Name) {
        self.out.push_str(name.prefix.text());
        self.out.push(':');
        self.out.push_str(name.local);
    }
}

/// Canonical XML 1.0 §2.3, text nodes.
pub fn text_escape(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => (!is_legal(c)).then_some(""),
    }
}

/// Canonical XML 1.0 §2.3, attribute nodes.
pub fn attribute_escape(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => (!is_legal(c)).then_some(""),
    }
}

pub fn push_escaped(out: &mut String, text: &str, escape: fn(char) -> Option<&'static str>) {
    // Nearly every value is plain: identifiers, times, base64, addresses. One pass over bytes settles that; it goes to the
    // end whatever it finds, so that many bytes are looked at in one step.
    if text.bytes().fold(true, |plain, b| plain & matches!(b, b' '..=b'~') & !matches!(b, b'&' | b'<' | b'>' | b'"')) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match escape(c) {
            Some(replacement) => out.push_str(replacement),
            None => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::name::{ds, saml, samlp};
    use super::*;
    use crate::judge::xmllint_canonical;
    use proptest::prelude::*;

    fn document(attribute: &str, text: &str) -> String {
        let mut writer = Writer::with_capacity(64);
        writer.open(samlp("Response"), &[("Version", Some("2.0")), ("ID", Some(attribute)), ("None", None)]);
        writer.leaf(saml("Issuer"), &[], text);
        writer.open(saml("Assertion"), &[("z", Some("")), ("A", Some(attribute))]);
        writer.open(saml("Empty"), &[]);
        writer.close();
        writer.leaf(ds("Deep"), &[("B", Some(text))], attribute);
        writer.text(text);
        writer.finish()
    }

    #[test]
    fn attributes_are_sorted_written_once_and_absent_without_a_value() {
        let mut writer = Writer::with_capacity(0);
        writer.open(saml("A"), &[("b", Some("2")), ("a", Some("1")), ("b", Some("3")), ("c", None)]);
        assert_eq!(
            writer.finish(),
            r#"<saml:A xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" a="1" b="2"></saml:A>"#
        );
    }

    #[test]
    fn a_prefix_is_declared_again_only_where_no_ancestor_declares_it() {
        let written = document("_1", "x");
        assert_eq!(written.matches("xmlns:samlp=").count(), 1);
        assert_eq!(written.matches("xmlns:saml=").count(), 2, "issuer and assertion are siblings: {written}");
        assert_eq!(written.matches("xmlns:ds=").count(), 1);
    }

    #[test]
    fn illegal_characters_are_left_out_and_markup_is_escaped() {
        let mut writer = Writer::with_capacity(0);
        writer.leaf(saml("A"), &[("a", Some("\u{0}\t\n\r\"<>&'"))], "\u{0}\u{b}\u{ffff}\t\n\r\"<>&']]>");
        let written = writer.finish();
        assert!(written.contains(r#" a="&#x9;&#xA;&#xD;&quot;&lt;>&amp;'">"#), "{written}");
        assert!(written.contains(">\t\n&#xD;\"&lt;&gt;&amp;']]&gt;<"), "{written}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn libxml2_canonicalises_what_was_written_to_the_same_bytes(
            attribute in any::<String>(),
            text in r#"([<>&"'\r\n\t\x00-\x20 a-z\]\u{fffe}\u{ffff}\u{85}\u{2028}]|.){0,40}"#,
        ) {
            let written = document(&attribute, &text);
            prop_assert_eq!(xmllint_canonical(&written), written);
        }
    }
}
