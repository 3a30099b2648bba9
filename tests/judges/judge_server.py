"""Runs a Rolecall server with the demo's people, signs them in, and lets every judge judge what it issues.

Run by: tests/judges/run judge_server PATH_TO_ROLECALL PATH_TO_AWS_SANDBOX [--write]

Good responses (one role, many roles, hostile names, IdP- and SP-initiated) must be accepted by all with the right values;
each spoilt variant must be refused by all, but for what `blind.py` says a judge cannot see. Responses and metadata must follow the
OASIS schemas. The table of server/docs/interop.md must say who refused what; `--write` makes it.
"""

import base64
import html
import http.cookiejar
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timezone

import spoilt_table
from blind import sees

HERE = pathlib.Path(__file__).resolve().parent
SPOILT = "spoilt: "
DEMO = HERE.parent.parent / "server/docs/demo/demo.yaml"
SANDBOX = "judge_sandbox"
JUDGES = ["judge_python3_saml", "judge_pysaml2", "judge_node_saml", "judge_samlify", "judge_xmlsec1", SANDBOX]
PASSWORD = "analytical-engine-1843"
ROLE = "https://aws.amazon.com/SAML/Attributes/Role"
ACS = "http://127.0.0.1:8181/saml"
HOSTILE = 'Zoë <Attribute Name="x"/> &amp; ]]> "\' \u202e \U0001d11e \u00a0é e\u0301'
PEOPLE = """
  - { username: hostile, name: NAME, email: hostile@example.com, password: { env: ROLECALL_DEMO_PASSWORD }, groups: [engineering] }
"""
MAPPING = """
  - { name: display name, kind: saml, saml_name: displayName, expression: return user.name }
"""
ONE_ROLE = """
  - slug: one
    name: One role
    saml_provider: aws-iam
    bindings: [{ group: engineering }]
"""


def arn(role):
    return f"arn:aws:iam::123412341234:role/{role},arn:aws:iam::123412341234:saml-provider/rolecall"


