"""A service provider made of pysaml2, which signs and verifies with the xmlsec1 program."""

import html
import logging
import re
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qs

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.sigver import verify_redirect_signature

from provider import bare, serve

FOLDER = tempfile.TemporaryDirectory()
BINDINGS = {"redirect": BINDING_HTTP_REDIRECT, "post": BINDING_HTTP_POST}
SETTINGS, CLIENTS, IDPS, NAMES = {}, {}, {}, {}
logging.disable(logging.CRITICAL)


def file(name, text):
    path = Path(FOLDER.name) / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def config(settings, name, metadata):
    pair = {"key_file": file(name + ".key", settings["key"]), "cert_file": file(name + ".pem", settings["certificate"])}
    logout = [(settings["slo"], BINDING_HTTP_REDIRECT), (settings["slo"] + "/post", BINDING_HTTP_POST)]
    result = SPConfig()
    result.load(
        {
            "entityid": settings["entity_id"],
            "metadata": {"inline": metadata},
            "allow_unknown_attributes": True,
            "encryption_keypairs": [pair] if settings["encrypted"] else None,
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(settings["acs"], BINDING_HTTP_POST)],
                        "single_logout_service": logout,
                    },
                    "authn_requests_signed": settings["sign_requests"],
                    "logout_requests_signed": True,
                    "logout_responses_signed": True,
                    "want_assertions_signed": settings["wants_assertion"],
                    "want_response_signed": settings["wants_response"],
                    "only_use_keys_in_metadata": True,
                    "allow_unsolicited": False,
                    "signing_algorithm": settings["algorithm"],
                    "digest_algorithm": settings["digest"],
                    "name_id_format": ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
                }
            },
        }
        | pair
    )
    return result


def define(sp, settings):
    SETTINGS[sp] = settings
    return str(entity_descriptor(config(settings, sp, [])))


def meet(sp, metadata, facts):
    CLIENTS[sp] = Saml2Client(config=config(SETTINGS[sp], sp, [metadata]))
    IDPS[sp] = facts


def carried(http):
    """What apply_binding made, as the browser sees it."""
    if http["method"] == "GET":
        return {"url": dict(http["headers"])["Location"]}
    form = http["data"]
    fields = {k: html.unescape(v) for k, v in re.findall(r'name="(SAML\w+|RelayState)"\s+value="([^"]*)"', form)}
    return {"url": html.unescape(re.search(r'action="([^"]*)"', form)[1]), "fields": fields}


def login(sp, binding):
    request_id, _, http = CLIENTS[sp].prepare_for_negotiated_authenticate(
        IDPS[sp]["entity_id"], relay_state="r s/+=", binding=BINDINGS[binding], sign=SETTINGS[sp]["sign_requests"],
        response_binding=BINDING_HTTP_POST, sigalg=SETTINGS[sp]["algorithm"], digest_alg=SETTINGS[sp]["digest"],
    )  # fmt: skip
    return carried(http) | {"request_id": request_id}


def consume(sp, fields, request_id):
    response = CLIENTS[sp].parse_authn_request_response(
        fields["SAMLResponse"], BINDING_HTTP_POST, outstanding={request_id: SETTINGS[sp]["acs"]}
    )
    if response is None or response.assertion is None:
        raise ValueError("pysaml2 did not take the response")
    NAMES[sp] = response.name_id
    attributes = {}
    for statement in response.assertion.attribute_statement:
        for attribute in statement.attribute:
            attributes[attribute.name] = [value.text for value in attribute.attribute_value]
    return {"name_id": response.name_id.text, "attributes": attributes}


def logout(sp, binding):
    if SETTINGS[sp]["encrypted_name_id"]:
        raise NotImplementedError("create_logout_request knows NameID only")
    soon = (datetime.now(timezone.utc) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    idp = IDPS[sp]["entity_id"]
    made = CLIENTS[sp].do_logout(NAMES[sp], [idp], "user", soon, sign=True, expected_binding=BINDINGS[binding])
    return carried(made[idp][1]) | {"request_id": list(CLIENTS[sp].state)[-1]}


def redirect_signature(sp, query):
    """The library leaves this step to its caller, and brings the function for it."""
    given = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if "Signature" not in given:
        raise ValueError("the query has no Signature")
    crypto = CLIENTS[sp].sec.sec_backend
    if not any(verify_redirect_signature(given, crypto, cert=bare(one)) for one in IDPS[sp]["certificates"]):
        raise ValueError("the signature of the query does not verify")
    return given


def logout_answered(sp, binding, query, fields, request_id):
    if binding == "redirect":
        fields = redirect_signature(sp, query)
    response = CLIENTS[sp].parse_logout_request_response(fields["SAMLResponse"], BINDINGS[binding])
    if response is None or response.in_response_to != request_id:
        raise ValueError("pysaml2 did not take the answer")
    done = CLIENTS[sp].handle_logout_response(response)
    if done[1] != "200 Ok":
        raise ValueError(f"not signed out: {done}")


def logout_asked(sp, binding, query, fields):
    given = redirect_signature(sp, query) if binding == "redirect" else fields
    http = CLIENTS[sp].handle_logout_request(
        given["SAMLRequest"], NAMES[sp], BINDINGS[binding], sign=True, relay_state=given.get("RelayState", "")
    )
    return carried(http)


serve(globals())
