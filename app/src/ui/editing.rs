use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, HtmlDocument, HtmlTextAreaElement, KeyboardEvent};

use super::{completion::offered, source::painted};

/// Paints what is typed in the editors of the page, whoever drew them, and offers names. Call it once, at the root: the
/// listeners live as long as the document.
pub fn watch_editors() {
    // Taking a name is heard while the key that takes it is: the closure has to be one that may be called meanwhile.
    let heard = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if let Some(editor) = target(&event).as_ref().and_then(Editor::around) {
            editor.hear(&event);
        }
    });
    let window = window();
    for kind in ["input", "keydown", "mousedown", "click", "focusout"] {
        // Adding a listener to the window does not fail.
        drop(window.add_event_listener_with_callback(kind, heard.as_ref().unchecked_ref()));
    }
    heard.forget();
}

/// Paints the editor of a text area anew, with the line that is at fault.
pub fn repaint(id: &str, fault: Option<u32>) {
    let Some(editor) = document().get_element_by_id(id).as_ref().and_then(Editor::around) else { return };
    drop(match fault {
        Some(line) => editor.whole.set_attribute("data-fault", &line.to_string()),
        None => editor.whole.remove_attribute("data-fault"),
    });
    editor.paint();
}

/// Paints every editor: what was typed before the browser took over was not seen.
pub fn repaint_editors() {
    let all = document().get_elements_by_class_name("editor");
    for place in 0..all.length() {
        if let Some(editor) = all.item(place).as_ref().and_then(Editor::around) {
            editor.paint();
        }
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// One editor of the page; see [`super::editor`].
struct Editor {
    whole: Element,
    area: HtmlTextAreaElement,
    /// The names that are offered; hidden while there are none.
    list: Element,
}

impl Editor {
    fn around(element: &Element) -> Option<Self> {
        let whole = element.closest(".editor").ok()??;
        let area = whole.query_selector("textarea").ok()??.unchecked_into();
        let list = whole.last_element_child()?;
        Some(Self { whole, area, list })
    }

    fn hear(&self, event: &Event) {
        match event.type_().as_str() {
            "input" => self.offer(false),
            "keydown" => self.press(event.unchecked_ref()),
            "focusout" => self.close(),
            kind => match target(event).and_then(|at| at.closest("[role=option]").ok().flatten()) {
                // The text keeps the focus.
                Some(_) if kind == "mousedown" => event.prevent_default(),
                Some(option) => self.take(&option),
                None => self.close(),
            },
        }
    }

    fn press(&self, event: &KeyboardEvent) {
        let (key, is_open, active) = (event.key(), !self.list.has_attribute("hidden"), self.active());
        match (key.as_str(), active) {
            (" ", _) if event.ctrl_key() => self.offer(true),
            _ if !is_open => return,
            ("ArrowDown", active) => self.step(active.as_ref(), true),
            ("ArrowUp", Some(active)) => self.step(Some(&active), false),
            ("Enter" | "Tab", Some(active)) => self.take(&active),
            ("Escape", _) => self.close(),
            ("ArrowUp" | "ArrowLeft" | "ArrowRight" | "Home" | "End", _) => {
                self.close();
                return;
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn read(&self, name: &str) -> String {
        self.whole.get_attribute(name).unwrap_or_default()
    }

    fn paint(&self) {
        let start = self.list.get_attribute("data-start").and_then(|start| start.parse().ok());
        let html = painted(&self.area.value(), &self.read("data-names"), self.read("data-fault").parse().ok(), start);
        if let Ok(Some(code)) = self.whole.query_selector("code") {
            code.set_inner_html(&html);
        }
    }

    /// Where the caret is, as the browser counts: in units of UTF-16.
    fn caret(&self) -> u32 {
        self.area.selection_end().ok().flatten().unwrap_or_default()
    }

    /// Shows the names that fit. None is active at first, so that every key does what it always does.
    fn offer(&self, asked: bool) {
        let (source, names) = (self.area.value(), self.read("data-names"));
        let (start, fits) = offered(&source, byte_of(&source, self.caret()), &names, asked);
        if fits.is_empty() {
            self.close();
            return;
        }
        let id = self.list.id();
        let option = |(place, name): (usize, &&str)| {
            format!("<li role=\"option\" aria-selected=\"false\" id=\"{id}-{place}\">{name}</li>")
        };
        self.list.set_inner_html(&fits.iter().enumerate().map(option).collect::<String>());
        drop(self.list.set_attribute("data-start", &start.to_string()));
        drop(self.list.remove_attribute("hidden"));
        drop(self.area.remove_attribute("aria-activedescendant"));
        self.paint();
    }

    fn close(&self) {
        drop(self.list.set_attribute("hidden", ""));
        drop(self.list.remove_attribute("data-start"));
        drop(self.area.remove_attribute("aria-activedescendant"));
        self.list.set_inner_html("");
        self.paint();
    }

    fn active(&self) -> Option<Element> {
        self.list.query_selector("[aria-selected=true]").ok().flatten()
    }

    /// To the next name or the one before; behind the ends the text itself has the keys again.
    fn step(&self, active: Option<&Element>, forward: bool) {
        let next = match (active, forward) {
            (None, _) => self.list.first_element_child(),
            (Some(now), true) => now.next_element_sibling(),
            (Some(now), false) => now.previous_element_sibling(),
        };
        if let Some(now) = active {
            drop(now.set_attribute("aria-selected", "false"));
        }
        drop(match next {
            Some(next) => {
                drop(next.set_attribute("aria-selected", "true"));
                self.area.set_attribute("aria-activedescendant", &next.id())
            }
            None => self.area.remove_attribute("aria-activedescendant"),
        });
    }

    /// Puts a name in the place of what was typed of it, as if it were typed: the browser can undo it.
    fn take(&self, option: &Element) {
        let source = self.area.value();
        let start = self.list.get_attribute("data-start").and_then(|start| start.parse::<usize>().ok());
        let before = source.get(..start.unwrap_or_default()).unwrap_or_default();
        let start = u32::try_from(before.encode_utf16().count()).unwrap_or_default();
        drop(self.area.set_selection_range(start, self.caret()));
        let name = option.text_content().unwrap_or_default();
        let document = document().unchecked_into::<HtmlDocument>();
        drop(document.exec_command_with_show_ui_and_value("insertText", false, &name));
    }
}

/// The byte of a place that is counted in units of UTF-16.
fn byte_of(text: &str, place: u32) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= place {
            return byte;
        }
        units += if c.len_utf16() == 1 { 1 } else { 2 };
    }
    text.len()
}
