"""Lets schemathesis hold the API's own document against what the API answers.

Run by: tests/judges/run judge_api PATH_TO_ROLECALL

Every operation is called with what its schema allows and with what it forbids: no answer may be a failure of the server,
have a status, a media type or a body that the document does not name, or come without a token.
"""

import pathlib
import subprocess
import sys
import tempfile

from judge_server import declared, os, PASSWORD, running

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
]


def token(program, folder):
    """A token of the demo's administrator, made while no server runs."""
    environment = os.environ | {"ROLECALL_DEMO_PASSWORD": PASSWORD}
    data = ["--data-dir", str(folder / "data")]
    run = {"check": True, "capture_output": True, "text": True, "env": environment}
    subprocess.run([program, "apply", str(declared(folder)), *data], **run)
    return subprocess.run([program, "token", "create", "--user", "admin", "--name", "judge", *data], **run).stdout.strip()


def judged(url, secret, folder):
    st = pathlib.Path(sys.executable).parent / "st"
    command = [
        str(st), "run", f"{url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {secret}", "--checks", ",".join(CHECKS),
        "--phases", "coverage,fuzzing", "--max-examples", "8", "--max-time", "50", "--seed", "1", "--generation-database", "none",
        "--continue-on-failure", "--no-color",
        # It finds the very token that it calls with, and revokes it.
        "--exclude-operation-id", "revoke_token",
    ]  # fmt: skip
    # It keeps files where it is run.
    return subprocess.run(command, cwd=folder, check=False, env=os.environ | {"NO_PROXY": "*"}).returncode


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        secret = token(program, folder)
        with running(program, folder) as url:
            code = judged(url, secret, folder)
    sys.exit(code)


if __name__ == "__main__":
    main()
