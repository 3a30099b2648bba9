"""The AWS sandbox as a program, for as long as somebody needs it."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


@contextlib.contextmanager
def sandbox(program, public_url, *arguments):
    """Gives the address that it listens at; responses are sent to `public_url`, as far as it knows."""
    port = free_port()
    command = [str(program), "--listen", f"127.0.0.1:{port}", "--public-url", public_url, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/health"):
            if process.poll() is not None:
                raise RuntimeError(f"the sandbox ended with {process.returncode}")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
