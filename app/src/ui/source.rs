use leptos::prelude::*;

use super::python::{Kind, tokens};

/// An expression to read, in colours. `names` are those that the host gives; see [`tokens`].
#[component]
pub fn Source(#[prop(into)] text: String, names: &'static str) -> impl IntoView {
    view! { <code class="python" inner_html=painted(text.trim_end(), names, None, None)></code> }
}

/// Python source as HTML: every line an element, every piece that has a colour another. Everything in it is escaped.
pub fn painted(
    source: &str,
    names: &str,
    // The line that is at fault, from 1.
    fault: Option<u32>,
    // The byte at which something else is to be placed.
    place: Option<usize>,
) -> String {
    let mut html = String::with_capacity(source.len() * 3);
    let (mut at, mut line) = (0, 1);
    begin(&mut html, fault == Some(line));
    for (kind, text) in tokens(source, names) {
        let class = class(kind);
        open(&mut html, class);
        for c in text.chars() {
            if place == Some(at) {
                html += "<i class=\"place\"></i>";
            }
            at += c.len_utf8();
            match c {
                '&' => html += "&amp;",
                '<' => html += "&lt;",
                '>' => html += "&gt;",
                '\n' => {
                    close(&mut html, class);
                    end(&mut html);
                    line += 1;
                    begin(&mut html, fault == Some(line));
                    open(&mut html, class);
                }
                c => html.push(c),
            }
        }
        close(&mut html, class);
    }
    if place == Some(at) {
        html += "<i class=\"place\"></i>";
    }
    end(&mut html);
    html
}

fn begin(html: &mut String, is_at_fault: bool) {
    *html += if is_at_fault { "<span class=\"line fault\">" } else { "<span class=\"line\">" };
}

/// With its line break, without which an empty line would have no height.
fn end(html: &mut String) {
    *html += "\n</span>";
}

fn open(html: &mut String, class: &str) {
    if !class.is_empty() {
        *html += "<span class=\"";
        *html += class;
        *html += "\">";
    }
}

fn close(html: &mut String, class: &str) {
    if !class.is_empty() {
        *html += "</span>";
    }
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Plain => "",
        Kind::Keyword => "keyword",
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Comment => "comment",
        Kind::Name => "name",
    }
}

/// The line that a refusal names, such as `line 2, column 8: …`.
pub fn line_of(refusal: &str) -> Option<u32> {
    let rest = refusal.strip_prefix("line ")?;
    rest.get(..rest.find(|c: char| !c.is_ascii_digit())?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{line_of, painted};

    #[test]
    fn nothing_of_a_source_is_taken_for_markup() {
        let html = painted("x = '<script>' # & \"\n", "", None, None);
        let expected = "<span class=\"line\">x = <span class=\"text\">'&lt;script&gt;'</span> <span class=\"comment\"># &amp; \"</span>\n</span><span class=\"line\">\n</span>";
        assert_eq!(html, expected);
    }

    #[test]
    fn a_string_of_several_lines_has_its_colour_in_each_and_one_line_is_at_fault() {
        let html = painted("'''a\nb'''", "", Some(2), Some(5));
        let expected = "<span class=\"line\"><span class=\"text\">'''a</span>\n</span><span class=\"line fault\"><span class=\"text\"><i class=\"place\"></i>b'''</span>\n</span>";
        assert_eq!(html, expected);
        assert!(painted("ab", "", None, Some(2)).contains("ab<i class=\"place\"></i>"));
    }

    #[test]
    fn a_refusal_names_its_line_at_its_beginning() {
        assert_eq!(line_of("line 12, column 3: SyntaxError"), Some(12));
        assert_eq!(line_of("line 7: NameError"), Some(7));
        assert_eq!(["there is no line 3", "line: x", "", "line 4"].map(line_of), [None; 4]);
    }
}
