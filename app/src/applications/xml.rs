/// Canonical XML with a line for each element that holds others, for reading: the signature is over the bytes without
/// the added space. A `<` stands in no text and no attribute value there, so `><` is always between two tags.
pub fn indented(xml: &str) -> String {
    let mut lines = String::with_capacity(xml.len() * 2);
    let mut depth = 0usize;
    let parts: Vec<&str> = xml.split("><").collect();
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.into_iter().enumerate() {
        let tag = part.trim_start_matches('<');
        let closes = tag.starts_with('/');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if index > 0 {
            lines.push('\n');
            lines.extend(std::iter::repeat_n("  ", depth));
            lines.push('<');
        }
        lines.push_str(part);
        if index < last {
            lines.push('>');
        }
        // `<a>text</a` opens and closes within the part.
        if !closes && !tag.contains("</") {
            depth += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn elements_stand_under_each_other_and_texts_stay_as_they_are() {
        let xml = "<a x=\"1>2\"><b>t &gt; u</b><c></c><d><e>  spaced  </e></d></a>";
        let expected = "<a x=\"1>2\">\n  <b>t &gt; u</b>\n  <c>\n  </c>\n  <d>\n    <e>  spaced  </e>\n  </d>\n</a>";
        assert_eq!(indented(xml), expected);
        assert_eq!(indented(""), "");
    }
}
