//! What property mappings and the role table give, as attributes of an assertion.

use expression::{Context, ExpressionErrorKind, Limits};
use model::Application;
use saml::Attribute;
use serde_json::Value;

use crate::{person::Person, snapshot::Snapshot};

/// One attribute for each name: AWS reads only one claim of a kind, so values of the same name go together.
pub(crate) fn add(attributes: &mut Vec<Attribute>, sources: &mut Vec<String>, given: Attribute, source: &str) {
    let found = attributes.iter().position(|a| a.name == given.name);
    if let Some((attribute, from)) = found.and_then(|i| attributes.get_mut(i).zip(sources.get_mut(i))) {
        for value in given.values {
            if !attribute.values.contains(&value) {
                attribute.values.push(value);
            }
        }
        from.push_str(", ");
        from.push_str(source);
    } else {
        attributes.push(given);
        sources.push(source.to_owned());
    }
}

/// `role,provider` pairs of the table whose groups this person is in.
pub(crate) fn role_table(application: &Application, person: &Person) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for row in &application.aws_roles {
        if row.groups.is_empty() || row.groups.iter().any(|g| person.all_groups.contains(g)) {
            let pair = format!("{},{}", row.role, row.provider);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

/// Runs one mapping and turns its result into attribute values.
pub(crate) fn evaluate(snapshot: &Snapshot, name: &str, context: &Context) -> Result<Vec<String>, String> {
    let expression = match snapshot.mapping(name) {
        Some(Ok(expression)) => expression,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("there is no such mapping".to_owned()),
    };
    match expression.evaluate(context, &Limits::default()) {
        Ok(value) => attribute_values(&value),
        Err(error) if error.kind == ExpressionErrorKind::Skip => Ok(Vec::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// `None` leaves the attribute out, a list gives one value each.
pub(crate) fn attribute_values(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Null => Ok(Vec::new()),
        value => Ok(vec![text(value)?]),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(s) => Ok(s.clone()),
        // As Python writes them.
        Value::Bool(b) => Ok(if *b { "True" } else { "False" }.to_owned()),
        Value::Number(n) => Ok(n.to_string()),
        Value::Null => Err("a list of values holds None; leave it out of the list".to_owned()),
        Value::Array(_) => Err("a list of values holds a list; an attribute value is text".to_owned()),
        Value::Object(_) => {
            Err("the result is a dict; an attribute value is text, a number or a list of those".to_owned())
        }
    }
}
