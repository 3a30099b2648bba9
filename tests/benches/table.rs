use std::fmt::Write as _;

/// Why some rows are as they are.
const REASONS: &str = "
**The ratio to a bare signature** falls as signatures get cheaper, since everything else stays. A processor with AVX-512 IFMA makes one in less
than half the time; the row without these instructions has the same program on the same machine as others run it. When sign-on to IAM was all
there was, in the same month, it was 0.387.

**Responses kept.** A provider keeps its last ten unless it says otherwise, so that is what most rows of sign-on measure; beside them stands the same
with `keep_responses: 0`. Of many that are issued at once only those that stay are sealed and written (decision record 28).

**Memory.** Most of what is resident when idle is the program itself, and most of that is SurrealDB (its language, indexes, functions):
pages of code that ran once at the start, read from the file, shared and given back when memory is short. What is the process's own is in the note of
each row: the configuration, who is signed in, and what the database has read into its caches, which grow with what is kept. People are held here
only once they sign on. Of the most that `scim plan` held, all that is resident when a server with so many people is idle was there before the plan.

**The share of the permitted rate.** AWS says how many writes a second it takes, and not how many changes of membership. Those are sent at a hundred
a second until a thousand were taken, and then as fast as the writes carry them; where the service sends one away, at half the pace for a minute.
The first row is a service that takes whatever its writes carry, the second one that takes a hundred a second. What is missing in the
first are the seconds of the first thousand.

**The WASM above 600 KB** is decision record 8.
";

/// What was measured, in the order of measuring.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    value: String,
    note: String,
}

impl Table {
    /// Adds a row and shows it at once: a run takes minutes.
    pub fn row(&mut self, what: impl Into<String>, value: impl Into<String>, note: impl Into<String>) {
        let row = Row { what: what.into(), value: value.into(), note: note.into() };
        eprintln!("{}: {} {}", row.what, row.value, row.note);
        self.rows.push(row);
    }

    /// Whether a row begins so.
    pub fn has(&self, what: &str) -> bool {
        self.rows.iter().any(|row| row.what.starts_with(what))
    }

    pub fn text(&self) -> String {
        let width = self.rows.iter().map(|r| r.what.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for row in &self.rows {
            let _ = writeln!(text, "{:width$}  {:>14}  {}", row.what, row.value, row.note);
        }
        text
    }

    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "# Measured\n\nWritten by `make bench`; every row of one run, on one machine. Ratios travel between machines, seconds do not.\n\n",
        );
        let _ = writeln!(text, "Machine: {}\n", machine());
        text.push_str("| what | measured | how |\n|---|---:|---|\n");
        for row in &self.rows {
            let _ = writeln!(text, "| {} | {} | {} |", row.what, row.value, row.note);
        }
        text + REASONS
    }
}

/// Processors and their kind; nothing that names the machine.
fn machine() -> String {
    let count = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|l| l.strip_prefix("model name")).and_then(|l| l.split_once(": "));
    format!("{count} processors, {}", model.map_or("of unknown kind", |(_, name)| name))
}
