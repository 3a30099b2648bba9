"""Tables of documents that a run of the judges writes, between two marks. Nothing in them changes from run to run."""

import pathlib

FILE = pathlib.Path(__file__).resolve().parent.parent.parent / "server/docs/interop.md"
END = "<!-- end -->"


def current(command, table, write):
    """Faults, if the document says something else; with `write` it is made to say this."""
    begin = f"<!-- written by {command} --write -->"
    text = FILE.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    after = rest.split(END, 1)[1]
    wanted = f"{before}{begin}\n{table}\n{END}{after}"
    if write:
        FILE.write_text(wanted, encoding="utf-8")
    if text == wanted or write:
        return []
    return [f"{FILE} says something else; write it with: {command} --write"]
