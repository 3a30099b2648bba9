use std::{
    collections::HashSet,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{MasterKey, Parts, PasswordPolicy, Services, Vault};
use store::{OpenError, StoreOptions, SurrealStore};

use crate::{
    config::Common,
    outbound::{HttpMetadata, HttpScim, HttpWebhook},
    system::{SystemClock, SystemEntropy, SystemPace},
};

/// Why the parts could not be put together: one line each.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("{path}: {why}")]
    Path { path: PathBuf, why: String },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Domain(#[from] domain::Error),
    #[error("connections to other services cannot be set up: {0}")]
    Outbound(String),
    #[error("--public-url {url}: {why}")]
    PublicUrl { url: String, why: &'static str },
    #[error(
        "--listen {0}: browsers on other machines reach this address by plain http, which is accepted on loopback only; give \
         --public-url with the https address that they use, or listen on 127.0.0.1"
    )]
    NoPublicUrl(std::net::SocketAddr),
}

impl ComposeError {
    fn at(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Path { path: path.to_owned(), why: why.to_string() }
    }
}

/// Opens the store and starts the services.
pub async fn services(common: &Common, public_url: String) -> Result<(Services, Arc<SurrealStore>), ComposeError> {
    services_on(common, &store_options(common)?, public_url).await
}

/// The same on a store that is opened in another way.
pub async fn services_on(
    common: &Common,
    options: &StoreOptions,
    public_url: String,
) -> Result<(Services, Arc<SurrealStore>), ComposeError> {
    std::fs::create_dir_all(&common.data_dir).map_err(|e| ComposeError::at(&common.data_dir, e))?;
    let store = Arc::new(SurrealStore::open(options).await?);
    match start(common, &store, public_url).await {
        Ok(services) => Ok((services, store)),
        Err(error) => {
            // Whoever opens the database next, or puts it away, is not to wait for what this one has begun.
            if let Some(store) = Arc::into_inner(store) {
                store.close().await;
            }
            Err(error)
        }
    }
}

async fn start(common: &Common, store: &Arc<SurrealStore>, public_url: String) -> Result<Services, ComposeError> {
    let parts = Parts {
        store: Arc::clone(store) as Arc<dyn domain::port::Store>,
        provisioning: Arc::clone(store) as Arc<dyn domain::port::ProvisioningStore>,
        scim: Arc::new(HttpScim::new().map_err(|e| ComposeError::Outbound(e.to_string()))?),
        metadata: Arc::new(HttpMetadata::new(common.metadata_private_addresses)),
        backup: Arc::clone(store) as Arc<dyn domain::port::BackupStore>,
        webhooks: Arc::new(
            HttpWebhook::new(common.webhook_private_addresses).map_err(|e| ComposeError::Outbound(e.to_string()))?,
        ),
        pace: Arc::new(SystemPace::default()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(vault(&common.data_dir)?),
        passwords: password_policy(common.breached_passwords.as_deref())?,
        public_url,
    };
    Ok(Services::start(parts).await?)
}

/// Where the database is, and how to be let in.
pub fn store_options(common: &Common) -> Result<StoreOptions, ComposeError> {
    let url = match &common.database {
        Some(url) => url.clone(),
        None => format!("surrealkv://{}", absolute(&common.data_dir.join("db"))?.display()),
    };
    Ok(StoreOptions {
        url,
        user: std::env::var("ROLECALL_DATABASE_USER").ok(),
        password: secret_from_env("ROLECALL_DATABASE_PASSWORD")?,
        entropy: Some(Arc::new(SystemEntropy)),
        ..StoreOptions::default()
    })
}

/// Without a slash at its end. Plain http is for this machine alone: cookies and assertions would cross the network readable.
pub fn public_url(given: Option<&str>, listen: std::net::SocketAddr) -> Result<String, ComposeError> {
    let Some(text) = given else {
        let loopback = listen.ip().to_canonical().is_loopback();
        return if loopback { Ok(format!("http://{listen}")) } else { Err(ComposeError::NoPublicUrl(listen)) };
    };
    let fail = |why| ComposeError::PublicUrl { url: text.to_owned(), why };
    let url = url::Url::parse(text).map_err(|_| fail("this is not an address such as https://id.example.com"))?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(fail("plain http is accepted on loopback only; use https")),
        _ => return Err(fail("the scheme is https")),
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(fail("only scheme, host and port are taken; paths are Rolecall's own"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn absolute(path: &Path) -> Result<PathBuf, ComposeError> {
    std::path::absolute(path).map_err(|e| ComposeError::at(path, e))
}

/// `NAME`, or the content of the file that `NAME_FILE` names.
pub fn secret_from_env(name: &str) -> Result<Option<String>, ComposeError> {
    if let Some(path) = std::env::var_os(format!("{name}_FILE")).map(PathBuf::from) {
        let text = std::fs::read_to_string(&path).map_err(|e| ComposeError::at(&path, e))?;
        return Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    Ok(std::env::var(name).ok())
}

/// Reads `master.key`, made on first run with mode 0600. Further lines are keys that the first one replaced.
pub fn vault(data_dir: &Path) -> Result<Vault, ComposeError> {
    let path = data_dir.join("master.key");
    if !path.exists() {
        let mut bytes = [0u8; 32];
        domain::port::Entropy::fill(&SystemEntropy, &mut bytes);
        let line: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let mut open = std::fs::OpenOptions::new();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(&path).map_err(|e| ComposeError::at(&path, e))?;
        writeln!(file, "{line}").and_then(|()| file.sync_all()).map_err(|e| ComposeError::at(&path, e))?;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).map_err(|e| ComposeError::at(&path, e))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(ComposeError::at(&path, "others can read the master key; run: chmod 600 on it"));
        }
    }
    let text = std::fs::read_to_string(&path).map_err(|e| ComposeError::at(&path, e))?;
    let mut keys = text.lines().filter(|l| !l.trim().is_empty()).map(|line| {
        decode_hex(line.trim())
            .map(MasterKey::new)
            .ok_or_else(|| ComposeError::at(&path, "a line is not 64 hexadecimal digits"))
    });
    let current =
        keys.next().ok_or_else(|| ComposeError::at(&path, "the file is empty; restore it from a backup"))??;
    Ok(Vault::new(current, keys.collect::<Result<_, _>>()?))
}

fn decode_hex(line: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if line.len() != 64 {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn password_policy(path: Option<&Path>) -> Result<PasswordPolicy, ComposeError> {
    let Some(path) = path else { return Ok(PasswordPolicy::default()) };
    let text = std::fs::read_to_string(path).map_err(|e| ComposeError::at(path, e))?;
    let breached: HashSet<String> = text.lines().map(|l| l.trim().to_lowercase()).filter(|l| !l.is_empty()).collect();
    Ok(PasswordPolicy { breached, ..PasswordPolicy::default() })
}
