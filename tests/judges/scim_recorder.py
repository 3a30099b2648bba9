"""A proxy that passes SCIM on to a server and keeps what went through, each request checked with scim2-models."""

import http.client
import json
import threading
import urllib.parse
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scim_payloads import fault_of

# Of one connection only, or written anew.
NOT_PASSED_ON = {"host", "connection", "transfer-encoding", "content-length", "keep-alive"}


class Recorder:
    """What went through: `writes` as (method, path, body), and `faults` as text, since the last `forget`."""

    def __init__(self, target, dialect):
        self.target = urllib.parse.urlsplit(target)
        self.dialect = dialect
        self.url = None
        self.forget()

    def forget(self):
        self.writes, self.faults, self.answers = [], [], []

    def note(self, method, path, body, status):
        self.answers.append((method, path, status))
        if method != "GET":
            self.writes.append((method, path, body))
        if fault := fault_of(self.dialect, method, path, body):
            self.faults.append(f"{method} {path} {json.dumps(body)}: {fault}")
        if status >= 400:
            self.faults.append(f"{method} {path} {json.dumps(body)}: answered with {status}")


def handler(recorder):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def pass_on(self):
            length = int(self.headers.get("Content-Length") or 0)
            data = self.rfile.read(length) if length else None
            headers = {k: v for k, v in self.headers.items() if k.lower() not in NOT_PASSED_ON}
            connection = http.client.HTTPConnection(recorder.target.hostname, recorder.target.port, timeout=30)
            connection.request(self.command, recorder.target.path + self.path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            recorder.note(self.command, self.path, json.loads(data) if data else None, answer.status)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in NOT_PASSED_ON:
                    self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    return Handler


@contextmanager
def recording(target, dialect):
    recorder = Recorder(target, dialect)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(recorder))
    server.daemon_threads = True
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
