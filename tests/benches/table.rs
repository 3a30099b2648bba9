use std::fmt::Write as _;

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
        text
    }
}

/// Processors and their kind; nothing that names the machine.
fn machine() -> String {
    let count = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|l| l.strip_prefix("model name")).and_then(|l| l.split_once(": "));
    format!("{count} processors, {}", model.map_or("of unknown kind", |(_, name)| name))
}
