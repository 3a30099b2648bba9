"""Runs a Rolecall and lets service providers made of four libraries sign on and out with it, in their own flows.

Run by: tests/judges/run flows PATH_TO_ROLECALL [--write]

Each provider is declared with the metadata that its library makes. Whatever a library asks for is answered and accepted
with the right values; what was changed on the way is refused by both sides; xmlsec1 verifies every message beside it.
What was tried with whom must be what server/docs/interop.md says; --write writes it.
"""

import base64
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import flow_cases
import flow_table
import flow_xmlsec
from flow_browser import Browser, Elsewhere, Page
from flow_cases import LIBRARIES, SIGNS_NONE, cannot
from flow_server import GROUPS, HERE, HOSTILE, declared, facts, pair, running
from flow_spoilt import changed, unsigned


class Refused(Exception):
    """A library, or xmlsec1, said no."""


class Unanswered(AssertionError):
    """We said no."""


class Library:
    """A process that plays every service provider of one library."""

    def __init__(self, name):
        command = [str(HERE / "run"), f"provider_{name}"]
        # Libraries write of every message that they refuse; that is read only when one ends.
        self.said = tempfile.TemporaryFile("w+", errors="replace")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.said}
        self.process = subprocess.Popen(command, text=True, **pipes)

    def __call__(self, op, sp, **given):
        self.process.stdin.write(json.dumps({"op": op, "sp": sp} | given) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            self.said.seek(0)
            sys.exit(f"the library ended at {op} of {sp}: {self.said.read()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["ok"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def settings_of(case, key, certificate):
    base = f"https://{case.slug}.example"
    return {
        "entity_id": f"{base}/metadata",
        "acs": f"{base}/acs",
        "slo": f"{base}/slo",
        "key": key,
        "certificate": certificate,
        "sign_requests": case.sign_requests,
        "algorithm": flow_cases.URIS[case.request_algorithm],
        "digest": flow_cases.DIGESTS[case.request_algorithm],
        "wants_assertion": case.sign != "response",
        "wants_response": case.sign != "assertion",
        "encrypted": case.cipher is not None,
        "encrypted_name_id": case.encrypted_name_id,
    }


def require(condition, what):
    if not condition:
        raise AssertionError(what)


class Judgement:
    """One library against one server."""

    def __init__(self, name, url, known):
        self.name, self.url, self.known = name, url, known
        self.browser = Browser(url, "hostile")
        self.filled, self.faults = {}, []

    def library(self, op, case, **given):
        return self.known["library"](op, case.slug, **given)

    def sign_on(self, browser, case, spoil=False):
        """SP-initiated, as far as the library's own verdict."""
        settings = self.known["settings"][case.slug]
        made = self.library("login", case, binding=case.binding if not case.begins else "redirect")
        where = browser.go(made)
        if isinstance(where, Page):
            raise Unanswered(f"the request was refused: {where}")
        require(where.url == settings["acs"], f"the response went to {where}")
        sent = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(made["url"]).query)) | made.get("fields", {})
        require(where.fields.get("RelayState") == sent.get("RelayState"), f"RelayState {where.fields}")
        if spoil:
            where = changed(where)
        who = self.library("consume", case, fields=where.fields, request_id=made["request_id"])
        require(who["attributes"].get("displayName") == [HOSTILE], f"displayName {who}")
        require(who["attributes"].get("groups") == GROUPS, f"groups {who}")
        require(who["name_id"], "no NameID")
        flow_xmlsec.judge_response(where.fields["SAMLResponse"], case, settings, self.known["certificates"][case.slug])
        return who

    def refused_here(self, carried, what):
        page = self.browser.go(carried)
        require(isinstance(page, Page) and page.status == 400, f"{what} was not refused here: {page}")

    def refused_there(self, what, *order, **given):
        try:
            self.library(*order, **given)
        except Refused:
            return
        raise AssertionError(f"{what} was taken by the library")

    def judge_sign_on(self, case):
        self.sign_on(self.browser, case)
        if case.sign_requests and case.sign == "assertion" and not case.cipher and case.algorithm == "rsa-sha256":
            self.refused_here(unsigned(self.library("login", case, binding=case.binding)), "an unsigned request")
            made = self.library("login", case, binding=case.binding)
            query = urllib.parse.urlsplit(made["url"]).query or None
            there = changed(Elsewhere(made["url"], query, made.get("fields")))
            url = made["url"].split("?")[0] + (f"?{there.query}" if there.query else "")
            self.refused_here({"url": url} | ({"fields": there.fields} if there.fields else {}), "a changed request")
        try:
            self.sign_on(self.browser, case, spoil=True)
        except Refused:
            return
        raise AssertionError("a changed response was taken by the library")

    def judge_logout(self, case):
        browser, begun_there = Browser(self.url, "hostile"), case.begins == "sp"
        self.sign_on(browser, case)
        if begun_there:
            made = self.library("logout", case, binding=case.binding)
            self.refused_here(unsigned(made), "an unsigned logout request")
            require(browser.signed_in(), "an unsigned logout request ended the session")
            where = browser.go(made)
            if isinstance(where, Page):
                require(browser.signed_in(), "a refused logout request ended the session")
                raise Unanswered(f"the logout was refused: {where}")
            self.xmlsec(where, case)
            given = {"binding": where.binding, "query": where.query, "request_id": made["request_id"]}
            self.refused_there("a changed answer", "logout_answered", case, **given | {"query": changed(where).query}, fields=changed(where).fields)
            self.library("logout_answered", case, **given, fields=where.fields)
        else:
            where = browser.go({"url": "/logout", "fields": {}})
            require(isinstance(where, Elsewhere), f"the service provider was not asked: {where}")
            self.xmlsec(where, case)
            bad = changed(where)
            self.refused_there("a changed logout request", "logout_asked", case, binding=bad.binding, query=bad.query, fields=bad.fields)
            if where.query:
                bare = where.query.split("&SigAlg=")[0]
                self.refused_there("an unsigned one", "logout_asked", case, binding="redirect", query=bare, fields=None)
            answer = self.library("logout_asked", case, binding=where.binding, query=where.query, fields=where.fields)
            page = browser.go(answer)
            require(isinstance(page, Page) and page.status == 200, f"the answer was not taken: {page}")
            require("You are signed out of" in page.body and "did not say" not in page.body, page.body)
        require(not browser.signed_in(), "the session here lives on")

    def xmlsec(self, where, case):
        require(where.binding == case.binding, f"the message came by {where.binding}")
        if where.fields:
            field = where.fields.get("SAMLRequest") or where.fields["SAMLResponse"]
            flow_xmlsec.verify(base64.b64decode(field), self.known["certificates"][case.slug], "message")

    def fill(self, case, why):
        self.filled.setdefault(case.row, []).append(why)

    def fault(self, case, what):
        self.faults.append(f"{self.name}: {case.name}: {what}")

    def unable(self, case, refusal):
        """The library said no: as it must, or that is a fault."""
        why = cannot(case)
        if not why:
            self.fault(case, refusal)
        self.fill(case, why)

    def judge(self, case):
        why = cannot(case)
        try:
            (self.judge_logout if case.begins else self.judge_sign_on)(case)
        except Refused as refusal:
            self.unable(case, refusal)
        except Unanswered as refusal:
            # A library that cannot sign like this may not say so, and send what nobody takes.
            if why in SIGNS_NONE:
                self.fill(case, why)
            else:
                self.fault(case, refusal)
        except (AssertionError, ValueError, KeyError) as fault:
            self.fault(case, f"{type(fault).__name__}: {fault}")
        else:
            self.fill(case, None)
            if why:
                self.fault(case, "works after all; take it out of flow_cases.cannot")


