"""The table of who refuses what, in server/docs/interop.md. It is made of what was asserted, once all of it held."""

import document
from blind import sees
from flow_table import versions

NAMES = {
    "judge_python3_saml": "python3-saml",
    "judge_pysaml2": "pysaml2",
    "judge_node_saml": "node-saml",
    "judge_samlify": "samlify",
    "judge_xmlsec1": "xmlsec1 alone",
    "judge_sandbox": "AWS sandbox",
}


def table(variants, judges):
    pinned = versions()
    heads = [f"{name} {pinned[name]}" if name in pinned else name for name in (NAMES[judge] for judge in judges)]
    lines = ["| changed | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for what in variants:
        cells = ["refused" if sees(judge, what) else "not seen" for judge in judges]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def current(variants, judges, write):
    """Faults, if the document says something else; with `write` it is made to say this."""
    return document.current("tests/judges/run judge_server ROLECALL AWS_SANDBOX", table(variants, judges), write)
