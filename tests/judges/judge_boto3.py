"""Exchanges what a running Rolecall issues for credentials with boto3 and with the AWS CLI, at the AWS sandbox.

Run by: tests/judges/run judge_boto3 PATH_TO_ROLECALL PATH_TO_AWS_SANDBOX

A role that the response holds must give credentials for that role; a role it does not hold, and a response that was
changed, must be refused with AWS's words.
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from judge_server import ACS, Person, ask, running
from sandbox import sandbox

PROVIDER = "arn:aws:iam::123412341234:saml-provider/rolecall"
INIT = "/application/saml/aws/sso/binding/init/"


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


def by_boto3(endpoint, metadata, arn, saml):
    """The assumed role, or an error's code and words."""
    case = {"endpoint_url": endpoint, "metadata_file": str(metadata), "role_arn": arn, "principal_arn": PROVIDER}
    verdict = ask("exchange_boto3", json.dumps(case | {"response_base64": saml, "acs_url": ACS}))
    if verdict["accepted"]:
        return verdict["result"]["AssumedRoleUser"]["Arn"]
    return verdict["error"]["code"], verdict["error"]["message"]


def by_cli(endpoint, metadata, arn, saml):
    """The same with the `aws` command, as people have it in their shells."""
    assertion = metadata.with_name("assertion")
    assertion.write_text(saml, encoding="utf-8")
    command = [pathlib.Path(sys.executable).with_name("aws"), "sts", "assume-role-with-saml", "--endpoint-url", endpoint]
    command += ["--role-arn", arn, "--principal-arn", PROVIDER, "--saml-assertion", f"file://{assertion}"]
    environment = {"HOME": str(metadata.parent), "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "us-east-1"}
    ended = subprocess.run(
        [*command, "--output", "json"], env=environment | {"AWS_MAX_ATTEMPTS": "1"}, capture_output=True, text=True, timeout=120
    )
    if ended.returncode == 0:
        return json.loads(ended.stdout)["AssumedRoleUser"]["Arn"]
    told = re.search(r"\((\w+)\) when calling the AssumeRoleWithSAML operation: (.*)", ended.stderr)
    return told.groups() if told else ("", ended.stderr)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name, running(sys.argv[1], pathlib.Path(name)) as url:
        folder = pathlib.Path(name)
        metadata = folder / "metadata.xml"
        metadata.write_text(Person(url).fetch("/application/saml/aws/metadata/"), encoding="utf-8")
        response = Person(url).sign_on(INIT, "ada")
        faults = 0
        # Its public address is where the demo's provider sends responses to.
        with sandbox(sys.argv[2], re.sub("/saml$", "", ACS)) as endpoint:
            for arn, saml, expected in cases(response):
                for client in (by_boto3, by_cli):
                    came = client(endpoint, metadata, arn, saml)
                    if came != expected:
                        faults += 1
                        print(f"{client.__name__}, {arn}: {came}, not {expected}")
    said = "credentials for each role that was given and for no other" if not faults else f"{faults} wrong"
    print(f"boto3 and the AWS CLI: {said}")
    sys.exit(1 if faults else 0)


main()
