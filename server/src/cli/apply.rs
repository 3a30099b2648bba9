use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Services,
    declarative::{Apply, Elsewhere, Plan},
};

use super::failure::Failure;

/// Plans, prints and applies files while no server runs.
pub async fn apply(services: &Services, files: &[PathBuf], how: Apply) -> Result<(), Failure> {
    if how.prune && files.len() > 1 {
        let why = "--prune removes what a file does not name, and each of several names other things; give it one file";
        return Err(Failure::refused(why));
    }
    for file in files {
        let plan = apply_file(services, file, "command line", how).await?;
        println!("{plan}");
    }
    Ok(())
}

pub async fn apply_file(services: &Services, path: &Path, actor: &str, how: Apply) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::refused(format!("{}: {e}", path.display())))?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let resolver = move |place: &Elsewhere| match place {
        Elsewhere::Env(name) => std::env::var(name).map_err(|_| format!("the environment has no {name}")),
        Elsewhere::Binary(name) => {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(STANDARD.encode(bytes))
        }
        Elsewhere::File(name) => {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    };
    Ok(services.apply_as(&path.display().to_string(), &text, &resolver, actor, how).await?)
}
