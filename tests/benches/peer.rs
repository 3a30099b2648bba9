use std::{path::Path, process::Command};

use crate::Outcome;

/// Responses that pysaml2 makes for each processor second.
pub fn pysaml2(calls: u32) -> Outcome<f64> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("judges/run");
    let output =
        Command::new(program).arg("bench_pysaml2").arg(calls.to_string()).output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| format!("pysaml2: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Bytes of the browser's half: the module as it is, and compressed as it is sent.
pub fn module_sizes() -> Outcome<(u64, u64)> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let target = own.parent().and_then(Path::parent).ok_or("no target folder")?;
    let module = target.join("site/pkg/rolecall_bg.wasm");
    let size = |path: &Path| std::fs::metadata(path).map(|m| m.len()).map_err(|e| format!("{}: {e}", path.display()));
    Ok((size(&module)?, size(&module.with_extension("wasm.br"))?))
}
