use monty_types::{CallArgs, ExcType, MontyException, MontyObject, MontyUuid};
use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use crate::{
    Context, GroupContext, UserContext,
    convert::{dict, to_python},
    error::MEMORY_LIMIT,
};

/// The names that every expression has, in the order of its inputs.
pub const INPUTS: [&str; 12] = [
    "user",
    "group",
    "provider",
    "application",
    "request",
    "regex_match",
    "regex_replace",
    "slugify",
    "eval",
    "exec",
    "compile",
    "__import__",
];

/// Names that hide what the language has under them: source made while an expression runs would pass by the checks of
/// the source that was given.
pub const HIDDEN: [&str; 4] = ["eval", "exec", "compile", "__import__"];

/// The name whose look-up leaves the object out.
pub const SKIP: &str = "SkipObject";

const USER: MontyUuid = MontyUuid::from_u128(1);

/// The values of [`INPUTS`].
pub fn inputs(context: &Context) -> Vec<MontyObject> {
    vec![
        context.user.as_ref().map_or_else(MontyObject::none, user),
        context.group.as_ref().map_or_else(MontyObject::none, |g| record("Group", 2, g)),
        record("Provider", 3, &context.provider),
        record("Application", 4, &context.application),
        record("Request", 5, &context.request),
        MontyObject::function("regex_match", None),
        MontyObject::function("regex_replace", None),
        MontyObject::function("slugify", None),
        MontyObject::function("eval", None),
        MontyObject::function("exec", None),
        MontyObject::function("compile", None),
        MontyObject::function("__import__", None),
    ]
}

fn instance(class: &str, id: u128, attributes: Vec<(&str, MontyObject)>) -> MontyObject {
    // Classes and instances share one space of ids.
    let class = MontyObject::class_type(class, MontyUuid::from_u128(id + (1 << 64)), true, false, []);
    let attributes = attributes.into_iter().map(|(name, value)| (MontyObject::string(name), value));
    MontyObject::class_instance(class, MontyUuid::from_u128(id), attributes)
}

fn record(class: &str, id: u128, fields: &Map<String, Value>) -> MontyObject {
    instance(class, id, fields.iter().map(|(k, v)| (k.as_str(), to_python(v))).collect())
}

fn user(user: &UserContext) -> MontyObject {
    let text = |s: &str| MontyObject::string(s);
    let groups = user.groups.iter().enumerate().map(|(index, group)| group_of(index, group));
    instance(
        "User",
        1,
        vec![
            ("username", text(&user.username)),
            ("name", text(&user.name)),
            ("given_name", text(&user.given_name)),
            ("family_name", text(&user.family_name)),
            ("email", text(&user.email)),
            ("uid", text(&user.uid)),
            ("is_active", MontyObject::bool(user.is_active)),
            ("attributes", dict(&user.attributes)),
            ("groups", MontyObject::list(groups)),
        ],
    )
}

fn group_of(index: usize, group: &GroupContext) -> MontyObject {
    // All groups are of one class, so each instance names the class by the same id.
    let class = MontyObject::class_type("Group", MontyUuid::from_u128(2 + (1 << 64)), true, false, []);
    let attributes = [
        (MontyObject::string("name"), MontyObject::string(group.name.clone())),
        (MontyObject::string("attributes"), dict(&group.attributes)),
    ];
    MontyObject::class_instance(class, MontyUuid::from_u128(1000 + index as u128), attributes)
}

/// Answers a call of one of our functions or of a method of `user`.
pub fn call(
    context: &Context,
    object: Option<MontyUuid>,
    name: &str,
    arguments: &CallArgs,
) -> Result<MontyObject, MontyException> {
    let text = |index: usize, parameter: &str| {
        arguments.arg(index).or_else(|| arguments.kwarg(parameter)).and_then(|value| value.as_str()).ok_or_else(|| {
            MontyException::new(ExcType::TypeError, Some(format!("{name}() takes a str as `{parameter}`")))
        })
    };
    match (object, name, &context.user) {
        (Some(USER), "group_attributes", Some(user)) => Ok(dict(&user.group_attributes)),
        (Some(USER), "is_member", Some(user)) => {
            let wanted = text(0, "name")?;
            Ok(MontyObject::bool(user.groups.iter().any(|g| g.name == wanted)))
        }
        (None, "regex_match", _) => {
            let (value, pattern) = (text(0, "value")?, text(1, "regex")?);
            Ok(MontyObject::bool(regex(pattern)?.is_match(value)))
        }
        (None, "regex_replace", _) => {
            let (value, pattern, replacement) = (text(0, "value")?, text(1, "regex")?, text(2, "replacement")?);
            Ok(MontyObject::string(replace(&regex(pattern)?, value, replacement)?))
        }
        (None, "slugify", _) => Ok(MontyObject::string(slugify(text(0, "text")?))),
        (Some(_), ..) => {
            Err(MontyException::new(ExcType::AttributeError, Some(format!("the object has no method `{name}`"))))
        }
        (None, ..) => Err(MontyException::new(ExcType::NameError, Some(format!("name '{name}' is not defined")))),
    }
}

/// Linear in the text whatever the pattern; the compiled size is bounded.
fn regex(pattern: &str) -> Result<Regex, MontyException> {
    RegexBuilder::new(pattern).size_limit(1 << 20).dfa_size_limit(1 << 20).build().map_err(|error| {
        let told = error.to_string();
        let last = told.lines().last().unwrap_or_default().trim().to_owned();
        MontyException::new(ExcType::ValueError, Some(format!("bad regex `{pattern}`: {last}")))
    })
}

/// Python writes a group of the pattern as `\1`; the library writes `${1}`.
fn replace(regex: &Regex, value: &str, replacement: &str) -> Result<String, MontyException> {
    /// A replacement may be longer than what it replaces, at every character of the text.
    const LONGEST: usize = 256 << 10;
    let too_large = || {
        let why = format!("{MEMORY_LIMIT}: regex_replace() makes a value of more than {} KiB", LONGEST / 1024);
        MontyException::new(ExcType::MemoryError, Some(why))
    };
    let worst = value.len().saturating_add(1).saturating_mul(replacement.len().saturating_add(1));
    if worst > LONGEST
        && !value.is_empty()
        && regex.find_iter(value).count().saturating_mul(replacement.len()) > LONGEST
    {
        return Err(too_large());
    }
    let mut expanded = String::new();
    let mut characters = replacement.chars();
    while let Some(c) = characters.next() {
        match c {
            '$' => expanded.push_str("$$"),
            '\\' => match characters.next() {
                Some(digit) if digit.is_ascii_digit() => expanded.push_str(&format!("${{{digit}}}")),
                Some(other) => expanded.push(other),
                None => expanded.push('\\'),
            },
            other => expanded.push(other),
        }
    }
    let made = regex.replace_all(value, expanded.as_str()).into_owned();
    if made.len() > LONGEST.max(value.len()) { Err(too_large()) } else { Ok(made) }
}

/// Lower-case letters and digits, with single hyphens between.
fn slugify(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
