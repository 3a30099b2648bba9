use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use monty::{MontyRun, RunProgress};
use monty_types::{
    AssertMessageAnnotations, CompileOptions, DateTimeSource, NameLookupResult, OsPolicy, PrintWriter, ProcessTime,
    RandomStart, ResourceLimits, ResourceTracker, SandboxTimeZone, SleepMode,
};
use serde_json::Value;

use crate::{
    Context, ExpressionError, ExpressionErrorKind, Limits, convert, host,
    limits::{ATTEMPTS, SOURCE},
    meter::processor_time,
};

/// An expression, compiled once. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    /// Copied for each evaluation: a run consumes itself, and cannot be shared while it runs.
    prototype: Arc<Mutex<MontyRun>>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl Expression {
    /// Compiles; the error names line and column.
    pub fn compile(name: &str, source: &str) -> Result<Self, ExpressionError> {
        if source.len() > SOURCE {
            let why = format!("an expression has at most {SOURCE} bytes, this one has {}", source.len());
            return Err(ExpressionError::new(ExpressionErrorKind::SourceTooLarge, why));
        }
        // Coroutines that gather each other grow without end while the clock of the interpreter runs, and taking them
        // apart again is not timed at all. No mapping has anything to wait for.
        if let Some(at) = source.find("asyncio") {
            let refused = ExpressionError::new(
                ExpressionErrorKind::Forbidden,
                "`asyncio` is not available: there is nothing to wait for",
            );
            return Err(refused.at_byte(source, at));
        }
        let inputs = host::INPUTS.iter().map(|n| (*n).to_owned()).collect();
        let options =
            CompileOptions { assert_message_annotations: AssertMessageAnnotations::Off, source_scan_threshold: 0 };
        let policy = OsPolicy {
            datetime: DateTimeSource::CallHost,
            timezone: SandboxTimeZone::utc(),
            sleep: SleepMode::CallHost,
            process_time: ProcessTime::default(),
            random_start: RandomStart::CallHost,
        };
        let compiled = guarded(|| MontyRun::new(source.to_owned(), name, inputs, options))?;
        let run = compiled.map_err(|e| ExpressionError::of(&e, ExpressionErrorKind::Syntax))?.with_os_policy(policy);
        Ok(Self { source: source.into(), prototype: Arc::new(Mutex::new(run)) })
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// Runs with what `context` holds and nothing else.
    pub fn evaluate(&self, context: &Context, limits: &Limits) -> Result<Value, ExpressionError> {
        self.evaluate_by(context, limits, &processor_time)
    }

    /// The same, and how long it took, by the clock of the wall.
    pub fn evaluate_timed(&self, context: &Context, limits: &Limits) -> (Result<Value, ExpressionError>, Duration) {
        let started = Instant::now();
        let outcome = self.evaluate(context, limits);
        (outcome, started.elapsed())
    }

    /// The same, with `processor` saying how long this thread has had one.
    ///
    /// The clock of the interpreter is that of the wall. Where many threads want few processors it runs while another one
    /// works, and a good mapping would be cut off. An expression has no effects, so it can be run again.
    pub(crate) fn evaluate_by(
        &self,
        context: &Context,
        limits: &Limits,
        processor: &dyn Fn() -> Option<Duration>,
    ) -> Result<Value, ExpressionError> {
        let mut time = limits.time;
        // The first one is not measured: nearly all end well, and reading the measure costs as much as a short expression.
        let mut before = None;
        for _ in 1..ATTEMPTS {
            let started = Instant::now();
            let outcome = self.attempt(context, limits, time);
            match &outcome {
                // Too many calls are too many whatever time they took.
                Err(error) if error.kind == ExpressionErrorKind::TimeLimit && started.elapsed() >= time => {}
                _ => return outcome,
            }
            let now = processor();
            if time > limits.time {
                // Without a measure the second attempt decides.
                let had = before.zip(now).map(|(before, now): (Duration, Duration)| now.saturating_sub(before));
                if had.is_none_or(|had| had >= limits.time) {
                    return outcome;
                }
            }
            before = now;
            time *= 2;
        }
        self.attempt(context, limits, time)
    }

    /// One run, of at most `time`; `limits` say the rest, and what an error tells its author.
    fn attempt(&self, context: &Context, limits: &Limits, time: Duration) -> Result<Value, ExpressionError> {
        guarded(|| {
            // The prototype is only ever copied, so a panic while it was held has not changed it.
            let run = self.prototype.lock().unwrap_or_else(PoisonError::into_inner).clone();
            self.drive(run, context, limits, time)
        })?
    }

    fn drive(
        &self,
        run: MontyRun,
        context: &Context,
        limits: &Limits,
        time: Duration,
    ) -> Result<Value, ExpressionError> {
        let resources = ResourceLimits::default()
            .max_feed_duration(time)
            .max_memory(limits.memory)
            .max_recursion_depth(limits.recursion)
            .max_suspensions(limits.suspensions);
        let raised = |e| ExpressionError::of_run(&e, limits);
        let started = Instant::now();
        let mut progress =
            run.start(host::inputs(context), ResourceTracker::new(resources), PrintWriter::Disabled).map_err(raised)?;
        for _ in 0..=limits.suspensions {
            // The interpreter's clock stands still while we answer, so the whole is bounded here.
            if started.elapsed() > time * 2 {
                return Err(ExpressionError::too_long(limits));
            }
            progress = match progress {
                RunProgress::Complete(value) => return convert::from_python(&value, limits.result),
                // `raise SkipObject("why")` calls the name without looking it up first.
                RunProgress::FunctionCall(call) if call.function_name == host::SKIP && call.object_id.is_none() => {
                    let skip = ExpressionError::new(ExpressionErrorKind::Skip, host::SKIP);
                    return Err(skip.at(&self.source, &call.position));
                }
                RunProgress::FunctionCall(call)
                    if call.object_id.is_none() && host::HIDDEN.contains(&call.function_name.as_str()) =>
                {
                    let why =
                        format!("`{}` is not available: an expression is what is written here", call.function_name);
                    return Err(
                        ExpressionError::new(ExpressionErrorKind::Forbidden, why).at(&self.source, &call.position)
                    );
                }
                RunProgress::FunctionCall(call) => {
                    match host::call(context, call.object_id, &call.function_name, &call.args) {
                        Ok(value) => call.resume(value, PrintWriter::Disabled),
                        Err(exception) => call.resume(exception, PrintWriter::Disabled),
                    }
                    .map_err(raised)?
                }
                RunProgress::NameLookup(lookup) if lookup.name == host::SKIP && lookup.object_id().is_none() => {
                    return Err(
                        ExpressionError::new(ExpressionErrorKind::Skip, host::SKIP).at(&self.source, &lookup.position)
                    );
                }
                RunProgress::NameLookup(lookup) => {
                    lookup.resume(NameLookupResult::Undefined, PrintWriter::Disabled).map_err(raised)?
                }
                RunProgress::OsCall(call) => {
                    let what = call.function_call.name();
                    let why = format!("`{what}` is not available: an expression reaches nothing outside of it");
                    return Err(
                        ExpressionError::new(ExpressionErrorKind::Forbidden, why).at(&self.source, &call.position)
                    );
                }
                RunProgress::ResolveFutures(_) => {
                    return Err(ExpressionError::new(
                        ExpressionErrorKind::Forbidden,
                        "`await` has nothing to wait for here",
                    ));
                }
            };
        }
        Err(ExpressionError::new(ExpressionErrorKind::TimeLimit, format!("more than {} calls", limits.suspensions)))
    }
}

/// A panic of the interpreter ends the expression, not the server.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, ExpressionError> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| ExpressionError::new(ExpressionErrorKind::Internal, "the interpreter failed on this expression"))
}