class Person:
    """A browser without JavaScript that follows redirects and fills in forms."""

    def __init__(self, url):
        self.url = url
        jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), urllib.request.ProxyHandler({}))

    def fetch(self, path, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with self.opener.open(self.url + path, data, timeout=30) as answer:
            return answer.read().decode()

    def sign_on(self, path, username):
        """Starts as a stranger, signs in on the way, and ends with the response."""
        page = self.fetch(path)
        action = html.unescape(re.search(r'<form id="loginForm" method="post" action="([^"]*)"', page)[1])
        page = self.fetch(action, {"username": username, "password": PASSWORD})
        assert html.unescape(re.search(r'<form[^>]* action="([^"]*)"', page)[1]) == ACS, page
        return html.unescape(re.search(r'name="SAMLResponse" value="([^"]*)"', page)[1])


def authn_request(url, slug, request_id):
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    xml = (
        f'<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{request_id}" Version="2.0" IssueInstant="{now}"'
        f' Destination="{url}/application/saml/{slug}/sso/binding/redirect/" AssertionConsumerServiceURL="{ACS}">'
        f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:amazon:webservices</saml:Issuer></samlp:AuthnRequest>'
    )
    deflate = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(deflate.compress(xml.encode()) + deflate.flush())
    return f"/application/saml/{slug}/sso/binding/redirect/?" + urllib.parse.urlencode({"SAMLRequest": packed.decode()})


def changed(pattern, replacement):
    def spoil(xml):
        after, count = re.subn(pattern, replacement, xml, count=0, flags=re.S)
        assert count, f"{pattern} is nowhere in {xml}"
        return after

    return spoil


def assertion_of(xml):
    return re.search(r"<(?:\w+:)?Assertion .*</(?:\w+:)?Assertion>", xml, re.S)[0]


def without_signature(xml):
    return re.sub(r"<(\w+:)?Signature .*?</(\w+:)?Signature>", "", xml, flags=re.S)


def evil_copy(xml):
    copy = without_signature(assertion_of(xml))
    copy = re.sub(r' ID="[^"]*"', ' ID="_evil"', copy, count=1)
    return re.sub(r"(<(?:\w+:)?NameID[^>]*>)[^<]*", r"\1eve", copy)


VARIANTS = {
    "another role": changed("role/Engineer", "role/Administrator"),
    "another name identifier": changed(r"(<(?:\w+:)?NameID[^>]*>)[^<]*", r"\1eve"),
    "a comment inside the name identifier": changed(r"(<(?:\w+:)?NameID[^>]*>)([^<]{3})", r"\1\2x<!-- -->"),
    "one more attribute value": changed(r"(</(?:\w+:)?AttributeValue>)", r"x\1"),
    "another recipient": changed(r'Recipient="[^"]*"', 'Recipient="https://evil.example/saml"'),
    "later confirmation": changed(r'NotOnOrAfter="20', 'NotOnOrAfter="21'),
    "earlier condition": changed(r'NotBefore="20', 'NotBefore="19'),
    "another audience": changed(r"(<(?:\w+:)?Audience>)[^<]*", r"\1urn:else"),
    "another issuer": changed(r"(<(?:\w+:)?Issuer[^>]*>)[^<]*", r"\1https://evil.example/"),
    "another session": changed(r'SessionIndex="[^"]*"', 'SessionIndex="_evil"'),
    "another authentication instant": changed(r'AuthnInstant="20', 'AuthnInstant="21'),
    "another assertion ID": lambda x: x.replace(assertion_of(x), re.sub(r' ID="[^"]*"', ' ID="_evil"', assertion_of(x), count=1)),
    "another digest": changed(r"(<(?:\w+:)?DigestValue>)....", r"\1AAAA"),
    "another signature value": changed(r"(<(?:\w+:)?SignatureValue>)....", r"\1AAAA"),
    "no signature": without_signature,
    "SHA-1 claimed": changed(r"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    "reference to nothing": changed(r'URI="#[^"]*"', 'URI="#_nothing"'),
    "evil assertion before": lambda x: x.replace(assertion_of(x), evil_copy(x) + assertion_of(x)),
    "evil assertion after": lambda x: x.replace(assertion_of(x), assertion_of(x) + evil_copy(x)),
    "signed one hidden inside an evil one": lambda x: x.replace(
        assertion_of(x), re.sub(r"(</(?:\w+:)?Subject>)", lambda m: m[1] + assertion_of(x), evil_copy(x), count=1)
    ),
}


def ask(program, text, *arguments):
    command = [str(HERE / "run"), program, *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)
    return json.loads(done.stdout) if done.returncode == 0 else {"accepted": None, "error": done.stderr[-500:]}


def declared(folder):
    text = DEMO.read_text()
    text = text.replace("\nproperty_mappings:\n", PEOPLE.replace("NAME", json.dumps(HOSTILE)) + "\nproperty_mappings:" + MAPPING)
    text = text.replace("[AWS role by group, AWS session name]", "[AWS role by group, AWS session name, display name]") + ONE_ROLE
    path = folder / "judges.yaml"
    path.write_text(text)
    return path


def judge_all(url):
    """(what, expected to be right, verdict)"""
    started = {}
    for slug, username, roles, name in [
        ("aws", "ada", [arn("Admin"), arn("ReadOnly")], "Ada Lovelace"),
        ("one", "grace", [arn("Engineer")], "Grace Hopper"),
        ("one", "hostile", [arn("Engineer")], HOSTILE),
    ]:
        metadata = Person(url).fetch(f"/application/saml/{slug}/metadata/")
        schema = ask("validate_schema", metadata, "metadata")
        assert schema["valid"], schema
        known = {
            "acs_url": ACS,
            "audience": "urn:amazon:webservices",
            "issuer": html.unescape(re.search(r'entityID="([^"]*)"', metadata)[1]),
            "certificate_base64": re.search(r"<(?:\w+:)?X509Certificate>([^<]*)<", metadata)[1],
            "request_id": None,
            "now": None,
            "metadata": metadata,
        }
        idp = Person(url).sign_on(f"/application/saml/{slug}/sso/binding/init/", username)
        yield f"{username} at {slug}", (roles, name), known | {"response_base64": idp}
        # Each request is answered once.
        request_id = f"_{secrets.token_hex(8)}"
        answer = Person(url).sign_on(authn_request(url, slug, request_id), username)
        yield f"{username} at {slug}, asked", (roles, name), known | {"response_base64": answer, "request_id": request_id}
        for response in (idp, answer):
            schema = ask("validate_schema", base64.b64decode(response).decode(), "protocol")
            assert schema["valid"], schema
        started[slug, username] = known, idp
    known, response = started["one", "grace"]
    xml = base64.b64decode(response).decode()
    for what, spoil in VARIANTS.items():
        bad = base64.b64encode(spoil(xml).encode()).decode()
        assert bad != response, what
        yield SPOILT + what, None, known | {"response_base64": bad}


@contextmanager
def running(program, folder):
    """A server with the demo's people; gives its address."""
    command = [program, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "data"), "--apply", str(declared(folder))]
    environment = os.environ | {"ROLECALL_DEMO_PASSWORD": PASSWORD}
    with open(folder / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        url = next((m[1] for line in server.stdout if (m := re.match(r"listening on (\S+)", line))), None)
        if url is None:
            sys.exit("the server did not start:\n" + (folder / "log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(30)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    os.environ["ROLECALL_AWS_SANDBOX"] = sys.argv[2]
    with tempfile.TemporaryDirectory() as folder, running(sys.argv[1], pathlib.Path(folder)) as url:
        faults = verdicts(url)
    if not faults:
        faults = spoilt_table.current(list(VARIANTS), JUDGES, "--write" in sys.argv)
        print("\n".join(faults) or "the table is current")
    sys.exit(1 if faults else 0)


def as_meant(judge, right, verdict):
    """Whether a judge took a response, and read of it what there is to read."""
    told, (roles, name) = verdict.get("attributes") or {}, right
    if judge == SANDBOX:
        # It offers roles, without saying whose provider they are of, and shows no names.
        return verdict["accepted"] and sorted(told.get(ROLE, [])) == [pair.split(",")[0] for pair in roles]
    return verdict["accepted"] and sorted(told.get(ROLE, [])) == roles and told.get("displayName") == [name]


def verdicts(url):
    faults, asked, lines = 0, [], []
    with ThreadPoolExecutor(2) as pool:
        for what, right, case in judge_all(url):
            asked += [(what, right, judge, pool.submit(ask, judge, json.dumps(case))) for judge in JUDGES]
        for what, right, judge, answer in asked:
            verdict = answer.result()
            spoilt = what.removeprefix(SPOILT)
            if right is not None:
                fits = as_meant(judge, right, verdict)
            elif sees(judge, spoilt):
                fits = verdict["accepted"] is False
            else:
                # What was signed comes out, and nothing of what was put beside it.
                fits = as_meant(judge, ([arn("Engineer")], "Grace Hopper"), verdict) and verdict["name_id"] != "eve"
            if not fits:
                faults += 1
                lines.append(f"{judge}: {what}: {verdict}")
            elif right is None and judge == JUDGES[0] and os.environ.get("VERBOSE"):
                lines.append(f"{what}: {verdict['error'][:150]}")
    print("\n".join(lines) or f"{len(JUDGES)} judges, {len(asked) // len(JUDGES)} responses each: all as they must be")
    return faults


if __name__ == "__main__":
    main()
