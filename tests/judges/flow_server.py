"""The Rolecall under judgement: a file that declares the service providers, the program, and what its metadata says."""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from flow_browser import PASSWORD

HERE = pathlib.Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "server/docs/demo/demo.yaml"
HOSTILE = 'Zoë <Attribute Name="x"/> &amp; ]]> "\' \u202e \U0001d11e \u00a0é e\u0301'
GROUPS = ["engineering", "a & <b>"]
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
NAMES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


def pair(kind):
    """A key and a certificate for it, in PEM."""
    key = {
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    }[kind]()
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kind)]), datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
    certificate = builder.sign(key, hashes.SHA256())
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*private).decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def declared(cases, keys, folder):
    """A file in JSON, which is YAML too. `cases` pairs each with its settings and its metadata."""
    providers = []
    for case, settings, metadata in cases:
        path = folder / f"{case.slug}.xml"
        path.write_text(metadata, encoding="utf-8")
        provider = {"name": case.slug, "metadata": {"file": str(path)}, "sign": case.sign}
        provider["property_mappings"] = ["judged name", "judged groups"]
        provider["signature_algorithm"] = case.algorithm
        if case.key != "rsa":
            provider["signing_key"] = case.key
        if case.cipher:
            provider["encryption"] = {"certificate": settings["certificate"], "cipher": case.cipher}
        if case.encrypted_name_id:
            provider["decryption_key"] = "opens"
        if case.begins:
            url = settings["slo"] + ("/post" if case.binding == "post" else "")
            provider["logout"] = [{"binding": case.binding, "url": url}]
        providers.append(provider)
    user = {"username": "hostile", "name": HOSTILE, "email": "hostile@example.com", "groups": ["engineering"]}
    file = {
        "version": 1,
        "keys": [{"name": n, "private_key": k, "certificate": c} for n, (k, c) in keys.items()],
        "users": [user | {"password": {"env": "ROLECALL_DEMO_PASSWORD"}}],
        "property_mappings": [
            {"name": n, "kind": "saml", "saml_name": s, "expression": e}
            for n, s, e in [
                ("judged name", "displayName", "return user.name"),
                ("judged groups", "groups", f"return {json.dumps(GROUPS)}"),
            ]
        ],
        "saml_providers": providers,
        "applications": [{"slug": c.slug, "name": c.slug, "saml_provider": c.slug} for c, _, _ in cases],
    }
    path = folder / "judged.yaml"
    path.write_text(json.dumps(file), encoding="utf-8")
    return path


@contextmanager
def running(program, folder, file):
    """The server with the demo's people and those of the file; gives its address."""
    command = [program, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "data")]
    command += ["--apply", str(DEMO), "--apply", str(file)]
    with open(folder / "log", "w", encoding="utf-8") as log:
        environment = os.environ | {"ROLECALL_DEMO_PASSWORD": PASSWORD}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        url = next((m[1] for line in server.stdout if (m := re.match(r"listening on (\S+)", line))), None)
        if url is None:
            sys.exit("the server did not start:\n" + (folder / "log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(30)


def facts(metadata):
    """What a service provider that reads no metadata is configured with."""
    root = etree.fromstring(metadata.encode(), etree.XMLParser(resolve_entities=False, no_network=True))

    def endpoints(name):
        found = root.iterfind(f".//md:{name}", NAMES)
        return {e.get("Binding").removeprefix(BINDING).lower(): e.get("Location") for e in found}

    # The certificate to encrypt to verifies nothing.
    signing = ".//md:IDPSSODescriptor/md:KeyDescriptor[@use='signing']//ds:X509Certificate"
    bare = ["".join(e.text.split()) for e in root.iterfind(signing, NAMES)]
    pem = [f"-----BEGIN CERTIFICATE-----\n{base64_lines(one)}-----END CERTIFICATE-----\n" for one in bare]
    return {
        "entity_id": root.get("entityID"),
        "sso": endpoints("SingleSignOnService"),
        "slo": endpoints("SingleLogoutService"),
        "certificates": pem,
    }


def base64_lines(text):
    return base64.encodebytes(base64.b64decode(text)).decode()
