"""Verdict of python3-saml, in its strict mode: schema, signature, issuer, audience, recipient, destination, times."""

from urllib.parse import urlsplit

from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

import common


def verify(case, seconds):
    OneLogin_Saml2_Constants.ALLOWED_CLOCK_DRIFT = 0
    OneLogin_Saml2_Utils.now = staticmethod(lambda: seconds)
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": case["audience"], "assertionConsumerService": {"url": case["acs_url"]}},
            "idp": {
                "entityId": case["issuer"],
                "singleSignOnService": {"url": "https://idp.invalid/sso"},
                "x509cert": common.certificate(case),
            },
            "security": {
                "wantAssertionsSigned": True,
                "rejectDeprecatedAlgorithm": True,
                "rejectUnsolicitedResponsesWithInResponseTo": True,
                "allowRepeatAttributeName": False,
            },
        }
    )
    acs = urlsplit(case["acs_url"])
    request = {
        "https": "on" if acs.scheme == "https" else "off",
        "http_host": acs.netloc,
        "script_name": acs.path,
        "get_data": {},
        "post_data": {"SAMLResponse": case["response_base64"]},
    }
    response = OneLogin_Saml2_Response(settings, case["response_base64"])
    response.is_valid(request, request_id=case.get("request_id"), raise_exceptions=True)
    common.require(response.get_in_response_to() == case.get("request_id"), "InResponseTo of the Response")
    return response.get_nameid(), response.get_attributes()


common.judge(verify)
