#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the product against named baselines in one run and prints one table; docs/benchmarks.md explains its lines.

Ends with 1 when a measure passes its limit in thresholds.json. Needs what `make bench` installs, and the release build.
"""
import argparse, contextlib, http.client, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

import sockets, trees
from machine import CORES, LOAD_CORE, ROOT, SERVER_CORE, Client, Machine, cpu_seconds, free_port, median, p95, resident_bytes, wait_for

BUILD = ROOT / ".build/release"
SECRET = os.urandom(32).hex()
GREETING = "good morning to you"
NODE_ECHO = """
const {WebSocketServer}=require('ws');
new WebSocketServer({port:+process.env.PORT,host:'127.0.0.1',perMessageDeflate:false})
  .on('connection',ws=>ws.on('message',(data,isBinary)=>ws.send(data,{binary:isBinary})));
"""


class Table:
    """The lines; each is judged by the limit of this Swift version."""

    def __init__(self):
        version = subprocess.check_output(["swift", "--version"], text=True, stderr=subprocess.STDOUT)
        self.swift = re.search(r"Swift version (\d+\.\d+)", version)[1]
        known = json.loads((ROOT / "Benchmarks/thresholds.json").read_text())
        if self.swift not in known:
            sys.exit(f"thresholds.json has no limits for Swift {self.swift}")
        self.limits, self.lines = known[self.swift], []
        self.failed = 0

    def add(self, name, value, unit, baseline, base, ratio=None):
        """`base` None: the value itself is judged."""
        limit = self.limits[name]
        if ratio is None:
            ratio = value / base if base else value
        passes = ratio <= limit["max"] if "max" in limit else ratio >= limit["min"]
        bound = f"<= {limit['max']:g}" if "max" in limit else f">= {limit['min']:g}"
        target = limit.get("target")
        meets = target is None or (ratio <= target if "max" in limit else ratio >= target)
        verdict = ("ok" if passes else "FAILED") + ("" if meets else f", misses the target {target:g}")
        self.failed += not passes
        against = f"{baseline} {base:,.1f}" if base else baseline
        self.lines.append((name, f"{value:,.1f} {unit}", against, f"{ratio:,.2f}", bound, verdict))
        print("  ".join(self.lines[-1]), flush=True)

    def show(self):
        lines = [("measure", "ours", "baseline", "ratio", "limit", "")] + self.lines
        widths = [max(len(line[column]) for line in lines) for column in range(6)]
        print()
        for line in lines:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def start_node(machine):
    """An echo server with node's `ws`; without that package there is none."""
    environment = dict(os.environ, NODE_PATH="/usr/share/nodejs")
    probe = ["node", "-e", "require('ws')"]
    if not shutil.which("node") or subprocess.run(probe, env=environment, stderr=subprocess.DEVNULL).returncode != 0:
        return None, None
    port = free_port()
    process = machine.start("node", "-e", NODE_ECHO, env={"NODE_PATH": "/usr/share/nodejs", "PORT": str(port)})
    wait_for(port, process)
    return port, process


class Baselines:
    def __init__(self, machine):
        self.echo_port = free_port()
        self.echo = machine.start(machine.tool, "server", self.echo_port)
        self.nginx_port, self.nginx = self.start_nginx(machine, "fast", "master_process off;")
        self.edited_port, self.edited = self.start_nginx(machine, "edited", "worker_processes 1;")
        wait_for(self.echo_port, self.echo)
        wait_for(self.nginx_port, self.nginx)
        self.node_port, self.node = start_node(machine)

    def start_nginx(self, machine, name, how):
        port, conf = free_port(), machine.folder / f"{name}.conf"
        text = (f"daemon off; {how} pid {machine.folder}/{name}.pid; error_log /dev/null;\nevents {{ worker_connections 1024; }}\n"
                f"http {{ access_log off; keepalive_requests 100000000; server {{ listen 127.0.0.1:{port}; "
                "location / { default_type application/json; return 200 '{\"is\":\"WORD\"}'; } } }\n")
        conf.write_text(text)
        if name == "edited":
            self.conf, self.text = conf, text
        return port, machine.start(shutil.which("nginx") or "/usr/sbin/nginx", "-c", conf)

    def edit_nginx(self, word):
        """Milliseconds until a changed configuration is in its answers."""
        self.conf.write_text(self.text.replace("WORD", word))
        began = time.monotonic()
        self.edited.send_signal(signal.SIGHUP)
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Client(self.edited_port).ask("GET", "/")["is"] == word:
                    return (time.monotonic() - began) * 1000


def requests(machine, port, process):
    """Requests a second, and CPU microseconds for each."""
    before = cpu_seconds(process)
    report = subprocess.check_output(
        ["taskset", "-c", LOAD_CORE, "wrk", "-t1", "-c64", f"-d{machine.seconds}s", f"http://127.0.0.1:{port}/health"], text=True)
    if "Non-2xx" in report or "Socket errors" in report:
        sys.exit(report)
    count = int(re.search(r"(\d+) requests in", report)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), (cpu_seconds(process) - before) / count * 1e6


