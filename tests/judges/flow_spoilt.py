"""Messages that somebody meddled with on the way."""

import base64

from flow_browser import Elsewhere


def garbled(xml):
    """Another octet in the encrypted assertion, whose CipherValue is the longest: among the attributes at its end, for the
    certificate in the middle is under no signature, and a cipher without authentication lets it through."""
    text = max((part.split("<")[0] for part in xml.split("CipherValue>")), key=len)
    place = len(text) * 7 // 8
    other = "A" if text[place] != "A" else "B"
    return xml.replace(text, text[:place] + other + text[place + 1 :])


def changed(where):
    """Where the browser goes, with something in the message, or beside it under the signature, that was not there."""
    if where.query is not None:
        return Elsewhere(where.url, where.query.replace("&SigAlg=", "x&SigAlg=", 1), None)
    name = "SAMLResponse" if "SAMLResponse" in where.fields else "SAMLRequest"
    xml = base64.b64decode(where.fields[name]).decode()
    if "EncryptedAssertion" in xml:
        xml = garbled(xml)
    else:
        mark = next(m for m in ["displayName", 'Destination="'] if m in xml)
        xml = xml.replace(mark, mark + "x", 1)
    return Elsewhere(where.url, None, where.fields | {name: base64.b64encode(xml.encode()).decode()})


def unsigned(made):
    """What a service provider sends, without the signature."""
    if "fields" not in made:
        return made | {"url": made["url"].split("&SigAlg=")[0].split("&Signature=")[0]}
    xml = base64.b64decode(made["fields"]["SAMLRequest"]).decode()
    start = xml.index("<", xml.index("Signature") - 5)
    mark = xml[start : xml.index("Signature", start)]
    end = f"</{mark[1:]}Signature>"
    xml = xml[:start] + xml[xml.index(end) + len(end) :]
    return made | {"fields": made["fields"] | {"SAMLRequest": base64.b64encode(xml.encode()).decode()}}
