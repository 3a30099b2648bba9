"""What the service providers of flows.py share: orders on standard input, answers on standard output, one JSON object a line.

Order:  {"op": name of a function, "sp": name of a service provider, …its arguments}
Answer: {"ok": what it gave} or {"error": why the library said no}

The functions are those of the library's own flow, from the side of a service provider:
  define(settings)                              settings of a service provider; gives its metadata
  meet(metadata, facts)                         the metadata of the identity provider, and what flows.py read in it
  login(binding)                                gives what the browser carries to the identity provider, and the request's ID
  consume(fields, request_id)                   a response came; gives who it is
  logout(binding)                               the person who was consumed last signs out here
  logout_answered(binding, query, fields, request_id)   the answer came
  logout_asked(binding, query, fields)          the identity provider asks; gives what the browser carries back
What a browser carries: {"url"} or {"url", "fields"}.
"""

import json
import sys


def serve(functions):
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"ok": functions[order.pop("op")](**order)}
        except Exception as error:  # the library refused, and flows.py decides whether it was right
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def bare(pem):
    return "".join(line.strip() for line in pem.splitlines() if not line.startswith("-----"))