def web_peers(machine):
    """A FastAPI and an Express server that do the job of a message over REST."""
    for name, words in (("FastAPI", [ROOT / ".venv-bench/bin/uvicorn", "fastapi_server:app", "--no-access-log", "--log-level", "warning", "--port"]),
                        ("Express", ["node", ROOT / "Benchmarks/peers/express_server.cjs"])):
        port = free_port()
        process = machine.start(
            *words, *([port] if name == "FastAPI" else []), cwd=ROOT / "Benchmarks/peers",
            env={"JWT_SECRET": SECRET, "PORT": str(port), "NODE_PATH": "/usr/share/nodejs", "PYTHONDONTWRITEBYTECODE": "1"})
        wait_for(port, process)
        yield name, port, process


def turn_cost():
    """CPU microseconds of a message through the pipeline and the memory store, without any socket."""
    report = subprocess.check_output(["taskset", "-c", SERVER_CORE, BUILD / "turn-bench", "50000"], text=True)
    return float(re.search(r"fixed reply: ([\d.]+)", report)[1])


def token_for(role, bots):
    words = [BUILD / "orchestratord", "token", "--role", role, "--user", f"bench-{role}", "--bots", bots]
    environment = dict(os.environ, JWT_SECRET=SECRET)
    return subprocess.check_output(words, env=environment, text=True, cwd=bots.parent).strip()


def serve(machine, count):
    """`serve` with that many generated assistants: its port, process and folder."""
    port = free_port()
    bots = trees.generated(machine.folder / "tree", count, port)
    process = machine.start(
        BUILD / "orchestratord", "serve", "--bots", bots, cwd=bots.parent, env={"JWT_SECRET": SECRET}, pipe=True)
    if not process.stdout.readline().startswith("ready:"):
        sys.exit((machine.folder / "log").read_text())
    return port, process, bots


def begin(machine, port, token, assistant, count):
    """The file of the ids of new conversations."""
    client, path = Client(port, token), machine.folder / f"{assistant}.ids"
    path.write_text("\n".join(client.begin(assistant) for _ in range(count)))
    return path


def measure_messages(machine, base, table, rounds):
    port, chat, bots = serve(machine, 100)
    token, member = token_for("PATIENT", bots), token_for("MEMBER", bots)
    ids, pairs = begin(machine, port, token, "a0", 64), begin(machine, port, member, "none", 32)
    bare_port = free_port()
    bare = machine.start(BUILD / "transport-bench", bare_port)
    wait_for(bare_port, bare)
    peers = list(web_peers(machine))
    seconds, costs = machine.seconds, {}

    def note(name, value):
        costs.setdefault(name, []).append(value)

    for _ in range(rounds):
        note("echo", machine.cost(base.echo, "tcp", base.echo_port, 64, seconds, 64))
        note("relay", machine.cost(chat, "talk", port, pairs, 2, 1, seconds, member, GREETING))
        if base.node:
            note("node", machine.cost(base.node, "ws", base.node_port, 64, seconds, 64))
        note("bare", machine.cost(bare, "ws", bare_port, 64, seconds, 64))
        note("turn", turn_cost())
        note("chat", machine.cost(chat, "talk", port, ids, 1, 2, seconds, token, GREETING))
        note("post", machine.cost(chat, "post", port, ids, seconds, token, GREETING))
        for name, peer_port, process in peers:
            note(name, machine.cost(process, "post", peer_port, ids, seconds, token, GREETING))
        note("nginx", requests(machine, base.nginx_port, base.nginx))
        note("health", requests(machine, port, chat))
    echo = median(costs["echo"])
    table.add("relay, WebSocket", median(costs["relay"]), "µs CPU", "raw epoll echo", echo)
    if base.node:
        table.add("relay, node ws", median(costs["relay"]), "µs CPU", "node ws echo", median(costs["node"]))
    table.add("transport alone, WebSocket echo", median(costs["bare"]), "µs CPU", "raw epoll echo", echo)
    table.add("pipeline alone, fixed reply", median(costs["turn"]), "µs CPU", "raw epoll echo", echo)
    table.add("fixed reply, WebSocket", median(costs["chat"]), "µs CPU", "raw epoll echo", echo)
    table.add("fixed reply, REST", median(costs["post"]), "µs CPU", "raw epoll echo", echo)
    for name, _, _ in peers:
        ours, theirs = median(costs["post"]), median(costs[name])
        table.add(f"message over REST, {name}", ours, "µs CPU", name, theirs, theirs / ours)
    rates = [median(part[0] for part in costs[name]) for name in ("health", "nginx")]
    table.add("GET /health", rates[0], "/s", "nginx return 200", rates[1])
    table.add("GET /health, CPU", *[median(part[1] for part in costs["health"]), "µs CPU", "nginx return 200",
                                    median(part[1] for part in costs["nginx"])])
    measure_edits(machine, base, table, port, bots, token)


