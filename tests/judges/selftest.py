"""Judges the judges: each must accept a good response made here with python-xmlsec, and refuse each way to spoil it
that it can see.

Run by: tests/judges/run selftest
"""

import base64
import json
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from blind import sees

JUDGES = ["judge_python3_saml", "judge_pysaml2", "judge_node_saml", "judge_samlify", "judge_xmlsec1"]
HERE = pathlib.Path(__file__).resolve().parent
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
ACS, AUDIENCE, ISSUER = "https://signin.aws.amazon.com/saml", "urn:amazon:webservices", "https://idp.example/metadata"
ROLES = ["arn:aws:iam::123412341234:role/Admin,arn:aws:iam::123412341234:saml-provider/rolecall", "second"]
NAME = "Zoë <&\"' 𝄞"


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def key_pair():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "selftest")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    return pem, base64.b64encode(der).decode()


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def response(key, acs=ACS, audience=AUDIENCE, issuer=ISSUER, now=NOW, request_id=None, signed=True):
    answer = f' InResponseTo="{request_id}"' if request_id else ""
    values = "".join(f"<saml:AttributeValue>{escaped(v)}</saml:AttributeValue>" for v in ROLES)
    xml = (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
        f' Destination="{acs}" ID="_r0123456789abcdef"{answer} IssueInstant="{stamp(now)}" Version="2.0">'
        f"<saml:Issuer>{issuer}</saml:Issuer>"
        f'<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f'<saml:Assertion ID="_a0123456789abcdef" IssueInstant="{stamp(now)}" Version="2.0"><saml:Issuer>{issuer}</saml:Issuer>'
        f'<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ada</saml:NameID>'
        f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData{answer}'
        f' NotOnOrAfter="{stamp(now + timedelta(minutes=5))}" Recipient="{acs}"/></saml:SubjectConfirmation></saml:Subject>'
        f'<saml:Conditions NotBefore="{stamp(now - timedelta(minutes=5))}" NotOnOrAfter="{stamp(now + timedelta(minutes=5))}">'
        f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{stamp(now)}" SessionIndex="_s1" SessionNotOnOrAfter="{stamp(now + timedelta(hours=12))}">'
        f"<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
        f"</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
        f'<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">{values}</saml:Attribute>'
        f'<saml:Attribute Name="name"><saml:AttributeValue>{escaped(NAME)}</saml:AttributeValue></saml:Attribute>'
        f"</saml:AttributeStatement></saml:Assertion></samlp:Response>"
    )
    root = etree.fromstring(xml)
    if not signed:
        return etree.tostring(root)
    assertion = root[-1]
    node = xmlsec.template.create(assertion, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds")
    assertion.insert(1, node)
    reference = xmlsec.template.add_reference(node, xmlsec.constants.TransformSha256, uri="#" + assertion.get("ID"))
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(assertion, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.sign(node)
    return etree.tostring(root)


def cases():
    """(what, case, whether it must be accepted)"""
    key, certificate = key_pair()
    other, _ = key_pair()

    def case(xml, **changes):
        given = {
            "response_base64": base64.b64encode(xml).decode(),
            "acs_url": ACS,
            "audience": AUDIENCE,
            "issuer": ISSUER,
            "certificate_base64": certificate,
            "request_id": None,
            "now": stamp(NOW),
        }
        return given | changes

    good = response(key)
    yield "good", case(good), True
    yield "good, answering a request", case(response(key, request_id="_q1"), request_id="_q1"), True
    yield "another value", case(good.replace(b"role/Admin", b"role/Other")), False
    yield "another subject", case(good.replace(b">ada<", b">eve<")), False
    yield "unsigned", case(response(key, signed=False)), False
    yield "signed by another key", case(response(other)), False
    yield "signature taken out", case(good[: good.index(b"<ds:Signature ")] + good[good.index(b"</ds:Signature>") + 15 :]), False
    yield "another issuer, signed", case(response(key, issuer="https://evil.example/")), False
    yield "another audience, signed", case(response(key, audience="urn:else")), False
    yield "another recipient, signed", case(response(key, acs="https://evil.example/saml")), False
    yield "answers no request of ours", case(response(key, request_id="_q2"), request_id="_q1"), False
    yield "answers a request without there being one", case(response(key, request_id="_q2")), False
    yield "too late", case(good, now=stamp(NOW + timedelta(minutes=6))), False
    yield "too early", case(good, now=stamp(NOW - timedelta(minutes=6))), False
    start, end = good.index(b"<saml:Assertion "), good.index(b"</saml:Assertion>") + len(b"</saml:Assertion>")
    copy = good[start:end]
    evil = copy.replace(b"_a0123456789abcdef", b"_evil", 1).replace(b">ada<", b">eve<")
    yield "wrapped: an evil assertion before the signed one", case(good[:start] + evil + good[start:]), False
    yield "wrapped: an evil assertion after the signed one", case(good[:end] + evil + good[end:]), False


def main():
    faults = []
    known = list(cases())

    def ask(judge, case):
        done = subprocess.run(
            [str(HERE / "run"), judge], input=json.dumps(case), capture_output=True, text=True, check=False, timeout=120
        )
        return json.loads(done.stdout) if done.returncode == 0 else {"accepted": None, "error": done.stderr[-500:]}

    with ThreadPoolExecutor(2) as pool:
        asked = {(j, w): pool.submit(ask, j, c) for j in JUDGES for w, c, _ in known}
        for judge in JUDGES:
            for what, _, right in known:
                verdict = asked[judge, what].result()
                right = right or not sees(judge, what)
                if verdict["accepted"] is not right:
                    faults.append(f"{judge}: {what}: {verdict}")
                elif right:
                    wanted = {"https://aws.amazon.com/SAML/Attributes/Role": ROLES, "name": [NAME]}
                    if verdict["name_id"] != "ada" or verdict["attributes"] != wanted:
                        faults.append(f"{judge}: {what}: read {verdict}")
                elif "-v" in sys.argv:
                    print(f"{judge}: {what}: {verdict['error'][:150]}")
    print("\n".join(faults) or f"{len(JUDGES)} judges, {len(known)} cases each: all as they must be")
    sys.exit(1 if faults else 0)


main()
