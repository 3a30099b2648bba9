//! Signatures, judged by the `xmlsec1` program: other code than any identity provider's.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use openssl::x509::X509;
use tempfile::TempDir;
use tokio::process::Command;

use super::guard::Signed;
use crate::fault::Fault;

const START: &[u8] = b"== PreDigest data - start buffer:\n";
const END: &[u8] = b"\n== PreDigest data - end buffer";
const LIMIT: Duration = Duration::from_secs(20);

/// Verifies one signature with any of the certificates (DER) and gives the octets that were digested.
///
/// The key comes from the stored metadata alone: `KeyInfo` is not consulted, and nothing outside the document is fetched.
pub(crate) async fn verify(document: &[u8], signed: Signed, certificates: &[Vec<u8>]) -> Result<Vec<u8>, Fault> {
    let folder = TempDir::new().map_err(Fault::internal)?;
    let message = folder.path().join("response.xml");
    std::fs::write(&message, document).map_err(Fault::internal)?;
    for certificate in certificates {
        let file = folder.path().join("certificate.pem");
        let pem = X509::from_der(certificate).and_then(|c| c.to_pem()).map_err(Fault::internal)?;
        std::fs::write(&file, pem).map_err(Fault::internal)?;
        if let Some(octets) = run(&message, &file, signed).await? {
            return Ok(octets);
        }
    }
    Err(Fault::signature())
}

async fn run(message: &Path, certificate: &Path, signed: Signed) -> Result<Option<Vec<u8>>, Fault> {
    let place = match signed {
        Signed::Response => "/*/*[local-name()='Signature']",
        Signed::Assertion => "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
    };
    let process = Command::new("xmlsec1")
        .args(["--verify", "--store-references", "--print-debug", "--enabled-reference-uris", "same-doc"])
        .args(["--enabled-key-data", "raw-x509-cert", "--node-xpath", place])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response"])
        .arg("--pubkey-cert-pem")
        .arg(certificate)
        .arg(message)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT, process).await.map_err(Fault::internal)?;
    let output = output.map_err(|error| Fault::internal(format!("xmlsec1 did not start: {error}")))?;
    Ok(output.status.success().then(|| octets(&output.stdout)).flatten())
}

/// What stands between the first start and the last end marker: with one reference, exactly the digested octets, whatever
/// they contain.
fn octets(report: &[u8]) -> Option<Vec<u8>> {
    let start = report.windows(START.len()).position(|w| w == START)? + START.len();
    let end = report.windows(END.len()).rposition(|w| w == END)?;
    report.get(start..end).map(<[u8]>::to_vec)
}
