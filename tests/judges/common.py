"""What the Python judges share: one case on standard input, one verdict on standard output.

Case:    {response_base64, acs_url, audience, issuer, certificate_base64, request_id or null, now (RFC 3339) or null}
Verdict: {accepted, name_id, attributes: {Name: [values]}, error}

The certificate is the one that the metadata publishes (DER in base64, or PEM); one inside a response is never believed.
`now` sets the clock that the library reads; null leaves the machine's.
"""

import base64
import json
import sys
import time
from datetime import datetime, timezone

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"


def certificate(case):
    """Without armour and line ends."""
    lines = case["certificate_base64"].splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("-----"))


def set_clock(case):
    """Makes time.time and time.gmtime answer the case's instant, and returns it in seconds."""
    if not case.get("now"):
        return int(time.time())
    moment = datetime.fromisoformat(case["now"].replace("Z", "+00:00")).astimezone(timezone.utc)
    seconds = moment.timestamp()
    gmtime = time.gmtime
    time.time = lambda: seconds
    time.gmtime = lambda given=None: gmtime(seconds if given is None else given)
    return int(seconds)


def attributes_of(assertion):
    """Name → values, from a verified assertion as an lxml element."""
    found = {}
    for attribute in assertion.iter(f"{{{SAML}}}Attribute"):
        values = ["".join(v.itertext()) for v in attribute.iter(f"{{{SAML}}}AttributeValue")]
        found.setdefault(attribute.get("Name"), []).extend(values)
    return found


def require(condition, message):
    if not condition:
        raise ValueError(message)


def check_bearer(assertion, case):
    """The rules of SAML profiles §4.1.4.3 that a library may leave out; run on what it has verified."""
    confirmations = list(assertion.iter(f"{{{SAML}}}SubjectConfirmationData"))
    require(len(confirmations) == 1, f"{len(confirmations)} SubjectConfirmationData instead of one")
    data = confirmations[0]
    require(data.get("Recipient") == case["acs_url"], f"Recipient {data.get('Recipient')} is not {case['acs_url']}")
    require(data.get("InResponseTo") == case.get("request_id"), f"InResponseTo {data.get('InResponseTo')}")


def judge(verify):
    """Runs `verify(case, seconds) -> (name_id, attributes)`; whatever it raises is a refusal."""
    case = json.load(sys.stdin)
    verdict = {"accepted": False, "name_id": None, "attributes": {}, "error": None}
    try:
        base64.b64decode(case["response_base64"], validate=True)
        name_id, attributes = verify(case, set_clock(case))
        verdict.update(accepted=True, name_id=name_id, attributes=attributes)
    except Exception as error:  # a judge that stumbles has refused
        verdict["error"] = f"{type(error).__name__}: {error}"
    json.dump(verdict, sys.stdout, ensure_ascii=True)
    print()