def measure_edits(machine, base, table, port, bots, token, edits=40):
    """One of 100 assistants is saved; the time until it answers anew, while 100 sockets stay open."""
    client, took, theirs = Client(port, token), [], []
    conversation = client.begin("a42")
    holder = machine.hold(port, 100, token)
    for number in range(edits):
        theirs.append(base.edit_nginx(str(number)))
        text = f"Hello, this is greeting number {number}."
        trees.write(bots / "a42.yaml", trees.assistant(42, text))
        began = time.monotonic()
        while True:
            answer = client.ask("POST", f"/v1/conversations/{conversation}/messages", {"text": "hello"})
            now = time.monotonic()
            if answer["replies"][0]["text"] == text:
                break
            if now - began > 10:
                sys.exit(f"edit {number} was not taken in 10 s")
        took.append((now - began) * 1000)
    if machine.release(holder) != 100:
        sys.exit("an edit closed sockets")
    table.add("save to new answer, median", median(took), "ms", "the target", 50)
    table.add("save to new answer, p95", p95(took), "ms", "the target", 50)
    table.add("save to new answer, nginx", median(took), "ms", "nginx reload", median(theirs))


def measure_idle(machine, table, count):
    """What a silent socket weighs: one that is only open, and one that watches a conversation of its own."""
    folder = machine.folder
    for name, conversations in (("idle WebSocket", 1), ("idle WebSocket, watching", count)):
        machine.folder = folder / str(conversations)
        machine.folder.mkdir()
        port, process, bots = serve(machine, 1)
        token = token_for("PATIENT", bots)
        ids = begin(machine, port, token, "a0", conversations)
        before = resident_bytes(process)
        holder = machine.hold(port, count, token, *([ids] if conversations > 1 else []))
        time.sleep(0.5)
        each = (resident_bytes(process) - before) / count
        if machine.release(holder) != count:
            sys.exit("idle sockets were closed")
        table.add(name, each / 1000, "kB", "the target", 10)
        if conversations == 1:
            while open_sockets(port) > 0:
                time.sleep(0.1)
            # The server looks every ten seconds.
            time.sleep(11)
            table.add("memory that stays when they leave", (resident_bytes(process) - before) / count / 1000, "kB", "the target", 10)
        machine.stop(process)
    machine.folder = folder


def open_sockets(port):
    connection = Client(port).connection
    connection.request("GET", "/metrics")
    found = re.search(r'orchestrator_sockets\{channel="main"\} (\d+)', connection.getresponse().read().decode())
    return int(found[1]) if found else 0


def measure_start(machine, table, starts=9):
    """The shipped tree, from nothing to its first line, and `validate` of it.

    The best of several, since neighbours on the machine only ever add to the time.
    """
    ready, memory, checked = [], [], []
    for number in range(starts):
        folder = machine.folder / f"start-{number}"
        bots = trees.shipped(folder)
        environment = {"PORT": str(free_port()), **{name: "0" for name in trees.PORTS}}
        began = time.monotonic()
        process = machine.start(BUILD / "orchestratord", "serve", "--bots", bots, cwd=folder, env=environment, pipe=True)
        if not process.stdout.readline().startswith("ready:"):
            sys.exit((machine.folder / "log").read_text())
        ready.append((time.monotonic() - began) * 1000)
        Client(int(environment["PORT"])).ask("GET", "/ready")
        memory.append(resident_bytes(process) / 1e6)
        machine.stop(process)
        began = time.monotonic()
        subprocess.check_call([BUILD / "orchestratord", "validate", "--bots", bots], cwd=folder,
                              env=dict(os.environ, **environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        checked.append((time.monotonic() - began) * 1000)
    table.add("start to ready", min(ready), "ms", "the target", 300)
    table.add("memory when ready", median(memory), "MB", "the target", 40)
    _, node = start_node(machine)
    if node:
        table.add("memory when ready, node", median(memory), "MB", "node ws server", resident_bytes(node) / 1e6)
    table.add("validate, shipped tree", min(checked), "ms", "the target", 300)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=2, help="of each measure of a rate")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=10_000, help="silent WebSockets")
    parser.add_argument("--only", choices=["messages", "sockets", "idle", "start"], action="append")
    options = parser.parse_args()
    parts = options.only or ["messages", "sockets", "idle", "start"]
    table = Table()
    print(f"Swift {table.swift}, {len(CORES)} cores, server on core {SERVER_CORE}, load on core {LOAD_CORE}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        machine = Machine(folder, stack, options.seconds)
        if "messages" in parts:
            with contextlib.ExitStack() as inner:
                machine.stack = inner
                measure_messages(machine, Baselines(machine), table, options.rounds)
        for part, measure in (("sockets", lambda: sockets.measure(machine, table, BUILD / "orchestratord", options.rounds, options.idle)),
                              ("idle", lambda: measure_idle(machine, table, options.idle)), ("start", lambda: measure_start(machine, table))):
            if part in parts:
                with contextlib.ExitStack() as inner:
                    machine.stack = inner
                    measure()
    table.show()
    print(f"\n{len(table.lines) - table.failed} of {len(table.lines)} measures within their limits")
    sys.exit(1 if table.failed else 0)


main()
