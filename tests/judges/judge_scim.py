"""Lets SCIM servers that others wrote judge what Rolecall provisions.

Run by: tests/judges/run judge_scim PATH_TO_ROLECALL PATH_TO_AWS_SANDBOX

Rolecall provisions into each server, phase by phase (scim_phases.py), by `apply` and `scim sync`. After each phase the
server holds exactly what it should, `scim plan` has nothing to do, and no request was refused. A Rolecall that knows
nothing but the same people recognises everything and sends no write. Every request fits scim2-models; those to AWS are
checked on their way to the sandbox.
"""

import json
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from scim_phases import World, phases
from scim_recorder import recording

HERE = pathlib.Path(__file__).resolve().parent
# Not Rolecall's: more than one page of them, and it must leave them alone.
FOREIGN = 25


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def scim2_server(_, port, token):
    program = pathlib.Path(sys.executable).with_name("scim2-server")
    return [str(program), "--port", str(port), "--bearer-token", token], f"http://127.0.0.1:{port}/v2"


def scimmy(_, port, token):
    return [str(HERE / "run"), "server_scimmy", str(port), token], f"http://127.0.0.1:{port}/scim"


def sandbox(program, port, token):
    return [program, "--listen", f"127.0.0.1:{port}", "--scim-token", token, "--rates", "0"], None


def ask(url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@contextmanager
def serving(command, url, token, log):
    """The server, and where it is reached."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        while url is None:
            line = server.stdout.readline()
            assert line, "the server ended"
            if line.startswith("scim http"):
                url = line.split()[1]
        for _ in range(200):
            assert server.poll() is None, "the server ended"
            try:
                ask(f"{url}/ServiceProviderConfig", token)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def everything(url, token, endpoint):
    rows = []
    while True:
        page = ask(f"{url}/{endpoint}?startIndex={len(rows) + 1}&count=100", token)
        rows += page.get("Resources") or []
        if len(rows) >= page["totalResults"] or not page.get("Resources"):
            return rows


def plain(resource):
    """Without what is the server's own, and without objects that hold nothing."""
    own = {"id", "meta", "schemas", "groups", "members"}
    return {k: v for k, v in resource.items() if k not in own and v not in ({}, [], None)}


def held(url, token):
    """As `World.expected`, with the identifiers and with what is not Rolecall's apart."""
    users, groups, ids, foreign = {}, {}, {}, 0
    for user in everything(url, token, "Users"):
        ids[user["id"]] = user["userName"]
        if user["userName"].startswith("foreign"):
            foreign += plain(user) == stranger(int(user["userName"][7:]))
        else:
            assert user["userName"] not in users, f"{user['userName']} is there twice"
            users[user["userName"]] = plain(user)
    for group in everything(url, token, "Groups"):
        assert group["displayName"] not in groups, f"{group['displayName']} is there twice"
        groups[group["displayName"]] = sorted(ids.get(member["value"], member["value"]) for member in group.get("members") or [])
        ids[group["id"]] = group["displayName"]
    return users, groups, ids, foreign


def stranger(n):
    return {"userName": f"foreign{n}", "displayName": "By hand", "active": True}


class Rolecall:
    """The program over a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        folder.mkdir()

    def run(self, *arguments):
        command = [self.program, *arguments, "--data-dir", str(self.folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def apply(self, text):
        path = self.folder / "people.yaml"
        path.write_text(text, encoding="utf-8")
        self.run("apply", str(path))


def differences(wanted, found, what):
    for name in sorted(set(wanted) | set(found)):
        if wanted.get(name) != found.get(name):
            yield f"{what} {name}: {found.get(name)}, not {wanted.get(name)}"


def judge(name, dialect, command, url, token, folder, program):
    faults, requests = [], 0
    with open(folder / "log", "w", encoding="utf-8") as log, serving(command, url, token, log) as url:
        with recording(url, dialect) as recorder:
            is_judge = dialect == "rfc7644"
            for n in range(FOREIGN if is_judge else 0):
                core = "urn:ietf:params:scim:schemas:core:2.0:User"
                ask(f"{url}/Users", token, stranger(n) | {"schemas": [core]})
            rolecall, world, before = Rolecall(program, folder / "first"), World(recorder.url, token, dialect), {}
            for what, most, left in phases(world):
                recorder.forget()
                rolecall.apply(world.file())
                rolecall.run("scim", "sync", "judge")
                plan, writes = rolecall.run("scim", "plan", "judge"), len(recorder.writes)
                requests += len(recorder.answers)
                faults += [f"{what}: {fault}" for fault in recorder.faults]
                if not plan.rstrip().splitlines()[-1].startswith("0 requests"):
                    faults.append(f"{what}: the plan after it: {plan}")
                if writes > most or not writes:
                    faults.append(f"{what}: {writes} writes, not {most}: {recorder.writes[:5]}")
                if is_judge:
                    users, groups, ids, foreign = held(url, token)
                    wanted_users, wanted_groups = world.expected(left)
                    faults += [f"{what}: {d}" for d in differences(wanted_users, users, "user")]
                    faults += [f"{what}: {d}" for d in differences(wanted_groups, groups, "group")]
                    if foreign != FOREIGN:
                        faults.append(f"{what}: {FOREIGN - foreign} users of others were touched")
                    if what.startswith("a group and a user are renamed") and ids.keys() != before.keys():
                        faults.append(f"{what}: something was made anew instead of renamed")
                    before = ids
            recorder.forget()
            second = Rolecall(program, folder / "second")
            second.apply(world.file())
            second.run("scim", "sync", "judge")
            faults += [f"after the loss of everything known: {fault}" for fault in recorder.faults]
            if recorder.writes:
                faults.append(f"after the loss of everything known: {recorder.writes[:5]}")
    for fault in faults:
        print(f"{name}: {fault[:1000]}")
    return faults, requests


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with ThreadPoolExecutor(2) as pool:
        rounds = [pool.submit(one, *given) for given in JUDGES]
    sys.exit(1 if any(round_.result() for round_ in rounds) else 0)


def one(name, dialect, server):
    """The faults at one server."""
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        command, url = server(sys.argv[2], free_port(), token)
        faults, requests = judge(name, dialect, command, url, token, pathlib.Path(folder), sys.argv[1])
    if not faults:
        print(f"{name}: {requests} requests in {dialect}, all as scim2-models has them; each phase ends exact")
    return faults


JUDGES = [("scim2-server", "rfc7644", scim2_server), ("scimmy", "rfc7644", scimmy), ("AWS sandbox", "aws", sandbox)]
main()
