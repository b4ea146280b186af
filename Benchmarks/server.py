#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole server: how soon it is ready, what it weighs, and how soon a saved edit is in the next answer.

A hundred generated assistants, memory store. The edit is compared with nginx taking a new configuration on SIGHUP, in
turns within one run. Prints a table of ratios and fails when a target is missed. Needs nginx-light (Debian).

    Benchmarks/server.py [--assistants 100] [--edits 100]
    SERVER=PATH Benchmarks/server.py    measures that program instead of building one
"""
import argparse, contextlib, http.client, json, os, pathlib, re, shutil, signal, socket, statistics, subprocess, sys
import tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVER = os.environ.get("SERVER") or ROOT / ".build/release/orchestratord"
WISHES = ["book a table", "cancel my order", "track a parcel", "change my address", "pay the invoice", "speak to someone",
          "reset my password", "find a shop"]
WAYS = ["I want to {}", "how can I {}", "please {} for me", "can you {} today", "{}"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_tree(folder, count, port):
    bots = folder / "bots"
    bots.mkdir()
    (bots / "server.yaml").write_text(
        f"kind: server\nversion: 1\nlisten: {{ port: {port} }}\nstorage: {{ url: 'memory:' }}\n"
        "limits: { requests: { max: 1000000, per: 1s } }\nroles: { ADMIN: { operator: true } }\n"
        "auth: { issuers: { local: { secret: '${env.JWT_SECRET}' } } }\n")
    for number in range(count):
        write_assistant(bots, number, "first")
    return bots


def write_assistant(bots, number, word):
    lines = ["kind: assistant", "version: 1", f"id: a{number}", "roles: [ADMIN]", "intents:"]
    for index, wish in enumerate(WISHES):
        lines += [f"  wish_{index}:", "    examples:"]
        lines += [f"      - {way.format(wish)} at shop {number}" for way in WAYS]
        lines += [f"    say: The {word} answer to wish {index}."]
    lines += ["otherwise:", "  - say: I did not get that."]
    (bots / f"a{number}.yaml").write_text("\n".join(lines) + "\n")


class Client:
    """One connection that is kept; a failed request ends the benchmark."""

    def __init__(self, port, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.headers = headers or {}

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body and json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            sys.exit(f"{method} {path}: {answer.status} {text}")
        return text


def until(is_there, limit=10):
    """Milliseconds until it holds."""
    began = time.perf_counter()
    while not is_there():
        if time.perf_counter() - began > limit:
            sys.exit("gave up waiting")
    return (time.perf_counter() - began) * 1000


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2) as client:
        client.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return client.recv(64).startswith(b"HTTP/1.1 200")
    return False


def start(stack, folder, port):
    """The server, and the milliseconds until it was ready."""
    process = subprocess.Popen([SERVER, "serve"], cwd=folder, env=dict(os.environ, SWIFT_BACKTRACE="enable=no"),
                               stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"))
    stack.callback(lambda: (process.send_signal(signal.SIGTERM), process.wait(12)))
    return process, until(lambda: answers(port), limit=60)


def start_nginx(stack, folder):
    port, conf = free_port(), folder / "nginx.conf"

    def write(word):
        conf.write_text(
            f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null;\nevents {{}}\n"
            f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{word}'; }} }} }}\n")

    write("first")
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", conf], stderr=subprocess.DEVNULL)
    stack.callback(lambda: (process.terminate(), process.wait(10)))

    def page():
        with contextlib.suppress(OSError, http.client.HTTPException):
            return Client(port).ask("GET", "/")
        return ""

    until(lambda: page() == "first")

    def edit(word):
        write(word)
        process.send_signal(signal.SIGHUP)
        return until(lambda: page() == word)

    return edit


def resident_megabytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def validate_milliseconds():
    """The shipped tree, by a new process each time."""
    environment = dict(os.environ, JWT_SECRET="x" * 32, JWT_SECRET_KEY="y" * 32)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([SERVER, "validate"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--assistants", type=int, default=100)
    parser.add_argument("--edits", type=int, default=100)
    options = parser.parse_args()
    if not os.environ.get("SERVER"):
        subprocess.check_call(["swift", "build", "-c", "release", "--product", "orchestratord"], cwd=ROOT)
    os.environ["JWT_SECRET"] = os.urandom(32).hex()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        bots = write_tree(folder, options.assistants, port)
        server, ready = start(stack, folder, port)
        weight = resident_megabytes(server)
        token = subprocess.check_output([SERVER, "token", "--role", "ADMIN", "--user", "bench"], cwd=folder, text=True)
        client = Client(port, {"Authorization": f"Bearer {token.strip()}", "Content-Type": "application/json"})
        begun = json.loads(client.ask("POST", "/v1/conversations", {"assistant": "a7"}))
        path = f"/v1/conversations/{begun['id']}/messages"
        edit_nginx = start_nginx(stack, folder)
        ours, theirs = [], []
        for number in range(options.edits):
            word = f"w{number}"
            write_assistant(bots, 7, word)
            ours.append(until(lambda: f"The {word} answer" in client.ask("POST", path, {"text": "I want to book a table"})))
            theirs.append(edit_nginx(word))
        rows = [
            ("start to ready, ms", ready, "target", 300, ready <= 300),
            ("resident when ready, MB", weight, "target", 40, weight <= 40),
            ("edit to answer, median ms", statistics.median(ours), "nginx", statistics.median(theirs), True),
            ("edit to answer, worst ms", max(ours), "target", 50, max(ours) <= 50),
        ]
    validated = validate_milliseconds()
    rows.append(("validate, shipped tree, ms", validated, "target", 300, validated <= 300))
    print(f"{'what':28}{'ours':>12}  {'limit':8}{'':>12}{'ratio':>8}")
    for what, value, name, limit, good in rows:
        print(f"{what:28}{value:12,.1f}  {name:8}{limit:12,.1f}{value / limit:8.2f}{'' if good else '  missed'}")
    sys.exit(0 if all(row[-1] for row in rows) else 1)


main()
