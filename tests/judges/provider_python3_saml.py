"""A service provider made of python3-saml, in its strict mode. It speaks HTTP-Redirect only, but for responses."""

from urllib.parse import parse_qsl, urlsplit

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from provider import bare, serve

POST, REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
KNOWN, SESSIONS = {}, {}


def define(sp, settings):
    secret = settings["sign_requests"] or settings["encrypted"]
    KNOWN[sp] = {
        "strict": True,
        "sp": {
            "entityId": settings["entity_id"],
            "assertionConsumerService": {"url": settings["acs"], "binding": POST},
            "singleLogoutService": {"url": settings["slo"], "binding": REDIRECT},
            "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            "x509cert": bare(settings["certificate"]) if secret else "",
            "privateKey": bare(settings["key"]) if secret else "",
        },
        "idp": {"entityId": "unknown", "singleSignOnService": {"url": "https://idp.invalid/sso"}, "x509cert": ""},
        "security": {
            "authnRequestsSigned": settings["sign_requests"],
            "logoutRequestSigned": settings["sign_requests"],
            "logoutResponseSigned": settings["sign_requests"],
            "wantMessagesSigned": settings["wants_response"],
            "wantAssertionsSigned": settings["wants_assertion"],
            "wantAssertionsEncrypted": settings["encrypted"],
            "nameIdEncrypted": settings["encrypted_name_id"],
            "signatureAlgorithm": settings["algorithm"],
            "digestAlgorithm": settings["digest"],
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": False,
        },
    }
    made = OneLogin_Saml2_Settings(KNOWN[sp], sp_validation_only=True).get_sp_metadata()
    return made if isinstance(made, str) else made.decode()


def meet(sp, metadata, facts):
    read = OneLogin_Saml2_IdPMetadataParser.parse(metadata)
    KNOWN[sp]["idp"] = read["idp"]


def auth(sp, query=None, fields=None):
    given = KNOWN[sp]
    if query is not None:
        # Unless messages are wanted signed, it takes an unsigned logout message.
        given = given | {"security": given["security"] | {"wantMessagesSigned": True}}
    url = urlsplit(given["sp"]["singleLogoutService" if query is not None else "assertionConsumerService"]["url"])
    request = {
        "https": "on",
        "http_host": url.netloc,
        "script_name": url.path,
        "get_data": dict(parse_qsl(query or "", keep_blank_values=True)),
        "post_data": fields or {},
        "query_string": query or "",
        "validate_signature_from_qs": True,
    }
    return OneLogin_Saml2_Auth(request, given)


def checked(session):
    if session.get_errors():
        raise ValueError(f"{session.get_errors()}: {session.get_last_error_reason()}")


def only_redirect(binding):
    if binding != "redirect":
        raise NotImplementedError("the library sends by HTTP-Redirect only")


def login(sp, binding):
    only_redirect(binding)
    session = auth(sp)
    url = session.login(return_to="https://service.example/deep?a=1&b=ü")
    return {"url": url, "request_id": session.get_last_request_id()}


def consume(sp, fields, request_id):
    session = auth(sp, fields=fields)
    session.process_response(request_id)
    checked(session)
    SESSIONS[sp] = session
    return {"name_id": session.get_nameid(), "attributes": session.get_attributes()}


def logout(sp, binding):
    only_redirect(binding)
    known, session = SESSIONS[sp], auth(sp)
    url = session.logout(
        name_id=known.get_nameid(),
        name_id_format=known.get_nameid_format(),
        session_index=known.get_session_index(),
        return_to="https://service.example/bye",
    )
    return {"url": url, "request_id": session.get_last_request_id()}


def logout_answered(sp, binding, query, fields, request_id):
    only_redirect(binding)
    session = auth(sp, query=query)
    session.process_slo(keep_local_session=True, request_id=request_id)
    checked(session)


def logout_asked(sp, binding, query, fields):
    only_redirect(binding)
    session = auth(sp, query=query)
    url = session.process_slo(keep_local_session=True)
    checked(session)
    return {"url": url}


serve(globals())
