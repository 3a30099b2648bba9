"""Verdict of pysaml2. It verifies with the xmlsec1 program; the recipient is checked here, because it accepts a wrong one."""

import base64
import logging
from datetime import datetime

import saml2.time_util
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig

import common

METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{issuer}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="{redirect}" Location="https://idp.invalid/sso"/>
</IDPSSODescriptor></EntityDescriptor>"""


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def verify(case, seconds):
    logging.disable(logging.CRITICAL)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(seconds, tz)

    saml2.time_util.datetime = Clock
    request_id = case.get("request_id")
    metadata = METADATA.format(
        issuer=escaped(case["issuer"]), certificate=common.certificate(case), redirect=BINDING_HTTP_REDIRECT
    )
    config = SPConfig()
    config.load(
        {
            "entityid": case["audience"],
            "metadata": {"inline": [metadata]},
            "allow_unknown_attributes": True,
            "accepted_time_diff": 0,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(case["acs_url"], BINDING_HTTP_POST)]},
                    "allow_unsolicited": request_id is None,
                    "want_assertions_signed": True,
                    "want_response_signed": False,
                    "only_use_keys_in_metadata": True,
                }
            },
        }
    )
    outstanding = {request_id: case["acs_url"]} if request_id else {}
    response = Saml2Client(config=config).parse_authn_request_response(
        case["response_base64"], BINDING_HTTP_POST, outstanding=outstanding
    )
    # It says why in its log alone.
    common.require(response is not None and response.assertion is not None, "pysaml2 did not take the response")
    document = etree.fromstring(
        base64.b64decode(case["response_base64"]), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    assertions = [a for a in document.iter(f"{{{common.SAML}}}Assertion")]
    common.require(len(assertions) == 1, f"{len(assertions)} assertions instead of one")
    assertion = assertions[0]
    common.require(assertion.get("ID") == response.assertion.id, "another assertion was verified")
    common.require(response.assertion.issuer.text == case["issuer"], "Issuer")
    common.check_bearer(assertion, case)
    return response.name_id.text, common.attributes_of(assertion)


common.judge(verify)
