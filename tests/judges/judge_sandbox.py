"""Verdict of the AWS sandbox's sign-in page, POST /saml, for an account that took the identity provider's metadata.

The case also has `metadata`; ROLECALL_AWS_SANDBOX is the program. What comes out are the roles that the page offers, or the one that
it opened: it shows nothing else of an assertion.
"""

import html
import os
import pathlib
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import common
from sandbox import sandbox

ROLE = "https://aws.amazon.com/SAML/Attributes/Role"
ROLES = ["Admin", "Engineer", "ReadOnly"]


def post(url, fields):
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(fields).encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def offered(page):
    choice = [html.unescape(arn) for arn in re.findall(r'<label for="([^"]*)">', page)]
    if choice:
        return choice
    fact = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))
    return [f"arn:aws:iam::{fact['Account']}:role/{html.unescape(fact['Role'])}"]


def verify(case, _seconds):
    with tempfile.TemporaryDirectory() as name:
        metadata = pathlib.Path(name) / "metadata.xml"
        metadata.write_text(case["metadata"], encoding="utf-8")
        arguments = ["--provider-metadata", metadata, "--provider-name", "rolecall"]
        arguments += [part for role in ROLES for part in ("--role", role)]
        program = os.environ["ROLECALL_AWS_SANDBOX"]
        with sandbox(program, case["acs_url"].removesuffix("/saml"), *arguments) as url:
            status, page = post(f"{url}/saml", {"SAMLResponse": case["response_base64"]})
    said = re.search(r'<p class="message">([^<]*)</p>', page)
    common.require(status == 200, f"{status}: {html.unescape(said[1]) if said else page[:300]}")
    return None, {ROLE: offered(page)}


common.judge(verify)