def judge_library(name, url, known):
    judgement = Judgement(name, url, known)
    for case in known["cases"]:
        if case.slug in known["undefined"]:
            judgement.unable(case, known["undefined"][case.slug])
            continue
        metadata = judgement.browser.send(f"/application/saml/{case.slug}/metadata/")[2]
        read = facts(metadata) | {"algorithm": flow_cases.URIS[case.algorithm]}
        known["certificates"][case.slug] = read["certificates"][0]
        try:
            known["library"]("meet", case.slug, metadata=metadata, facts=read)
        except Refused as refusal:
            judgement.fault(case, f"our metadata: {refusal}")
            continue
        judgement.judge(case)
    return judgement


def prepare(name, pairs, stack):
    library = Library(name)
    stack.callback(library.close)
    cases = flow_cases.cases(name)
    settings = {case.slug: settings_of(case, *pairs[case.request_key]) for case in cases}
    require(len({case.name for case in cases}) == len(cases), "two cases have one name")
    known = {"library": library, "cases": cases, "settings": settings, "certificates": {}, "undefined": {}}
    defined = []
    for case in cases:
        try:
            defined.append((case, settings[case.slug], library("define", case.slug, settings=settings[case.slug])))
        except Refused as refusal:
            # It says so before the first request.
            known["undefined"][case.slug] = refusal
    return known, defined


def main(program, write):
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pool = stack.enter_context(ThreadPoolExecutor(len(LIBRARIES)))
        pairs = {kind: pair(kind) for kind in ["rsa", "p256", "p384"]}
        prepared = dict(zip(LIBRARIES, pool.map(lambda n: prepare(n, pairs, stack), LIBRARIES), strict=True))
        defined = [case for _, cases in prepared.values() for case in cases]
        file = declared(defined, {"p256": pair("p256"), "p384": pair("p384"), "opens": pair("rsa")}, folder)
        url = stack.enter_context(running(program, folder, file))
        done = list(pool.map(lambda n: judge_library(n, url, prepared[n][0]), LIBRARIES))
    faults = [fault for judgement in done for fault in judgement.faults]
    tried = sum(len(flows) for judgement in done for flows in judgement.filled.values())
    if not faults:
        faults = flow_table.current({judgement.name: judgement.filled for judgement in done}, write)
    print("\n".join(faults) or f"{len(done)} libraries, {tried} flows, xmlsec1 beside them: all as they must be")
    sys.exit(1 if faults else 0)


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
main(sys.argv[1], "--write" in sys.argv)
