"""The table of what was tried with whom, in server/docs/interop.md."""

import json
import re

import document
from flow_cases import LIBRARIES
from flow_server import HERE


def versions():
    """As requirements.txt and package.json pin them."""
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)$", (HERE / "requirements.txt").read_text(), re.M))
    npm = json.loads((HERE / "package.json").read_text())["dependencies"]
    return pinned | {name.split("/")[-1]: version for name, version in npm.items()}


def cell(flows, reasons):
    """`flows`: None for each that works, else why it does not. One row promises one thing."""
    if len(set(flows)) > 1:
        raise ValueError(f"some flows of a row work and some do not: {flows}; give them rows of their own")
    why = flows[0]
    if why is None:
        return "yes" if len(flows) == 1 else f"yes, {len(flows)} ways"
    if why not in reasons:
        reasons.append(why)
    return f"no ({reasons.index(why) + 1})"


def table(filled):
    """`filled` is, for each library, row → its flows."""
    pinned, reasons = versions(), []
    heads = [f"{name} {pinned[name]}" for name in LIBRARIES.values()]
    lines = ["| tried | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for row in next(iter(filled.values())):
        cells = [cell(filled[library][row], reasons) for library in LIBRARIES]
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    lines.append("")
    lines += [f"{number}. {why}" for number, why in enumerate(reasons, 1)]
    return "\n".join(lines)


def current(filled, write):
    """Faults, if the document says something else; with `write` it is made to say this."""
    return document.current("tests/judges/run flows PROGRAM", table(filled), write)
