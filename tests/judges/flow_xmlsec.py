"""The xmlsec1 program as one more judge of every message: with the certificate of our metadata, never one in the message."""

import base64
import subprocess
import tempfile

PROTOCOL, ASSERTION = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
SIGNATURES = {
    "response": "/*[local-name()='Response']/*[local-name()='Signature']",
    # Inside EncryptedAssertion, where it was decrypted.
    "assertion": "//*[local-name()='Assertion']/*[local-name()='Signature']",
    "message": "/*/*[local-name()='Signature']",
}
IDS = [f"{PROTOCOL}:{name}" for name in ("Response", "LogoutRequest", "LogoutResponse")] + [f"{ASSERTION}:Assertion"]


def run(arguments, document, secret):
    with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as file:
        key.write(secret.encode())
        key.flush()
        file.write(document)
        file.flush()
        command = ["xmlsec1", *[a if a != "KEY" else key.name for a in arguments], file.name]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        if done.returncode:
            raise ValueError(f"xmlsec1 {arguments[0]}: {done.stderr.decode(errors='replace')[-300:]}")
        return done.stdout


def verify(document, certificate, where):
    ids = [part for name in IDS for part in ("--id-attr:ID", name)]
    strict = ["--enabled-reference-uris", "same-doc", "--enabled-key-data", "x509"]
    run(["--verify", *strict, "--pubkey-cert-pem", "KEY", *ids, "--node-xpath", SIGNATURES[where]], document, certificate)


def judge_response(field, case, settings, certificate):
    """Every signature that there must be, and the decryption where there must be one."""
    document = base64.b64decode(field)
    if case.sign != "assertion":
        verify(document, certificate, "response")
    if case.cipher:
        assert b"EncryptedAssertion" in document and b"<saml:Assertion" not in document, "not encrypted"
        document = run(["--decrypt", "--privkey-pem", "KEY"], document, settings["key"])
    if case.sign != "response":
        verify(document, certificate, "assertion")
