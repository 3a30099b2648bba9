"""Validates XML on standard input against the OASIS schemas that python3-saml brings along.

Usage: validate_schema.py protocol|metadata < FILE      prints {valid, errors}
"""

import json
import os
import sys

import onelogin.saml2
from lxml import etree

SCHEMAS = {"protocol": "saml-schema-protocol-2.0.xsd", "metadata": "saml-schema-metadata-2.0.xsd"}

if len(sys.argv) != 2 or sys.argv[1] not in SCHEMAS:
    sys.exit(__doc__)
folder = os.path.join(os.path.dirname(onelogin.saml2.__file__), "schemas")
schema = etree.XMLSchema(etree.parse(os.path.join(folder, SCHEMAS[sys.argv[1]])))
errors = []
try:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    schema.validate(etree.fromstring(sys.stdin.buffer.read(), parser))
    errors = [f"line {e.line}: {e.message}" for e in schema.error_log]
except etree.XMLSyntaxError as error:
    errors = [str(error)]
json.dump({"valid": not errors, "errors": errors}, sys.stdout)
print()
