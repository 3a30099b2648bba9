use leptos::prelude::*;
use model::FieldError;

use crate::ui::{
    Choice,
    editor::{editor, list_id},
    source::line_of,
};

/// One line of text.
#[derive(Default)]
pub struct Line {
    /// Also its name, and what faults call it.
    pub id: &'static str,
    pub label: &'static str,
    pub value: String,
    pub help: &'static str,
    pub readonly: bool,
    /// It is masked, and never filled in by us.
    pub secret: bool,
    /// Id of a `<datalist>` with proposals.
    pub list: Option<&'static str>,
}

/// Several lines of text.
#[derive(Default)]
pub struct Area {
    pub id: &'static str,
    pub label: &'static str,
    pub value: String,
    pub help: &'static str,
    pub rows: u32,
    /// It is Python with these names.
    pub names: Option<&'static str>,
    /// The line that is at fault, where what is wrong with the field does not name it.
    pub line: Option<u32>,
}

/// What is wrong with a field.
fn fault(faults: &[FieldError], id: &str) -> Option<String> {
    faults.iter().find(|f| field_id(&f.field) == id).map(|f| f.message.clone())
}

/// The control that a fault is about: `bindings.0` is about the control of the bindings.
pub fn field_id(field: &str) -> &str {
    field.split('.').next().unwrap_or_default()
}

/// Label above; control; error and help below.
fn framed(id: &str, label: &str, help: &str, error: Option<String>, control: AnyView) -> AnyView {
    let (fault, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let (id, label, help) = (id.to_owned(), label.to_owned(), help.to_owned());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
            <p class="field-error" id=fault>{error}</p>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
    .into_any()
}

fn described(id: &str) -> String {
    format!("{id}-error {id}-help")
}

pub fn line(line: Line, faults: &[FieldError]) -> AnyView {
    let Line { id, label, value, help, readonly, secret, list } = line;
    let error = fault(faults, id);
    let invalid = error.is_some().then_some("true");
    let (kind, complete) = if secret { ("password", "new-password") } else { ("text", "off") };
    let value = if secret { String::new() } else { value };
    let control = view! {
        <input id=id name=id type=kind value=value readonly=readonly autocomplete=complete spellcheck="false" list=list aria-invalid=invalid aria-describedby=described(id) />
    };
    framed(id, label, help, error, control.into_any())
}

/// Here alone a `<textarea>` is written without the kit's component; its text is escaped by hand, as the framework does not.
pub fn area(area: Area, faults: &[FieldError]) -> AnyView {
    let Area { id, label, value: source, help, rows, names, line } = area;
    let error = fault(faults, id);
    let invalid = error.is_some().then_some("true");
    let marked = line.or_else(|| error.as_deref().and_then(line_of));
    // A line break right behind the tag is swallowed by browsers.
    let value = format!("\n{}", html_escape::encode_text(&source));
    let control = view! {
        <textarea id=id name=id rows=rows.to_string() class="source" spellcheck="false" autocomplete="off" aria-autocomplete=names.map(|_| "list") aria-controls=names.map(|_| list_id(id)) aria-invalid=invalid aria-describedby=described(id)>{value}</textarea>
    };
    let control = control.into_any();
    let control = match names {
        Some(names) => editor(id, names, marked, &source, control),
        None => control,
    };
    framed(id, label, help, error, control)
}

/// One of a few.
pub fn select(
    id: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    value: &str,
    help: &'static str,
    faults: &[FieldError],
) -> AnyView {
    let error = fault(faults, id);
    let invalid = error.is_some().then_some("true");
    let options = choices.into_iter().map(|(key, text)| {
        let selected = key == value;
        view! { <option value=key selected=selected>{text}</option> }
    });
    let control = view! {
        <select id=id name=id aria-invalid=invalid aria-describedby=described(id)>{options.collect_view()}</select>
    };
    framed(id, label, help, error, control.into_any())
}

/// Yes or no.
pub fn check(id: &'static str, label: &'static str, on: bool) -> AnyView {
    view! { <label class="check" for=id><input id=id name=id type="checkbox" checked=on /><span>{label}</span></label> }
        .into_any()
}

/// Any number of many, each with a box of its own.
pub fn checks(
    id: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    ticked: &[String],
    help: &'static str,
    faults: &[FieldError],
) -> AnyView {
    let error = fault(faults, id);
    let empty = choices.is_empty().then(|| view! { <p class="help">"There is none yet."</p> });
    let boxes = choices.into_iter().enumerate().map(|(place, (key, text))| {
        let on = ticked.contains(&key);
        let (this, label_for) = (format!("{id}-{place}"), format!("{id}-{place}"));
        view! { <label class="check" for=label_for><input id=this name=id type="checkbox" value=key checked=on /><span>{text}</span></label> }
    });
    let (label_id, labelledby) = (format!("{id}-label"), format!("{id}-label"));
    view! {
        <div class="field check-list" id=id tabindex="-1" role="group" aria-labelledby=labelledby aria-describedby=described(id)>
            <p class="label" id=label_id>{label}</p>
            <div class="boxes">{boxes.collect_view()}</div>
            {empty}
            <p class="field-error" id=format!("{id}-error")>{error}</p>
            <p class="help" id=format!("{id}-help")>{help}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::{Area, area};

    #[test]
    fn a_text_cannot_leave_its_text_area() {
        let value = "</textarea><script>alert(1)</script>".to_owned();
        let html = area(Area { id: "x", value, ..Area::default() }, &[]).to_html();
        assert!(!html.contains("<script") && html.matches("</textarea>").count() == 1, "{html}");
    }
}
