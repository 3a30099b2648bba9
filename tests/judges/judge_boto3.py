"""Exchanges what a running Rolecall issues for credentials with boto3, at the AWS sandbox.

Run by: tests/judges/run judge_boto3 PATH_TO_ROLECALL PATH_TO_AWS_SANDBOX

A role that the response holds must give credentials for that role; a role it does not hold, and a response that was
changed, must be refused with AWS's words.
"""

import base64
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from judge_server import ACS, Person, ask, running

PROVIDER = "arn:aws:iam::123412341234:saml-provider/rolecall"
INIT = "/application/saml/aws/sso/binding/init/"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def role(name):
    return f"arn:aws:iam::123412341234:role/{name}"


def cases(response):
    """(role, response, what must come of it: an assumed role or an error)"""
    xml = base64.b64decode(response).decode()
    spoilt = base64.b64encode(xml.replace("role/ReadOnly", "role/Forbidden").encode()).decode()
    assert spoilt != response
    yield role("Admin"), response, "arn:aws:sts::123412341234:assumed-role/Admin/ada"
    yield role("ReadOnly"), response, "arn:aws:sts::123412341234:assumed-role/ReadOnly/ada"
    missing = "SAML Assertion doesn't contain the requested Role and Metadata in the attributes"
    yield role("Forbidden"), response, ("InvalidIdentityToken", missing)
    yield role("Forbidden"), spoilt, ("InvalidIdentityToken", "Response signature invalid")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name, running(sys.argv[1], pathlib.Path(name)) as url:
        folder = pathlib.Path(name)
        metadata = folder / "metadata.xml"
        metadata.write_text(Person(url).fetch("/application/saml/aws/metadata/"), encoding="utf-8")
        response = Person(url).sign_on(INIT, "ada")
        port = free_port()
        # Its public address is where the demo's provider sends responses to.
        command = [sys.argv[2], "--listen", f"127.0.0.1:{port}", "--public-url", re.sub("/saml$", "", ACS)]
        sandbox = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            endpoint = f"http://127.0.0.1:{port}"
            while not answers(f"{endpoint}/health"):
                assert sandbox.poll() is None, "the sandbox ended"
                time.sleep(0.05)
            faults = 0
            for arn, saml, expected in cases(response):
                case = {"endpoint_url": endpoint, "metadata_file": str(metadata), "role_arn": arn, "principal_arn": PROVIDER}
                verdict = ask("exchange_boto3", json.dumps(case | {"response_base64": saml, "acs_url": ACS}))
                if verdict["accepted"]:
                    came = verdict["result"]["AssumedRoleUser"]["Arn"]
                else:
                    came = (verdict["error"]["code"], verdict["error"]["message"])
                if came != expected:
                    faults += 1
                    print(f"{arn}: {came}, not {expected}")
        finally:
            sandbox.terminate()
            sandbox.wait(30)
    print("boto3: credentials for each role that was given and for no other" if not faults else f"boto3: {faults} wrong")
    sys.exit(1 if faults else 0)


main()
