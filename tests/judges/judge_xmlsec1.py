"""Verdict of the xmlsec1 program by itself: does the signature of the assertion fit, and what does it say then.

It is told where the signature has to stand, which attributes are identifiers, and which certificate counts: that of the metadata, none
of the message. What it gives is read from the very octets that it digested. It knows nothing of SAML: `blind.py` names what it
therefore cannot see.
"""

import base64
import pathlib
import subprocess
import tempfile
import textwrap

from lxml import etree

import common

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
PLACE = "/*[local-name()='Response']/*[local-name()='Assertion']/*[local-name()='Signature']"
STRICT = ["--store-references", "--print-debug", "--enabled-reference-uris", "same-doc", "--enabled-key-data", "raw-x509-cert"]
STRICT += ["--node-xpath", PLACE, "--id-attr:ID", f"{common.SAML}:Assertion", "--id-attr:ID", f"{PROTOCOL}:Response"]
START, END = b"== PreDigest data - start buffer:\n", b"\n== PreDigest data - end buffer"


def verify(case, _seconds):
    with tempfile.TemporaryDirectory() as name:
        message, key = pathlib.Path(name) / "response.xml", pathlib.Path(name) / "certificate.pem"
        message.write_bytes(base64.b64decode(case["response_base64"]))
        lines = "\n".join(textwrap.wrap(common.certificate(case), 64))
        key.write_text(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n", encoding="ascii")
        command = ["xmlsec1", "--verify", *STRICT, "--pubkey-cert-pem", str(key), str(message)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    common.require(done.returncode == 0, done.stderr.decode(errors="replace")[-300:])
    common.require(done.stdout.count(START) == 1, "not one reference")
    signed = done.stdout.split(START)[1].rpartition(END)[0]
    assertion = etree.fromstring(signed, etree.XMLParser(resolve_entities=False, no_network=True))
    common.require(assertion.tag == f"{{{common.SAML}}}Assertion", f"{assertion.tag} was signed")
    return assertion.findtext(f".//{{{common.SAML}}}NameID"), common.attributes_of(assertion)


common.judge(verify)
