use std::time::Duration;

use serde_json::{Value, json};

use crate::{Context, Expression, ExpressionError, ExpressionErrorKind as Kind, Limits, UserContext};

fn run_within(source: &str, limits: &Limits) -> Result<Value, ExpressionError> {
    let context = Context { user: Some(UserContext::default()), ..Context::default() };
    Expression::compile("test", source)?.evaluate(&context, limits)
}

fn run(source: &str) -> Result<Value, ExpressionError> {
    run_within(source, &Limits::default())
}

/// Nothing here is to end by the clock, on however busy a machine.
fn unhurried(source: &str) -> Result<Value, ExpressionError> {
    run_within(source, &Limits { time: Duration::from_mins(10), ..Limits::default() })
}

#[test]
fn sixty_four_calls_nest_and_one_more_is_refused_with_the_limit() {
    let nested = |calls: u32| {
        unhurried(&format!("def f(n):\n    if n > 1:\n        return f(n - 1)\n    return 'down'\nreturn f({calls})"))
    };
    for calls in [63, 64] {
        assert_eq!(nested(calls).unwrap(), json!("down"), "{calls}");
    }
    for calls in [65, 100_000] {
        let error = nested(calls).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::Raised, "RecursionError: calls or values are nested deeper than 64"),
            "{calls}"
        );
        assert_eq!(error.line, Some(3), "{calls}: {error}");
    }
    // An author's own exception keeps its words.
    let own = unhurried("raise RecursionError('mine')").unwrap_err();
    assert_eq!((own.kind, own.message.as_str()), (Kind::Raised, "RecursionError: mine"));
}

#[test]
fn sixteen_kib_of_source_run_and_one_byte_more_is_refused_with_the_limit() {
    let of = |bytes: usize| format!("return '{}'", "a".repeat(bytes - "return ''".len()));
    assert_eq!(run(&of(16 * 1024)).unwrap().as_str().map(str::len), Some(16 * 1024 - 9));
    let error = run(&of(16 * 1024 + 1)).unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (Kind::SourceTooLarge, "an expression has at most 16384 bytes, this one has 16385")
    );
}

#[test]
fn sixty_four_kib_of_result_come_out_and_one_byte_more_is_refused_with_the_limit() {
    for (fits, too_large) in [
        // Eight bytes for each value beside its text.
        ("return 'a' * 65528", "return 'a' * 65529"),
        // Two bytes each.
        ("return 'ä' * 32764", "return 'ä' * 32764 + 'a'"),
        ("return ['a' * 65520]", "return ['a' * 65521]"),
        ("return {'k': 'a' * 65519}", "return {'k': 'a' * 65520}"),
        ("return [0] * 8191", "return [0] * 8192"),
    ] {
        let value = unhurried(fits).unwrap_or_else(|error| panic!("{fits}: {error}"));
        assert_ne!(value, Value::Null, "{fits}");
        let error = unhurried(too_large).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::ResultTooLarge, "the result is larger than 64 KiB"),
            "{too_large}"
        );
    }
}

const TOO_MUCH_MEMORY: &str = "MemoryError: the expression makes a value of more than 4 MiB";

#[test]
fn a_value_of_four_mib_is_made_and_one_byte_more_is_refused_at_once() {
    assert_eq!(unhurried("return len('a' * 4194304)").unwrap(), json!(4_194_304));
    for source in
        ["return len('a' * 4194305)", "return 'a' * 200000000", "return [0] * 200000000", "return 1 << 200000000"]
    {
        let error = unhurried(source).unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (Kind::MemoryLimit, TOO_MUCH_MEMORY), "{source}");
    }
}

#[test]
fn a_value_that_grows_in_small_steps_is_stopped_with_the_limit_of_memory() {
    for source in [
        "x = []\nwhile True:\n    x.append(0)",
        "x = 'a'\nwhile True:\n    x = x + x",
        "x = 'a'\nwhile True:\n    x += x",
        "x = {}\ni = 0\nwhile True:\n    x[i] = i\n    i = i + 1",
        "x = 'a'\nwhile True:\n    x = f'{x}{x}'",
        "x = 'a'\nwhile True:\n    x = f'{f\"{x}-{x}\"}-{f\"{x}-{x}\"}'",
    ] {
        let error = unhurried(source).err().unwrap_or_else(|| panic!("{source} ended"));
        assert_eq!((error.kind, error.message.as_str()), (Kind::MemoryLimit, TOO_MUCH_MEMORY), "{source}");
        assert!(error.line.is_some(), "{source}: the error names no line");
        // Nobody can go on by catching it.
        let caught =
            format!("try:\n    {}\nexcept BaseException:\n    pass\nreturn 'went on'", source.replace('\n', "\n    "));
        let error = unhurried(&caught).err().unwrap_or_else(|| panic!("{caught} went on"));
        assert_eq!(error.kind, Kind::MemoryLimit, "{caught}");
    }
}

#[test]
fn regex_replace_has_a_limit_of_its_own_and_names_it() {
    let error = unhurried("return regex_replace('a' * 3000, '', 'b' * 3000)").unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (Kind::MemoryLimit, "MemoryError: regex_replace() makes a value of more than 256 KiB")
    );
}

#[test]
fn an_endless_loop_is_ended_with_the_limit_of_time_however_often_it_was_begun() {
    for source in
        ["while True:\n    pass", "try:\n    while True:\n        pass\nexcept BaseException:\n    pass\nreturn 1"]
    {
        let error = run(source).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::TimeLimit, "TimeoutError: the expression takes longer than 50 ms"),
            "{source}"
        );
    }
}

#[test]
fn too_many_calls_are_refused_with_their_number() {
    let error = unhurried("for i in range(1000):\n    user.is_member('x')").unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::TimeLimit, "more than 256 calls"));
}
