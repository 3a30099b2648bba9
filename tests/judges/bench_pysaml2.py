"""Prints how many signed responses pysaml2 makes in a processor second, xmlsec1 included: bench_pysaml2 COUNT"""

import logging
import os
import resource
import subprocess
import sys
import tempfile

from saml2 import BINDING_HTTP_POST
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server

SP = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:amazon:webservices">
<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">
<AssertionConsumerService Binding="{post}" Location="https://signin.aws.amazon.com/saml" index="1" isDefault="true"/>
</SPSSODescriptor></EntityDescriptor>"""
AWS = "https://aws.amazon.com/SAML/Attributes/"


def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in both)


def main(count):
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bench", "-days", "30"]
            + ["-keyout", key, "-out", certificate],
            check=True,
            capture_output=True,
        )
        config = IdPConfig()
        config.load(
            {
                "entityid": "https://idp.invalid/metadata",
                "key_file": key,
                "cert_file": certificate,
                "metadata": {"inline": [SP.format(post=BINDING_HTTP_POST)]},
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [("https://idp.invalid/sso", BINDING_HTTP_POST)]},
                        "policy": {"default": {"attribute_restrictions": None}},
                    }
                },
            }
        )
        server = Server(config=config)
        identity = {
            AWS + "Role": ["arn:aws:iam::123412341234:role/Role0,arn:aws:iam::123412341234:saml-provider/rolecall"],
            AWS + "RoleSessionName": ["root"],
        }

        def respond():
            return str(
                server.create_authn_response(
                    identity,
                    in_response_to=None,
                    destination="https://signin.aws.amazon.com/saml",
                    sp_entity_id="urn:amazon:webservices",
                    name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text="root"),
                    authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"},
                    sign_assertion=True,
                    sign_response=False,
                )
            )

        if "SignatureValue" not in respond():
            raise SystemExit("pysaml2 made no signature")
        before = cpu()
        for _ in range(count):
            respond()
        print(count / (cpu() - before))


main(int(sys.argv[1]))
