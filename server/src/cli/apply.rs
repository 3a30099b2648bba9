use std::path::{Path, PathBuf};

use domain::{
    Services,
    declarative::{Elsewhere, Plan},
};

use super::failure::Failure;
use crate::{compose, config::Common};

/// Plans, prints and applies files while no server runs.
pub async fn apply(common: &Common, files: &[PathBuf], dry_run: bool) -> Result<(), Failure> {
    let services = offline(common).await?;
    for file in files {
        let plan = apply_file(&services, file, "command line", dry_run).await?;
        println!("{plan}");
    }
    Ok(())
}

/// Services for a command that runs without the server.
pub async fn offline(common: &Common) -> Result<Services, Failure> {
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
    let public_url = compose::public_url(common.public_url.as_deref(), listen)?;
    Ok(compose::services(common, public_url).await?.0)
}

pub async fn apply_file(services: &Services, path: &Path, actor: &str, dry_run: bool) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::refused(format!("{}: {e}", path.display())))?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let resolver = move |place: &Elsewhere| match place {
        Elsewhere::Env(name) => std::env::var(name).map_err(|_| format!("the environment has no {name}")),
        Elsewhere::File(name) => {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    };
    Ok(services.apply(&path.display().to_string(), &text, &resolver, actor, dry_run).await?)
}
